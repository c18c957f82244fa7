"""The addresses of this machine, and the one by which its network knows it."""

import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from ipaddress import IPv4Address, ip_address

from msgspec import Struct

from hardwire.app.doctor.sockets import Ip
from hardwire.server.interfaces import interfaces
from hardwire.server.reach import Interface

# An address for documentation (RFC 5737): connecting a UDP socket to it asks the routes and sends nothing.
ELSEWHERE = ("192.0.2.1", 9)


class Addresses(Struct, frozen=True):
    """Where the machine can be reached."""

    own: frozenset[Ip]
    """Every address that it has."""
    lan: Ip | None = None
    """The address that it shows to its network; None without a network."""
    interface: str = ""
    """The interface that has it, `eth0`."""


def gather(listed: Callable[[], Sequence[Interface]] = interfaces) -> Addresses:
    """Ask the operating system. No packet is sent."""
    found = listed()
    lan = _lan()
    name = next((one.name for one in found if one.address == lan), "")
    return Addresses(frozenset(one.address for one in found), lan, name)


def listener_ip(host: str) -> Ip | None:
    """Return the address that a listener's host means; None for a name, which only the network could resolve."""
    if host == "localhost":
        return IPv4Address("127.0.0.1")
    with suppress(ValueError):
        return ip_address(host.partition("%")[0])
    return None


def is_here(ip: Ip, addresses: Addresses) -> bool:
    """Whether a listener may have this address."""
    return ip.is_loopback or ip.is_unspecified or ip in addresses.own


def _lan() -> Ip | None:
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.connect(ELSEWHERE)
            ip = ip_address(sock.getsockname()[0])
    except OSError:
        return None
    return None if ip.is_loopback or ip.is_unspecified else ip
