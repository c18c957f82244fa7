"""What a client's bytes say: RFC 6455 frames read as a server has to, with no socket and no wait."""

import codecs
from typing import TypeAlias

from msgspec import Struct

PROTOCOL_ERROR = 1002
INVALID_TEXT = 1007
TOO_BIG = 1009
# What a close frame without a code stands for; it never stands in one (RFC 6455, section 7.1.5).
NO_CODE = 1005

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
FINAL = 0x80
RESERVED_BITS = 0x70
MASKED = 0x80
# Control frames carry at most 125 bytes (RFC 6455, section 5.5).
CONTROL_LIMIT_BYTES = 125

# The first byte of a whole message, and how far its payload is from it in a frame of at most 125 bytes.
_WHOLE_TEXT, _WHOLE_BINARY = FINAL | TEXT, FINAL | BINARY
_WHOLE = frozenset((_WHOLE_TEXT, _WHOLE_BINARY))
_SHORT_HEAD_BYTES = 6
_decoder = codecs.getincrementaldecoder("utf-8")


class Ping(Struct, frozen=True):
    """The client wants a pong with the same payload."""

    payload: bytes


class Pong(Struct, frozen=True):
    """The client answers a ping, or shows unasked that it lives."""

    payload: bytes


class Part(Struct, frozen=True):
    """A part of a message has come, and more of it will: nothing to act on, but it took its time to read."""


class Closed(Struct, frozen=True):
    """The client closes, or answers a close; nothing follows it. Code 1005 where it gave none."""

    code: int
    reason: str


class Violation(Struct, frozen=True):
    """The client broke a rule; nothing follows it."""

    code: int
    """What the connection is closed with: 1002, 1007 or 1009."""
    rule: str
    """The rule, as a sentence that fits into a close frame."""


Event: TypeAlias = str | bytes | Ping | Pong | Part | Closed | Violation
"""`str` is a whole text message, `bytes` a whole binary one."""

PART = Part()


class FrameReader:
    """One client's half of a WebSocket. Give it bytes as they come, then ask for events until there are none.

    It holds no more than what has arrived of one message and one frame; how long they may be is judged by the head of
    a frame, before its payload has come.
    """

    __slots__ = ("_at", "_buffer", "_head", "_held", "_limit_bytes", "_message", "_tolerates_unmasked", "is_over")

    def __init__(self, limit_bytes: int, *, tolerates_unmasked: bool = False) -> None:
        """`limit_bytes` is the longest message that is taken. Control frames without a mask are borne on demand."""
        self._limit_bytes = limit_bytes
        self._tolerates_unmasked = tolerates_unmasked
        self._buffer = b""
        self._at = 0
        self._held: _Held | None = None
        self._head: _Head | None = None
        self._message: _Message | None = None
        self.is_over = False
        """Whether the client has closed or broken a rule: what it sends from then on is not read."""

    @property
    def unread_bytes(self) -> int:
        """How much has arrived that no event was made of, save the parts of a message."""
        return len(self._buffer) - self._at + (0 if self._held is None else len(self._held.bytes))

    def feed(self, arrived: bytes) -> None:
        """Take what has arrived."""
        if self.is_over:
            return
        held = self._held
        if held is not None:
            # Until what is awaited is there, long frames in small pieces cost one copy of each piece.
            held.bytes += arrived
            if len(held.bytes) < held.wanted_bytes:
                return
            self._buffer, self._at, self._held = bytes(held.bytes), 0, None
        elif self._at < len(self._buffer):
            self._buffer, self._at = self._buffer[self._at :] + arrived, 0
        else:
            self._buffer, self._at = arrived, 0

    def next(self) -> Event | None:
        """Return what comes next; None until more has arrived."""
        buffer, at = self._buffer, self._at
        if at == len(buffer):
            # An idle client keeps nothing of what it has sent.
            self._buffer, self._at = b"", 0
            return None
        start = at + _SHORT_HEAD_BYTES
        # By far the most frequent: a short message in one frame, all of which is there.
        if start <= len(buffer) and self._message is None and self._head is None:
            first, second = buffer[at], buffer[at + 1]
            if first in _WHOLE and 128 <= second < 254:
                end = start + second - 128
                if end <= len(buffer) and second - 128 <= self._limit_bytes:
                    self._at = end
                    payload = unmasked(buffer[at + 2 : start], buffer[start:end])
                    return payload if first == _WHOLE_BINARY else self._text(payload)
        return self._next_frame()

    def _next_frame(self) -> Event | None:
        head = self._head
        if head is None:
            found = self._read_head()
            if not isinstance(found, _Head):
                return found
            head = found
        buffer, at = self._buffer, self._at
        end = at + head.size_bytes
        if end > len(buffer):
            self._head = head
            self._wait(head.size_bytes)
            return None
        self._head, self._at = None, end
        payload = buffer[at:end] if head.mask is None else unmasked(head.mask, buffer[at:end])
        if head.opcode & 0x8:
            return self._control(head.opcode, payload)
        return self._part(head, payload)

    def _wait(self, wanted_bytes: int) -> None:
        """Keep what has come of a frame until that much of it is there."""
        self._held = _Held(bytearray(self._buffer[self._at :]), wanted_bytes)
        self._buffer, self._at = b"", 0

    def _read_head(self) -> "_Head | Violation | None":
        """Read and judge a head; None when not all of it has come."""
        buffer, at = self._buffer, self._at
        there = len(buffer) - at
        if there < 2:
            self._wait(2)
            return None
        first, second = buffer[at], buffer[at + 1]
        size, is_masked = second & 0x7F, bool(second & MASKED)
        opcode = first & 0x0F
        if rule := self._broken_by(first, size, is_masked=is_masked):
            return self._violated(PROTOCOL_ERROR, rule)
        long_bytes = {126: 2, 127: 8}.get(size, 0)
        mask_at = at + 2 + long_bytes
        start = mask_at + 4 * is_masked
        # A length is judged as soon as it is there: nobody waits for a mask to refuse it.
        if at + there < mask_at:
            self._wait(2 + long_bytes)
            return None
        if long_bytes:
            size = int.from_bytes(buffer[at + 2 : mask_at], "big")
            if size >> 63:
                return self._violated(PROTOCOL_ERROR, "the highest bit of a length must be 0")
            if size < (126 if long_bytes == 2 else 1 << 16):
                return self._violated(PROTOCOL_ERROR, "a length must take as few bytes as it can")
        come = 0 if self._message is None else len(self._message.payload)
        if not opcode & 0x8 and come + size > self._limit_bytes:
            return self._violated(TOO_BIG, f"a message may have {self._limit_bytes} bytes here")
        if at + there < start:
            self._wait(start - at)
            return None
        self._at = start
        return _Head(opcode, bool(first & FINAL), buffer[mask_at:start] if is_masked else None, size)

    def _broken_by(self, first: int, size: int, *, is_masked: bool) -> str:
        """Return the rule that the first two bytes of a frame break, or nothing."""
        opcode = first & 0x0F
        if first & RESERVED_BITS:
            return "reserved bits must be 0: no extension was agreed to"
        if opcode > PONG or BINARY < opcode < CLOSE:
            return f"opcode {opcode} is reserved"
        if opcode & 0x8:
            if not first & FINAL:
                return "a control frame may not be fragmented"
            if size > CONTROL_LIMIT_BYTES:
                return "a control frame may have 125 bytes"
        elif opcode == CONTINUATION:
            if self._message is None:
                return "there is no message to be continued"
        elif self._message is not None:
            return "the message before must end first"
        if not is_masked and not (self._tolerates_unmasked and opcode & 0x8):
            return "a client's frames must be masked"
        return ""

    def _part(self, head: "_Head", payload: bytes) -> Event:
        """Take a data frame that is a message, or a part of one."""
        message = self._message
        if message is None:
            if head.is_final:
                return payload if head.opcode == BINARY else self._text(payload)
            message = self._message = _Message(is_text=head.opcode == TEXT)
        message.payload += payload
        if message.decoder is not None:
            try:
                # Fails where a part ends in what can become no character, long before the message ends.
                message.decoder.decode(payload, head.is_final)
            except UnicodeDecodeError:
                return self._violated(INVALID_TEXT, "a text must be UTF-8")
        if not head.is_final:
            return PART
        self._message = None
        return bytes(message.payload) if message.decoder is None else message.payload.decode()

    def _text(self, payload: bytes) -> "str | Violation":
        try:
            return payload.decode()
        except UnicodeDecodeError:
            return self._violated(INVALID_TEXT, "a text must be UTF-8")

    def _control(self, opcode: int, payload: bytes) -> Event:
        if opcode == PING:
            return Ping(payload)
        if opcode == PONG:
            return Pong(payload)
        return self._closed(payload)

    def _closed(self, payload: bytes) -> Closed | Violation:
        if not payload:
            self._end()
            return Closed(NO_CODE, "")
        if len(payload) == 1:
            return self._violated(PROTOCOL_ERROR, "a close frame has no code or one of two bytes")
        code = int.from_bytes(payload[:2], "big")
        if not may_be_sent(code):
            return self._violated(PROTOCOL_ERROR, f"close code {code} may not be sent")
        try:
            reason = payload[2:].decode()
        except UnicodeDecodeError:
            return self._violated(INVALID_TEXT, "the reason of a close frame must be UTF-8")
        self._end()
        return Closed(code, reason)

    def _violated(self, code: int, rule: str) -> Violation:
        self._end()
        return Violation(code, rule)

    def _end(self) -> None:
        self.is_over = True
        self._buffer, self._at = b"", 0
        self._held = self._head = self._message = None


def may_be_sent(code: int) -> bool:
    """Say whether a close frame may bear a code (RFC 6455, section 7.4, with what IANA has registered since)."""
    return 1000 <= code <= 1003 or 1007 <= code <= 1014 or 3000 <= code <= 4999


def unmasked(mask: bytes, payload: bytes) -> bytes:
    """Return the payload as it was before it was masked, or masked (RFC 6455, section 5.3)."""
    size = len(payload)
    # One long number XORed with another: no loop over bytes.
    pattern = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "little") ^ int.from_bytes(pattern, "little")).to_bytes(size, "little")


class _Head(Struct):
    """A frame whose payload is awaited."""

    opcode: int
    is_final: bool
    mask: bytes | None
    size_bytes: int


class _Held(Struct):
    """What has come of a head or a payload that is not all there."""

    bytes: bytearray
    wanted_bytes: int


class _Message:
    """A message in parts, as far as it has come: however small they are, they take no more than their bytes."""

    __slots__ = ("decoder", "payload")

    def __init__(self, *, is_text: bool) -> None:
        self.payload = bytearray()
        self.decoder = _decoder() if is_text else None
