"""A house on paper with one meter, a gas meter behind it and two users, for every test of this dialect."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

import pytest
from msgspec.structs import replace

from hardwire.dialects.homewizard.appliance import Appliance
from hardwire.dialects.homewizard.dialect import HomeWizard
from hardwire.dialects.homewizard.face import Face
from hardwire.dialects.homewizard.product import Product
from hardwire.dialects.homewizard.products.catalogue import CATALOGUE
from hardwire.hub.access import Access
from hardwire.hub.house import Premises
from hardwire.hub.roster import Roster
from hardwire.model.access import Credential, Right
from hardwire.model.device import Device
from hardwire.model.fact import Sample
from hardwire.model.point import Point, PointKind
from hardwire.model.value import Value
from tests.dialects.transcript import START, Stage

METER = "grid"
GAS = "grid.gas"
NEIGHBOUR = "next door"
SERIAL = "5c2fafaabbcc"
TOKEN = "A" * 32
OTHER_TOKEN = "B" * 32
NEIGHBOURS_TOKEN = "E" * 32
TELEGRAM = "/ISK5\\2M550T-1012 1-3:0.2.8(50) !6EEE"
"""On one line, for the transcripts; a real one has CRLF line ends."""

METER_VALUES: Mapping[str, Value] = {
    "protocol_version": 50,
    "meter_model": "ISKRA  2M550T-101",
    "timestamp": "2026-06-01T14:00:00",
    "energy_import_kwh": 13779.338,
    "energy_import_t1_kwh": 10830.511,
    "energy_import_t2_kwh": 2948.827,
    "power_w": -543,
    "telegram": TELEGRAM,
    "wifi_ssid": "Home",
    "wifi_rssi_db": -77,
}
GAS_VALUES: Mapping[str, Value] = {
    "unique_id": "4730303339303031",
    "timestamp": "2026-06-01T13:55:00",
    "value": 2569.646,
}


def entropy(count: int) -> bytes:
    """Bytes that are no secret: 00 01 02 ..."""
    return bytes(range(count))


def user(id: str, name: str, token: str, **more: Any) -> Credential:  # Any: further fields of Credential
    """A user of the meter."""
    fields: dict[str, Any] = {"devices": (METER,), "rights": Right.READ | Right.CONTROL, **more}  # Any: as above
    return Credential(id=id, kind="homewizard", name=name, secret_hash=sha256(token.encode()).digest(), **fields)


class Grid:
    """The house, its dialect, and a clock that stands still."""

    def __init__(
        self, face: Face | None = None, *, has_values: bool = True, own_points: tuple[Point, ...] = ()
    ) -> None:
        """`own_points` are those that the meter's source tells and takes by itself."""
        self.now = START
        self.roster = Roster()
        self.access = Access(lambda: self.now)
        self.house = Premises(self.roster, self.access)
        self.dialect = HomeWizard(self.house, entropy)
        self.face = face or Face(serial=SERIAL, v1=True)
        meter = Device(id=METER, kind="meter", stale_after_s=30, firmware="6.0401", points=own_points)
        own = {point.name for point in own_points}
        kept = [point for point in self.dialect.face(meter, self.face) if point.name not in own]
        self.meter = replace(meter, points=(*own_points, *kept))
        self.roster.declare(self.meter)
        gas_points = (Point(name="value", unit="m3"), Point(name="unique_id", kind=PointKind.TEXT))
        self.roster.declare(Device(id=GAS, kind="gas_meter", parent=METER, points=gas_points))
        self.roster.show(METER, "homewizard", SERIAL, self.face)
        for point in kept:
            assert point.initial is not None
            self.roster.keep(METER, {point.name: point.initial}, START)
        self.access.add(user("u1", "local/demo", TOKEN))
        self.access.add(user("u2", "cloud/app", OTHER_TOKEN))
        self.access.add(user("u9", "local/neighbour", NEIGHBOURS_TOKEN, devices=(NEIGHBOUR,)))
        if has_values:
            self.tell(METER, METER_VALUES)
            self.tell(GAS, GAS_VALUES)

    @classmethod
    def of(cls, product: Product, catalogue: pytest.MonkeyPatch) -> "Grid":
        """The same house, its meter shown as another product."""
        catalogue.setitem(CATALOGUE, product.type, product)
        return cls(Face(serial=SERIAL, product=product.type, v1=True))

    def tell(self, device: str, values: Mapping[str, Value], at: datetime = START) -> None:
        """Let the house hold what a device told."""
        self.roster.remember(Sample(device, at, values), at)

    def appliance(self) -> Appliance:
        """The meter as clients take it."""
        return Appliance(self.house, self.meter, self.face)

    def stage(self, **request: Any) -> Stage:  # Any: further fields of Request
        """A stage for requests over TLS, unless told otherwise."""
        stage = Stage(
            self.dialect,
            remember=lambda sample: self.tell(sample.device, _tupled(sample.values), sample.at),
            request={"is_tls": True, **request},
        )
        stage.names |= {
            "admit": self._admit,
            "revoke": self.access.remove,
            "run": lambda firmware: self.roster.declare(replace(self.meter, firmware=firmware)),
            "reboot": lambda: self.roster.reboot(METER, stage.now),
            "remove": lambda: self.roster.remove(METER),
        }
        return stage

    def _admit(self, name: str, token: str, rights: str) -> None:
        self.access.add(user(name, name, token, rights=Right[rights]))


def _tupled(values: Mapping[str, Any]) -> dict[str, Value]:  # Any: what JSON holds
    """A point holds its texts as a tuple; the JSON of a transcript has a list."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
