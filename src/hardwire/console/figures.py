"""Lengths of time, sizes and counts as people read them at a glance; nothing where there is nothing to tell."""

KIB = 1024


def lag(lag_s: float) -> str:
    """Return for how long a client is behind: `0.4 s`, `61 s`, `12 min`, `3 h`."""
    if lag_s <= 0:
        return ""
    if lag_s < 100:
        return f"{lag_s:.1f} s" if lag_s < 9.95 else f"{lag_s:.0f} s"
    return f"{lag_s / 60:.0f} min" if lag_s < 6_000 else f"{lag_s / 3_600:.0f} h"


def size(size_bytes: int) -> str:
    """Return an amount of memory: `300 B`, `683 KiB`, `12 MiB`."""
    if size_bytes < KIB:
        return f"{size_bytes} B" if size_bytes else ""
    return f"{size_bytes / KIB:.0f} KiB" if size_bytes < 10 * KIB * KIB else f"{size_bytes / KIB / KIB:.0f} MiB"


def number(count: int) -> str:
    """Return how many: `80`, `12 k`, `34 M`."""
    if count < 10_000:
        return str(count) if count else ""
    return f"{count / 1_000:.0f} k" if count < 10_000_000 else f"{count / 1_000_000:.0f} M"
