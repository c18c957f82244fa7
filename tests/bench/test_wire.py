"""The frames of the benchmark's small WebSocket client."""

import pytest

from bench.loads.wire import key, masked, split
from hardwire.server.sockets.frames import frame_of, ping_frame


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
def test_frames_of_every_length_are_split(size: int) -> None:
    frames, rest = split(frame_of(b"x" * size) + ping_frame(b"hw"))

    assert frames == [(2, b"x" * size), (9, b"hw")]
    assert rest == b""


def test_half_a_frame_waits_for_the_rest() -> None:
    whole = frame_of("a" * 200)

    frames, rest = split(whole + whole[:50])

    assert (len(frames), rest) == (1, whole[:50])


@pytest.mark.parametrize(("size", "head"), [(5, b"\x81\x85"), (300, b"\x81\xfe\x01\x2c")])
def test_a_client_masks_with_zeros(size: int, head: bytes) -> None:
    frame = masked(0x81, b"y" * size)

    assert frame == head + bytes(4) + b"y" * size


def test_a_ping_key_begins_with_its_number() -> None:
    made = key(513)

    assert (made[:8], len(made)) == ([0, 0, 0, 0, 0, 0, 2, 1], 12)
