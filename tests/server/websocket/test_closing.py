"""How conversations end when both sides talk at once, or one no longer does (RFC 6455, sections 5.5.1 and 7.1)."""

import asyncio
import logging
import socket as sockets
import struct

import pytest

from hardwire.contracts.act import Close, Send
from hardwire.server.sockets import socket as server_socket
from tests.fakes.paper_dialect import PaperSession
from tests.server.doors import CLOSE, PING, TEXT, WITHIN_S, Dialled, framed, until
from tests.server.websocket.bench import HANDSHAKE, LAST, PART_TEXT, Bench, closing

NORMAL = struct.pack("!H", 1000)


def says_goodbye(bench: Bench) -> None:
    """From now on the hub closes with 4001 whatever it is told."""

    def converse() -> PaperSession:
        bench.sessions.append(PaperSession(on_receive=lambda message: (Send("goodbye"), Close(4001, "enough"))))
        return bench.sessions[-1]

    bench.doors.dialect.conversation = converse


def reset(client: Dialled) -> None:
    """End the connection by a reset, as a program that is killed does."""
    raw = client.writer.get_extra_info("socket")
    raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_LINGER, struct.pack("ii", 1, 0))
    client.drop()


async def test_a_close_is_answered_once_however_often_it_is_sent(bench: Bench) -> None:
    client = await bench.opened()

    client.send(closing(1000) + closing(1000) + closing(1001) + closing(1006))

    assert await client.hear() == (CLOSE, NORMAL)
    assert await client.hear_end() == b""
    await bench.gone()
    assert bench.logs == []


async def test_what_comes_behind_a_close_is_neither_heard_nor_answered(bench: Bench) -> None:
    client = await bench.opened()

    client.send(
        framed(TEXT, b"before") + closing(1000) + framed(TEXT, b"after") + framed(PING, b"after") + b"\xff" * 50
    )

    assert await client.hear() == (TEXT, b"before")
    assert await client.hear() == (CLOSE, NORMAL)
    assert await client.hear_end() == b""
    await bench.gone()
    assert (bench.heard(), bench.logs) == (["before"], [])


async def test_when_both_close_at_once_each_sends_one_close_frame(bench: Bench) -> None:
    says_goodbye(bench)
    client = await bench.opened()

    client.send(framed(TEXT, b"go") + closing(1000))

    assert await client.hear() == (TEXT, b"goodbye")
    assert await client.hear_close() == (4001, "enough")
    assert await client.hear_end() == b""
    await bench.gone()
    assert bench.logs == []


async def test_what_a_client_still_says_before_it_answers_a_close_is_not_heard(bench: Bench) -> None:
    says_goodbye(bench)
    client = await bench.opened()
    client.frame(TEXT, b"go")
    await client.hear()
    closed = await client.hear_close()

    client.send(framed(TEXT, b"more") + framed(PING, b"still there?") + framed(PART_TEXT, b"and"))
    client.send(closing(4001))
    rest = await client.hear_end()
    await bench.gone()

    assert (closed, rest) == ((4001, "enough"), b"")
    assert (bench.heard(), bench.logs) == (["go"], [])


@pytest.mark.parametrize("code", [1000, 4001, None])
async def test_the_hub_ends_the_connection_as_soon_as_its_close_is_answered(bench: Bench, code: int | None) -> None:
    says_goodbye(bench)
    client = await bench.opened()
    client.frame(TEXT, b"go")
    await client.hear_close()

    client.send(framed(CLOSE, b"") if code is None else closing(code))

    async with asyncio.timeout(server_socket.CLOSE_GRACE_S / 2):
        assert await client.hear_end() == b""


async def test_a_client_that_does_not_answer_a_close_is_cut(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_socket, "CLOSE_GRACE_S", 0.1)
    says_goodbye(bench)
    client = await bench.opened()
    client.frame(TEXT, b"go")
    await client.hear_close()

    rest = await client.hear_end()
    await bench.gone()

    assert (rest, bench.logs) == (b"", [])


async def test_a_client_that_talks_on_instead_of_answering_a_close_is_cut_too(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_socket, "CLOSE_GRACE_S", 0.2)
    says_goodbye(bench)
    client = await bench.opened()
    client.frame(TEXT, b"go")
    await client.hear_close()

    async def talk() -> None:
        while True:
            client.frame(TEXT, b"and another thing")
            await asyncio.sleep(0.01)

    talking = asyncio.ensure_future(talk())
    rest = await client.hear_end()
    talking.cancel()
    await bench.gone()

    assert (rest, bench.heard(), bench.logs) == (b"", ["go"], [])


async def test_a_client_that_resets_behind_its_close_leaves_nothing_behind(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    client = await bench.opened()

    client.frame(TEXT, b"last words")
    await client.hear()
    client.send(closing(1000))
    await asyncio.sleep(0)
    reset(client)
    await bench.gone()

    assert bench.heard() == ["last words"]
    assert bench.logs == []
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_client_that_resets_in_the_middle_of_a_frame_breaks_no_rule(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    raw = framed(PART_TEXT, b"begun") + framed(LAST, b"x" * 300)
    for at in range(30):
        client = await bench.opened()
        client.send(raw[:at])
        await asyncio.sleep(0)
        reset(client)
        await bench.gone()

    assert bench.logs == []
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_connection_that_ends_without_a_close_ends_on_both_sides(bench: Bench) -> None:
    client = await bench.opened()

    client.frame(TEXT, b"a")
    client.writer.write_eof()
    rest = await client.hear_end()
    await bench.gone()

    assert (bench.heard(), bench.logs) == (["a"], [])
    assert rest in (b"", b"\x81\x01a")


async def test_a_close_is_answered_though_the_client_has_already_stopped_sending(bench: Bench) -> None:
    client = await bench.opened()

    client.send(closing(1000))
    client.writer.write_eof()

    assert await client.hear() == (CLOSE, NORMAL)
    assert await client.hear_end() == b""
    await bench.gone()
    assert bench.logs == []


async def test_a_close_may_come_byte_by_byte(bench: Bench) -> None:
    client = await bench.opened()

    for byte in closing(1000, "Grüße".encode()):
        client.send(bytes((byte,)))
        await asyncio.sleep(0)

    assert (await client.hear())[1][:2] == NORMAL
    assert await client.hear_end() == b""


async def test_a_client_that_stays_after_a_broken_rule_is_cut_after_the_grace(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_socket, "CLOSE_GRACE_S", 0.1)
    client = await bench.opened()

    client.send(framed(0x83, b"reserved"))
    closed = await client.hear_close()
    rest = await client.hear_end()
    await until(lambda: bench.sessions[-1].told[-1] == ("closed",))

    assert (closed[0], rest, len(bench.rules())) == (1002, b"", 1)


async def test_a_client_that_sends_on_behind_a_broken_rule_can_still_read_why(bench: Bench) -> None:
    port = bench.doors.port

    def send_all_then_read() -> bytes:
        """A client of one thread, which reads nothing until it has sent all that it had to send."""
        with sockets.create_connection(("127.0.0.1", port), timeout=WITHIN_S) as connection:
            connection.sendall(HANDSHAKE)
            answer = connection.recv(1000)
            connection.sendall(framed(0x83, b"reserved"))
            for _ in range(100):
                connection.sendall(framed(TEXT, b"x" * 60_000))
            return answer.partition(b"\r\n\r\n")[2] + connection.recv(1000)

    closed = await asyncio.to_thread(send_all_then_read)
    await bench.gone()

    assert closed[:1] + closed[2:4] == bytes((CLOSE,)) + struct.pack("!H", 1002)
    assert (bench.heard(), len(bench.rules())) == ([], 1)
