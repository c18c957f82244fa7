"""Listening for advertisements: which of them the controller reports to its program, and in which shape.

Sections are those of Bluetooth Core, volume 4, part E.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum

from hardwire.drivers.simulated.board.ble.air import Air
from hardwire.drivers.simulated.board.ble.answer import Answer, Given
from hardwire.drivers.simulated.board.ble.hci import (
    LE_ADVERTISING_REPORT,
    LE_EXTENDED_ADVERTISING_REPORT,
    LE_SCAN_TIMEOUT,
    Opcode,
    Status,
    address_octets,
    i8,
    le_event,
    u16,
    word,
)
from hardwire.drivers.simulated.board.ble.peripheral import Advertising, Peripheral
from hardwire.model.board.ble_hci import AdvertisementFilter

SCAN_RESPONSE = 4
"""The type of a report of a scan response (section 7.7.65.2)."""

# The types of the legacy reports in extended ones (section 7.7.65.13).
EXTENDED_TYPES = {
    Advertising.CONNECTABLE.value: 0x13,
    Advertising.SCANNABLE.value: 0x12,
    Advertising.MUTE.value: 0x10,
}
EXTENDED_SCAN_RESPONSE = 0x1A
EXTENDED_CONNECTABLE = 0x01
ACTIVE = 1
PHY_1M = 1
NO_SECONDARY_PHY = 0
NO_SET = 0xFF
NO_TX_POWER_DBM = 127
DURATION_UNIT_US = 10_000
# What a radio takes to begin. A program begins to listen once it has read the answer; what comes with it would be lost.
STARTING_US = 30_000


class Form(Enum):
    """The shape of reports: as the commands were that started the scan."""

    LEGACY = "legacy"
    EXTENDED = "extended"


class Scanner:
    """A scan, while there is one: every peripheral is reported each time that it advertises."""

    def __init__(self, air: Air) -> None:
        self._air = air
        self.filters: Sequence[AdvertisementFilter] = ()
        """Only what fits one of them is reported; everything where there is none."""
        self._form: Form | None = None
        self._is_active = False
        # Whether it listens where none of these peripherals advertises: on the coded PHY alone.
        self._is_deaf = False
        self._since_us = 0
        self._until_us: int | None = None
        self._known: set[str] | None = None
        self.answers: Mapping[int, Answer] = {
            Opcode.LE_SET_SCAN_PARAMETERS: Answer(7, self._set_parameters),
            Opcode.LE_SET_SCAN_ENABLE: Answer(2, self._enable),
            Opcode.LE_SET_EXTENDED_SCAN_PARAMETERS: Answer(8, self._set_extended_parameters),
            Opcode.LE_SET_EXTENDED_SCAN_ENABLE: Answer(6, self._enable_extended),
        }

    def stop(self) -> None:
        """Listen no longer."""
        self._form = None

    def due(self, now_us: int) -> Iterator[bytes]:
        """Yield the reports of what was heard since the last call, and the end of a scan whose time is over."""
        if self._form is None:
            return
        since_us, self._since_us = self._since_us, max(self._since_us, now_us)
        if not self._is_deaf:
            for peripheral in self._air.heard(since_us, now_us):
                yield from self._reports(peripheral, now_us)
        if self._until_us is not None and now_us >= self._until_us:
            self.stop()
            yield le_event(LE_SCAN_TIMEOUT, b"")

    def next_due_us(self, now_us: int) -> int | None:
        """Return when somebody is heard next, or the scan's time is over."""
        if self._form is None:
            return None
        moments = (None if self._is_deaf else self._air.next_heard_us(now_us), self._until_us)
        return min((moment for moment in moments if moment is not None), default=None)

    def _set_parameters(self, parameters: bytes, now_us: int) -> Given:
        if self._form is not None:
            return Status.COMMAND_DISALLOWED, b""
        self._is_active = parameters[0] == ACTIVE
        self._is_deaf = False
        return Status.SUCCESS, b""

    def _set_extended_parameters(self, parameters: bytes, now_us: int) -> Given:
        if self._form is not None:
            return Status.COMMAND_DISALLOWED, b""
        # Section 7.8.64: our kind of address, filter policy, PHYs, and for each of them whether to ask actively.
        self._is_active = parameters[3] == ACTIVE
        self._is_deaf = not parameters[2] & PHY_1M
        return Status.SUCCESS, b""

    def _enable(self, parameters: bytes, now_us: int) -> Given:
        return self._start_or_stop(Form.LEGACY, parameters, now_us, duration=0)

    def _enable_extended(self, parameters: bytes, now_us: int) -> Given:
        return self._start_or_stop(Form.EXTENDED, parameters, now_us, duration=word(parameters, 2))

    def _start_or_stop(self, form: Form, parameters: bytes, now_us: int, *, duration: int) -> Given:
        if not parameters[0]:
            self.stop()
            return Status.SUCCESS, b""
        self._form = form
        self._since_us = now_us + STARTING_US
        self._until_us = now_us + duration * DURATION_UNIT_US if duration else None
        self._known = set() if parameters[1] else None
        return Status.SUCCESS, b""

    def _reports(self, peripheral: Peripheral, now_us: int) -> Iterator[bytes]:
        if self._known is not None and peripheral.address in self._known:
            return
        heard = [(peripheral.shape.advertising.value, peripheral.advertisement(now_us))]
        scan_response = peripheral.scan_response(now_us) if self._is_active else None
        if scan_response is not None:
            heard.append((SCAN_RESPONSE, scan_response))
        rssi_dbm = peripheral.rssi_dbm(now_us)
        # What fits in one of the two lets both through: a program that looks for a name waits for both.
        if not self._fits(_head(kind, peripheral) + bytes((len(octets),)) + octets for kind, octets in heard):
            return
        if self._known is not None:
            self._known.add(peripheral.address)
        for kind, octets in heard:
            if self._form is Form.LEGACY:
                yield le_event(LE_ADVERTISING_REPORT, b"\x01" + _legacy(kind, peripheral, octets, rssi_dbm))
            else:
                yield le_event(LE_EXTENDED_ADVERTISING_REPORT, b"\x01" + _extended(kind, peripheral, octets, rssi_dbm))

    def _fits(self, reports: Iterable[bytes]) -> bool:
        """Say whether a filter's bytes stand in its range of a report of the legacy form (reference, section 3.21)."""
        if not self.filters:
            return True
        return any(
            one.value in report[one.index : one.index + one.length] for report in reports for one in self.filters
        )


def _head(kind: int, peripheral: Peripheral) -> bytes:
    return bytes((kind, peripheral.shape.is_random)) + address_octets(peripheral.address)


def _legacy(kind: int, peripheral: Peripheral, octets: bytes, rssi_dbm: int) -> bytes:
    """Return a report (section 7.7.65.2)."""
    return _head(kind, peripheral) + bytes((len(octets),)) + octets + i8(rssi_dbm)


def _extended(kind: int, peripheral: Peripheral, octets: bytes, rssi_dbm: int) -> bytes:
    """Return a report of the same in the extended form (section 7.7.65.13)."""
    if kind == SCAN_RESPONSE:
        type = EXTENDED_SCAN_RESPONSE | (EXTENDED_CONNECTABLE if peripheral.is_connectable else 0)
    else:
        type = EXTENDED_TYPES[kind]
    head = u16(type) + bytes((peripheral.shape.is_random,)) + address_octets(peripheral.address)
    radio = bytes((PHY_1M, NO_SECONDARY_PHY, NO_SET)) + i8(NO_TX_POWER_DBM) + i8(rssi_dbm)
    no_period, no_direction = u16(0), bytes(7)
    return head + radio + no_period + no_direction + bytes((len(octets),)) + octets
