"""The board's own program as a function of it: Lua that clients send, or that lies in its storage."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from hardwire.drivers.simulated.board.budget import Budget as Allowance
from hardwire.drivers.simulated.board.function import Aside, Finish, Outcome, Tell
from hardwire.drivers.simulated.board.lua.program import Program
from hardwire.drivers.simulated.board.lua.told import Budget, Told
from hardwire.drivers.simulated.board.storage import PLUGIN_FILE, Storage
from hardwire.model.board.plugin import (
    AnswerTransaction,
    CallPlugin,
    PluginCalled,
    PluginFailed,
    PluginFrameBegan,
    PluginFrameEnded,
    PluginLogged,
    PluginReceived,
    ReloadPlugin,
    RunLua,
    SendToPlugin,
    TransactionAsked,
)
from hardwire.model.command import Command
from hardwire.model.fact import Happening

# What a command starts runs in a thread of its own, what starts by itself between two turns of the hub's loop.
COMMANDED = Budget(instructions=5_000_000, cpu_s=0.25)
BY_ITSELF = Budget(instructions=500_000, cpu_s=0.05)

TIMEOUT = b"timeout"

# Every byte that it tells goes to each of the board's clients as up to four characters of JSON: a program that waits
# and tells without end would have every client cut as too slow, even the one that comes to reset the board.
EACH_BYTE_US = 4
BYTES_SAVED_UP = 128 * 1024
# What a thing that is told costs besides its bytes, and how many instructions cost as much as a byte: what waits for
# itself without end takes a fifth of the hub's time.
EACH_THING = 256
INSTRUCTIONS_A_BYTE = 20


class Plugin:
    """A Lua program; a reset, a reboot and a reload begin it anew with what the storage holds."""

    commands: Sequence[type[Command]] = (SendToPlugin, RunLua, ReloadPlugin, CallPlugin, AnswerTransaction)

    def __init__(self, storage: Storage, hardware: str, firmware: str, tell: Tell) -> None:
        """The program may ask which board it runs on."""
        self._storage = storage
        self._make = partial(Program, hardware, firmware)
        self._tell = tell
        self._pace = Allowance(EACH_BYTE_US, BYTES_SAVED_UP)
        self.power_on()

    def power_on(self) -> None:
        """Begin anew; the stored program starts with the next turn."""
        self._program = self._make()
        self._is_boot_due = bool(self._storage.file(PLUGIN_FILE))

    def carry_out(self, command: Command, now_us: int) -> Outcome:
        """Run Lua, aside: it may take a while."""
        if isinstance(command, ReloadPlugin):
            self.power_on()
            return ()
        program = self._program
        program.is_running = True
        return Aside(lambda: self._worked_out(command, program, now_us))

    def advance(self, now_us: int) -> None:
        """Start the stored program, or let the program go on when a wait is over: one at a time.

        One that has told or reckoned much waits longer.
        """
        program = self._program
        if program.is_running or self._pace.next_us(now_us) > now_us:
            return
        token = program.due(now_us)
        if self._is_boot_due:
            self._is_boot_due = False
            self._take_over(program, program.run(self._storage.file(PLUGIN_FILE), None, BY_ITSELF, now_us), now_us)
        elif token is not None:
            self._take_over(program, program.go_on(token, False, TIMEOUT, BY_ITSELF, now_us), now_us)

    def next_change_us(self, now_us: int) -> int | None:
        """Return when a wait is over."""
        if self._program.is_running:
            return None
        due_us = now_us if self._is_boot_due else self._program.next_due_us()
        return None if due_us is None else max(due_us, self._pace.next_us(now_us))

    def _worked_out(self, command: Command, program: Program, now_us: int) -> Finish:
        """Do the work of a command, in its thread."""
        call: int | None = None
        match command:
            case RunLua(source):
                told = program.run(source.encode(), None, COMMANDED, now_us)
            case CallPlugin(id, source):
                call = id
                told = program.run(source.encode(), call, COMMANDED, now_us)
            case SendToPlugin(octets):
                told = program.take(octets, COMMANDED, now_us)
            case _:
                assert isinstance(command, AnswerTransaction)
                told = program.go_on(command.id, command.is_success, command.result.encode(), COMMANDED, now_us)
        return self._finish(program, told, call)

    def _finish(self, program: Program, told: Sequence[Told], call: int | None) -> Finish:
        def finish(now_us: int) -> Sequence[Happening]:
            if program is self._program:
                return self._take_over(program, told, now_us, call)
            return () if call is None else (PluginCalled(call, "the board was reset meanwhile", is_failed=True),)

        return finish

    def _take_over(
        self, program: Program, told: Sequence[Told], now_us: int, call: int | None = None
    ) -> Sequence[Happening]:
        """Tell everybody what the program told, and return the answer to the call that asked for it."""
        self._pace.take(now_us, sum(EACH_THING + len(one.octets) for one in told) + program.used // INSTRUCTIONS_A_BYTE)
        answers: list[Happening] = []
        for one in told:
            match one:
                case Told("wait", int() as token, _, duration_ms):
                    program.wait(token, duration_ms, now_us)
                case Told("ask", int() as token, octets, timeout_ms):
                    program.wait(token, timeout_ms, now_us)
                    self._tell(TransactionAsked(token, octets))
                case Told("returned" | "raised" as kind, int() as id, octets):
                    called = PluginCalled(id, _text(octets), is_failed=kind == "raised")
                    if id == call:
                        answers.append(called)
                    else:
                        # The call had to wait for something, so its asker's turn is over.
                        self._tell(called)
                case _:
                    self._tell(PLAIN[one.kind](one))
        return answers


def _text(octets: bytes) -> str:
    return octets.decode("utf-8", "replace")


PLAIN: Mapping[str, Callable[[Told], Happening]] = {
    "send": lambda told: PluginReceived(told.octets),
    "frame": lambda told: PluginFrameBegan(told.number or 0, told.amount),
    "frame end": lambda told: PluginFrameEnded(),
    "log": lambda told: PluginLogged(_text(told.octets)),
    "raised": lambda told: PluginFailed(_text(told.octets)),
}
"""What a program told by itself, as the happening that everybody hears."""
