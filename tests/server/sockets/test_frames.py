"""Frames as a server sends them."""

import asyncio

import pytest
from aiohttp import WSMsgType
from aiohttp._websocket.reader import WebSocketDataQueue, WebSocketReader

from hardwire.server.sockets.frames import close_frame, frame_of, ping_frame, pong_frame


@pytest.mark.parametrize(
    ("length", "head"),
    [
        (0, b"\x82\x00"),
        (125, b"\x82\x7d"),
        (126, b"\x82\x7e\x00\x7e"),
        (65535, b"\x82\x7e\xff\xff"),
        (65536, b"\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00"),
    ],
)
def test_the_length_stands_in_as_few_bytes_as_it_needs(length: int, head: bytes) -> None:
    payload = b"x" * length

    frame = frame_of(payload)

    assert frame == head + payload


def test_text_is_sent_as_utf_8_and_its_bytes_are_counted() -> None:
    frame = frame_of("é" * 63)

    assert frame == b"\x81\x7e\x00\x7e" + "é".encode() * 63


def test_a_ping_and_a_pong_carry_at_most_125_bytes() -> None:
    frames = ping_frame(b"hw"), pong_frame(b"hw"), ping_frame(b"x" * 200), pong_frame(b"x" * 200)

    assert frames == (b"\x89\x02hw", b"\x8a\x02hw", b"\x89\x7d" + b"x" * 125, b"\x8a\x7d" + b"x" * 125)


def test_a_close_frame_has_its_code_before_its_reason() -> None:
    frame = close_frame(1001, "bye")

    assert frame == b"\x88\x05\x03\xe9bye"


def test_a_long_reason_is_cut_between_characters() -> None:
    frame = close_frame(1000, "x" * 122 + "é")

    assert frame == b"\x88\x7c\x03\xe8" + b"x" * 122


def test_a_close_without_a_code_is_empty() -> None:
    frame = close_frame(1005, "nobody may send this code")

    assert frame == b"\x88\x00"


@pytest.mark.parametrize("length", [0, 125, 126, 65535, 65536])
async def test_a_client_reads_what_was_framed(length: int) -> None:
    class PaperProtocol:
        _reading_paused = False

        def pause_reading(self) -> None:
            self._reading_paused = True

        def resume_reading(self) -> None:
            self._reading_paused = False

    queue = WebSocketDataQueue(PaperProtocol(), 1 << 20, loop=asyncio.get_running_loop())  # type: ignore[arg-type]  # paper
    reader = WebSocketReader(queue, 1 << 20, compress=False, decode_text=True)

    reader.feed_data(frame_of("y" * length))

    message = await queue.read()
    assert (message.type, message.data) == (WSMsgType.TEXT, "y" * length)
