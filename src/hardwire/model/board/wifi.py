"""Wireless networks in sight of the board."""

from msgspec import Struct

from hardwire.model.command import Command
from hardwire.model.fact import Happening


class ScanWifi(Command, frozen=True):
    """Look for networks. Answer: one `WifiScanned`."""


class WifiNetwork(Struct, frozen=True):
    """A network in sight. `mac` has 12 lower case hex digits; `rssi_dbm` is at most 0."""

    ssid: str
    mac: str
    rssi_dbm: int


class WifiScanned(Happening, frozen=True):
    """The answer to `ScanWifi`. Hidden networks are left out (obniz reference, section 6.3)."""

    networks: tuple[WifiNetwork, ...]
