"""TCP cuts where it likes: frames behind the handshake, byte by byte, many in one segment."""

import asyncio

import pytest

from tests.server.doors import BINARY, CLOSE, PING, PONG, TEXT, Dialled, framed
from tests.server.websocket.bench import HANDSHAKE, LAST, PART_TEXT, Bench, closing


async def upgraded(client: Dialled) -> Dialled:
    """Read the answer to the handshake."""
    assert (await client.answer()).status == 101
    return client


async def test_frames_right_behind_the_handshake_are_heard_in_order(bench: Bench) -> None:
    client = await bench.doors.dial()

    client.send(HANDSHAKE + framed(TEXT, b"a") + framed(PART_TEXT, b"b") + framed(PING, b"p") + framed(LAST, b"c"))
    await upgraded(client)

    assert [await client.hear() for _ in range(3)] == [(TEXT, b"a"), (PONG, b"p"), (TEXT, b"bc")]


async def test_a_frame_may_begin_in_the_segment_of_the_handshake_at_any_byte(bench: Bench) -> None:
    raw = framed(BINARY, b"x" * 130)
    for at in range(len(raw)):
        client = await bench.doors.dial()
        client.send(HANDSHAKE + raw[:at])
        await upgraded(client)

        client.send(raw[at:])

        assert await client.hear() == (BINARY, b"x" * 130), at
        client.drop()


async def test_a_close_right_behind_the_handshake_is_answered(bench: Bench) -> None:
    client = await bench.doors.dial()

    client.send(HANDSHAKE + closing(1000))
    await upgraded(client)

    assert await client.hear() == (CLOSE, b"\x03\xe8")
    assert await client.hear_end() == b""


async def test_a_rule_broken_right_behind_the_handshake_is_told(bench: Bench) -> None:
    client = await bench.doors.dial()

    client.send(HANDSHAKE + framed(0x83, b"reserved"))
    await upgraded(client)
    closed = await client.hear_close()
    client.writer.write_eof()
    await client.hear_end()
    await bench.gone()

    assert (closed[0], len(bench.rules())) == (1002, 1)


async def test_many_frames_behind_the_handshake_are_all_heard(bench: Bench) -> None:
    client = await bench.doors.dial()
    said = [f"{n} {'x' * (n % 300)}".encode() for n in range(1000)]

    client.send(HANDSHAKE + b"".join(framed(TEXT, text) for text in said))
    await upgraded(client)

    assert [await client.hear() for _ in said] == [(TEXT, text) for text in said]


async def test_a_handshake_and_its_frames_may_come_byte_by_byte(bench: Bench) -> None:
    client = await bench.doors.dial()

    for byte in HANDSHAKE + framed(TEXT, "Grüße".encode()) + framed(PING, b"p"):
        client.send(bytes((byte,)))
        await asyncio.sleep(0)
    await upgraded(client)

    assert [await client.hear(), await client.hear()] == [(TEXT, "Grüße".encode()), (PONG, b"p")]


@pytest.mark.parametrize("step", [1, 2, 3, 5, 13, 64, 1000, 100_000])
async def test_frames_of_every_kind_are_heard_however_the_segments_are_cut(bench: Bench, step: int) -> None:
    client = await bench.opened()
    raw, expected = b"", []
    for length in (0, 1, 125, 126, 127, 500, 999):
        text = ("é" * length).encode()[: length // 2 * 2]
        raw += framed(PART_TEXT, text[:3]) + framed(PING, b"p" * (length % 126)) + framed(LAST, text[3:])
        raw += framed(BINARY, b"\xff" * length)
        expected += [(PONG, b"p" * (length % 126)), (TEXT, text), (BINARY, b"\xff" * length)]

    for at in range(0, len(raw), step):
        client.send(raw[at : at + step])
        await asyncio.sleep(0)

    assert [await client.hear() for _ in expected] == expected


async def test_thousands_of_small_frames_in_one_segment_come_back_in_order(bench: Bench) -> None:
    client = await bench.opened()
    said = [str(n).encode() for n in range(5000)]

    client.send(b"".join(framed(TEXT, text) for text in said))

    assert [await client.hear() for _ in said] == [(TEXT, text) for text in said]


async def test_a_broken_rule_far_behind_in_a_segment_lets_what_stands_before_it_be_answered(bench: Bench) -> None:
    client = await bench.opened()
    said = [str(n).encode() for n in range(300)]

    client.send(b"".join(framed(TEXT, text) for text in said) + framed(0x83, b""))
    answers = [await client.hear() for _ in said]
    closed = await client.hear_close()

    assert answers == [(TEXT, text) for text in said]
    assert closed[0] == 1002
