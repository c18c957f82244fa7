"""The same rules over TLS, whose records are cut apart from frames and segments."""

import asyncio

import pytest

from tests.server.doors import BINARY, CLOSE, PING, PONG, TEXT, Dialled, framed, listen_tls
from tests.server.websocket.bench import LAST, PART_TEXT, Bench, closing


async def secured(bench: Bench) -> Dialled:
    """A WebSocket on a TLS port."""
    port, trusting = await listen_tls(bench.doors)
    return await bench.doors.upgraded(port=port, tls=trusting)


@pytest.mark.parametrize("step", [1, 3, 70, 100_000])
async def test_frames_come_whole_however_the_records_are_cut(bench: Bench, step: int) -> None:
    client = await secured(bench)
    raw = framed(PART_TEXT, "Gr\u00fc".encode()[:3]) + framed(PING, b"p") + framed(LAST, "\u00fc\u00dfe".encode()[1:])
    raw += framed(BINARY, b"\xff" * 900)

    for at in range(0, len(raw), step):
        client.send(raw[at : at + step])
        await asyncio.sleep(0)

    expected = [(PONG, b"p"), (TEXT, "Gr\u00fc\u00dfe".encode()), (BINARY, b"\xff" * 900)]
    assert [await client.hear() for _ in expected] == expected


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (framed(0x83, b"reserved"), 1002),
        (framed(TEXT, b"x", is_masked=False), 1002),
        (closing(1006), 1002),
        (framed(TEXT, b"\xff"), 1007),
        (framed(BINARY, b"x" * 1001), 1009),
        (framed(BINARY, b"x" * 200_000), 1009),
    ],
)
async def test_a_broken_rule_is_answered_and_told_once(bench: Bench, raw: bytes, code: int) -> None:
    client = await secured(bench)

    client.send(raw)
    closed = await client.hear_close()
    client.writer.close()
    await bench.gone()

    assert (closed[0], len(bench.rules())) == (code, 1)


async def test_a_close_is_answered_and_the_connection_ends(bench: Bench) -> None:
    client = await secured(bench)

    client.send(framed(TEXT, b"a") + closing(1000) + framed(TEXT, b"b"))

    assert [await client.hear(), await client.hear()] == [(TEXT, b"a"), (CLOSE, b"\x03\xe8")]
    assert await client.hear_end() == b""


async def test_thousands_of_frames_come_back_in_order(bench: Bench) -> None:
    client = await secured(bench)
    said = [str(n).encode() for n in range(3000)]

    client.send(b"".join(framed(TEXT, text) for text in said))

    assert [await client.hear() for _ in said] == [(TEXT, text) for text in said]
