"""A unit whose fields, outputs and registers can be set, with the keys that may, and incidents to read."""

from collections.abc import Mapping
from datetime import UTC, datetime

from hardwire.dialects.ezeio.part import Face
from hardwire.model.access import Right
from hardwire.model.device import Device
from hardwire.model.fact import Incident
from hardwire.model.point import Point, PointKind
from hardwire.model.unit import output_point, register_name
from hardwire.model.value import Value
from tests.dialects.ezeio.premises import House, key

CONTROL_KEY = "10009"
CALLBACK = "https://plant.example/hook?site=7"


def arm(house: House) -> None:
    """Add the unit VLV-001 with something of each kind, and keys that may write: 10009 is called back, 10010 not."""
    fields = (
        Point(name="level", label="Level"),
        Point(name="setpoint", label="Setpoint", writable=True),
        Point(name="is_open", kind=PointKind.FLAG, writable=True),
        Point(name="mode", kind=PointKind.TEXT, writable=True),
    )
    beside = (
        output_point(2),
        Point(name=register_name(2, 34), writable=True, is_field=False),
        Point(name=register_name(2, 35), is_field=False),
    )
    house.roster.declare(Device(id="valve", kind="unit", group="demo", log="self", points=(*fields, *beside)))
    house.roster.know_numbers({"valve": {"level": 1, "setpoint": 12, "is_open": 13, "mode": 14}})
    house.roster.show("valve", "ezeio", "VLV-001", Face(serial="VLV001", name="Valve", note="In the shed"))
    may = Right.READ | Right.CONTROL
    house.access.add(key(CONTROL_KEY, rights=may, callback=CALLBACK))
    house.access.add(key("10010", rights=may))


def incident(at: str, values: Mapping[str, Value] | None = None, **fields: object) -> Incident:
    """Return an incident of the unit BAA-144; its instant is written without its zone."""
    made: dict[str, object] = {"kind": "ALARM", "source": "ALARM", **fields}
    return Incident(
        device="pump",
        at=datetime.fromisoformat(at).replace(tzinfo=UTC),
        values=values or {},
        **made,  # type: ignore[arg-type]  # a test's own choice of fields
    )
