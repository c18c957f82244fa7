"""Where the simulated board may connect to: nowhere that its owner did not name."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from msgspec import Struct

from hardwire.model.errors import BadValueError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

ANY_PORT = "*"

# Addresses that carry an IPv4 address inside: 6to4, Teredo, NAT64, IPv4-compatible (RFC 3056, 4380, 6052, 4291).
# What stands behind them may be anybody's private network.
CARRIERS = tuple(map(ip_network, ("2002::/16", "2001::/32", "64:ff9b::/96", "64:ff9b:1::/48", "::/96")))


class Entry(Struct, frozen=True):
    """One line of the setting `tcp_allow`: a host's name, or a network of addresses, and a port or None for any."""

    host: str
    network: Network | None
    port: int | None

    def has_port(self, port: int) -> bool:
        """Say whether the port is this entry's."""
        return self.port is None or self.port == port


class TcpPolicy:
    """The setting `tcp_allow`, understood."""

    def __init__(self, allowed: Iterable[str]) -> None:
        """Raises BadValueError naming the setting."""
        self._entries = [_entry(line) for line in allowed]

    def may_look_up(self, host: str, port: int) -> bool:
        """Say whether the name or address may be asked for at all: no entry, no question to a name server."""
        address = _address(host)
        if address is not None:
            return self.may_connect(host, address, port)
        return any(entry.host == _canonical(host) and entry.has_port(port) for entry in self._entries)

    def may_connect(self, host: str, address: Address, port: int) -> bool:
        """Say whether a connection to the address, as which `host` was looked up, may be opened.

        A name lets public addresses through only: whoever runs its name server could else point it into the
        owner's own network. An address that is not public is let through where an entry names that address.
        """
        address = _unwrapped(address)
        if any(
            entry.network is not None and address in entry.network and entry.has_port(port) for entry in self._entries
        ):
            return True
        # An address in the entry's place of a name matches above only.
        return _is_public(address) and any(
            entry.network is None and entry.host == _canonical(host) and entry.has_port(port) for entry in self._entries
        )


def _entry(line: str) -> Entry:
    host, colon, port = line.strip().rpartition(":")
    if not colon or not host:
        raise _unfit(line)
    if port != ANY_PORT and not (port.isascii() and port.isdecimal() and len(port) <= 5 and 1 <= int(port) <= 65_535):
        raise _unfit(line)
    number = None if port == ANY_PORT else int(port)
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    try:
        return Entry(host, ip_network(bare), number)
    except ValueError:
        pass
    if "/" in host or ":" in host or "*" in host or not host.isascii():
        raise _unfit(line)
    return Entry(_canonical(host), None, number)


def _unfit(line: str) -> BadValueError:
    problem = f"{line!r} names no host and port; write it as example.com:443, 192.168.1.0/24:*, [2001:db8::1]:80"
    return BadValueError(problem, path="tcp_allow")


def _canonical(host: str) -> str:
    return host.lower().rstrip(".")


def _address(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for; the address itself where it stands for none."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return address if mapped is None else mapped


def _is_public(address: Address) -> bool:
    # Neither is_global nor its opposites cover all: some multicast addresses count as global.
    return address.is_global and not address.is_multicast and not any(address in carrier for carrier in CARRIERS)
