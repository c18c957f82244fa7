"""WebSockets on real sockets: order, closing, rules of the wire, slow and hostile clients."""

import asyncio
import logging
import socket as sockets
import struct
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import pytest

from hardwire.contracts.act import Act, Bear, Close, Execute, Respond, Send, Watch
from hardwire.contracts.session import Upgrade
from hardwire.model.access import OWNER, Caller, Credential, Right
from hardwire.model.channel import Channel
from hardwire.model.command import Done, Identify, Reply, WritePoints
from hardwire.model.fact import Sample
from hardwire.server.limits import Limits
from hardwire.server.requests import front
from hardwire.server.sockets import carrier
from hardwire.server.sockets import socket as server_socket
from hardwire.server.sockets.kernel import NOTSENT_LOWAT_BYTES
from hardwire.server.sockets.pace import OPEN_COMMANDS
from hardwire.server.sockets.socket import TOO_SLOW
from tests.fakes.paper_dialect import PaperSession
from tests.server.doors import BINARY, CLOSE, PING, PONG, TEXT, WITHIN_S, Dialled, Doors, framed, open_doors, until

CHANNEL = Channel("paper", "meter", "measurement")


@pytest.fixture(params=["direct", "aiohttp"])
async def doors(request: pytest.FixtureRequest) -> AsyncIterator[Doors]:
    """A front with a plain port, behind which each of the carriers reads in turn."""
    async with open_doors(carrier=request.param) as doors:
        yield doors


def told_of(doors: Doors) -> list[PaperSession]:
    """Every conversation that is opened from now on."""
    sessions: list[PaperSession] = []

    def converse() -> PaperSession:
        sessions.append(PaperSession())
        return sessions[-1]

    doors.dialect.conversation = converse
    return sessions


async def test_text_and_binary_come_back_as_they_were_sent(doors: Doors) -> None:
    client = await doors.upgraded()

    client.frame(TEXT, "é".encode())
    client.frame(BINARY, b"\x00\xff")

    assert [await client.hear(), await client.hear()] == [(TEXT, "é".encode()), (BINARY, b"\x00\xff")]


async def test_the_answer_to_a_handshake_bears_the_sessions_headers(doors: Doors) -> None:
    doors.dialect.session = lambda request: PaperSession(
        on_open=lambda: (Upgrade(PaperSession(), headers={"X-Api-Version": "2.3.0"}),)
    )
    client = await doors.dial()

    answer = await client.upgrade("/paper")

    assert (answer.status, answer.headers.get("x-api-version")) == (101, "2.3.0")


async def test_a_sub_protocol_is_agreed_to_where_the_session_does(doors: Doors) -> None:
    protocols = iter(("echo-protocol", None))
    doors.dialect.session = lambda request: PaperSession(
        on_open=lambda: (Upgrade(PaperSession(), protocol=next(protocols)),)
    )
    asks = "Sec-WebSocket-Protocol: echo-protocol, other"
    agreed, silent = await doors.dial(), await doors.dial()

    answers = [await agreed.upgrade("/paper", asks), await silent.upgrade("/paper", asks)]

    assert [answer.headers.get("sec-websocket-protocol") for answer in answers] == ["echo-protocol", None]


async def test_telemetry_replies_and_the_close_keep_their_order_on_one_socket(doors: Doors) -> None:
    later: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
    premises = doors.premises
    premises.driver.answer = lambda command: later if isinstance(command, WritePoints) else Done()

    def tell(number: int) -> None:
        doors.hub.publish(Sample("meter", premises.clock.pass_s(1), {"power_w": number}))

    def receive(message: str | bytes) -> Iterator[Act]:
        tell(1)
        yield Send("reply 1")
        yield Execute("meter", WritePoints({"power_w": 5}), 7)
        tell(2)
        yield Send("reply 2")

    def reply(tag: int, answer: object) -> Iterator[Act]:
        tell(3)
        yield Send("reply 3")
        tell(4)
        yield Close(4000, "done")
        yield Send("never sent")
        tell(5)

    doors.dialect.conversation = lambda: PaperSession(
        on_open=lambda: (Bear(OWNER), Watch(CHANNEL)), on_receive=receive, on_reply=reply
    )
    client = await doors.upgraded()
    await until(lambda: doors.hub.channels.counts() == (1, 1))
    tell(0)

    client.frame(TEXT, b"go")
    before = [(await client.hear())[1] for _ in range(5)]
    later.set_result(Done())
    after = [await client.hear() for _ in range(4)]
    client.frame(CLOSE, struct.pack("!H", 4000))

    def telemetry(number: int) -> bytes:
        return f"meter {{'power_w': {number}}}".encode()

    assert before == [telemetry(0), telemetry(1), b"reply 1", telemetry(2), b"reply 2"]
    assert after == [
        (TEXT, telemetry(3)),
        (TEXT, b"reply 3"),
        (TEXT, telemetry(4)),
        (CLOSE, struct.pack("!H", 4000) + b"done"),
    ]
    assert await client.hear_end() == b""


async def test_pongs_stand_in_the_order_of_everything_else(socket: Dialled) -> None:
    socket.send(framed(TEXT, b"a") + framed(PING, b"1") + framed(TEXT, b"b") + framed(PING, b"") + framed(PONG, b"x"))
    socket.frame(TEXT, b"c")

    heard = [await socket.hear() for _ in range(5)]

    assert heard == [(TEXT, b"a"), (PONG, b"1"), (TEXT, b"b"), (PONG, b""), (TEXT, b"c")]


@pytest.mark.parametrize(
    ("payload", "answer"),
    [
        (b"", struct.pack("!H", 1000)),
        (struct.pack("!H", 1000) + b"bye", struct.pack("!H", 1000)),
        (struct.pack("!H", 4321), struct.pack("!H", 4321)),
    ],
)
async def test_a_close_is_answered_with_its_code_and_the_connection_ends(
    doors: Doors, payload: bytes, answer: bytes
) -> None:
    sessions = told_of(doors)
    client = await doors.upgraded()

    client.frame(CLOSE, payload)

    assert await client.hear() == (CLOSE, answer)
    assert await client.hear_end() == b""
    assert sessions[0].told == [("open",), ("closed",)]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (framed(CLOSE, struct.pack("!H", 1006)), 1002),
        (framed(CLOSE, struct.pack("!H", 1004)), 1002),
        (framed(CLOSE, struct.pack("!H", 999)), 1002),
        (framed(CLOSE, struct.pack("!H", 5000)), 1002),
        (framed(CLOSE, struct.pack("!H", 1000) + b"\xff"), 1007),
        (framed(CLOSE, b"\x03"), 1002),
        (framed(TEXT, b"\xc3\x28"), 1007),
        (framed(0xF1, b"all reserved bits"), 1002),
        (framed(0xC1, b"compressed, though nobody agreed to it"), 1002),
        (framed(0x83, b"an opcode that is not given"), 1002),
        (framed(0x09, b"a ping in parts"), 1002),
        (framed(PING, b"x" * 126), 1002),
        (framed(0x80, b"goes on without a beginning"), 1002),
        (framed(0x01, b"a") + framed(TEXT, b"b"), 1002),
        (framed(BINARY, b"x" * 1001), 1009),
        (framed(0x02, b"x" * 600) + framed(0x80, b"x" * 600), 1009),
        (framed(BINARY, b"x" * 300_000), 1009),
    ],
)
async def test_a_broken_rule_is_answered_with_its_code_and_one_line(
    doors: Doors, logs: Sequence[Any], raw: bytes, code: int
) -> None:
    sessions = told_of(doors)
    client = await doors.upgraded()

    client.send(raw)
    closed = await client.hear_close()
    client.drop()
    await until(lambda: sessions[0].told[-1] == ("closed",))
    other = await doors.upgraded()
    other.frame(TEXT, b"unharmed")

    assert closed[0] == code
    assert await other.hear() == (TEXT, b"unharmed")
    assert [(line["event"], line["peer"]) for line in logs] == [("websocket rule broken", "127.0.0.1")]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (framed(TEXT, b"no mask", is_masked=False), 1002),
        (framed(PING, b"no mask", is_masked=False), 1002),
        (framed(CLOSE, struct.pack("!H", 2000)), 1002),
        (struct.pack("!BBH", TEXT, 0xFE, 5) + b"\0\0\0\0" + b"short", 1002),
        (struct.pack("!BBQ", TEXT, 0xFF, 1 << 63 | 5) + b"\0\0\0\0", 1002),
        (struct.pack("!BBH", BINARY, 0xFE, 1001), 1009),
    ],
)
async def test_the_hubs_own_reader_holds_to_rules_that_aiohttp_lets_go(
    logs: Sequence[Any], raw: bytes, code: int
) -> None:
    async with open_doors() as doors:
        client = await doors.upgraded()

        client.send(raw)
        closed = await client.hear_close()
        end = await client.hear_end()

    assert (closed[0], end) == (code, b"")
    assert [line["event"] for line in logs] == ["websocket rule broken"]


async def test_a_client_that_pours_pings_and_reads_none_gets_the_pong_of_the_newest_once_it_reads() -> None:
    async with open_doors() as doors:
        client = await doors.upgraded()
        client.writer.transport.pause_reading()  # type: ignore[attr-defined]  # asyncio says so of every stream's transport
        await until(lambda: doors.front._open)
        conversation = next(iter(doors.front._open.values()))[0]
        outgoing = conversation.socket
        assert outgoing is not None
        outgoing.behind_since = doors.hub.now()

        client.send(b"".join(framed(PING, b"%d" % number) for number in range(1000)) + framed(TEXT, b"end"))
        await until(lambda: conversation.received == 1)
        while_behind = len(outgoing.pending)
        outgoing.behind_since = None
        client.writer.transport.resume_reading()  # type: ignore[attr-defined]  # as above
        heard = [await client.hear() for _ in range(2)]

    assert while_behind <= 1
    assert heard == [(TEXT, b"end"), (PONG, b"999")]


@pytest.mark.parametrize("flood", [framed(PING, b""), framed(0x00, b""), framed(TEXT, b"")])
async def test_a_client_that_pours_small_frames_slows_down_itself_alone(flood: bytes) -> None:
    async with open_doors(Limits(messages_per_s=2000)) as doors:
        hostile, good = await doors.upgraded(), await doors.upgraded()
        hostile.writer.transport.pause_reading()  # type: ignore[attr-defined]  # asyncio says so of every stream's transport

        hostile.send(framed(0x01, b"") if flood[0] == 0 else b"")
        hostile.send(flood * 50_000)
        waits = []
        for number in range(50):
            asked_s = time.perf_counter()
            good.frame(TEXT, b"%d" % number)
            assert await good.hear() == (TEXT, b"%d" % number)
            waits.append(time.perf_counter() - asked_s)

    assert sorted(waits)[25] < 0.05


async def test_the_longest_message_is_taken_and_parts_make_one(socket: Dialled) -> None:
    socket.frame(BINARY, b"x" * 1000)
    socket.send(framed(0x01, b"a") + framed(PING, b"p") + framed(0x00, b"b") + framed(0x80, b"c"))

    assert await socket.hear() == (BINARY, b"x" * 1000)
    assert await socket.hear() == (PONG, b"p")
    assert await socket.hear() == (TEXT, b"abc")


async def test_pongs_without_a_mask_are_borne_where_a_documented_client_sends_them_so(doors: Doors) -> None:
    doors.dialect.session = lambda request: PaperSession(
        on_open=lambda: (Upgrade(PaperSession(), tolerates_unmasked=True),)
    )
    client = await doors.upgraded()

    client.frame(PONG, b"ezeio", is_masked=False)
    client.frame(TEXT, b"a")

    assert await client.hear() == (TEXT, b"a")


async def test_what_is_said_after_the_hubs_close_is_not_heard(doors: Doors) -> None:
    sessions: list[PaperSession] = []

    def converse() -> PaperSession:
        sessions.append(PaperSession(on_receive=lambda message: (Close(4001, "enough"),)))
        return sessions[-1]

    doors.dialect.conversation = converse
    client = await doors.upgraded()

    client.send(framed(TEXT, b"a") + framed(TEXT, b"b") + framed(CLOSE, struct.pack("!H", 4001)))
    closed = await client.hear_close()
    await client.hear_end()
    await until(lambda: sessions[0].told[-1] == ("closed",))

    assert closed == (4001, "enough")
    assert sessions[0].told == [("open",), ("receive", "a"), ("closed",)]


async def test_what_a_client_said_before_it_dropped_is_heard(doors: Doors) -> None:
    sessions = told_of(doors)
    client = await doors.upgraded()

    client.send(b"".join(framed(TEXT, str(number).encode()) for number in range(50)))
    client.writer.close()
    await until(lambda: sessions and sessions[0].told[-1] == ("closed",))

    assert [told[1] for told in sessions[0].told if told[0] == "receive"] == [str(number) for number in range(50)]


async def test_a_dropped_connection_is_no_broken_rule(doors: Doors, logs: Sequence[Any]) -> None:
    sessions = told_of(doors)
    client = await doors.upgraded()

    client.drop()
    await until(lambda: sessions[0].told[-1] == ("closed",))

    assert logs == []


async def test_frames_that_come_with_the_handshake_are_heard(doors: Doors) -> None:
    client = await doors.dial()
    client.request(
        "GET",
        "/paper",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    )
    client.frame(TEXT, b"early")

    answer = await client.answer()

    assert answer.status == 101
    assert "sec-websocket-extensions" not in answer.headers
    assert await client.hear() == (TEXT, b"early")


async def test_a_fault_in_a_conversation_closes_it_and_the_next_one_works(
    doors: Doors, logs: Sequence[Any], caplog: pytest.LogCaptureFixture
) -> None:
    def fail(message: str | bytes) -> tuple[Act, ...]:
        raise ZeroDivisionError("a bug")

    doors.dialect.conversation = lambda: PaperSession(on_receive=fail)
    client = await doors.upgraded()
    client.frame(TEXT, b"a")
    closed = await client.hear_close()
    doors.dialect.conversation = PaperSession

    other = await doors.upgraded()
    other.frame(TEXT, b"unharmed")

    assert closed == (1011, "the hub failed")
    assert await other.hear() == (TEXT, b"unharmed")
    assert [line["event"] for line in logs] == ["a conversation failed"]
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_a_slow_reader_is_cut_and_the_others_do_not_notice(
    doors: Doors, logs: Sequence[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_socket, "CLOSE_GRACE_S", 0.2)
    sessions: list[PaperSession] = []

    def converse() -> PaperSession:
        sessions.append(PaperSession(on_open=lambda: (Watch(CHANNEL),)))
        return sessions[-1]

    doors.dialect.conversation = converse
    slow, fast = await doors.upgraded(), await doors.upgraded()
    slow.writer.transport.pause_reading()  # type: ignore[attr-defined]  # asyncio says so of every stream's transport
    await until(lambda: doors.hub.channels.counts() == (1, 2))

    text = "x" * 50_000
    heard = 0
    for number in range(400):
        doors.hub.publish(Sample("meter", doors.premises.clock.pass_s(1), {"note": f"{number} {text}"}))
        heard += (await fast.hear())[1].startswith(f"meter {{'note': '{number} ".encode())

    await until(lambda: sessions[0].told[-1] == ("closed",))
    assert heard == 400
    assert doors.hub.channels.counts() == (1, 1)
    assert [(line["event"], line["reason"]) for line in logs] == [("client cut", TOO_SLOW)]


async def test_the_kernel_hides_little_of_what_a_conversation_was_sent(doors: Doors) -> None:
    await doors.upgraded()

    (transport,) = doors.front._open
    raw = transport.get_extra_info("socket")

    assert raw.getsockopt(sockets.IPPROTO_TCP, sockets.TCP_NOTSENT_LOWAT) == NOTSENT_LOWAT_BYTES


async def test_a_client_that_vanishes_while_it_is_held_back_is_forgotten_at_once(doors: Doors) -> None:
    doors.premises.driver.answer = lambda command: asyncio.get_running_loop().create_future()
    commands = tuple(Execute("meter", WritePoints({"power_w": n})) for n in range(OPEN_COMMANDS + 1))
    sessions: list[PaperSession] = []

    def converse() -> PaperSession:
        sessions.append(PaperSession(on_open=lambda: (Bear(OWNER),), on_receive=lambda message: commands))
        return sessions[-1]

    doors.dialect.conversation = converse
    client = await doors.upgraded()
    client.frame(TEXT, b"flood")
    client.frame(TEXT, b"waits its turn")
    await until(lambda: len(doors.premises.driver.commands) == 1)
    await asyncio.sleep(0.02)
    held = [told[:2] for told in sessions[0].told]

    client.drop()
    await until(lambda: sessions[0].told[-1] == ("closed",))

    assert held == [("open",), ("receive", "flood")]
    assert doors.front._open == {}


async def test_revoking_a_credential_closes_its_socket_within_a_second(doors: Doors) -> None:
    doors.hub.access.add(Credential(id="key", kind="paper"))
    caller = Caller(credential="key", rights=Right.CONTROL)
    doors.dialect.conversation = lambda: PaperSession(on_open=lambda: (Bear(caller), Send("in")))
    client = await doors.upgraded()
    await client.hear()

    doors.hub.line.notify("revoked", "key")
    closed = await asyncio.wait_for(client.hear_close(), 1)

    assert closed == (1008, "the credential was revoked")


async def test_a_client_that_never_answers_the_close_is_cut_after_the_grace(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_socket, "CLOSE_GRACE_S", 0.05)
    doors.dialect.conversation = lambda: PaperSession(on_open=lambda: (Close(4000),))
    client = await doors.upgraded()

    closed = await client.hear_close()
    rest = await client.hear_end()

    assert closed == (4000, "")
    assert rest == b""
    await until(lambda: doors.front._open == {})


async def test_a_client_that_stays_after_a_broken_rule_is_cut_after_the_grace(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_socket, "CLOSE_GRACE_S", 0.05)
    monkeypatch.setattr(carrier, "CLOSE_GRACE_S", 0.05)
    client = await doors.upgraded()

    client.frame(0xF1, b"reserved")
    closed = await client.hear_close()
    await client.hear_end()

    assert closed[0] == 1002
    await until(lambda: doors.front._open == {})


async def test_shutting_down_says_1001_to_every_socket(doors: Doors) -> None:
    clients = [await doors.upgraded() for _ in range(3)]

    closing = asyncio.ensure_future(doors.listeners.close())
    closes = [await client.hear_close() for client in clients]
    for client in clients:
        client.frame(CLOSE, struct.pack("!H", 1001))
    await asyncio.wait_for(closing, WITHIN_S)

    assert closes == [(1001, "the hub stops")] * 3


async def test_shutting_down_cuts_who_does_not_answer_and_logs_nothing(
    doors: Doors, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "GOODBYE_S", 0.05)
    clients = [await doors.upgraded() for _ in range(20)]

    await asyncio.wait_for(doors.listeners.close(), WITHIN_S)
    closes = [await client.hear_close() for client in clients]

    assert closes == [(1001, "the hub stops")] * 20
    assert doors.front._open == {}
    assert caplog.records == []


async def test_a_conversation_has_no_answer_to_give(doors: Doors, logs: Sequence[Any]) -> None:
    doors.dialect.conversation = lambda: PaperSession(on_open=lambda: (Respond(200),))
    client = await doors.upgraded()

    closed = await client.hear_close()

    assert closed[0] == 1011
    assert [line["event"] for line in logs] == ["a conversation failed"]


async def test_commands_over_a_socket_reach_the_driver_and_come_back(doors: Doors) -> None:
    doors.dialect.conversation = lambda: PaperSession(
        on_open=lambda: (Bear(OWNER),),
        on_receive=lambda message: (Execute("meter", Identify(), 3),),
        on_reply=lambda tag, answer: (Send(f"{tag} {answer}"),),
    )
    client = await doors.upgraded()

    client.frame(TEXT, b"go")

    assert await client.hear() == (TEXT, f"3 {Done()}".encode())
