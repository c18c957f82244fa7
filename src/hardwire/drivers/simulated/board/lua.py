"""A Lua world that the board's program lives in, walled off from the hub; the one file that needs lupa."""

from collections.abc import Sequence
from typing import Any

import lupa.lua54

from hardwire.drivers.simulated.board.lua_told import Budget, Told
from hardwire.drivers.simulated.board.lua_world import WORLD

MEMORY_LIMIT_BYTES = 2 * 1024 * 1024
# How many instructions go between two looks at the budget: a function of the library takes a millisecond at most.
STEP = 100
THINGS_LIMIT = 500
PENDING_LIMIT = 20
MESSAGE_LIMIT_BYTES = 64 * 1024

MILLISECOND_US = 1_000


class Lua:
    """Globals, functions and what waits, until the program begins anew. One turn at a time, in any thread."""

    def __init__(self, hardware: str, firmware: str) -> None:
        """The program may ask which board it runs on."""
        runtime = lupa.lua54.LuaRuntime(
            max_memory=MEMORY_LIMIT_BYTES,
            encoding=None,
            register_eval=False,
            register_builtins=False,
            attribute_filter=_refuse_attribute,
        )
        limits = (STEP, THINGS_LIMIT, PENDING_LIMIT, MESSAGE_LIMIT_BYTES)
        self._turn: Any = runtime.execute(WORLD, *limits, hardware.encode(), firmware.encode())  # Any: a Lua function

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
        try:
            outbox = self._turn(kind, budget.instructions, budget.cpu_s, now_us // MILLISECOND_US, *given)
            return [_told(outbox[place]) for place in range(1, len(outbox) + 1)]
        except lupa.lua54.LuaError:
            # What a program raises is told in Lua; what comes here is that there was no memory left to tell it.
            problem = f"the program needs more than {MEMORY_LIMIT_BYTES} bytes of memory"
            return [Told("raised", call, problem.encode())]


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
