"""Text is UTF-8, wherever frames and segments are cut (RFC 6455, sections 5.6 and 8.1)."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.server.doors import BINARY, TEXT, framed
from tests.server.websocket.bench import LAST, PART, PART_TEXT, Bench

VALID = "a é € 𝄞 \u0000\u007f\u0080\u07ff\u0800\ud7ff\ue000\ufffd\uffff\U00010000\U0010ffff".encode()
BROKEN = {
    "a lone continuation": b"\x80",
    "the last of them": b"\xbf",
    "two bytes, the second no continuation": b"\xc3\x28",
    "two bytes too long for what they say": b"\xc0\xaf",
    "two bytes too long by one": b"\xc1\xbf",
    "three bytes too long": b"\xe0\x9f\xbf",
    "four bytes too long": b"\xf0\x8f\xbf\xbf",
    "the first surrogate": b"\xed\xa0\x80",
    "the last surrogate": b"\xed\xbf\xbf",
    "a pair of surrogates": b"\xed\xa0\x81\xed\xb0\x80",
    "beyond the last character": b"\xf4\x90\x80\x80",
    "five bytes": b"\xf8\x88\x80\x80\x80",
    "six bytes": b"\xfc\x84\x80\x80\x80\x80",
    "a byte that never stands": b"\xfe",
    "another": b"\xff",
    "three bytes, the third no continuation": b"\xe2\x82\x41",
    "four bytes, the fourth no continuation": b"\xf0\x9d\x84\x41",
}
CUT_SHORT = {"two bytes": b"\xc3", "three": b"\xe2\x82", "three, early": b"\xe2", "four": b"\xf0\x9d\x84"}
SENTENCE = "ab é € 𝄞 z".encode()


def cuts(length: int) -> Iterator[tuple[int, int]]:
    """Every pair of positions to cut at."""
    return ((first, second) for first in range(length + 1) for second in range(first, length + 1))


async def test_a_text_may_be_cut_into_frames_inside_its_characters(bench: Bench) -> None:
    client = await bench.opened()

    for first, second in cuts(len(VALID)):
        client.frame(PART_TEXT, VALID[:first])
        client.frame(PART, VALID[first:second])
        client.frame(LAST, VALID[second:])
        assert await client.hear() == (TEXT, VALID), (first, second)


async def test_a_text_may_be_cut_into_segments_at_every_byte(bench: Bench) -> None:
    client = await bench.opened()
    raw = framed(TEXT, VALID)

    for at in range(1, len(raw)):
        client.send(raw[:at])
        await asyncio.sleep(0)
        client.send(raw[at:])
        assert await client.hear() == (TEXT, VALID), at


@pytest.mark.parametrize("name", BROKEN)
async def test_what_is_no_utf_8_is_refused_at_every_position(bench: Bench, name: str) -> None:
    at_each = [SENTENCE[:at] + BROKEN[name] + SENTENCE[at:] for at in range(len(SENTENCE) + 1)]
    cases = {f"{at}: {text!r}": framed(TEXT, text) for at, text in enumerate(at_each)}

    outcomes = await bench.outcomes(cases)

    assert outcomes == dict.fromkeys(cases, "1007")


async def test_what_is_no_utf_8_is_refused_wherever_the_frames_are_cut(bench: Bench) -> None:
    cases = {
        f"{name}, cut at {at}": framed(PART_TEXT, text[:at]) + framed(LAST, text[at:])
        for name, text in ((name, b"ok" + broken + b"!") for name, broken in BROKEN.items())
        for at in range(len(text) + 1)
    }

    outcomes = await bench.outcomes(cases)

    assert outcomes == dict.fromkeys(cases, "1007")


@pytest.mark.parametrize("name", CUT_SHORT)
async def test_a_text_may_not_end_inside_a_character(bench: Bench, name: str) -> None:
    short = CUT_SHORT[name]
    cases = {
        "whole": framed(TEXT, b"ok " + short),
        "nothing else": framed(TEXT, short),
        "in parts": framed(PART_TEXT, b"ok ") + framed(LAST, short),
        "with an empty last part": framed(PART_TEXT, short) + framed(LAST, b""),
    }

    outcomes = await bench.outcomes(cases)

    assert outcomes == dict.fromkeys(cases, "1007")


async def test_a_text_that_cannot_become_valid_is_refused_before_its_last_part_comes(bench: Bench) -> None:
    cases = {name: framed(PART_TEXT, b"ok") + framed(PART, broken + b"a") for name, broken in BROKEN.items()}

    outcomes = await bench.outcomes(cases)

    assert outcomes == dict.fromkeys(cases, "1007")


async def test_a_binary_message_may_hold_any_bytes(bench: Bench) -> None:
    client = await bench.opened()
    payload = bytes(range(256))

    client.frame(BINARY, payload)

    assert await client.hear() == (BINARY, payload)


async def test_a_text_behind_one_that_ended_well_starts_anew(bench: Bench) -> None:
    client = await bench.opened()

    for part in (b"\xf0\x9d", b"\x84\x9e"):
        client.frame(PART_TEXT if part[0] == 0xF0 else LAST, part)
    client.frame(TEXT, "é".encode())

    assert [await client.hear(), await client.hear()] == [(TEXT, "𝄞".encode()), (TEXT, "é".encode())]
