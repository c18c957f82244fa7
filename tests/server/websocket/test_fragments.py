"""Messages in parts, with control frames between them (RFC 6455, sections 5.4 and 5.5)."""

import asyncio

from tests.server.doors import BINARY, CLOSE, PING, PONG, TEXT, framed
from tests.server.websocket.bench import LAST, PART, PART_BINARY, PART_TEXT, Bench, closing


async def test_parts_make_one_message_however_many_and_however_long_they_are(bench: Bench) -> None:
    client = await bench.opened()
    text = "Grüße, ⚡ 𝄞!".encode()
    expected = []

    for count in range(1, len(text) + 1):
        bounds = [len(text) * n // count for n in range(count + 1)]
        for first, kind in ((PART_TEXT, TEXT), (PART_BINARY, BINARY)):
            for n in range(count):
                opcode = first if n == 0 else PART
                last = 0x80 if n == count - 1 else 0
                client.frame(opcode | last, text[bounds[n] : bounds[n + 1]])
            expected.append((kind, text))

    assert [await client.hear() for _ in expected] == expected


async def test_empty_parts_are_parts(bench: Bench) -> None:
    client = await bench.opened()

    client.send(framed(PART_TEXT, b"") + framed(PART, b"") + framed(LAST, b""))
    client.send(framed(PART_BINARY, b"") + framed(PART, b"a") + framed(PART, b"") + framed(LAST, b""))
    client.send(framed(TEXT, b"") + framed(BINARY, b""))

    assert [await client.hear() for _ in range(4)] == [(TEXT, b""), (BINARY, b"a"), (TEXT, b""), (BINARY, b"")]


async def test_a_ping_between_parts_is_answered_before_the_message_is_whole(bench: Bench) -> None:
    client = await bench.opened()

    client.send(framed(PART_TEXT, b"a") + framed(PING, b"first"))
    first = await client.hear()
    client.send(framed(PART, b"b") + framed(PONG, b"unasked") + framed(PING, b"") + framed(PING, b"x" * 125))
    second, third = await client.hear(), await client.hear()
    client.send(framed(LAST, b"c"))

    assert (first, second, third) == ((PONG, b"first"), (PONG, b""), (PONG, b"x" * 125))
    assert await client.hear() == (TEXT, b"abc")


async def test_a_close_between_parts_ends_the_conversation_in_order(bench: Bench) -> None:
    client = await bench.opened()

    client.send(framed(PART_TEXT, b"never whole") + closing(1000))

    assert await client.hear() == (CLOSE, b"\x03\xe8")
    assert await client.hear_end() == b""
    assert (bench.heard(), bench.logs) == ([], [])


async def test_parts_out_of_order_break_a_rule(bench: Bench) -> None:
    whole, begun = framed(TEXT, b"whole"), framed(PART_TEXT, b"begun")
    cases = {
        "a last part without a first": framed(LAST, b"x"),
        "a middle part without a first": framed(PART, b"x"),
        "an empty last part without a first": framed(LAST, b""),
        "a part behind a whole message": whole + framed(LAST, b"x"),
        "a part behind a message in parts": begun + framed(LAST, b"x") + framed(LAST, b"x"),
        "a text in a text": begun + framed(TEXT, b"x"),
        "a binary in a text": begun + framed(BINARY, b"x"),
        "the first part of another": begun + framed(PART_BINARY, b"x"),
        "a text in a binary": framed(PART_BINARY, b"x") + framed(TEXT, b"x"),
        "a text behind a ping in a text": begun + framed(PING, b"x") + framed(TEXT, b"x"),
    }

    outcomes = await bench.outcomes(cases)

    assert outcomes == dict.fromkeys(cases, "1002")


async def test_control_frames_come_whole_and_short(bench: Bench) -> None:
    begun = framed(PART_TEXT, b"begun")
    kinds = {"close": 0x08, "ping": 0x09, "pong": 0x0A}
    in_parts = {f"a {name} in parts": framed(kind, b"\x03\xe8") for name, kind in kinds.items()}
    between = {f"a {name} in parts between parts": begun + framed(kind, b"") for name, kind in kinds.items()}
    too_long = {
        f"a {name} of {length}": framed(0x80 | kind, b"\x03\xe8" + b"x" * (length - 2))
        for name, kind in kinds.items()
        for length in (126, 127, 65535, 65536)
    }
    cases = in_parts | between | too_long

    outcomes = await bench.outcomes(cases)

    assert outcomes == dict.fromkeys(cases, "1002")


async def test_a_control_frame_of_125_bytes_is_taken(bench: Bench) -> None:
    client = await bench.opened()

    client.send(framed(PONG, b"x" * 125) + framed(PING, b"x" * 125) + framed(TEXT, b"a"))

    assert [await client.hear(), await client.hear()] == [(PONG, b"x" * 125), (TEXT, b"a")]


async def test_two_clients_parts_do_not_mix(bench: Bench) -> None:
    one, other = await bench.opened(), await bench.opened()

    for n in range(20):
        one.frame(PART_TEXT if n == 0 else PART, b"1")
        other.frame(PART_BINARY if n == 0 else PART, b"2")
        await asyncio.sleep(0)
    one.frame(LAST, b"")
    other.frame(LAST, b"")

    assert [await one.hear(), await other.hear()] == [(TEXT, b"1" * 20), (BINARY, b"2" * 20)]
