"""Messages between programs, which no board ever sees."""

from hypothesis import strategies as st
from msgspec import json

from hardwire.dialects.obniz.wire.message import SendMessage
from hardwire.model.board.message import MessageReceived
from tests.dialects.obniz.loss import Loss

IDS = st.integers(0, 99_999_999).map(lambda number: f"{number // 10_000:04d}-{number % 10_000:04d}")
PAYLOADS = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 53), 1 << 53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
).map(lambda value: json.encode(value).decode())
NO_FRAME = Loss("there is no frame for it", lambda word: None)

COMMANDS = {
    SendMessage: st.builds(SendMessage, st.lists(IDS, min_size=1, max_size=4, unique=True).map(tuple), PAYLOADS)
}
HAPPENINGS = {MessageReceived: st.builds(MessageReceived, PAYLOADS, st.none() | IDS)}
FRAME_LOSSES = {SendMessage: NO_FRAME, MessageReceived: NO_FRAME}
