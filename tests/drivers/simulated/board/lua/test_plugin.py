"""The virtual board's own program as its clients hear it."""

import pytest

from hardwire.drivers.simulated.board import extras
from hardwire.drivers.simulated.board.function import Aside
from hardwire.drivers.simulated.board.lua.plugin import Plugin
from hardwire.drivers.simulated.board.storage import Storage
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
from hardwire.model.board.storage import SaveFile
from hardwire.model.command import Command
from hardwire.model.fact import Happening
from tests.drivers.simulated.board.settled import NOON_US, settled

SECOND_US = 1_000_000


class Rig:
    """A program with its storage and what it told."""

    def __init__(self, stored: str = "") -> None:
        self.told: list[Happening] = []
        self.storage = Storage()
        self.store(stored)
        self.plugin = Plugin(self.storage, "esp32w", "7.1.0", self.told.append)

    def store(self, source: str) -> None:
        """Save the board's own program."""
        self.storage.carry_out(SaveFile("plua", source.encode()), NOON_US)

    def do(self, command: Command, now_us: int = NOON_US) -> list[Happening]:
        """Carry out a command and return its answers."""
        return list(settled(self.plugin.carry_out(command, now_us), now_us))

    def news(self) -> list[Happening]:
        """Return what was told since the last call."""
        told = list(self.told)
        self.told.clear()
        return told


def test_a_call_is_answered_to_its_asker_and_told_to_nobody() -> None:
    rig = Rig()

    answers = rig.do(CallPlugin(5, "return 'a' .. 1"))

    assert answers == [PluginCalled(5, "a1")]
    assert rig.news() == []


def test_a_call_that_fails_is_answered_as_failed() -> None:
    answers = Rig().do(CallPlugin(2**32 - 1, "error('no', 0)"))

    assert answers == [PluginCalled(2**32 - 1, "no", is_failed=True)]


def test_what_a_program_tells_everybody_hears_in_order() -> None:
    rig = Rig()

    answers = rig.do(
        RunLua("cloud.pluginSendFrameStart(1, 2) cloud.pluginSend('hi') cloud.pluginSendFrameEnd() os.log('ä\\255')")
    )

    assert answers == []
    assert rig.news() == [PluginFrameBegan(1, 2), PluginReceived(b"hi"), PluginFrameEnded(), PluginLogged("ä\ufffd")]


def test_an_error_of_a_program_is_told() -> None:
    rig = Rig()

    answers = rig.do(RunLua("oops("))

    assert answers == []
    assert rig.news() == [PluginFailed("lua:1: unexpected symbol near <eof>")]


def test_bytes_reach_the_program() -> None:
    rig = Rig()
    rig.do(SendToPlugin(b"nobody is there"))
    rig.do(RunLua("function on_command(c) cloud.pluginSend(c) end"))

    rig.do(SendToPlugin(b"\x00\x01"))

    assert rig.news() == [PluginReceived(b"\x00\x01")]


def test_the_stored_program_starts_with_the_board_and_again_with_a_reload_and_a_reset() -> None:
    rig = Rig("n = (n or 0) + 1 cloud.pluginSend(n)")

    is_due = rig.plugin.next_change_us(NOON_US) == NOON_US
    rig.plugin.advance(NOON_US)
    started = rig.news()
    rig.do(ReloadPlugin())
    rig.plugin.advance(NOON_US)
    reloaded = rig.news()
    rig.plugin.power_on()
    rig.plugin.advance(NOON_US)
    rig.plugin.advance(NOON_US)

    assert is_due
    assert started == reloaded == rig.news() == [PluginReceived(b"1")]
    assert rig.plugin.next_change_us(NOON_US) is None


def test_a_reload_without_a_stored_program_forgets_what_there_was() -> None:
    rig = Rig()
    rig.do(RunLua("x = 1"))

    rig.do(ReloadPlugin())
    rig.plugin.advance(NOON_US)

    assert rig.do(CallPlugin(1, "return tostring(x)")) == [PluginCalled(1, "nil")]


def test_a_stored_program_that_never_ends_is_ended() -> None:
    rig = Rig("while true do end")

    rig.plugin.advance(NOON_US)

    assert rig.news() == [PluginFailed("the program took too long and was ended")]


def test_a_call_that_waits_is_answered_to_all_when_its_wait_is_over() -> None:
    rig = Rig()

    answers = rig.do(CallPlugin(3, "os.wait(1000) return 'slept'"))
    due_us = rig.plugin.next_change_us(NOON_US)
    rig.plugin.advance(NOON_US + SECOND_US - 1)
    early = rig.news()
    rig.plugin.advance(NOON_US + SECOND_US)

    assert (answers, due_us, early) == ([], NOON_US + SECOND_US, [])
    assert rig.news() == [PluginCalled(3, "slept")]


def test_a_transaction_is_asked_and_its_answer_goes_on_in_the_program() -> None:
    rig = Rig()
    rig.do(CallPlugin(4, "local ok, r = cloud.transactionWait('\\255') return tostring(ok) .. r"))
    asked = rig.news()

    rig.do(AnswerTransaction(1, True, "dö"))
    answered = rig.news()
    rig.do(AnswerTransaction(1, True, "again"))
    rig.do(AnswerTransaction(99, True, "never asked"))

    assert asked == [TransactionAsked(1, b"\xff")]
    assert answered == [PluginCalled(4, "truedö")]
    assert rig.news() == []
    assert rig.plugin.next_change_us(NOON_US) is None


def test_a_transaction_that_nobody_answers_times_out() -> None:
    rig = Rig()
    rig.do(RunLua("cloud.transactionWait('q', function(ok, r) cloud.pluginSend(tostring(ok) .. r) end, 2000)"))
    rig.news()

    rig.plugin.advance(NOON_US + 2 * SECOND_US)

    assert rig.news() == [PluginReceived(b"falsetimeout")]


def test_a_program_that_has_used_up_its_memory_is_begun_anew() -> None:
    rig = Rig()
    rig.do(RunLua("os.wait(1000)"))
    rig.do(RunLua("t = {} while true do t[#t + 1] = {} end"))
    rig.news()

    told = rig.do(CallPlugin(1, "return 1"))

    assert told == [PluginCalled(1, "the program used up its memory and was begun anew", is_failed=True)]
    assert rig.plugin.next_change_us(NOON_US) is None
    assert rig.do(CallPlugin(2, "return tostring(t)")) == [PluginCalled(2, "nil")]


def test_while_a_thread_is_in_the_program_nothing_else_goes_in() -> None:
    rig = Rig()
    rig.do(RunLua("os.wait(0) cloud.pluginSend('later')"))
    outcome = rig.plugin.carry_out(RunLua("cloud.pluginSend('first')"), NOON_US)
    assert isinstance(outcome, Aside)

    rig.plugin.advance(NOON_US)
    is_asleep = rig.plugin.next_change_us(NOON_US) is None
    answers = outcome.work()(NOON_US)
    rig.plugin.advance(NOON_US)

    assert is_asleep
    assert list(answers) == []
    assert rig.news() == [PluginReceived(b"first"), PluginReceived(b"later")]


@pytest.mark.parametrize(
    ("command", "answers"),
    [
        (CallPlugin(6, "return 1"), [PluginCalled(6, "the board was reset meanwhile", is_failed=True)]),
        (RunLua("cloud.pluginSend('x')"), []),
    ],
)
def test_what_a_reset_overtook_is_told_to_nobody(command: Command, answers: list[Happening]) -> None:
    rig = Rig()
    outcome = rig.plugin.carry_out(command, NOON_US)
    assert isinstance(outcome, Aside)
    finish = outcome.work()

    rig.plugin.power_on()

    assert list(finish(NOON_US)) == answers
    assert rig.news() == []


def test_without_lua_every_asker_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise ModuleNotFoundError("No module named 'lupa'", name="lupa")

    rig = Rig("x = 1")
    monkeypatch.setattr(extras, "import_module", absent)
    sentence = "this needs the package 'lupa' on the hub: pip install 'hardwire[lua]'"

    rig.plugin.advance(NOON_US)
    rig.do(RunLua("x = 1"))
    answers = rig.do(CallPlugin(1, "return 1"))
    rig.do(SendToPlugin(b"x"))
    rig.do(AnswerTransaction(1, True, ""))

    assert rig.news() == [PluginFailed(sentence), PluginFailed(sentence)]
    assert answers == [PluginCalled(1, sentence, is_failed=True)]


def test_a_program_that_tells_without_end_is_slowed_down() -> None:
    rig = Rig()
    rig.do(RunLua("local s = ('x'):rep(60000) while true do for i = 1, 2 do cloud.pluginSend(s) end os.wait(1) end"))
    rig.news()

    for now_us in range(NOON_US, NOON_US + 10 * SECOND_US, 50_000):
        rig.plugin.advance(now_us)

    told = [one for one in rig.news() if isinstance(one, PluginReceived)]
    assert 2_400_000 <= sum(len(one.octets) for one in told) <= 2_700_000
    assert (rig.plugin.next_change_us(NOON_US) or 0) > NOON_US + 9 * SECOND_US


def test_a_program_that_reckons_without_end_is_slowed_down() -> None:
    rig = Rig()
    rig.do(RunLua("turns = 0 while true do turns = turns + 1 for i = 1, 100000 do end os.wait(1) end"))

    for now_us in range(NOON_US, NOON_US + 2 * SECOND_US, 1_000):
        rig.plugin.advance(now_us)

    (called,) = rig.do(CallPlugin(1, "return turns"), NOON_US + 2 * SECOND_US)
    assert isinstance(called, PluginCalled)
    assert 50 <= int(called.result) <= 150


def test_a_program_that_tells_little_waits_as_long_as_it_says() -> None:
    rig = Rig()
    rig.do(RunLua("while true do os.log('tick') os.wait(10) end"))

    for now_us in range(NOON_US, NOON_US + SECOND_US + 1, 10_000):
        rig.plugin.advance(now_us)

    assert rig.news().count(PluginLogged("tick")) == 101
