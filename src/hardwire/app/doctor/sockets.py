"""The sockets that wait for clients on this machine, as Linux lists them in `/proc/net`."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

from msgspec import Struct

Ip = IPv4Address | IPv6Address

# The state of a listening TCP socket, and of a UDP socket without a peer (include/net/tcp_states.h).
TCP_LISTEN = 0x0A
UDP_UNCONNECTED = 0x07
LISTS = {"tcp": TCP_LISTEN, "tcp6": TCP_LISTEN, "udp": UDP_UNCONNECTED, "udp6": UDP_UNCONNECTED}


class Bound(Struct, frozen=True):
    """A socket that waits at an address."""

    transport: str
    """`tcp` or `udp`."""
    ip: Ip
    port: int
    uid: int
    """The user that made it."""
    inode: int
    """By which a process's open files name it."""


def gather(root: Path) -> tuple[Bound, ...] | None:
    """Return every waiting socket of this network namespace; None where the system has no such list."""
    found: list[Bound] = []
    is_listed = False
    for name, state in LISTS.items():
        try:
            text = (root / "proc" / "net" / name).read_text("ascii", "replace")
        except OSError:
            # A machine without IPv6 has no list of its sockets.
            continue
        is_listed = True
        found += _waiting(text, name.removesuffix("6"), state)
    return tuple(found) if is_listed else None


def overlap(one: tuple[Ip, int], other: tuple[Ip, int]) -> bool:
    """Whether two listeners cannot both stand.

    One on `::` is taken to hold the port of IPv4 too, as is the system's default and the hub's own way.
    """
    if one[1] != other[1]:
        return False
    ip, other_ip = one[0], other[0]
    if ip == other_ip:
        return True
    if ip.version == other_ip.version:
        return ip.is_unspecified or other_ip.is_unspecified
    six = ip if ip.version == 6 else other_ip
    return six.is_unspecified


def _waiting(text: str, transport: str, state: int) -> Iterator[Bound]:
    """Read one list: `sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode ...` (proc(5))."""
    for line in text.splitlines()[1:]:
        words = line.split()
        try:
            address, _, port = words[1].partition(":")
            if int(words[3], 16) == state:
                yield Bound(transport, _ip(address), int(port, 16), int(words[7]), int(words[9]))
        except (IndexError, ValueError):
            continue


def _ip(digits: str) -> Ip:
    """Read an address: words of four bytes, each in the machine's own order; every Linux of today is little-endian."""
    raw = bytes.fromhex(digits)
    packed = b"".join(raw[at : at + 4][::-1] for at in range(0, len(raw), 4))
    if len(packed) == 4:
        return IPv4Address(packed)
    six = IPv6Address(packed)
    return six.ipv4_mapped or six
