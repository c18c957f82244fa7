"""What the owner reads of what boards tell."""

from datetime import UTC, datetime

import pytest

from hardwire.dialects.hub import wire
from hardwire.model.board.ble_hci import HciRead
from hardwire.model.board.system import Batch
from hardwire.model.board.uart import UartReceived
from hardwire.model.board.wifi import WifiNetwork, WifiScanned
from hardwire.model.fact import Event, Happening

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("happening", "content"),
    [
        (UartReceived(0, b"hi\n"), '{"channel":0,"octets":"68690a"}'),
        (
            WifiScanned((WifiNetwork("Workshop", "02005e10c0de", -42),)),
            '{"networks":[{"mac":"02005e10c0de","rssi_dbm":-42,"ssid":"Workshop"}]}',
        ),
        (
            Batch((UartReceived(1, b"\xff"), HciRead(b"\x04"))),
            '{"happenings":[{"channel":1,"octets":"ff"},{"packet":"04"}]}',
        ),
    ],
)
def test_bytes_that_a_board_tells_are_hex_digits_wherever_they_stand(happening: Happening, content: str) -> None:
    line = wire.fact(Event(device="bench", at=NOW, happening=happening))

    assert f'"content":{content},"device":"bench"' in line
