"""What a dialect must be: a client side language with its own paths, sessions and renderings."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from msgspec import Struct

from hardwire.contracts.door import Door
from hardwire.contracts.errand import Errand
from hardwire.contracts.house import House
from hardwire.model.access import Right
from hardwire.model.channel import Channel
from hardwire.model.device import Device
from hardwire.model.fact import Fact
from hardwire.model.point import Point

Entropy = Callable[[int], bytes]
"""Return that many random bytes, fit for secrets."""


class Place(Struct, frozen=True):
    """Where the reader of a page reaches the hub: its plain and its TLS origin."""

    http: str
    https: str


class Service(Struct, frozen=True, kw_only=True):
    """What a device offers by mDNS (DNS-SD, RFC 6763). Port and addresses are those of the listener that serves it."""

    type: str
    """Such as `_hwenergy._tcp`."""
    instance: str
    host: str
    """Such as `p1meter-aabbcc.local`."""
    text: Mapping[str, str]
    """The TXT record, in this order."""
    is_tls: bool
    """Whether it is found at a TLS listener."""


class Dialect(Door, Protocol):
    """A way to speak to the hub: a door with channels."""

    def exports(self, fact: Fact) -> Iterable[tuple[str, str]]:
        """Return (account, message) for each account that keeps what is sent to it, whether anybody watches or not.

        Called once per fact, before it is rendered: when `render` asks, `House.last_export` is this message's number.
        """
        ...

    def render(self, channel: Channel, fact: Fact) -> str | bytes | None:
        """Return the message that watchers of the channel get for this fact; None when it means nothing to them.

        The house already holds the fact's values. Called once per channel and fact, however many watch.
        """
        ...

    def latest(self, channel: Channel, now: datetime) -> str | bytes | None:
        """Return the channel's current state as a message; None when there is none or its source is stale."""
        ...

    def repeat_after_s(self, channel: Channel) -> float | None:
        """Return after how long without a message the newest one is sent again while its source is alive."""
        ...

    def keeps_newest(self, channel: Channel) -> bool:
        """Say what a client that reads too slowly gets of this channel.

        True: only the newest message of each such channel, older ones are dropped and counted. False: every message,
        and when more lies unread than is kept for a client it is closed with 1013.
        """
        ...

    def appliance(self, device: Device) -> str | None:
        """Return the name that a device's certificate bears and its clients ask for by SNI; None when it has none."""
        ...

    def hosts(self, device: Device) -> Sequence[str]:
        """Return the host names that a device goes by, in lower case."""
        ...

    def services(self, device: Device) -> Sequence[Service]:
        """Return what the device is found by on the network, as it is now; asked again when a kept point changes."""
        ...

    def line(self, device: Device, place: Place) -> str:
        """Return a command line that a newcomer can copy to reach the device in this dialect.

        Secrets stand as capital words (`TOKEN`), save those of a demo, which everybody knows.
        """
        ...

    def face(self, device: Device, settings: Any) -> Sequence[Point]:  # Any: this part's own Face struct
        """Return the hub-kept points that a device has because it is shown in this dialect."""
        ...


@runtime_checkable
class Metered(Protocol):
    """A dialect that counts the calls of keys: what it has counted in a day outlives a restart of the hub."""

    def counted(self) -> Mapping[str, tuple[datetime, int]]:
        """Return for each key when its day began, how many calls it has made since."""
        ...

    def recount(self, counted: Mapping[str, tuple[datetime, int]]) -> None:
        """Go on where an earlier run has stopped."""
        ...


class DialectPart(Struct, frozen=True, kw_only=True):
    """How `app` finds a dialect: the object `PART` in `dialects/<name>/part.py`, or an entry point."""

    name: str
    face: type | None = None
    """The msgspec Struct of a device's settings in this dialect (`obniz = { id = ... }`); `address` names its id."""
    address: str = ""
    """The field of `face` that holds the device's address in this dialect."""
    second_address: str = ""
    """The field of `face` that may hold one more, by which clients find the device; the dialect names the first."""
    settings: type | None = None
    """The msgspec Struct of the dialect's own table in the configuration file (`[ezeio]`)."""
    make: Callable[[House, Entropy, Any], Dialect]  # Any: the parsed `settings`, or None
    """Build the dialect from the house it reads, a source of random bytes and its settings."""
    give_address: Callable[[Any, str | None, Callable[[str], bool], Any], Any] | None = None  # Any: face and settings
    """Return the face of a device with an address, or None where it is not to be shown. Given are the face of its
    table, which names no address, or None where there is no such table; the address that it has had; whether an address
    is or ever was another's; the parsed `settings`, or None. Without this only devices with a table are shown."""
    new_key: Callable[[Entropy, Any, str], tuple[str, bytes]] | None = None  # Any: the parsed `settings`, or None
    """Make a key for a credential id: its text, and the hash to keep. None: a random token, kept as SHA-256."""
    functions: Mapping[str, Right] = {}
    """What its keys may call, by name, each with the right that it needs besides. Empty where keys have no functions,
    reach no subgroups and have nobody to call back."""
    acknowledge: Callable[[House, Errand, datetime], str | None] | None = None
    """Write what a key's callback is told when a device has confirmed an order; None where nothing is to be told."""
