"""Acts and what comes of them."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from hardwire.contracts.act import (
    Act,
    Ask,
    Bear,
    Close,
    Execute,
    Latest,
    Listen,
    Notify,
    Ping,
    Publish,
    Respond,
    Send,
    Unwatch,
    WakeAt,
    Watch,
)
from hardwire.contracts.question import IssueTicket
from hardwire.contracts.session import Upgrade
from hardwire.model.access import OWNER, Caller, Credential, Right
from hardwire.model.board.system import Wait
from hardwire.model.channel import Channel
from hardwire.model.command import Done, Failed, Identify, Reply, WritePoints
from hardwire.model.fact import Sample
from hardwire.server.sockets.actor import UNREAD_BYTES, UNREAD_LOOK_S, Actor
from hardwire.server.sockets.frames import frame_of, ping_frame
from hardwire.server.sockets.pace import ACTS_PER_TURN, OPEN_COMMANDS, OPEN_PAUSE_S, TURN_S
from tests.fakes.paper_dialect import PaperSession
from tests.fakes.still_clock import NOON
from tests.hub.premises import METER, PaperWatcher, Premises

CHANNEL = Channel("paper", "meter", "measurement")


class PaperOutlet:
    """The client's end on paper."""

    def __init__(self) -> None:
        self.watcher = PaperWatcher()
        self.frames = self.watcher.frames
        self.closes: list[tuple[int, str]] = []
        self.answers: list[Respond | Upgrade] = []
        self.unread_bytes = 0

    def append(self, frame: bytes) -> None:
        self.frames.append(frame)

    def pending_bytes(self) -> int:
        return self.unread_bytes

    def close(self, code: int, reason: str = "") -> None:
        self.closes.append((code, reason))

    def respond(self, answer: Respond | Upgrade) -> None:
        self.answers.append(answer)


class Stage:
    """An actor with its session, its outlet and a hub."""

    def __init__(self) -> None:
        self.premises = Premises()
        self.premises.serve(METER)
        self.hub = self.premises.hub
        self.session = PaperSession()
        self.outlet = PaperOutlet()
        self.actor = Actor(self.session, self.outlet, self.hub, self.premises.desk, asyncio.get_running_loop())

    async def act(self, *acts: Act | Upgrade) -> None:
        await self.actor.perform(lambda: acts)

    async def rest(self) -> None:
        for _ in range(10):
            await asyncio.sleep(0)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    stage = Stage()
    yield stage
    stage.premises.close()
    await stage.rest()


@pytest.fixture
def logs() -> Iterator[Sequence[Any]]:  # Any: structlog's own entries
    structlog.reset_defaults()
    with capture_logs() as entries:
        yield entries


async def test_messages_and_pings_are_framed_in_order(stage: Stage) -> None:
    await stage.act(Send("a"), Ping(b"p"), Send(b"b"))

    assert stage.outlet.frames == [frame_of("a"), ping_frame(b"p"), frame_of(b"b")]


async def test_a_command_is_carried_out_as_the_caller_and_its_reply_comes_with_its_tag(stage: Stage) -> None:
    await stage.act(Execute("meter", Identify(), 1), Bear(OWNER), Execute("meter", WritePoints({"power_w": 1}), 2))

    refused = stage.session.told[0]
    assert refused[:2] == ("reply", 1)
    assert isinstance(refused[2], Failed)
    assert stage.session.told[1] == ("reply", 2, Done())


async def test_a_question_is_answered_with_its_tag(stage: Stage) -> None:
    await stage.act(Ask(IssueTicket("t", b"", 10), 7))
    await stage.rest()

    assert stage.session.told == [("reply", 7, True)]


async def test_an_answer_ends_a_one_shot_session(stage: Stage) -> None:
    upgrade = Upgrade(PaperSession())

    await stage.act(Respond(204), upgrade)

    assert stage.outlet.answers == [Respond(204), upgrade]


async def test_a_watcher_gets_what_is_rendered_until_it_leaves(stage: Stage) -> None:
    await stage.act(Watch(CHANNEL))
    stage.hub.publish(Sample("meter", NOON, {"power_w": 1}))
    await stage.act(Unwatch(CHANNEL), Unwatch(CHANNEL))

    stage.hub.publish(Sample("meter", NOON, {"power_w": 2}))

    assert stage.outlet.frames == [b"meter {'power_w': 1}"]


async def test_the_newest_comes_first_where_it_is_asked_for(stage: Stage) -> None:
    await stage.act(Watch(CHANNEL, latest=True), Latest(CHANNEL))
    stage.premises.dialect.newest = None
    await stage.act(Latest(CHANNEL))

    assert stage.outlet.frames == [b"newest", b"newest"]


async def test_a_notice_reaches_who_listens(stage: Stage) -> None:
    await stage.act(Listen("topic"), Notify("topic", "hello"), Notify("other", "nothing"))

    assert stage.session.told == [("notice", "topic", "hello")]


async def test_a_fact_can_be_published(stage: Stage) -> None:
    await stage.act(Publish(Sample("meter", NOON, {"power_w": 9})))

    assert stage.hub.house.readings("meter")["power_w"].value == 9


async def test_a_close_goes_to_the_outlet(stage: Stage) -> None:
    await stage.act(Close(1001, "bye"))

    assert stage.outlet.closes == [(1001, "bye")]


async def test_a_revoked_credential_closes_its_conversation_and_takes_its_rights(stage: Stage) -> None:
    stage.hub.access.add(Credential(id="key", kind="paper"))
    await stage.act(Bear(Caller(credential="key", rights=Right.CONTROL)))

    stage.hub.line.notify("revoked", "key")
    await stage.act(Execute("meter", Identify()))

    assert stage.outlet.closes == [(1008, "the credential was revoked")]
    assert isinstance(stage.session.told[0][2], Failed)


async def test_a_credential_that_is_already_dead_lets_nobody_act(stage: Stage) -> None:
    await stage.act(Bear(Caller(credential="dead", rights=Right.CONTROL)), Execute("meter", Identify()))

    assert stage.outlet.closes == [(1008, "the credential was revoked")]
    assert isinstance(stage.session.told[0][2], Failed)


async def test_a_wish_to_be_woken_is_granted_no_earlier_than_wished(stage: Stage) -> None:
    woken = asyncio.get_running_loop().create_future()

    def tick(now: object) -> tuple[Act, ...]:
        woken.set_result(now)
        return ()

    stage.session.on_tick = tick

    # The hub's clock stands still: the loop's is ahead of it when the time has come.
    await stage.act(WakeAt(NOON + timedelta(milliseconds=5)))

    assert await asyncio.wait_for(woken, 5) == NOON + timedelta(milliseconds=5)


async def test_a_new_wish_replaces_the_old_one_and_none_takes_it_back(stage: Stage) -> None:
    await stage.act(WakeAt(NOON), WakeAt(NOON + timedelta(hours=1)), WakeAt(NOON), WakeAt(None), WakeAt(None))
    await asyncio.sleep(0.01)

    assert stage.session.told == []


async def test_ending_takes_the_session_off_every_list_once(stage: Stage) -> None:
    await stage.act(Watch(CHANNEL), Listen("topic"), WakeAt(NOON), Bear(Caller(credential="key")))
    stage.outlet.closes.clear()

    stage.actor.end()
    stage.actor.end()
    stage.hub.publish(Sample("meter", NOON, {"power_w": 1}))
    stage.hub.line.notify("topic", "x")
    stage.hub.line.notify("revoked", "key")
    await asyncio.sleep(0.01)

    assert stage.session.told == [("closed",)]
    assert stage.outlet.frames == []
    assert stage.outlet.closes == []
    assert stage.hub.channels.counts() == (0, 0)


async def test_a_session_that_has_ended_gets_on_no_list_again(stage: Stage) -> None:
    stage.actor.end()

    await stage.act(Watch(CHANNEL), Listen("topic"), WakeAt(NOON), Bear(OWNER))
    stage.hub.line.notify("topic", "x")
    await asyncio.sleep(0.01)

    assert stage.session.told == [("closed",)]
    assert stage.hub.channels.counts() == (0, 0)


async def test_an_answer_that_comes_after_the_end_is_dropped(stage: Stage) -> None:
    # No turn of the loop may lie in between, however busy the machine is.
    stage.actor.pace.begin(lambda: (Ask(IssueTicket("t", b"", 10), 7),))

    stage.actor.end()
    await stage.rest()

    assert stage.session.told == [("closed",)]


async def test_one_that_ends_another_while_both_hear_lets_it_hear_no_more(stage: Stage) -> None:
    other = PaperSession()
    second = Actor(other, PaperOutlet(), stage.hub, stage.premises.desk, asyncio.get_running_loop())

    def end_the_other(topic: str, message: str) -> tuple[Act, ...]:
        second.end()
        return ()

    stage.session.on_notice = end_the_other
    await stage.act(Listen("topic"))
    await second.perform(lambda: (Listen("topic"),))

    stage.hub.line.notify("topic", "x")

    assert other.told == [("closed",)]


async def test_a_thousand_acts_let_others_have_their_turn(stage: Stage) -> None:
    seen = [0]

    def thousand() -> Iterator[Act]:
        for number in range(1000):
            yield Send(str(number))

    performing = asyncio.ensure_future(stage.actor.perform(thousand))
    while not performing.done():
        await asyncio.sleep(0)
        seen.append(len(stage.outlet.frames))

    assert len(stage.outlet.frames) == 1000
    assert all(after - before <= ACTS_PER_TURN for before, after in pairwise(seen))


async def test_few_acts_that_take_long_let_others_have_their_turn(stage: Stage) -> None:
    seen = [0]

    def slow() -> Iterator[Act]:
        for number in range(5):
            busy_until = time.perf_counter() + 1.5 * TURN_S
            while time.perf_counter() < busy_until:
                pass
            yield Send(str(number))

    performing = asyncio.ensure_future(stage.actor.perform(slow))
    while not performing.done():
        await asyncio.sleep(0)
        seen.append(len(stage.outlet.frames))

    assert seen[-1] == 5
    assert all(after - before <= 1 for before, after in pairwise(seen))


async def test_many_messages_that_arrive_together_let_others_have_their_turn(stage: Stage) -> None:
    turns = 0

    def busy() -> Iterator[Act]:
        busy_until = time.perf_counter() + TURN_S / 4
        while time.perf_counter() < busy_until:
            pass
        yield Send("done")

    async def read() -> None:
        for _ in range(40):
            await stage.actor.perform(busy)

    reading = asyncio.ensure_future(read())
    while not reading.done():
        await asyncio.sleep(0)
        turns += 1

    assert turns >= 5


async def test_a_client_is_held_back_while_too_many_of_its_commands_are_on_their_way(stage: Stage) -> None:
    answers: list[asyncio.Future[Reply]] = []

    def answer(command: object) -> "asyncio.Future[Reply]":
        answers.append(asyncio.get_running_loop().create_future())
        return answers[-1]

    stage.premises.driver.answer = answer
    commands = [Execute("meter", WritePoints({"power_w": n})) for n in range(OPEN_COMMANDS + 2)]
    performing = asyncio.ensure_future(stage.act(Bear(OWNER), *commands))
    await stage.rest()
    answers[0].set_result(Done())
    await stage.rest()
    was_held = not performing.done()

    answers[1].set_result(Done())
    await asyncio.wait_for(performing, 5)

    assert was_held
    assert len([told for told in stage.session.told if told[0] == "reply"]) == 2


async def test_a_client_is_held_back_in_the_middle_of_a_message_that_would_hold_its_device_for_hours(
    stage: Stage,
) -> None:
    answers: list[asyncio.Future[Reply]] = []

    def answer(command: object) -> "asyncio.Future[Reply]":
        answers.append(asyncio.get_running_loop().create_future())
        return answers[-1]

    begun: list[int] = []

    def hours() -> Iterator[Act]:
        yield Bear(OWNER)
        for number in range(100):
            begun.append(number)
            yield Execute("meter", Wait(60_000))

    stage.premises.driver.answer = answer
    performing = asyncio.ensure_future(stage.actor.perform(hours))
    await stage.rest()
    held_at = len(begun)
    answers[0].set_result(Done())
    await stage.rest()

    stage.actor.release()
    await asyncio.wait_for(performing, 5)

    # 600 s are on their way: one more begins when the first is over, and all others once nobody is there to be held.
    assert (held_at, OPEN_PAUSE_S) == (11, 600)
    assert len(begun) == 100


async def test_what_a_client_left_in_the_queue_holds_the_device_no_longer_than_a_minute(stage: Stage) -> None:
    gate: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
    driver = stage.premises.driver
    driver.answer = lambda command: gate if command == WritePoints({"power_w": 0}) else Done()
    await stage.act(
        Bear(OWNER),
        Execute("meter", WritePoints({"power_w": 0})),
        Execute("meter", Wait(1_000)),
        Execute("meter", Wait(65_535)),
        Execute("meter", WritePoints({"power_w": 1})),
    )

    stage.actor.end()
    gate.set_result(Done())
    await stage.rest()

    assert driver.commands == [WritePoints({"power_w": 0}), Wait(1_000), WritePoints({"power_w": 1})]


@pytest.mark.parametrize("way", ["release", "end"])
async def test_a_client_that_is_gone_is_held_back_no_longer(stage: Stage, way: str) -> None:
    stage.premises.driver.answer = lambda command: asyncio.get_running_loop().create_future()
    commands = [Execute("meter", WritePoints({"power_w": n})) for n in range(OPEN_COMMANDS + 1)]
    performing = asyncio.ensure_future(stage.act(Bear(OWNER), *commands))
    await stage.rest()
    was_held = not performing.done()

    getattr(stage.actor, way)()
    await asyncio.wait_for(performing, 5)
    await asyncio.wait_for(stage.act(Execute("meter", WritePoints({"power_w": 0}))), 5)

    assert was_held


@pytest.mark.parametrize("place", ["receive", "reply", "notice", "tick"])
async def test_a_fault_in_a_session_closes_it_with_1011_and_is_logged_once(
    stage: Stage, place: str, logs: Sequence[Any]
) -> None:
    def fail(*told: object) -> Iterator[Act]:
        yield Send("before")
        raise ZeroDivisionError("a bug")

    for name in ("on_reply", "on_notice", "on_tick"):
        setattr(stage.session, name, fail)
    acts: dict[str, tuple[Act, ...]] = {
        "reply": (Execute("meter", Identify()),),
        "notice": (Listen("topic"), Notify("topic")),
        "tick": (WakeAt(NOON),),
    }

    await stage.actor.perform(lambda: acts[place] if place in acts else fail())
    await asyncio.sleep(0.01)

    assert stage.outlet.frames == [frame_of("before")]
    assert stage.outlet.closes == [(1011, "the hub failed")]
    assert [(entry["event"], entry["session"]) for entry in logs] == [("a conversation failed", "PaperSession")]


async def test_a_client_that_leaves_much_unread_gets_the_next_answer_once_it_has_read(stage: Stage) -> None:
    stage.outlet.unread_bytes = UNREAD_BYTES + 1
    await stage.act(Ask(IssueTicket("t", b"", 10), 7))
    await stage.rest()
    before = list(stage.session.told)

    stage.outlet.unread_bytes = UNREAD_BYTES
    async with asyncio.timeout(5):
        while not stage.session.told:  # noqa: ASYNC110 (what the session was told has no event)
            await asyncio.sleep(0)

    assert before == []
    assert stage.session.told[0][:3] == ("reply", 7, True)


async def test_an_answer_that_waited_for_a_client_that_left_is_dropped(stage: Stage) -> None:
    stage.outlet.unread_bytes = UNREAD_BYTES + 1
    await stage.act(Ask(IssueTicket("t", b"", 10), 7))
    await stage.rest()

    stage.actor.end()
    await asyncio.sleep(2 * UNREAD_LOOK_S)

    assert [one[0] for one in stage.session.told] == ["closed"]
