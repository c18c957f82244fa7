"""The words of the hub's place on the network: addresses, open ports, what is announced there and by whom."""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address
from typing import Protocol, TypeAlias

from msgspec import Struct

from hardwire.contracts.dialect import Service

Address: TypeAlias = IPv4Address | IPv6Address

Key: TypeAlias = tuple[str, str]
"""Type and instance: no two services of a network share both."""


class Interface(Struct, frozen=True):
    """One address of the machine, with the name of the network interface that has it."""

    name: str
    address: Address


class Stand(Struct, frozen=True, kw_only=True):
    """A port that stands open: whose it is, and at which of the machine's addresses."""

    device: str | None = None
    """The device that has it to itself; None for the main listeners."""
    dialect: str = ""
    """The dialect whose settings asked for it; empty for the main listeners."""
    host: str
    """The literal that it is bound to; `0.0.0.0` and `::` are every address of the machine."""
    port: int
    is_tls: bool = False


class Announcement(Struct, frozen=True, kw_only=True):
    """One service with the listener that serves it."""

    device: str
    service: Service
    port: int
    addresses: tuple[Address, ...]


class Responder(Protocol):
    """Who speaks mDNS. It logs what keeps it from speaking, and raises none of it."""

    async def tell(self, wanted: Mapping[Key, Announcement]) -> None:
        """Let the network know these services and no others."""
        ...

    async def close(self) -> None:
        """Say goodbye for all of them."""
        ...
