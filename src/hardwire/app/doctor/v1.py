"""HomeWizard's API without a password: who is let in, where it is on."""

from collections.abc import Iterator, Sequence
from ipaddress import ip_network

from hardwire.app.doctor.addresses import Addresses, listener_ip
from hardwire.app.doctor.finding import Finding, hint
from hardwire.app.doctor.listeners import Wanted
from hardwire.app.entries import DeviceEntry
from hardwire.dialects.homewizard.face import Face

EXAMPLE = "192.168.1.0/24"


def check(devices: Sequence[DeviceEntry], listeners: Sequence[Wanted], addresses: Addresses) -> Iterator[Finding]:
    """Tell of an allow-list that lets in nobody, this machine alone where others could come, or the whole world."""
    is_for_others = any((ip := listener_ip(one.host)) is None or not ip.is_loopback for one in listeners)
    for device in devices:
        for dialect, face in device.faces.items():
            if isinstance(face, Face) and face.v1:
                yield from _judged(f"devices.{device.id}.{dialect}.v1_allow", face, addresses, is_open=is_for_others)


def _judged(setting: str, face: Face, addresses: Addresses, *, is_open: bool) -> Iterator[Finding]:
    networks = [ip_network(network, strict=False) for network in face.v1_allow]
    public = [str(network) for network in networks if not network.is_private and not network.is_link_local]
    if not networks:
        yield hint(setting, f'v1 is on and lets nobody in: name your network, v1_allow = ["{_network(addresses)}"]')
    elif public:
        yield hint(
            setting,
            f"v1 knows no password, and {', '.join(public)} lets in whoever finds a way here: name your own network "
            f'alone, v1_allow = ["{_network(addresses)}"]',
        )
    elif is_open and all(network.is_loopback for network in networks):
        yield hint(
            setting,
            "v1 is on for programs of this machine alone: for others, name your network, "
            f'v1_allow = ["{_network(addresses)}"]',
        )


def _network(addresses: Addresses) -> str:
    """The network that most homes have around an address."""
    if addresses.lan is None:
        return EXAMPLE
    return str(ip_network(f"{addresses.lan}/24", strict=False))
