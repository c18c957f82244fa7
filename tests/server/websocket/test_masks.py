"""Every frame of a client is masked (RFC 6455, sections 5.1 and 5.3)."""

import asyncio

import pytest

from tests.server.doors import BINARY, CLOSE, PING, TEXT, framed
from tests.server.websocket.bench import LAST, PART, PART_BINARY, PART_TEXT, Bench, masked

KEYS = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x00\x00\x00\x01", b"\x80\x00\x00\x00", b"\x37\xfa\x21\x3d")


async def test_a_frame_without_a_mask_breaks_a_rule(bench: Bench) -> None:
    begun = framed(PART_TEXT, b"begun")
    cases = {
        "a text": framed(TEXT, b"x", is_masked=False),
        "an empty text": framed(TEXT, b"", is_masked=False),
        "a binary": framed(BINARY, b"x", is_masked=False),
        "a long binary": framed(BINARY, b"x" * 600, is_masked=False),
        "a first part": framed(PART_TEXT, b"x", is_masked=False),
        "a part in the middle": begun + framed(PART, b"x", is_masked=False),
        "a last part": begun + framed(LAST, b"x", is_masked=False),
        "a ping": framed(PING, b"x", is_masked=False),
        "a close": framed(CLOSE, b"\x03\xe8", is_masked=False),
        "behind one that is masked": framed(TEXT, b"x") + framed(TEXT, b"y", is_masked=False),
    }

    outcomes = await bench.outcomes(cases)

    assert outcomes == dict.fromkeys(cases, "1002")


@pytest.mark.parametrize("key", KEYS)
async def test_any_key_is_a_key(bench: Bench, key: bytes) -> None:
    client = await bench.opened()
    payloads = [bytes(range(length)) for length in range(40)]

    client.send(b"".join(masked(BINARY, payload, key) for payload in payloads))

    assert [await client.hear() for _ in payloads] == [(BINARY, payload) for payload in payloads]


async def test_each_part_has_a_key_of_its_own(bench: Bench) -> None:
    client = await bench.opened()

    for opcode, key in zip((PART_BINARY, PART, PART, PART, LAST), KEYS, strict=True):
        client.send(masked(opcode, b"12345", key))

    assert await client.hear() == (BINARY, b"12345" * 5)


@pytest.mark.parametrize("step", [1, 2, 3, 5, 7, 61])
async def test_a_payload_is_unmasked_wherever_its_segments_are_cut(bench: Bench, step: int) -> None:
    client = await bench.opened()
    payload = bytes(range(256)) * 2
    raw = masked(BINARY, payload, KEYS[-1])

    for at in range(0, len(raw), step):
        client.send(raw[at : at + step])
        await asyncio.sleep(0)

    assert await client.hear() == (BINARY, payload)


async def test_segments_are_cut_in_a_mask_too(bench: Bench) -> None:
    client = await bench.opened()
    raw = masked(TEXT, b"head and mask", KEYS[-1])

    for at in range(1, 7):
        client.send(raw[:at])
        await asyncio.sleep(0)
        client.send(raw[at:])
        assert await client.hear() == (TEXT, b"head and mask"), at
