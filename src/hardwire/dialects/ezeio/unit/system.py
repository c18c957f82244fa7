"""What people call a unit, which group it belongs to, which fields it has."""

from collections.abc import Sequence

from msgspec import Struct

from hardwire.contracts.house import House
from hardwire.dialects.ezeio.unit.account import DIALECT, FIELD_LIMIT
from hardwire.model.device import Device
from hardwire.model.point import Point


class Field(Struct, frozen=True):
    """A point under the number that clients know it by."""

    number: int
    point: Point
    log_interval_s: int
    """How often the fast log takes it; 0 means never."""

    @property
    def name(self) -> str:
        """What people read."""
        return self.point.label or self.point.name


def name_of(house: House, device: Device) -> str:
    """Return what clients read as the unit's name."""
    return house.face(DIALECT, device.id).name or device.name or device.id


def note_of(house: House, device: Device) -> str:
    """Return what clients read as the unit's note; empty where there is none."""
    note: str = house.face(DIALECT, device.id).note
    return note


def group_of(house: House, device: Device) -> str:
    """Return the id of the group whose keys reach the unit."""
    return house.face(DIALECT, device.id).group or device.group


def fields_of(house: House, device: Device) -> Sequence[Field]:
    """Return the unit's fields in the order of their numbers."""
    numbers = house.field_numbers(device.id)
    usual_s = 0 if device.log == "self" else house.face(DIALECT, device.id).log_interval_s
    fields = [
        Field(numbers[point.name], point, point.log_interval_s or usual_s)
        for point in device.points
        if point.is_field and numbers.get(point.name, FIELD_LIMIT + 1) <= FIELD_LIMIT
    ]
    return sorted(fields, key=lambda field: field.number)
