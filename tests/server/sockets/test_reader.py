"""Frames as RFC 6455 has them, and every way in which they may not come."""

import struct
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.server.sockets.reader import (
    PART,
    Closed,
    Event,
    FrameReader,
    Ping,
    Pong,
    Violation,
    may_be_sent,
    unmasked,
)
from tests.server.doors import BINARY, CLOSE, MASK, PING, PONG, TEXT, framed

LIMIT_BYTES = 100_000
MASKS = st.binary(min_size=4, max_size=4)


def read(reader: FrameReader, *chunks: bytes) -> list[Event]:
    """Every event that the bytes give."""
    events: list[Event] = []
    for chunk in chunks:
        reader.feed(chunk)
        while (event := reader.next()) is not None:
            events.append(event)
    return events


def said(*chunks: bytes, limit_bytes: int = LIMIT_BYTES, tolerates_unmasked: bool = False) -> list[Event]:
    """Every event that the bytes give to a new reader."""
    return read(FrameReader(limit_bytes, tolerates_unmasked=tolerates_unmasked), *chunks)


def closing(code: int, reason: bytes = b"") -> bytes:
    """A close frame."""
    return framed(CLOSE, struct.pack("!H", code) + reason)


def code_of(events: Sequence[Event]) -> int | None:
    """The code of the violation that is the last of the events."""
    last = events[-1] if events else None
    return last.code if isinstance(last, Violation) else None


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 5, 124, 125, 126, 127, 128, 65_535, 65_536, 100_000])
def test_a_message_of_any_size_is_read_as_it_was_meant(size: int) -> None:
    payload = bytes(number % 251 for number in range(size))
    text = "x" * size

    assert said(framed(BINARY, payload)) == [payload]
    assert said(framed(TEXT, text.encode())) == [text]


@given(MASKS, st.binary(max_size=300))
def test_masking_twice_changes_nothing_and_each_byte_has_its_mask(mask: bytes, payload: bytes) -> None:
    masked = unmasked(mask, payload)

    assert masked == bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))
    assert unmasked(mask, masked) == payload


def test_events_come_in_the_order_of_their_frames() -> None:
    raw = framed(PING, b"1") + framed(TEXT, "é".encode()) + framed(PONG, b"2") + framed(BINARY, b"\xff") + closing(1000)

    assert said(raw) == [Ping(b"1"), "é", Pong(b"2"), b"\xff", Closed(1000, "")]


def test_control_frames_may_come_between_the_parts_of_a_message() -> None:
    raw = framed(0x01, b"a") + framed(PING, b"p") + framed(0x00, b"") + framed(PONG, b"") + framed(0x80, b"b")

    assert said(raw) == [PART, Ping(b"p"), PART, Pong(b""), "ab"]


def test_a_binary_message_in_parts_is_one() -> None:
    assert said(framed(0x02, b"\xff") + framed(0x00, b"\xfe") + framed(0x80, b"")) == [PART, PART, b"\xff\xfe"]


def test_a_character_may_be_split_between_parts() -> None:
    first, second = "é".encode()[:1], "é".encode()[1:]

    assert said(framed(0x01, first) + framed(0x80, second)) == [PART, "é"]


def test_a_message_after_one_in_parts_is_a_message_of_its_own() -> None:
    assert said(framed(0x01, b"a") + framed(0x80, b"b") + framed(TEXT, b"c")) == [PART, "ab", "c"]


@pytest.mark.parametrize(
    ("payload", "closed"),
    [
        (b"", Closed(1005, "")),
        (struct.pack("!H", 1000), Closed(1000, "")),
        (struct.pack("!H", 4999) + "é".encode(), Closed(4999, "é")),
        (struct.pack("!H", 1001) + b"x" * 123, Closed(1001, "x" * 123)),
    ],
)
def test_a_close_is_told_with_its_code_and_nothing_follows_it(payload: bytes, closed: Closed) -> None:
    reader = FrameReader(LIMIT_BYTES)

    events = read(reader, framed(CLOSE, payload) + framed(TEXT, b"too late"), framed(TEXT, b"later still"))

    assert (events, reader.is_over) == ([closed], True)


def test_close_codes_are_those_of_the_rfc_and_its_registry() -> None:
    sent = {code for code in range(65_536) if may_be_sent(code)}

    assert sent == {*range(1000, 1004), *range(1007, 1015), *range(3000, 5000)}


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        *((framed(first | TEXT, b"a"), 1002) for first in (0x10, 0x20, 0x40, 0x70)),
        *((framed(0x80 | opcode, b""), 1002) for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)),
        (framed(0x09, b"a ping in parts"), 1002),
        (framed(0x0A, b"a pong in parts"), 1002),
        (framed(0x08, b""), 1002),
        (framed(PING, b"x" * 126), 1002),
        (framed(PONG, b"x" * 70_000), 1002),
        (framed(CLOSE, b"\x03\xe8" + b"x" * 124), 1002),
        (framed(CLOSE, b"\x03"), 1002),
        *((closing(code), 1002) for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, 65_535)),
        (closing(1000, b"\xff"), 1007),
        (closing(1000, "é".encode()[:1]), 1007),
        (framed(0x80, b"continues nothing"), 1002),
        (framed(0x00, b"continues nothing"), 1002),
        (framed(0x01, b"a") + framed(TEXT, b"b"), 1002),
        (framed(0x01, b"a") + framed(0x02, b"b"), 1002),
        (framed(TEXT, b"a", is_masked=False), 1002),
        (framed(PING, b"a", is_masked=False), 1002),
        (framed(CLOSE, b"", is_masked=False), 1002),
        (framed(TEXT, b"\xc3\x28"), 1007),
        (framed(TEXT, b"\xed\xa0\x80"), 1007),
        (framed(TEXT, b"x" * 200 + b"\xff"), 1007),
        (framed(0x01, b"\xff"), 1007),
        (framed(0x01, b"\xce") + framed(0x80, b""), 1007),
        (struct.pack("!BBH", TEXT, 0xFE, 125) + MASK + b"x" * 125, 1002),
        (struct.pack("!BBQ", TEXT, 0xFF, 65_535) + MASK, 1002),
        (struct.pack("!BBQ", TEXT, 0xFF, 1 << 63 | 70_000) + MASK, 1002),
        (framed(BINARY, b"x" * 101_000), 1009),
        (framed(0x02, b"x" * 60_000) + framed(0x80, b"x" * 60_000), 1009),
    ],
)
def test_a_broken_rule_is_told_with_the_code_to_close_with(raw: bytes, code: int) -> None:
    events = said(raw + framed(TEXT, b"never heard"))

    assert code_of(events) == code
    assert all(event == PART for event in events[:-1])


def test_a_message_that_is_too_long_is_refused_by_its_head() -> None:
    assert code_of(said(struct.pack("!BBQ", BINARY, 0xFF, LIMIT_BYTES + 1))) == 1009
    assert code_of(said(struct.pack("!BB", BINARY, 0x80 | 11), limit_bytes=10)) == 1009
    assert said(framed(BINARY, b"x" * 10), limit_bytes=10) == [b"x" * 10]


def test_a_text_that_can_become_none_is_refused_before_its_message_ends() -> None:
    assert code_of(said(framed(0x01, "é".encode()[:1]) + framed(0x00, b"a"))) == 1007


def test_control_frames_without_a_mask_are_borne_where_that_is_agreed_to_and_messages_are_not() -> None:
    raw = framed(PONG, b"p", is_masked=False) + framed(PING, b"", is_masked=False)

    borne = said(raw + framed(TEXT, b"a"), tolerates_unmasked=True)
    refused = said(framed(TEXT, b"a", is_masked=False), tolerates_unmasked=True)
    closed = said(framed(CLOSE, b"\x03\xe8", is_masked=False), tolerates_unmasked=True)

    assert borne == [Pong(b"p"), Ping(b""), "a"]
    assert code_of(refused) == 1002
    assert closed == [Closed(1000, "")]


def test_nothing_is_read_after_a_broken_rule() -> None:
    reader = FrameReader(LIMIT_BYTES)

    first = read(reader, framed(0xF1, b"x"))
    second = read(reader, framed(TEXT, b"a"))

    assert (code_of(first), second, reader.is_over) == (1002, [], True)


def test_bytes_that_arrive_while_others_wait_to_be_read_come_behind_them() -> None:
    reader = FrameReader(LIMIT_BYTES)
    reader.feed(framed(TEXT, b"a") + framed(TEXT, b"b"))
    first = reader.next()

    reader.feed(framed(TEXT, b"c"))

    assert (first, reader.next(), reader.next(), reader.next()) == ("a", "b", "c", None)


def test_what_has_arrived_and_was_not_made_an_event_of_is_known() -> None:
    reader = FrameReader(LIMIT_BYTES)

    reader.feed(framed(TEXT, b"a") + framed(TEXT, b"b") + framed(BINARY, b"cut")[:-1])
    sizes = [reader.unread_bytes]
    while reader.next() is not None:
        sizes.append(reader.unread_bytes)

    # What stands of a message that is cut short is its payload: its head was read.
    assert [*sizes, reader.unread_bytes] == [22, 15, 8, 2]


def test_a_hundred_thousand_empty_parts_are_kept_as_nothing() -> None:
    reader = FrameReader(LIMIT_BYTES)
    parts = framed(0x00, b"") * 1000

    read(reader, framed(0x01, b"a"))
    for _ in range(100):
        read(reader, parts)

    assert read(reader, framed(0x80, b"b")) == ["ab"]


FRAMES = st.one_of(
    st.builds(framed, st.just(TEXT), st.text(max_size=200).map(str.encode)),
    st.builds(framed, st.just(BINARY), st.binary(max_size=300)),
    st.builds(framed, st.sampled_from((PING, PONG)), st.binary(max_size=125)),
    st.builds(lambda first, last: framed(0x01, first) + framed(0x80, last), st.just(b"ab"), st.just(b"cd")),
    st.builds(framed, st.just(BINARY), st.integers(65_530, 65_540).map(bytes)),
    st.builds(closing, st.sampled_from((1000, 1006, 4000)), st.text(max_size=20).map(str.encode)),
    st.builds(framed, st.integers(0, 255), st.binary(max_size=130)),
)


@given(st.lists(FRAMES, max_size=6).map(b"".join), st.lists(st.integers(0, 70_000), max_size=12))
def test_however_the_bytes_are_split_they_give_the_same_events(raw: bytes, cuts: list[int]) -> None:
    edges = [0, *sorted(min(cut, len(raw)) for cut in cuts), len(raw)]

    whole = said(raw)
    split = said(*(raw[start:end] for start, end in pairwise(edges)))

    assert split == whole


@given(st.lists(FRAMES, max_size=3).map(lambda frames: b"".join(frames)[:600]))
def test_bytes_that_come_one_by_one_give_the_same_events(raw: bytes) -> None:
    assert said(*(raw[at : at + 1] for at in range(len(raw)))) == said(raw)


@given(st.lists(st.binary(max_size=50), max_size=20), st.booleans())
def test_no_bytes_at_all_make_the_reader_fail(chunks: list[bytes], tolerates: bool) -> None:
    events = said(*chunks, limit_bytes=100, tolerates_unmasked=tolerates)

    assert not any(isinstance(event, Violation | Closed) for event in events[:-1])
