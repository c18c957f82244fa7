"""The addresses of this machine, and the one by which its network knows it."""

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from ipaddress import IPv4Address, ip_address

import ifaddr
from msgspec import Struct

from hardwire.app.doctor.sockets import Ip

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


def gather(adapters: Callable[[], Sequence[ifaddr.Adapter]] = lambda: list(ifaddr.get_adapters())) -> Addresses:
    """Ask the operating system. No packet is sent.

    Not through the server's own list, which brings all of the server with it: on a small board that takes seconds.
    """
    found = dict(_held(adapters()))
    lan = _lan()
    return Addresses(frozenset(found), lan, found.get(lan, "") if lan is not None else "")


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


def _held(adapters: Sequence[ifaddr.Adapter]) -> Iterator[tuple[Ip, str]]:
    for adapter in adapters:
        for one in adapter.ips:
            # An address of IPv6 comes with flow and scope.
            text = one.ip if isinstance(one.ip, str) else one.ip[0]
            yield ip_address(text.partition("%")[0]), adapter.name


def _lan() -> Ip | None:
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.connect(ELSEWHERE)
            ip = ip_address(sock.getsockname()[0])
    except OSError:
        return None
    return None if ip.is_loopback or ip.is_unspecified else ip
