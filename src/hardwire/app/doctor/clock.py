"""The machine's clock: samples, certificates and keys go by it."""

import ctypes
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from hardwire.app.doctor.finding import Finding, good, hint, wrong
from hardwire.server.tls.authority import EARLIEST_YEAR

# What adjtimex(2) answers while nothing sets the clock.
TIME_ERROR = 5
# More than any machine's struct timex.
TIMEX_BYTES = 512


class Clock(Struct, frozen=True):
    """What the clock says, and whether something sets it; None where nobody knows."""

    now: datetime
    is_set: bool | None


def gather(root: Path, now: datetime) -> Clock:
    """Ask systemd, else the kernel, whether the clock is kept right."""
    if (root / "run/systemd/timesync/synchronized").exists():
        return Clock(now, True)
    return Clock(now, _is_kept())


def check(clock: Clock) -> Iterator[Finding]:
    """Tell whether it can be believed."""
    if clock.now.year < EARLIEST_YEAR:
        yield wrong(
            "clock",
            f"it says {clock.now:%Y-%m-%d}: set it (`sudo timedatectl set-ntp true`) before the hub makes certificates "
            "and keeps samples",
        )
    elif clock.is_set is False:
        yield hint(
            "clock",
            f"it says {clock.now:%Y-%m-%d %H:%M} UTC, and nothing keeps it right: `sudo timedatectl set-ntp true`",
        )
    else:
        yield good("clock", f"it says {clock.now:%Y-%m-%d %H:%M} UTC")


def _is_kept() -> bool | None:
    """Whether a time service keeps the kernel's clock; only looked at, since the modes of the call are 0."""
    try:
        call = ctypes.CDLL(None, use_errno=True).adjtimex
    except (OSError, AttributeError):
        return None
    answer = call(ctypes.create_string_buffer(TIMEX_BYTES))
    return None if answer < 0 else answer != TIME_ERROR
