"""Lengths: each form at its borders, none longer than need be, nothing beyond the limit (RFC 6455, section 5.2)."""

import struct

import pytest

from tests.server.doors import BINARY, MASK, PING, PONG, TEXT, framed
from tests.server.websocket.bench import LAST, PART, PART_BINARY, PART_TEXT, Bench

BORDERS = (0, 1, 124, 125, 126, 127, 128, 65534, 65535, 65536, 65537)
LIMIT = 70_000


def head(first: int, form: str, length: int) -> bytes:
    """The head of a masked frame, its length in the form that is wanted."""
    match form:
        case "7":
            return struct.pack("!BB", first, 0x80 | length) + MASK
        case "16":
            return struct.pack("!BBH", first, 0x80 | 126, length) + MASK
        case _:
            return struct.pack("!BBQ", first, 0x80 | 127, length) + MASK


def bare(payload: bytes) -> bytes:
    """A payload under the mask."""
    return bytes(byte ^ MASK[at % 4] for at, byte in enumerate(payload))


@pytest.fixture
def bench(bench: Bench) -> Bench:
    """The echo takes what the long forms of a length are for."""
    bench.doors.dialect.message_limit_bytes = LIMIT
    return bench


async def test_messages_of_every_border_come_back(bench: Bench) -> None:
    client = await bench.opened()

    for length in BORDERS:
        client.frame(BINARY, b"\xfe" * length)
        client.frame(TEXT, b"x" * length)

        assert await client.hear() == (BINARY, b"\xfe" * length), length
        assert await client.hear() == (TEXT, b"x" * length), length


async def test_the_limit_is_taken_and_one_byte_more_is_answered_with_1009(bench: Bench) -> None:
    client = await bench.opened()
    half = b"x" * (LIMIT // 2)
    cases = {
        "a text": framed(TEXT, b"x" * (LIMIT + 1)),
        "a binary": framed(BINARY, b"x" * (LIMIT + 1)),
        "two parts": framed(PART_BINARY, half) + framed(LAST, half + b"x"),
        "many parts": framed(PART_TEXT, half) + framed(PART, half) + framed(PART, b"") + framed(LAST, b"x"),
    }

    client.frame(BINARY, b"x" * LIMIT)
    client.send(framed(PART_TEXT, half) + framed(PART, b"") + framed(PING, b"p") + framed(LAST, half))
    taken = [await client.hear() for _ in range(3)]
    outcomes = await bench.outcomes(cases)

    assert taken == [(BINARY, b"x" * LIMIT), (PONG, b"p"), (TEXT, b"x" * LIMIT)]
    assert outcomes == dict.fromkeys(cases, "1009")


async def test_a_head_alone_tells_that_a_message_is_too_long(bench: Bench) -> None:
    begun = framed(PART_BINARY, b"x" * LIMIT)
    cases = {
        "a frame": head(BINARY, "64", LIMIT + 1),
        "far longer": head(TEXT, "64", 1 << 40),
        "as long as can be told": head(BINARY, "64", (1 << 63) - 1),
        "a part": begun + head(PART, "7", 1),
    }

    outcomes = await bench.outcomes(cases)

    assert outcomes == dict.fromkeys(cases, "1009")


async def test_a_message_behind_one_at_the_limit_has_the_whole_limit_again(bench: Bench) -> None:
    client = await bench.opened()

    for _ in range(3):
        client.send(framed(PART_BINARY, b"x" * (LIMIT - 1)) + framed(LAST, b"y"))
        kind, payload = await client.hear()
        assert (kind, len(payload)) == (BINARY, LIMIT)


async def test_a_length_is_told_in_the_shortest_form(bench: Bench) -> None:
    lengths = {"16": (0, 1, 124, 125), "64": (0, 1, 125, 126, 65534, 65535)}
    cases = {
        f"{length} in {form} bits of {kind:#x}": head(kind, form, length) + bare(b"x" * length)
        for form, shorter in lengths.items()
        for length in shorter
        for kind in (TEXT, BINARY, PART_TEXT)
    }
    controls = {f"a ping in {form} bits": head(PING, form, 5) + bare(b"hello") for form in ("16", "64")}

    outcomes = await bench.outcomes({**cases, **controls})

    assert outcomes == dict.fromkeys([*cases, *controls], "1002")


async def test_the_highest_bit_of_a_length_is_0(bench: Bench) -> None:
    cases = {
        f"{kind:#x} of {length:#x}": head(kind, "64", length) + bare(b"x" * 20)
        for kind in (TEXT, BINARY, PART_BINARY)
        for length in (1 << 63, (1 << 63) + 5, (1 << 64) - 1)
    }

    outcomes = await bench.outcomes(cases)

    assert outcomes == dict.fromkeys(cases, "1002")


@pytest.mark.parametrize("limit", [0, 1, 100, 125, 126])
async def test_a_limit_may_lie_at_the_border_of_a_form_or_below(bench: Bench, limit: int) -> None:
    bench.doors.dialect.message_limit_bytes = limit
    client, other = await bench.opened(), await bench.opened()

    client.frame(TEXT, b"x" * limit)
    taken = await client.hear()
    client.frame(TEXT, b"x" * (limit + 1))
    other.send(framed(PART_BINARY, b"x" * limit) + framed(LAST, b"x"))

    assert taken == (TEXT, b"x" * limit)
    assert [(await client.hear_close())[0], (await other.hear_close())[0]] == [1009, 1009]
