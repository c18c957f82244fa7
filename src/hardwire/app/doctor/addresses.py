"""The addresses of this machine, and the one by which its network knows it."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from msgspec import Struct

from hardwire.app.doctor.sockets import Ip

# An address for documentation (RFC 5737): connecting a UDP socket to it asks the routes and sends nothing.
ELSEWHERE = ("192.0.2.1", 9)


class Addresses(Struct, frozen=True):
    """Where the machine can be reached."""

    own: frozenset[Ip] | None
    """Every address that it has; None where the system does not list them."""
    lan: Ip | None = None
    """The address that it shows to its network; None without a network."""
    interface: str = ""
    """The interface of the default route, `eth0`."""


def gather(root: Path) -> Addresses:
    """Look at the kernel's tables. No packet is sent."""
    own: set[Ip] = set()
    is_listed = False
    with suppress(OSError):
        own.update(_four((root / "proc" / "net" / "fib_trie").read_text("ascii", "replace")))
        is_listed = True
    with suppress(OSError):
        own.update(_six((root / "proc" / "net" / "if_inet6").read_text("ascii", "replace")))
    interface = ""
    with suppress(OSError):
        interface = _default_interface((root / "proc" / "net" / "route").read_text("ascii", "replace"))
    return Addresses(frozenset(own) if is_listed else None, _lan(), interface)


def listener_ip(host: str) -> Ip | None:
    """Return the address that a listener's host means; None for a name, which only the network could resolve."""
    if host == "localhost":
        return IPv4Address("127.0.0.1")
    with suppress(ValueError):
        return ip_address(host.partition("%")[0])
    return None


def is_here(ip: Ip, addresses: Addresses) -> bool:
    """Whether a listener may have this address; where nobody knows, it may."""
    return ip.is_loopback or ip.is_unspecified or addresses.own is None or ip in addresses.own


def _four(trie: str) -> Iterator[IPv4Address]:
    """Read the routing trie: `|-- 192.168.1.7`, below it `/32 host LOCAL` where the address is the machine's own."""
    text = ""
    for line in trie.splitlines():
        words = line.split()
        if words[:1] == ["|--"]:
            text = words[-1]
        elif words == ["/32", "host", "LOCAL"]:
            with suppress(ValueError):
                yield IPv4Address(text)


def _six(table: str) -> Iterator[IPv6Address]:
    """Read `ADDRESS index prefix scope flags NAME`, the address as 32 hex digits."""
    for line in table.splitlines():
        with suppress(ValueError, IndexError):
            yield IPv6Address(bytes.fromhex(line.split()[0]))


def _default_interface(table: str) -> str:
    """Read `Iface Destination Gateway ...`: the default route's destination is 0."""
    rows = [line.split() for line in table.splitlines()[1:]]
    return next((row[0] for row in rows if len(row) > 1 and row[1] == "00000000"), "")


def _lan() -> Ip | None:
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.connect(ELSEWHERE)
            ip = ip_address(sock.getsockname()[0])
    except OSError:
        return None
    return None if ip.is_loopback or ip.is_unspecified else ip
