"""The virtual board's radio: it sees the networks of its settings, strongest first."""

import msgspec
import pytest

from hardwire.drivers.simulated.board.net.wifi import NETWORKS, Network, Wifi
from hardwire.model.board.wifi import ScanWifi, WifiNetwork, WifiScanned
from hardwire.model.errors import BadValueError
from tests.drivers.simulated.board.settled import NOON_US, settled


def test_a_scan_tells_what_the_settings_name_the_strongest_first() -> None:
    wifi = Wifi((Network("far", "020000000002", -90), Network("near", "020000000003", -30)))
    wifi.power_on()

    answers = settled(wifi.carry_out(ScanWifi(), NOON_US))

    assert answers == (
        WifiScanned((WifiNetwork("near", "020000000003", -30), WifiNetwork("far", "020000000002", -90))),
    )


def test_a_board_sees_three_networks_of_its_own() -> None:
    (scanned,) = settled(Wifi(NETWORKS).carry_out(ScanWifi(), NOON_US))

    assert isinstance(scanned, WifiScanned)
    assert len(scanned.networks) == 3


@pytest.mark.parametrize("ssid", ["", "é" * 17])
def test_a_name_that_no_network_has_is_refused(ssid: str) -> None:
    with pytest.raises(BadValueError) as refused:
        Wifi((Network(ssid),))

    assert refused.value.path == "networks[0].ssid"


@pytest.mark.parametrize(
    "table", [{"ssid": "a", "mac": "02:00"}, {"ssid": "a", "rssi_dbm": 1}, {"ssid": "a", "rssi": -1}, {}]
)
def test_what_is_no_network_is_no_setting(table: dict[str, str | int]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(table, Network)
