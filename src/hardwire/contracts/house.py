"""What sessions may read of the hub's world: devices, addresses, last values, who is who."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address
from typing import Any, Protocol, TypeAlias

from msgspec import Struct

from hardwire.model.access import Credential, Group
from hardwire.model.alarm import AlarmStanding
from hardwire.model.client import ClientState
from hardwire.model.device import Device
from hardwire.model.history import Export
from hardwire.model.value import Value

Address: TypeAlias = IPv4Address | IPv6Address


class Reading(Struct, frozen=True, gc=False):
    """A point's last value with its instant."""

    # It refers to nothing that could refer back; tracked, thousands of them would have the collector run all the time.

    value: Value
    at: datetime


class House(Protocol):
    """A read-only view of the roster and the credentials. Reading never waits."""

    def devices(self) -> Iterable[Device]:
        """Every device, in the order of their declaration."""
        ...

    def device(self, id: str) -> Device | None:
        """The device of that id."""
        ...

    def children(self, id: str) -> Iterable[Device]:
        """The devices behind a device (a gas meter behind a P1 meter)."""
        ...

    def find(self, dialect: str, address: str) -> Device | None:
        """The device that a dialect calls by that address."""
        ...

    def address(self, dialect: str, device: str) -> str | None:
        """What a dialect calls a device; None when it is not shown there."""
        ...

    def addresses(self, device: str) -> Mapping[str, str]:
        """Dialect -> what it calls the device, for each dialect that shows it."""
        ...

    def face(self, dialect: str, device: str) -> Any:  # Any: the dialect's own Face struct
        """A device's settings in a dialect; None when it is not shown there."""
        ...

    def default(self, dialect: str) -> Device | None:
        """The device that the main listeners speak for in a one-device dialect."""
        ...

    def readings(self, device: str) -> Mapping[str, Reading]:
        """The last value of each point that has one."""
        ...

    def alive_at(self, device: str) -> datetime | None:
        """When the device's source last showed life."""
        ...

    def online_since(self, device: str) -> datetime | None:
        """Since when the device has been online without a break; None while it is not."""
        ...

    def is_fresh(self, device: str, now: datetime) -> bool:
        """Whether the source lives, so that its last values count as current."""
        ...

    def field_numbers(self, device: str) -> Mapping[str, int]:
        """The stable ezeio field number of each numeric point."""
        ...

    def group(self, id: str) -> Group | None:
        """The group of that id."""
        ...

    def groups(self) -> Iterable[Group]:
        """Every group."""
        ...

    def access_edition(self) -> int:
        """A number that changes with every change of groups and credentials: what was worked out of them holds as long.

        An expiry counts once the hub's tick has seen it, within about a second.
        """
        ...

    def reaches(self, group: str, other: str) -> bool:
        """Whether `other` is the group itself or lies below it in the tree."""
        ...

    def account(self, group: str) -> Group | None:
        """The nearest account at or above a group."""
        ...

    def alarms(self, device: str) -> Sequence[AlarmStanding]:
        """A device's alarms, in the order of declaration, each with its state."""
        ...

    def unbuffered_until(self, device: str) -> datetime | None:
        """Until when rows of a device whose logs the hub keeps are wanted at once."""
        ...

    def last_export(self, account: str) -> tuple[int, int]:
        """Epoch and number of the newest message of an account; number 0 where there is none in this epoch."""
        ...

    def exports_after(self, account: str, after: tuple[int, int]) -> Sequence[Export] | None:
        """The messages that followed a number, all of them, where memory reaches back so far; else None: ask the store.

        Nothing can arrive between this and a `Watch` that the same call of a session gives back.
        """
        ...

    def shared_secret(self) -> bytes:
        """32 random bytes, the same for all hubs of the bus, new at each start of the bus."""
        ...

    def credential(self, id: str) -> Credential | None:
        """The valid credential of that id."""
        ...

    def credentials(self, kind: str) -> Iterable[Credential]:
        """Every valid credential of a kind, oldest first."""
        ...

    def holder(self, kind: str, token: str) -> Credential | None:
        """The valid credential whose random token this is, found by its SHA-256."""
        ...

    def identified_until(self, device: str) -> datetime | None:
        """Until when a device shows which one it is."""
        ...

    def rebooted_at(self, device: str) -> datetime | None:
        """When somebody last had the device start anew; None when nobody has since the hub's own start."""
        ...

    def lost_since(self, device: str) -> tuple[datetime, str] | None:
        """Since when the source is known to be gone, with the reason."""
        ...

    def troubles(self, device: str) -> Mapping[str, tuple[int, str]]:
        """Kind of fault -> how often it came, with its newest sentence."""
        ...

    def ports(self) -> tuple[int, int]:
        """The plain and the TLS port of the main listeners."""
        ...

    def reached_at(self) -> Sequence[str]:
        """The addresses by which the main listeners are reached, by other machines where they are."""
        ...

    def began(self) -> datetime:
        """When this hub started."""
        ...

    def known_secret(self, kind: str) -> str | None:
        """A secret of a kind that everybody knows (`--demo`), to be shown in lines to copy."""
        ...

    def is_open_house(self) -> bool:
        """Whether the owner's own pages need no credential: a demo on loopback."""
        ...

    def clients(self) -> Sequence[ClientState]:
        """Every open WebSocket of this hub, oldest first."""
        ...

    def strike(self, peer: Address | None, user: str, now: datetime) -> float:
        """Count a wrong credential from an address, for a user where one was named (else an empty text).

        Returns for how many seconds the address or the user is locked out, 0 while it is not. It is asked only after a
        credential turned out wrong, so that nobody with a valid one is ever locked out.
        """
        ...

    def authority_pem(self) -> str:
        """The certificate, PEM, that clients have to trust; empty where no hub runs."""
        ...
