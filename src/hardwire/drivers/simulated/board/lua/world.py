"""A Lua world that the board's program lives in, walled off from the hub; the one file that needs lupa."""

from collections.abc import Sequence
from typing import Any

import lupa.lua54

from hardwire.drivers.simulated.board.lua.offer import WORLD
from hardwire.drivers.simulated.board.lua.told import Budget, Told

MEMORY_LIMIT_BYTES = 2 * 1024 * 1024
NO_LIMIT = 0
ROOM_BYTES = 128 * 1024
"""What has to be free when a turn begins."""
FULL = b"the program used up its memory and was begun anew"
# How many instructions go between two looks at the budget: a function of the library takes a millisecond at most.
STEP = 100
# How many levels of a program may catch one error each.
DEPTH_LIMIT = 50
THINGS_LIMIT = 500
TOLD_LIMIT_BYTES = 128 * 1024
PENDING_LIMIT = 20
MESSAGE_LIMIT_BYTES = 64 * 1024

MILLISECOND_US = 1_000


class Lua:
    """Globals, functions and what waits, until the program begins anew. One turn at a time, in any thread."""

    def __init__(self, hardware: str, firmware: str) -> None:
        """The program may ask which board it runs on."""
        self._runtime = runtime = lupa.lua54.LuaRuntime(
            max_memory=MEMORY_LIMIT_BYTES,
            encoding=None,
            register_eval=False,
            register_builtins=False,
            attribute_filter=_refuse_attribute,
        )
        limits = (STEP, DEPTH_LIMIT, THINGS_LIMIT, TOLD_LIMIT_BYTES, PENDING_LIMIT, MESSAGE_LIMIT_BYTES)
        world: tuple[Any, Any, Any, Any] = runtime.execute(  # Any: Lua functions
            WORLD, *limits, hardware.encode(), firmware.encode()
        )
        self._prepare, self._go, self._collect, self._clean = world
        runtime.set_max_memory(NO_LIMIT)
        self.is_full = False
        """Whether there is no room left for another turn: this world is at its end."""
        self.used = 0
        """How many instructions the last turn took."""

    def run(self, source: bytes, call: int | None, budget: Budget, now_us: int) -> Sequence[Told]:
        """Run Lua, as a call that gives something back or for its own sake, until it ends or waits."""
        return self._told(call, b"run", budget, now_us, source, False if call is None else call)

    def command(self, octets: bytes, budget: Budget, now_us: int) -> Sequence[Told]:
        """Give bytes to the program's `on_command`, where it has one."""
        return self._told(None, b"command", budget, now_us, octets)

    def go_on(self, token: int, is_success: bool, result: bytes, budget: Budget, now_us: int) -> Sequence[Told]:
        """Let what waits with this token go on."""
        return self._told(None, b"go_on", budget, now_us, token, is_success, result)

    def _told(self, call: int | None, kind: bytes, budget: Budget, now_us: int, *given: bytes | int) -> Sequence[Told]:
        # Where memory runs out outside of a program's own run, lupa ends the whole hub. So there is a limit only while
        # nothing goes in or comes out, and some room is left to begin with.
        self._prepare(kind, budget.instructions, budget.cpu_s, now_us // MILLISECOND_US, *given)
        self.used = budget.instructions
        if not self._has_room():
            self.is_full = True
            return [Told("raised", call, FULL)]
        self._runtime.set_max_memory(MEMORY_LIMIT_BYTES)
        try:
            self._go()
        except lupa.lua54.LuaError:
            # What a program raises is told in Lua; what comes here is that there was no memory left for that.
            self.is_full = True
            return [Told("raised", call, FULL)]
        finally:
            self._runtime.set_max_memory(NO_LIMIT)
        outbox, used = self._collect()
        self.used = int(used)
        return [_told(outbox[place]) for place in range(1, len(outbox) + 1)]

    def _has_room(self) -> bool:
        if self._runtime.get_memory_used() > MEMORY_LIMIT_BYTES - ROOM_BYTES:
            self._clean()
        return bool(self._runtime.get_memory_used() <= MEMORY_LIMIT_BYTES - ROOM_BYTES)


def _told(entry: Any) -> Told:  # Any: a Lua table
    match entry[1]:
        case b"send" | b"log" as kind:
            return Told(kind.decode(), octets=entry[2])
        case b"frame" | b"wait" as kind:
            return Told(kind.decode(), entry[2], amount=entry[3])
        case b"ask":
            return Told("ask", entry[2], entry[3], entry[4])
        case b"frame end":
            return Told("frame end")
        case kind:
            return Told(kind.decode(), entry[2], _text(entry[3]))


def _text(problem: bytes | float) -> bytes:
    return problem if isinstance(problem, bytes) else str(problem).encode()


def _refuse_attribute(thing: object, name: object, is_setting: bool) -> None:
    """No Python object is ever given to a program; if one were, it would be of no use to it."""
    raise AttributeError("programs see nothing of the hub")
