"""A small house for the tests of the hub's own API: a meter that speaks, a board that is silent, two keys."""

from datetime import timedelta
from hashlib import sha256

from msgspec import Struct

from hardwire.dialects.hub.dialect import HubDialect
from hardwire.dialects.hub.part import PART
from hardwire.hub.access import Access
from hardwire.hub.house import Premises
from hardwire.hub.roster import Roster
from hardwire.model.access import Credential, Group, Right
from hardwire.model.client import ClientState
from hardwire.model.device import Device
from hardwire.model.fact import Sample
from hardwire.model.point import Point, PointKind
from tests.dialects.transcript import START

ADMIN_TOKEN = "open-sesame"
"""The admin credential of this house."""
WEAK_TOKEN = "read-only"
"""A credential of the admin kind that lacks the right."""

CLIENTS = (
    ClientState(
        id=1,
        dialect="homewizard",
        peer="192.168.1.20",
        path="/api/ws",
        device="grid",
        credential="u1",
        since=START - timedelta(minutes=5),
        received=3,
        sent=120,
        sent_bytes=48_000,
    ),
    ClientState(
        id=2,
        dialect="obniz",
        peer="192.168.1.21",
        path="/obniz/2345-6789/ws/1",
        device="bench",
        since=START - timedelta(minutes=4),
        pending_bytes=700_000,
        behind_since=START - timedelta(seconds=2.5),
    ),
    ClientState(
        id=4,
        dialect="homewizard",
        peer="192.168.1.22",
        path="/api/ws",
        device="grid",
        credential="u2",
        since=START - timedelta(minutes=3),
        sent=40,
        pending_bytes=1_200,
        behind_since=START - timedelta(seconds=61),
        dropped=80,
    ),
    ClientState(id=7, dialect="hub", peer="", path="/hub/v1/devices/grid/tail", device="grid", since=START),
)
"""Who is connected to it."""


class House(Struct, frozen=True, kw_only=True):
    """The dialect with what it reads."""

    roster: Roster
    access: Access
    premises: Premises
    dialect: HubDialect


def key(id: str, token: str, rights: Right) -> Credential:
    """Return an admin credential."""
    return Credential(id=id, kind="admin", name=id, rights=rights, secret_hash=sha256(token.encode()).digest())


def make_house() -> House:
    """Build it."""
    roster, access = Roster(), Access(lambda: START)
    access.add_group(Group(id="home", number=1, name="Home"))
    access.add_group(
        Group(
            id="attic",
            number=2,
            name="Attic",
            description="Under the roof",
            parent="home",
            is_account=False,
            history_days=7,
        )
    )
    access.add(key("admin", ADMIN_TOKEN, Right.READ | Right.CONTROL | Right.ADMIN))
    access.add(key("weak", WEAK_TOKEN, Right.READ))
    access.add(Credential(id="10001", kind="ezeio", devices=("grid",), expires=START + timedelta(days=1)))
    premises = Premises(roster, access)

    power = Point(name="power_w", unit="W")
    lamp = Point(name="lamp", writable=True)
    roster.declare(Device(id="grid", kind="meter", name="The grid", points=(power, lamp), stale_after_s=30))
    roster.show("grid", "homewizard", "5c2fafaabbcc", None)
    roster.remember(Sample("grid", START, {"power_w": 230.5, "note": "x"}), START)
    roster.trouble("grid", "bad-crc", "a telegram had a wrong checksum")
    screen = Point(name="display_text", kind=PointKind.TEXT)
    roster.declare(Device(id="bench", kind="board", points=(screen,)))
    roster.show("bench", "obniz", "2345-6789", None)
    roster.mark_lost("bench", "the cable is out", START)

    premises.clients = lambda: CLIENTS
    dialect = PART.make(premises, bytes, None)
    assert isinstance(dialect, HubDialect)
    return House(roster=roster, access=access, premises=premises, dialect=dialect)
