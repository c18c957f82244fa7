"""One connection between the controller and a peripheral: what is sent is heard at its next event."""

from collections.abc import Iterator

from hardwire.drivers.simulated.board.ble.att import AttServer
from hardwire.drivers.simulated.board.ble.peripheral import Peripheral

# Channels (Bluetooth Core, volume 3, part A, section 2.1).
ATT_CHANNEL = 4
SIGNALING_CHANNEL = 5
SECURITY_CHANNEL = 6

FRAGMENT_BYTES = 251
"""What one packet of the radio holds, and what the controller says it takes."""
MESSAGE_LIMIT_BYTES = 1024
"""A message of a client that is longer is dropped; no attribute takes as much."""

# Whether a packet begins a message or goes on with it (Bluetooth Core, volume 4, part E, section 5.4.2).
START_FROM_HOST = 0
CONTINUED = 1
START = 2

COMMAND_REJECT = 0x01
SIGNALING_ANSWERS = (COMMAND_REJECT, 0x13, 0x15)
"""Answers to what a peripheral may ask, and never does here."""
NOT_UNDERSTOOD = b"\x00\x00"

PAIRING_REQUEST = b"\x01"
PAIRING_NOT_SUPPORTED = b"\x05\x05"
"""Pairing failed, because it is not supported (Bluetooth Core, volume 3, part H, section 3.5.5)."""


class Link:
    """A connection; its events are when both sides send, `interval_us` apart."""

    def __init__(self, handle: int, peripheral: Peripheral, interval_us: int, now_us: int) -> None:
        self.handle = handle
        self.peripheral = peripheral
        self.interval_us = interval_us
        self._anchor_us = now_us
        self._att = AttServer(peripheral)
        self._gathered: bytes | None = None

    def next_event_us(self, now_us: int) -> int:
        """Return when both sides send next."""
        if now_us < self._anchor_us:
            return self._anchor_us
        return now_us + self.interval_us - (now_us - self._anchor_us) % self.interval_us

    def change_interval(self, interval_us: int, now_us: int) -> None:
        """Have events that far apart, from the next one on."""
        self._anchor_us = self.next_event_us(now_us)
        self.interval_us = interval_us

    def receive(self, boundary: int, fragment: bytes, now_us: int) -> bytes | None:
        """Take a packet of the client's; return the message that answers it, None where there is none."""
        if boundary != CONTINUED:
            self._gathered = fragment
        elif self._gathered is not None:
            self._gathered += fragment
        gathered = self._gathered
        if gathered is None or len(gathered) < 4:
            return None
        size_bytes, channel = int.from_bytes(gathered[:2], "little"), int.from_bytes(gathered[2:4], "little")
        if size_bytes > MESSAGE_LIMIT_BYTES or len(gathered) > size_bytes + 4:
            self._gathered = None
            return None
        if len(gathered) < size_bytes + 4:
            return None
        self._gathered = None
        answer = self._answer(channel, gathered[4:], now_us)
        return None if answer is None else _message(channel, answer)

    def due(self, now_us: int) -> Iterator[bytes]:
        """Yield the messages that tell subscribers what has become due."""
        for notification in self.peripheral.notifications(now_us):
            told = self._att.told(notification)
            if told is not None:
                yield _message(ATT_CHANNEL, told)

    def _answer(self, channel: int, octets: bytes, now_us: int) -> bytes | None:
        if channel == ATT_CHANNEL:
            return self._att.answer(octets, now_us)
        if channel == SIGNALING_CHANNEL and len(octets) >= 4 and octets[0] not in SIGNALING_ANSWERS:
            return bytes((COMMAND_REJECT, octets[1])) + len(NOT_UNDERSTOOD).to_bytes(2, "little") + NOT_UNDERSTOOD
        if channel == SECURITY_CHANNEL and octets[:1] == PAIRING_REQUEST:
            return PAIRING_NOT_SUPPORTED
        return None


def _message(channel: int, octets: bytes) -> bytes:
    return len(octets).to_bytes(2, "little") + channel.to_bytes(2, "little") + octets
