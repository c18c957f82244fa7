"""A small house for the tests of this dialect: two accounts, three units, a device that is shown elsewhere."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from hardwire.dialects.ezeio.access.keys import kept
from hardwire.dialects.ezeio.dialect import Ezeio
from hardwire.dialects.ezeio.part import DEFAULT_REALM, Face, Settings, make
from hardwire.hub.access import Access
from hardwire.hub.house import Premises
from hardwire.hub.roster import Roster
from hardwire.model.access import Credential, Group, Right
from hardwire.model.device import Device
from hardwire.model.point import Point, PointKind

START = datetime(2026, 6, 1, 12, 0, 0, tzinfo=UTC)
KEY = "abcdefghijklmnopqrstuvwx"
TICKET = "wstktAAAAAAAAAAAAAAAAAAAAAAA"
"""What `no_entropy` makes of a ticket."""


class House(Struct, frozen=True, kw_only=True):
    """The dialect with what it reads."""

    roster: Roster
    access: Access
    premises: Premises
    dialect: Ezeio


def no_entropy(length: int) -> bytes:
    """Return nothing but zeros, so that what is made of them can be written down."""
    return bytes(length)


def key(id: str, **fields: object) -> Credential:
    """Return a credential whose key is `KEY`."""
    defaults: dict[str, object] = {
        "kind": "ezeio",
        "group": "demo",
        "rights": Right.READ,
        "secret_hash": kept(DEFAULT_REALM, id, KEY),
    }
    return Credential(id=id, **{**defaults, **fields})  # type: ignore[arg-type]  # a test's own choice of fields


def add_unit(house: House, id: str, serial: str, *, group: str = "demo") -> None:
    """Add a unit with one field."""
    house.roster.declare(Device(id=id, kind="unit", group=group, log="self", points=(Point(name="level"),)))
    house.roster.show(id, "ezeio", serial, Face(serial=serial))


def make_house(
    *,
    settings: Settings | None = None,
    entropy: Callable[[int], bytes] = no_entropy,
    clock: Callable[[], datetime] = lambda: START,
) -> House:
    """Build it."""
    roster, access = Roster(), Access(clock)
    access.add_group(Group(id="demo", number=123, name="Demo", description="A/B test"))
    access.add_group(Group(id="other", number=7, name="Other"))
    access.add(key("12345"))
    access.add(key("20000", group="other"))
    access.add(key("30000", devices=("meter",)))
    access.add(key("40000", rights=Right.NONE))
    access.add(key("45000", functions=("status", "group")))
    access.add(key("50000", group="nobody"))
    access.add(key("60000", kind="admin"))
    access.add(key("70000", expires=START + timedelta(minutes=1)))
    premises = Premises(roster, access)
    house = House(roster=roster, access=access, premises=premises, dialect=make(premises, entropy, settings))

    tank = (
        Point(name="level", label="Tank level", unit="in", decimals=2, tag="TANKLVL"),
        Point(name="flow", label="Output flow", unit="gal/min", decimals=1, log_interval_s=60),
        Point(name="serial", kind=PointKind.TEXT),
    )
    roster.declare(Device(id="tank", kind="unit", name="Tank", group="demo", log="self", points=tank))
    roster.show("tank", "ezeio", "ABC-123", Face(serial="abc123", name="Demo unit", note="In our lab"))
    roster.mark_alive("tank", START - timedelta(seconds=4, milliseconds=300))

    meter = (Point(name="power", unit="W", log_interval_s=10), Point(name="gas", unit="m³"))
    roster.declare(Device(id="meter", kind="meter", group="home", points=meter))
    roster.show("meter", "ezeio", "GRD-001", Face(serial="GRD-001", group="demo", log_interval_s=300))

    roster.declare(Device(id="hidden", kind="board", group="demo"))
    add_unit(house, "foreign", "XYZ-900", group="other")
    return house
