"""What a driver must be: the south side of one configured device."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from types import UnionType
from typing import Any, Protocol, runtime_checkable

from msgspec import Struct

from hardwire.contracts.door import Door
from hardwire.contracts.house import House, Reading
from hardwire.model.command import Command, Reply
from hardwire.model.device import Device
from hardwire.model.fact import Fact, LogRow, Sample
from hardwire.model.value import Value


class Feed(Protocol):
    """What a driver tells the hub, and what the hub remembers for it. Nothing here waits but `keep`."""

    def now(self) -> datetime:
        """The time, aware UTC."""
        ...

    def declare(self, device: Device) -> None:
        """Make a device known, or tell what has changed about it (new points, a firmware)."""
        ...

    def publish(self, fact: Fact) -> None:
        """Tell a fact. It also shows that the source is alive."""
        ...

    def submit(self, facts: Sequence[Sample | LogRow]) -> Awaitable[int]:
        """Have facts of the driver's own devices on the disk, messages made of them included, then tell them.

        Returns how many values were new: on the same (device, point, log, at) the first value wins, a row of which
        nothing is new is not told again. For what somebody was promised (an ingest batch that is answered).

        Raises:
            HubFaultError: the disk refuses; nothing of it is kept or told.
        """
        ...

    def horizon(self, device: str) -> Awaitable[datetime | None]:
        """Before which instant rows of a device are too old to be kept: `submit` passes them over. None: none is."""
        ...

    def alive(self, device: str) -> None:
        """Tell that the source is there although nothing is new."""
        ...

    def lost(self, device: str, reason: str) -> None:
        """Tell that the source is gone: the device is stale at once, the reason is shown to people."""
        ...

    def trouble(self, device: str, kind: str, message: str) -> None:
        """Count a fault of a kind (`bad-crc`) and keep its sentence; the device lives on."""
        ...

    def devices(self) -> Iterable[Device]:
        """Every device of the hub, those of other drivers too: what is made from others reads them here."""
        ...

    def readings(self, device: str) -> Mapping[str, Reading]:
        """The last value of each point of any device that has one; empty for a device that is not there."""
        ...

    def field_numbers(self, device: str) -> Mapping[str, int]:
        """The stable number of each numeric point of one of the driver's own devices, once it was declared."""
        ...

    def addresses(self, device: str) -> Mapping[str, str]:
        """Dialect -> what it calls one of the driver's own devices, for each dialect that shows it."""
        ...

    def is_fresh(self, device: str) -> bool:
        """Whether the source of any device lives, so that its last values count as current."""
        ...

    def follow(self, device: str, on_news: Callable[[], None]) -> Callable[[], None]:
        """Call `on_news` whenever a device, perhaps one that is not there yet, has told something, came or went.

        `on_news` only wakes the driver's own task: it may not wait, publish or raise. Call what is returned to stop.
        """
        ...

    def keep(self, device: str, values: Mapping[str, Value]) -> Awaitable[None]:
        """Remember values of one of the driver's own devices: all are on the disk when it returns, until others come.

        A driver without hardware that remembers a client's write keeps it before it answers `Done`. The names are the
        driver's choice; one that is a point's holds that point's value, since points pass from driver to hub and back.

        Raises:
            HubFaultError: the disk refuses; nothing of it is kept.
        """
        ...

    def kept(self, device: str) -> Mapping[str, Value]:
        """What was kept of a device, in this run or in earlier ones, and not forgotten by its removal.

        That includes what the hub keeps on the device's behalf. These are no readings: nobody is shown them as values.
        """
        ...


class Driver(Protocol):
    """One configured device's hardware. The hub runs it as one task and never calls two `execute` at once."""

    devices: tuple[Device, ...]
    """What it is known to have before it has run."""

    async def run(self, feed: Feed) -> None:
        """Work until cancelled. It mends its own connection, with growing pauses; an exception is its own fault."""
        ...

    def execute(self, device: str, command: Command) -> Reply | Awaitable[Reply]:
        """Carry out a command; the next one of this device waits until its reply is there.

        What can be answered at once is answered at once: a plain Reply costs no task. `async def` serves as well.
        What a write has changed is published before it is answered `Done`: clients are answered with the new values.
        A command that it does not know is `Failed(CallerError(code="unsupported"))`.
        """
        ...

    def interest(self, device: str, topic: str, *, is_watched: bool) -> None:
        """Learn that a topic of the device got its first watcher, or lost its last one, over all hubs."""
        ...


@runtime_checkable
class Receiver(Protocol):
    """A driver that takes what a door of its own has taken in (an ingest batch)."""

    async def receive(self, device: str, parcel: Any) -> object:  # Any: the part's own words, from its own door
        """Take a parcel; returns what the door answers. Raises HardwireError."""
        ...


class DriverPart(Struct, frozen=True, kw_only=True):
    """How `app` finds a driver: the object `PART` in `drivers/<name>/part.py`, or an entry point."""

    name: str
    settings: type | UnionType
    """The msgspec Struct of a device's settings (`port`, `version`); unknown keys are errors.

    A driver with several kinds of device has a union of Structs, tagged by the key `kind`: the kind decides which
    settings there are. Either way `app` calls `msgspec.convert(table, settings, strict=True)`.
    """
    make: Callable[[str, str, str, Any], Driver]  # Any: the parsed `settings`
    """Build the driver: device id, group id, IANA time zone, settings. Raises BadValueError with the setting's path."""
    door: Callable[[House], Door] | None = None
    """Build the paths on the main listeners by which devices of this driver are reached from outside, once for all."""
    key_kind: str = ""
    """The kind of credential that such a door asks for, the driver's own name where there is one:
    `hardwire key create ingest --device greenhouse`."""
