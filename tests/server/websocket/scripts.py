"""Whole conversations at random, as a client of RFC 6455 may lead them, with what a plain model of an echo answers."""

import asyncio
import struct
from itertools import pairwise

from hypothesis import strategies as st
from msgspec import Struct

from tests.server.doors import BINARY, CLOSE, PING, PONG, TEXT, until
from tests.server.websocket.bench import Bench, masked

LIMIT_BYTES = 70_000
"""The longest message that the echo has to take for these scripts."""
LENGTHS = (0, 1, 124, 125, 126, 127, 128, 1000, 4095, 4096, 65535, 65536, 65537)
CODES = (1000, 1001, 1003, 1007, 1008, 1011, 1012, 1014, 3000, 4321, 4999)

Frames = list[tuple[int, bytes]]
"""First bytes and payloads."""

# Whatever stands before them, these break a rule: first byte, payload, and the code that tells of it.
MISTAKES: tuple[tuple[int, bytes, int], ...] = (
    (0xC1, b"x", 1002),
    (0xA2, b"", 1002),
    (0x99, b"", 1002),
    (0x83, b"x", 1002),
    (0x0B, b"", 1002),
    (0x8F, b"x" * 125, 1002),
    (0x09, b"in parts", 1002),
    (0x08, b"\x03\xe8", 1002),
    (PING, b"x" * 126, 1002),
    (CLOSE, b"\x03", 1002),
    (CLOSE, struct.pack("!H", 1005), 1002),
    (CLOSE, struct.pack("!H", 1006), 1002),
    (CLOSE, struct.pack("!H", 2999), 1002),
    (CLOSE, struct.pack("!H", 5000), 1002),
    (CLOSE, b"\x03\xe8\xff", 1007),
)
BETWEEN_MESSAGES = ((0x80, b"x", 1002), (0x00, b"", 1002), (TEXT, b"ok \xed\xa0\x80", 1007), (0x01, b"\xff", 1007))
WITHIN_A_MESSAGE = ((TEXT, b"x", 1002), (0x02, b"", 1002), (BINARY, b"", 1002))


class Script(Struct, frozen=True):
    """What a client sends, and what it has to hear."""

    segments: tuple[bytes, ...]
    messages: tuple[str | bytes, ...]
    answers: tuple[tuple[int, bytes], ...]
    """The frames before the close."""
    code: int
    """That of the close."""
    is_broken: bool


_letters = st.characters(exclude_categories=["Cs"])
_texts = st.text(_letters, max_size=80) | st.sampled_from(LENGTHS).map("x".__mul__) | st.just("𝄞" * 300)
_binaries = st.binary(max_size=200) | st.sampled_from(LENGTHS).map(b"\xfe".__mul__)
_controls = st.lists(st.tuples(st.sampled_from((PING, PONG)), st.binary(max_size=125)), max_size=2)
_keys = st.binary(min_size=4, max_size=4)


@st.composite
def _said(draw: st.DrawFn) -> tuple[str | bytes, Frames]:
    """A message in parts, control frames between them."""
    message = draw(_texts | _binaries)
    payload = message.encode() if isinstance(message, str) else message
    bounds = [0, *sorted(draw(st.lists(st.integers(0, len(payload)), max_size=4))), len(payload)]
    frames: Frames = []
    for n, (begin, end) in enumerate(pairwise(bounds)):
        opcode = 0 if n else 1 if isinstance(message, str) else 2
        frames.append((opcode | (0x80 if n == len(bounds) - 2 else 0), payload[begin:end]))
        frames += draw(_controls)
    return message, frames


@st.composite
def _ends(draw: st.DrawFn) -> tuple[Frames, int, bool]:
    """The last frames, the code of the answer, whether they break a rule."""
    begun: Frames = [(0x01, "é".encode()[:1])] if draw(st.booleans()) else []
    if draw(st.booleans()):
        code = draw(st.none() | st.sampled_from(CODES))
        if code is None:
            return [*begun, (CLOSE, b"")], 1000, False
        reason = draw(st.text(_letters, max_size=30)).encode()
        return [*begun, (CLOSE, struct.pack("!H", code) + reason)], code, False
    first, payload, code = draw(st.sampled_from(MISTAKES + (WITHIN_A_MESSAGE if begun else BETWEEN_MESSAGES)))
    return [*begun, (first, payload)], code, True


@st.composite
def scripts(draw: st.DrawFn) -> Script:
    """A conversation from its first frame to its last, cut into segments anywhere."""
    said = draw(st.lists(_said(), max_size=5))
    last, code, is_broken = draw(_ends())
    frames = [frame for _, parts in said for frame in parts]
    keys = st.lists(_keys, min_size=1, max_size=3)
    keyring = draw(keys)
    raw = b"".join(masked(*frame, keyring[n % len(keyring)]) for n, frame in enumerate(frames + last))
    if is_broken:
        # Behind a close of its own there is nothing more: the hub ends the connection, and nobody is there to read it.
        raw += draw(st.binary(max_size=20))
    bounds = [0, *sorted(draw(st.lists(st.integers(0, len(raw)), max_size=12))), len(raw)]
    return Script(
        segments=tuple(raw[begin:end] for begin, end in pairwise(bounds)),
        messages=tuple(message for message, _ in said),
        answers=tuple(answer for message, parts in said for answer in _echoed(message, parts)),
        code=code,
        is_broken=is_broken,
    )


def _echoed(message: str | bytes, frames: Frames) -> Frames:
    """What an echo answers to a message: pongs where the pings stand, the message where its last part does."""
    payload = message.encode() if isinstance(message, str) else message
    answers: Frames = []
    for first, asked in frames:
        if first == PING:
            answers.append((PONG, asked))
        elif first & 0x80 and not first & 0x08:
            answers.append((TEXT if isinstance(message, str) else BINARY, payload))
    return answers


async def play(bench: Bench, script: Script) -> None:
    """Lead the conversation on a real socket.

    Raises:
        AssertionError: something else was heard, by the client or by the session, or logged.
    """
    client, before = await bench.opened(), len(bench.logs)
    session = bench.sessions[-1]
    for segment in script.segments:
        client.send(segment)
        await asyncio.sleep(0)
    heard: Frames = []
    while not heard or heard[-1][0] != CLOSE:
        heard.append(await client.hear())
    client.writer.write_eof()
    rest = await client.hear_end()
    client.drop()
    await until(lambda: session.told[-1] == ("closed",))

    assert tuple(heard[:-1]) == script.answers
    assert heard[-1][1][:2] == struct.pack("!H", script.code)
    assert rest == b""
    assert tuple(told[1] for told in session.told if told[0] == "receive") == script.messages
    assert [line["event"] for line in bench.logs[before:]] == ["websocket rule broken"] * script.is_broken
