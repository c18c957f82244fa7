"""The `ble` family: what programs ask in frames, and what a board tells in frames."""

import pytest

from hardwire.dialects.obniz.wire import answers, binary, reports
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.model.board.ble_central import (
    BleFailed,
    CharacteristicFound,
    CharacteristicNotified,
    CharacteristicsEnded,
    ConnectBle,
    DisconnectBle,
    ListCharacteristics,
    Property,
    ServicesEnded,
)
from hardwire.model.board.ble_peripheral import OwnCharacteristicRead
from hardwire.model.board.ble_scan import AddressType, BleScanEnded, BleScanned, ScanBle
from hardwire.model.command import Command
from hardwire.model.fact import Happening

ADDRESS = "aabbccddee01"
FRAMED_ADDRESS = bytes.fromhex("01eeddccbbaa")
FFF0 = bytes.fromhex("0002f0ff") + bytes(14)
FFF1 = bytes.fromhex("0002f1ff") + bytes(14)
LONG = bytes.fromhex("0010") + bytes(range(16))
NONE = bytes(18)


@pytest.mark.parametrize(
    ("function", "payload", "command"),
    [
        (4, bytes.fromhex("00000002"), ScanBle(2)),
        (7, FRAMED_ADDRESS + b"\0", ConnectBle(ADDRESS)),
        (7, FRAMED_ADDRESS + b"\1", DisconnectBle(ADDRESS)),
        (9, FRAMED_ADDRESS + FFF0, ListCharacteristics(ADDRESS, "fff0")),
        (9, FRAMED_ADDRESS + LONG, ListCharacteristics(ADDRESS, "0f0e0d0c0b0a09080706050403020100")),
    ],
)
def test_a_place_has_its_last_byte_first(function: int, payload: bytes, command: Command) -> None:
    findings = binary.decode(frame(11, function, payload))

    assert findings.wishes == [("ble", command)]
    assert (findings.warnings, findings.error) == ([], "")


@pytest.mark.parametrize(
    ("function", "payload", "warning"),
    [
        (0, bytes(32), "at most 31 bytes are advertised, not 32"),
        (4, b"\1", "4 bytes are needed, not 1"),
        (7, FRAMED_ADDRESS[:5], "6 bytes are needed, not 5"),
        (7, FRAMED_ADDRESS + b"\2", "0 to connect or 1 to disconnect is needed behind the address"),
        (9, FRAMED_ADDRESS + FFF0[:17], "24 bytes are needed, not 23"),
        (9, FRAMED_ADDRESS + NONE, "the service is missing"),
        (9, FRAMED_ADDRESS + FFF0 + b"\0", "there are 1 bytes too many"),
        (9, FRAMED_ADDRESS + b"\0\x11" + bytes(16), "a UUID has at most 16 bytes, not 17"),
        (10, FRAMED_ADDRESS + FFF0 + FFF1, "the last byte is missing"),
        (20, b"\0", "only 1 means something here"),
        (22, FFF0 + b"\0", "there are 1 bytes too many"),
        (23, FFF0 + FFF1 + b"\0\1", "permissions and properties are missing"),
        (23, FFF0 + FFF1 + b"\2\0\0", "0x200 has bits that mean nothing"),
        (24, FFF0 + FFF1 + FFF1 + b"\0", "permissions are missing"),
        (34, FFF0 + b"\2", "0 to start or 1 to stop is needed behind the service"),
        (35, b"\2", "0x2 has bits that mean nothing"),
        (36, b"\5", "Value 5 is greater than maximum 4"),
        (38, b"\6", "Value 6 is less than minimum 7"),
        (45, b"\0", "filter 0 is cut off"),
        (45, b"\0\1\2\3", "filter 0 is cut off"),
        (45, b"\0\1\1\3\0\1", "filter 1 is cut off"),
    ],
)
def test_a_frame_that_is_no_wish_is_named(function: int, payload: bytes, warning: str) -> None:
    findings = binary.decode(frame(11, function, payload))

    assert findings.wishes == []
    assert findings.warnings == [f"[ble]function {function}: {warning}"]


def test_a_packet_of_a_scan_has_the_layout_of_the_reference() -> None:
    happening = BleScanned(
        address=ADDRESS,
        address_type=AddressType.RANDOM,
        flags=6,
        rssi_dbm=-40,
        advertisement=b"\2\1\6",
        scan_response=b"\5",
    )
    payload = (
        b"\0" + FRAMED_ADDRESS + bytes.fromhex("020100ffffffd8") + b"\2\1\6\5" + bytes(58) + b"\0\0\0\6\0\0\0\1\3\1"
    )

    assert answers.framed(happening) == frame(11, 6, payload)
    assert reports.read(frame(11, 6, payload)).happenings == [happening]


def test_the_end_of_a_scan_is_as_long_as_a_packet_of_it() -> None:
    assert answers.framed(BleScanEnded()) == frame(11, 6, b"\1" + bytes(85))


def test_the_end_of_a_scan_may_be_short() -> None:
    assert reports.read(frame(11, 6, b"\1")).happenings == [BleScanEnded()]


@pytest.mark.parametrize(
    ("function", "payload", "happening"),
    [
        (8, FRAMED_ADDRESS + NONE, ServicesEnded(ADDRESS)),
        (9, FRAMED_ADDRESS + FFF0 + NONE, CharacteristicsEnded(ADDRESS, "fff0")),
        (9, FRAMED_ADDRESS + FFF0 + NONE + b"\0", CharacteristicsEnded(ADDRESS, "fff0")),
        (
            9,
            FRAMED_ADDRESS + FFF0 + FFF1 + b"\xff",
            CharacteristicFound(ADDRESS, "fff0", "fff1", ~Property.NONE),
        ),
        (17, FRAMED_ADDRESS + FFF0 + FFF1 + b"\0\5", CharacteristicNotified(ADDRESS, "fff0", "fff1", b"\5")),
        (26, FFF0 + FFF1 + b"\1\2", OwnCharacteristicRead("fff0", "fff1", True, b"\1\2")),
        (255, b"\1\2\3", BleFailed(module_error=1, error=2, function=3)),
        (
            255,
            b"\1\2\3" + FRAMED_ADDRESS + FFF0 + NONE + NONE,
            BleFailed(module_error=1, error=2, function=3, address=ADDRESS, service="fff0"),
        ),
    ],
)
def test_what_a_board_tells_is_understood(function: int, payload: bytes, happening: Happening) -> None:
    report = reports.read(frame(11, function, payload))

    assert (report.happenings, report.troubles) == ([happening], [])


_SCANNED = b"\0" + FRAMED_ADDRESS + bytes.fromhex("020100ffffffd8") + bytes(72)


@pytest.mark.parametrize(
    ("function", "payload", "trouble"),
    [
        (6, b"", "this is no result of a scan"),
        (6, b"\2" + bytes(85), "this is no result of a scan"),
        (6, _SCANNED[:-1], "this is no result of a scan"),
        (6, _SCANNED[:-1] + b"\x20", "at most 31 bytes are advertised, not 32"),
        (6, _SCANNED[:7] + b"\0" + _SCANNED[8:], "0 stands for nothing here"),
        (6, _SCANNED[:8] + b"\4" + _SCANNED[9:], "4 stands for nothing here"),
        (7, FRAMED_ADDRESS + b"\2", "0 for connected or 1 for disconnected is needed behind the address"),
        (8, FRAMED_ADDRESS + FFF0 + b"\0", "there are 1 bytes too many"),
        (10, FRAMED_ADDRESS + FFF0 + FFF1 + b"\0\0", "there are 1 bytes too many"),
        (17, FRAMED_ADDRESS + FFF0 + FFF1, "the last byte is missing"),
        (21, FRAMED_ADDRESS, "1 for connected or 0 for disconnected is needed behind the address"),
        (255, b"\1\2", "at least 3 bytes are needed, not 2"),
        (255, b"\1\2\3\4", "6 bytes are needed, not 1"),
    ],
)
def test_a_frame_that_a_board_tells_wrong_is_named(function: int, payload: bytes, trouble: str) -> None:
    report = reports.read(frame(11, function, payload))

    assert (report.happenings, report.troubles) == ([], [f"[ble]function {function}: {trouble}"])
