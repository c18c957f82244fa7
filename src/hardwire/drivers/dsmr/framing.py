"""Telegrams out of a stream of bytes: from `/` to `!`, CRC and line end, each with its CRC checked."""

import re

from msgspec import Struct

from hardwire.drivers.dsmr.fault import Fault, FaultKind

# The longest telegram kept. A P1 telegram with four M-Bus meters and a full text message of 1,024 characters
# (2,048 hex digits) stays under 5 KiB; the limit is against a source that never sends `!`.
TELEGRAM_LIMIT_BYTES = 16 * 1024

# Between `!` and the line feed: at most four hex digits, a carriage return, and the NUL that some meters add.
_TAIL_LIMIT_BYTES = 16

_MARK = re.compile(rb"[/!]")
_CRC_TEXT = re.compile(rb"[0-9A-Fa-f]{1,4}")


def crc16_arc(octets: bytes) -> int:
    """Return the CRC-16/ARC of some bytes: polynomial 0x8005 reflected, initial value 0, no final xor.

    Source: DSMR P1 companion standard 5.0.2, section 6.2.
    """
    crc = 0
    for octet in octets:
        crc = (crc >> 8) ^ _CRC_TABLE[(crc ^ octet) & 0xFF]
    return crc


class RawTelegram(Struct, frozen=True):
    """One whole telegram as it came, from `/` to its last line end; its CRC is right where it has one."""

    octets: bytes


class Framer:
    """Cuts what a source sends into telegrams and faults. What it keeps is bounded by `limit_bytes`.

    The outcome does not depend on how the stream was cut into pieces.
    """

    def __init__(self, *, has_crc: bool, limit_bytes: int = TELEGRAM_LIMIT_BYTES) -> None:
        self._has_crc = has_crc
        self._limit_bytes = limit_bytes
        self._kept = bytearray()
        self._searched = 1
        self._noise_bytes = 0

    @property
    def kept_bytes(self) -> int:
        """How many bytes of an unfinished telegram are kept."""
        return len(self._kept)

    def take(self, chunk: bytes) -> list[RawTelegram | Fault]:
        """Take the next bytes; return what they complete, in order."""
        found: list[RawTelegram | Fault] = []
        for start in range(0, len(chunk), self._limit_bytes):
            self._kept += chunk[start : start + self._limit_bytes]
            while (outcome := self._next()) is not None:
                found.append(outcome)
        return found

    def end(self) -> list[Fault]:
        """The source is gone: what is unfinished will never be whole."""
        is_cut_off = bool(self._kept)
        self._drop(len(self._kept))
        self._noise_bytes = 0
        return [_cut_off("when the line went quiet or closed")] if is_cut_off else []

    def _next(self) -> RawTelegram | Fault | None:
        """Return the next outcome in what is kept; None when more bytes are needed."""
        if not self._kept.startswith(b"/"):
            return self._skip_to_start()
        mark = _MARK.search(self._kept, self._searched)
        at = mark.start() if mark else len(self._kept)
        if at >= self._limit_bytes and (mark or at > self._limit_bytes):
            self._drop(self._limit_bytes)
            return Fault(
                FaultKind.TOO_LONG,
                f"A telegram was longer than {self._limit_bytes} bytes and was dropped: "
                "check that the port leads to a P1 meter.",
            )
        self._searched = at
        if mark is None:
            return None
        # Neither `/` nor `!` may stand inside a telegram (IEC 62056-21, section 6.6), so `/` begins a new one.
        if self._kept[at] == ord("/"):
            self._drop(at)
            return _cut_off("and the next one began")
        return self._finish(at)

    def _skip_to_start(self) -> RawTelegram | Fault | None:
        start = self._kept.find(b"/")
        skipped = len(self._kept) if start < 0 else start
        self._drop(skipped)
        self._noise_bytes += skipped
        if self._noise_bytes >= self._limit_bytes:
            self._noise_bytes -= self._limit_bytes
            return Fault(
                FaultKind.NOISE,
                f"{self._limit_bytes} bytes came without a telegram: check `version`, `baud`, `bytesize` and `parity`.",
            )
        return self._next() if self._kept else None

    def _finish(self, at: int) -> RawTelegram | Fault | None:
        """Judge the telegram whose `!` stands at `at`."""
        stop = min(len(self._kept), at + 1 + _TAIL_LIMIT_BYTES)
        tail = bytes(self._kept[at + 1 : stop])
        line_end = tail.find(b"\n")
        start = tail.find(b"/", 0, line_end if line_end >= 0 else None)
        if start >= 0:
            self._drop(at + 1 + start)
            return _cut_off("within its CRC")
        if line_end < 0:
            if len(tail) < _TAIL_LIMIT_BYTES:
                return None
            self._drop(stop)
            return Fault(FaultKind.BAD_CRC, "A telegram had no line end after its CRC and was dropped.")
        octets = bytes(self._kept[: at + line_end + 2])
        self._drop(len(octets))
        self._noise_bytes = 0
        fault = self._check_crc(octets[: at + 1], tail[:line_end].rstrip(b"\r\0"))
        return RawTelegram(octets) if fault is None else fault

    def _check_crc(self, octets: bytes, text: bytes) -> Fault | None:
        if not text and not self._has_crc:
            return None
        if not text:
            return Fault(
                FaultKind.BAD_CRC,
                "A telegram had no CRC and was dropped: a meter older than DSMR 4 needs `version` 2.2 or 3.",
            )
        # As numbers: some meters drop leading zeros (B9F for 0B9F).
        if _CRC_TEXT.fullmatch(text) and int(text, 16) == crc16_arc(octets):
            return None
        return Fault(FaultKind.BAD_CRC, "A telegram came damaged (wrong CRC) and was dropped: check the cable.")

    def _drop(self, size_bytes: int) -> None:
        del self._kept[:size_bytes]
        self._searched = 1


def _cut_off(when: str) -> Fault:
    return Fault(FaultKind.TRUNCATED, f"A telegram broke off {when}; it was dropped.")


def _crc_of(octet: int) -> int:
    for _ in range(8):
        octet = (octet >> 1) ^ (0xA001 if octet & 1 else 0)
    return octet


_CRC_TABLE = tuple(_crc_of(octet) for octet in range(256))
