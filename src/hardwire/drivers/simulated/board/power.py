"""Power as a function of the board: wait, reset, reboot and sleep."""

from collections.abc import Callable, Sequence

from hardwire.drivers.simulated.board.function import Later, Outcome
from hardwire.model.board.system import (
    KeepWorkingOffline,
    Reset,
    SleepMinutes,
    SleepSeconds,
    Wait,
    WakeOnEdge,
)
from hardwire.model.command import Command, Reboot
from hardwire.model.errors import BadValueError

REBOOT_TAKES_US = 1_000_000

# 16 bits on the wire (obniz reference, section 6.3, system functions 4, 10 and 11).
WAIT_LIMIT_MS = 65_535
SLEEP_LIMIT = 65_535

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US

NextEdge = Callable[[int, bool], int | None]
"""Return when, after that time, a generator on the bench goes up (True) or down next; None where it never does."""


class Power:
    """Whether the board is on. Sleeping and rebooting it is offline, and comes back as after power-on."""

    commands: Sequence[type[Command]] = (
        Wait,
        Reset,
        Reboot,
        SleepSeconds,
        SleepMinutes,
        WakeOnEdge,
        KeepWorkingOffline,
    )

    def __init__(self, restart: Callable[[], None], next_edge_us: NextEdge) -> None:
        """`restart` brings all functions of the board back to power-on."""
        self._restart = restart
        self._next_edge_us = next_edge_us
        self.offline_until_us: int | None = None
        self.reason = ""
        """Why it is offline, for people."""
        self.power_on()

    def power_on(self) -> None:
        """Have no edge armed."""
        self._wakes_rising: bool | None = None

    def is_offline(self, now_us: int) -> bool:
        """Say whether the board is away because it sleeps or reboots."""
        return self.offline_until_us is not None and now_us < self.offline_until_us

    def carry_out(self, command: Command, now_us: int) -> Outcome:
        """Wait, start anew, or arm the edge that ends the next sleep early."""
        match command:
            case Wait(duration_ms):
                if not 0 <= duration_ms <= WAIT_LIMIT_MS:
                    raise BadValueError(f"a board waits 0 to {WAIT_LIMIT_MS} ms", path="duration_ms")
                return Later(now_us + duration_ms * 1_000)
            case Reset():
                self._restart()
            case Reboot():
                self._go(now_us + REBOOT_TAKES_US, "the board reboots")
            case SleepSeconds(seconds):
                self._sleep(now_us, seconds, SECOND_US, "seconds")
            case SleepMinutes(minutes):
                self._sleep(now_us, minutes, MINUTE_US, "minutes")
            case WakeOnEdge(is_rising):
                self._wakes_rising = is_rising
            case KeepWorkingOffline():
                # A simulated board has no link of its own that it could lose.
                pass
        return ()

    def _sleep(self, now_us: int, count: int, unit_us: int, path: str) -> None:
        if not 1 <= count <= SLEEP_LIMIT:
            raise BadValueError(f"a board sleeps 1 to {SLEEP_LIMIT} {path}", path=path)
        until_us = now_us + count * unit_us
        if self._wakes_rising is not None:
            edge_us = self._next_edge_us(now_us, self._wakes_rising)
            until_us = until_us if edge_us is None else min(until_us, edge_us)
        self._go(until_us, "the board sleeps")

    def _go(self, until_us: int, reason: str) -> None:
        self._restart()
        self.offline_until_us = until_us
        self.reason = reason
