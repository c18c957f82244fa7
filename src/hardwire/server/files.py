"""How many files this process may open."""

import resource
from contextlib import suppress

# More than any hub serves; some containers allow a thousand times that, and tables are made as large as the limit.
MOST = 1 << 20


def raise_files_limit() -> None:
    """Allow this process as many open files as its user may have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST if hard == resource.RLIM_INFINITY else min(hard, MOST)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    # A sandbox that forbids it leaves what was.
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def open_files_limit() -> int:
    """Return how many files this process may open now; -1 for no bound."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return -1 if soft == resource.RLIM_INFINITY else soft
