"""Loggers of eight fields that tell a row of their fast log each time."""

from datetime import datetime

from hardwire.dialects.ezeio.part import Face
from hardwire.hub.hub import Hub
from hardwire.model.access import Credential, Group, Right
from hardwire.model.device import Device
from hardwire.model.fact import Log, LogRow
from hardwire.model.point import Point

GROUP = "home"
FIELDS = tuple(f"f{number}" for number in range(1, 9))


def serial(number: int) -> str:
    """Return a logger's serial."""
    return f"BEN-{number:03}"


def declare_loggers(hub: Hub, count: int) -> None:
    """Make loggers `0` to `count - 1` known, with an account and a key that reads them all: rows are kept for it."""
    hub.access.add_group(Group(id=GROUP, number=1, name="Bench"))
    hub.access.add(Credential(id="10001", kind="ezeio", group=GROUP, rights=Right.READ, secret_hash=bytes(48)))
    points = tuple(Point(name=name) for name in FIELDS)
    hub.roster.know_numbers({str(n): {name: number for number, name in enumerate(FIELDS, 1)} for n in range(count)})
    for n in range(count):
        hub.declare(Device(id=str(n), kind="unit", points=points, group=GROUP, firmware="22010101"))
        hub.roster.show(str(n), "ezeio", serial(n), Face(serial=serial(n)))


def row(device: int, number: int, at: datetime) -> LogRow:
    """Return a row; its first value has four digits, so that messages have one length."""
    values = {name: 20.5 + place for place, name in enumerate(FIELDS)}
    return LogRow(str(device), at, Log.FAST, {**values, "f1": 1000 + number % 9000})
