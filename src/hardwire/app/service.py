"""What a service manager is told: that the hub is ready, and that its loop still turns (systemd's sd_notify)."""

import asyncio
import os
import socket
from collections.abc import Mapping
from contextlib import suppress

# systemd wants a sign of life within WatchdogSec and advises to send it twice as often (sd_watchdog_enabled(3)).
SIGNS_PER_LIMIT = 2


class ServiceManager:
    """Who started the hub; where it was nobody of that kind, nothing is told."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        # A name in the abstract namespace is written with @ in place of its leading NUL (sd_notify(3)).
        self._address = "\0" + address[1:] if address.startswith("@") else address
        limit_us = environment.get("WATCHDOG_USEC", "")
        is_meant = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        self._is_live = False
        self._limit_s = int(limit_us) / 1e6 if limit_us.isascii() and limit_us.isdigit() and is_meant else 0.0

    def ready(self) -> None:
        """Tell that the hub accepts connections; from now on tell again and again that the running loop turns."""
        self._tell("READY=1")
        # A hub that starts anew in the same process is still the same loop.
        if self._address and self._limit_s and not self._is_live:
            self._is_live = True
            self._live(asyncio.get_running_loop())

    def _live(self, loop: asyncio.AbstractEventLoop) -> None:
        self._tell("WATCHDOG=1")
        loop.call_later(self._limit_s / SIGNS_PER_LIMIT, self._live, loop)

    def _tell(self, state: str) -> None:
        if not self._address:
            return
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
            # A manager that does not read may not hold the loop up.
            sock.setblocking(False)
            sock.sendto(state.encode(), self._address)


def is_journal(descriptor: int, environment: Mapping[str, str]) -> bool:
    """Whether what is written there goes to systemd's journal, where others read it for a long time."""
    try:
        status = os.fstat(descriptor)
    except OSError:
        return False
    return environment.get("JOURNAL_STREAM", "") == f"{status.st_dev}:{status.st_ino}"
