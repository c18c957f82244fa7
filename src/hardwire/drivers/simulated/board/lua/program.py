"""One life of the board's own program: from its beginning until it is begun anew."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hardwire.drivers.simulated.board import extras
from hardwire.drivers.simulated.board.lua.told import Budget, Told
from hardwire.model.errors import DeviceError

if TYPE_CHECKING:
    from hardwire.drivers.simulated.board.lua.world import Lua

MILLISECOND_US = 1_000


class Program:
    """A Lua world, made when something is first run in it, and what it waits for."""

    def __init__(self, hardware: str, firmware: str) -> None:
        self._hardware = hardware
        self._firmware = firmware
        self._lua: Lua | None = None
        self._due_us: dict[int, int] = {}
        """Token of what is waited for -> when that is over."""
        self.is_running = False
        """Whether a thread is inside: there can be only one."""
        self.used = 0
        """How many instructions its last turn took."""

    def run(self, source: bytes, call: int | None, budget: Budget, now_us: int) -> Sequence[Told]:
        """Run Lua, as a call that gives something back or for its own sake.

        Whoever waits for an answer shall not wait for ever: that there is no Lua here is told as the program's error.
        """
        self.is_running = True
        try:
            if self._lua is None:
                self._lua = extras.new_lua(self._hardware, self._firmware)
            return self._lua.run(source, call, budget, now_us)
        except DeviceError as error:
            return [Told("raised", call, error.message.encode())]
        finally:
            self._end_turn()

    def take(self, octets: bytes, budget: Budget, now_us: int) -> Sequence[Told]:
        """Give bytes to the program's `on_command`; where nothing has run yet, nobody takes them."""
        self.is_running = True
        try:
            return () if self._lua is None else self._lua.command(octets, budget, now_us)
        finally:
            self._end_turn()

    def go_on(self, token: int, is_success: bool, result: bytes, budget: Budget, now_us: int) -> Sequence[Told]:
        """Let what waits with this token go on; what waits no more is left alone."""
        self.is_running = True
        try:
            if self._lua is None or self._due_us.pop(token, None) is None:
                return ()
            return self._lua.go_on(token, is_success, result, budget, now_us)
        finally:
            self._end_turn()

    def wait(self, token: int, duration_ms: int, now_us: int) -> None:
        """Note how long the program waits at most."""
        self._due_us[token] = now_us + duration_ms * MILLISECOND_US

    def next_due_us(self) -> int | None:
        """Return when the next wait is over."""
        return min(self._due_us.values(), default=None)

    def due(self, now_us: int) -> int | None:
        """Return the token of a wait that is over."""
        return next((token for token, due_us in self._due_us.items() if due_us <= now_us), None)

    def _end_turn(self) -> None:
        if self._lua is not None:
            self.used = self._lua.used
            if self._lua.is_full:
                self._lua = None
                self._due_us.clear()
        self.is_running = False
