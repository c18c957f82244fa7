"""What comes in, at what pace: turns, rates, a connection that is read no more, the end of it."""

import asyncio
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import cast

from hardwire.contracts.act import Act, Send
from hardwire.contracts.session import Upgrade
from hardwire.server.sockets import inflow as inflow_module
from hardwire.server.sockets.inflow import HELD_BYTES, Inflow
from hardwire.server.sockets.pace import TURN_S, Pace
from hardwire.server.sockets.reader import Closed, Event, FrameReader, Ping, Violation
from hardwire.server.sockets.rota import Rota
from tests.server.doors import CLOSE, PING, TEXT, framed, until

LIMIT_BYTES = 1000


class PaperTransport:
    """A connection on paper: whether it is read."""

    def __init__(self) -> None:
        self.is_read = True
        self.closing = False

    def is_closing(self) -> bool:
        return self.closing

    def pause_reading(self) -> None:
        assert not self.closing
        self.is_read = False

    def resume_reading(self) -> None:
        assert not self.closing
        self.is_read = True


class Ear:
    """An inflow with its pace, its transport and what was heard of it."""

    def __init__(self, messages_per_s: int = 10_000) -> None:
        loop = asyncio.get_running_loop()
        self.heard: list[Event] = []
        self.is_over = False
        self.busy_s = 0.0
        self.acts: list[Act | Upgrade] = []
        self.pace = Pace(self.acts.append, self._failed, loop)
        self.transport = PaperTransport()
        self.inflow = Inflow(
            FrameReader(LIMIT_BYTES),
            self,
            self.pace,
            cast(asyncio.Transport, self.transport),
            messages_per_s=messages_per_s,
            rota=Rota(loop),
            loop=loop,
        )

    def hear(self, event: Event) -> None:
        self.heard.append(event)
        busy_until = time.perf_counter() + self.busy_s
        while time.perf_counter() < busy_until:
            pass

    def end(self) -> None:
        self.is_over = True

    def _failed(self, fault: Exception) -> None:
        raise fault

    async def rest(self) -> None:
        for _ in range(10):
            await asyncio.sleep(0)


async def test_what_arrives_is_heard_at_once() -> None:
    ear = Ear()

    answer = ear.inflow.feed_data(framed(TEXT, b"a") + framed(PING, b"p") + framed(TEXT, b"cut")[:-1])

    assert (answer, ear.heard, ear.transport.is_read) == ((False, b""), ["a", Ping(b"p")], True)


async def test_thousands_of_small_frames_in_one_piece_let_others_have_their_turn() -> None:
    ear = Ear()
    ear.busy_s = TURN_S / 10
    turns: list[int] = []

    ear.inflow.feed_data(framed(TEXT, b"") * 200)
    while len(ear.heard) < 200:
        turns.append(len(ear.heard))
        await asyncio.sleep(0)

    assert len(turns) >= 10
    assert max(after - before for before, after in pairwise(turns)) <= 20


async def test_a_client_over_its_rate_is_read_no_more_until_it_is_within_and_nothing_is_lost() -> None:
    ear = Ear(messages_per_s=100)
    messages = [str(number) for number in range(130)]
    began_s = time.perf_counter()

    ear.inflow.feed_data(b"".join(framed(TEXT, message.encode()) for message in messages))
    await ear.rest()
    at_once = len(ear.heard)
    ear.inflow.feed_data(framed(TEXT, b"x" * 900) * 100)
    is_read_beyond = ear.transport.is_read
    await until(lambda: len(ear.heard) >= 130)

    assert 100 <= at_once <= 110
    assert not is_read_beyond
    assert ear.heard[:130] == messages
    assert time.perf_counter() - began_s >= 0.25
    ear.inflow.stop()


async def test_empty_parts_and_pings_count_as_messages_do() -> None:
    ear = Ear(messages_per_s=10)

    ear.inflow.feed_data(framed(0x01, b"") + framed(0x00, b"") * 5 + framed(PING, b"") * 5 + framed(0x80, b"late"))

    await ear.rest()

    assert (len(ear.heard), ear.heard[-1]) == (10, Ping(b""))
    ear.inflow.stop()


async def test_nothing_is_begun_while_the_session_is_busy_and_a_flood_stays_at_the_clients() -> None:
    ear = Ear()
    gate = [True]

    def long() -> Iterator[Act]:
        while gate[0]:
            yield Send("on")

    ear.pace.take_turn()
    ear.pace.begin(long)
    ear.inflow.feed_data(framed(TEXT, b"a"))
    little = (list(ear.heard), ear.transport.is_read)
    ear.inflow.feed_data(framed(TEXT, b"x" * 100) * (HELD_BYTES // 100))
    much = (list(ear.heard), ear.transport.is_read)
    gate[0] = False
    await until(lambda: len(ear.heard) == HELD_BYTES // 100 + 1)
    await ear.rest()

    assert little == ([], True)
    assert much == ([], False)
    assert ear.transport.is_read


async def test_what_came_before_the_connection_was_gone_is_heard_and_then_it_is_over() -> None:
    ear = Ear(messages_per_s=10)
    ear.inflow.feed_data(framed(TEXT, b"a") * 30)
    ear.transport.closing = True

    ear.inflow.feed_eof()
    await until(lambda: ear.is_over)

    assert ear.heard == ["a"] * 30


async def test_a_close_ends_it_and_what_follows_is_not_heard() -> None:
    ear = Ear()

    ear.inflow.feed_data(framed(CLOSE, b"\x03\xe8") + framed(TEXT, b"late"))
    ear.inflow.feed_data(framed(TEXT, b"later"))

    assert (ear.heard, ear.is_over) == ([Closed(1000, "")], True)


async def test_who_broke_a_rule_is_let_go_once_it_is_silent() -> None:
    ear = Ear()
    ear.inflow.feed_data(framed(0xF1, b""))
    began_s = time.perf_counter()
    for _ in range(4):
        await asyncio.sleep(inflow_module.SILENCE_S / 2)
        ear.inflow.feed_data(b"it goes on")
    was_over = ear.is_over

    await until(lambda: ear.is_over)

    assert not was_over
    assert time.perf_counter() - began_s >= 2 * inflow_module.SILENCE_S
    assert [type(event) for event in ear.heard] == [Violation]


async def test_who_broke_a_rule_and_has_left_is_let_go_at_once() -> None:
    ear = Ear()
    ear.inflow.feed_data(framed(0xF1, b""))

    ear.inflow.feed_eof()

    assert ear.is_over


async def test_nothing_is_heard_once_it_is_stopped() -> None:
    ear = Ear()
    ear.inflow.stop()

    ear.inflow.feed_data(framed(TEXT, b"a"))
    ear.inflow.feed_eof()

    assert (ear.heard, ear.is_over) == ([], False)
