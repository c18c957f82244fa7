"""The gas sensor CCS811 (ScioSense data sheet)."""

from hardwire.drivers.simulated.board.parts import room
from hardwire.drivers.simulated.board.parts.part import NotAcknowledgedError

# Table 18: mailboxes.
STATUS, MEAS_MODE, ALG_RESULT = 0x00, 0x01, 0x02
ENV_DATA, THRESHOLDS, BASELINE = 0x05, 0x10, 0x11
HW_ID, HW_VERSION, BOOT_VERSION, APP_VERSION = 0x20, 0x21, 0x23, 0x24
ERROR_ID = 0xE0
APP_START = 0xF4
RESET = 0xFF

RESET_WORD = bytes((0x11, 0xE5, 0x72, 0x8A))
FIXED = {HW_ID: b"\x81", HW_VERSION: b"\x12", BOOT_VERSION: b"\x10\x00", APP_VERSION: b"\x20\x00", ERROR_ID: b"\0"}
WRITABLE = {MEAS_MODE: 1, ENV_DATA: 4, THRESHOLDS: 4, BASELINE: 2}

IS_APPLICATION = 0x80
HAS_APPLICATION = 0x10
HAS_RESULT = 0x08
DRIVE_BITS = 0x70
NO_ERROR = 0


class Ccs811:
    """A sensor whose application has to be started before it measures."""

    def __init__(self) -> None:
        self._mailbox = STATUS
        self._is_started = False
        self._written = {MEAS_MODE: b"\0"}

    def write(self, octets: bytes, now_us: int) -> None:
        """Choose a mailbox, with what goes into it."""
        if not octets:
            return
        self._mailbox, content = octets[0], octets[1:]
        if self._mailbox == RESET and content == RESET_WORD:
            self._is_started = False
            self._written = {MEAS_MODE: b"\0"}
        elif self._mailbox == APP_START and not content:
            self._is_started = True
        elif content:
            if len(content) != WRITABLE.get(self._mailbox):
                raise NotAcknowledgedError
            self._written[self._mailbox] = content

    def read(self, count: int, now_us: int) -> bytes:
        """Return what the mailbox holds."""
        found = FIXED.get(self._mailbox, self._written.get(self._mailbox, b""))
        if self._mailbox == STATUS:
            found = bytes((self._status(),))
        elif self._mailbox == ALG_RESULT:
            result = room.co2_ppm(now_us).to_bytes(2, "big") + room.vapour_ppb(now_us).to_bytes(2, "big")
            found = (result if self._is_measuring else bytes(len(result))) + bytes((self._status(), NO_ERROR))
        return found.ljust(count, b"\0")[:count]

    @property
    def _is_measuring(self) -> bool:
        return self._is_started and bool(self._written[MEAS_MODE][0] & DRIVE_BITS)

    def _status(self) -> int:
        result = HAS_RESULT if self._is_measuring else 0
        return HAS_APPLICATION | (IS_APPLICATION if self._is_started else 0) | result
