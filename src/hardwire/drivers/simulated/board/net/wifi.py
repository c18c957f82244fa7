"""Wireless networks in sight of the simulated board: those of its settings."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct

from hardwire.model.board.wifi import ScanWifi, WifiNetwork, WifiScanned
from hardwire.model.command import Command
from hardwire.model.errors import BadValueError
from hardwire.model.fact import Happening

# IEEE 802.11: a name has at most 32 bytes; an empty one is a hidden network, which boards leave out.
SSID_LIMIT_BYTES = 32


Mac = Annotated[str, Meta(pattern="^[0-9a-f]{12}$", description="12 hex digits in small letters, such as 02005e10c0de")]


class Network(Struct, frozen=True, forbid_unknown_fields=True):
    """A network in the setting `networks` of a simulated board."""

    ssid: str
    """Its name, 1 to 32 bytes."""
    mac: Mac = "020000000001"
    """The address of its access point: 12 hex digits in small letters."""
    rssi_dbm: Annotated[int, Meta(ge=-128, le=0)] = -60
    """How strong it is, in dBm."""


NETWORKS = (
    Network("Workshop", "02005e10c0de", -42),
    Network("Neighbours 2.4", "02005e7a11ed", -71),
    Network("eduroam", "02005e0ddba1", -83),
)
"""What a board sees unless its settings say otherwise."""


class Wifi:
    """The board's radio, which only listens."""

    commands: Sequence[type[Command]] = (ScanWifi,)

    def __init__(self, networks: Sequence[Network]) -> None:
        """Raises BadValueError naming the setting."""
        for number, network in enumerate(networks):
            if not 1 <= len(network.ssid.encode()) <= SSID_LIMIT_BYTES:
                raise BadValueError(
                    f"a network's ssid has 1 to {SSID_LIMIT_BYTES} bytes", path=f"networks[{number}].ssid"
                )
        strongest_first = sorted(networks, key=lambda network: -network.rssi_dbm)
        self._seen = tuple(WifiNetwork(one.ssid, one.mac, one.rssi_dbm) for one in strongest_first)

    def power_on(self) -> None:
        """What is in sight stays in sight."""

    def carry_out(self, command: Command, now_us: int) -> Sequence[Happening]:
        """Tell what is in sight, the strongest first."""
        return (WifiScanned(self._seen),)
