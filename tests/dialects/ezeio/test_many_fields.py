"""A device with more numbers than a unit has fields: ninety are shown, under the numbers that stay theirs."""

from hardwire.dialects.ezeio.part import Face
from hardwire.dialects.ezeio.unit.account import Account, numbered
from hardwire.dialects.ezeio.unit.system import fields_of
from hardwire.model.device import Device
from hardwire.model.point import Point
from tests.dialects.ezeio.premises import House, key, make_house

NAMES = tuple(f"p{number}" for number in range(1, 101))


def make_large() -> House:
    """Add a meter of a hundred numbers, and an output that is none of them."""
    house = make_house()
    points = (Point(name="output_1", is_field=False), *(Point(name=name) for name in NAMES))
    house.roster.declare(Device(id="large", kind="meter", group="demo", points=points))
    house.roster.show("large", "ezeio", "LRG-001", Face(serial="LRG-001"))
    return house


def test_a_ticket_lists_fields_1_to_90() -> None:
    house = make_large()

    (system,) = [one for one in Account(house.premises, key("1")).systems() if one.serial == "LRG-001"]

    assert [(int(field.fieldno), field.name) for field in system.fields] == list(enumerate(NAMES[:90], 1))


def test_rows_have_fields_1_to_90_and_nothing_that_is_no_field() -> None:
    house = make_large()
    row = {"output_1": 100.0, **{name: float(index) for index, name in enumerate(NAMES)}}

    fields = numbered(row, house.roster.field_numbers("large"))

    assert list(fields) == list(range(1, 91))
    assert fields[90] == 89.0


def test_a_units_own_fields_are_those_too() -> None:
    house = make_large()
    device = house.roster.device("large")
    assert device is not None

    fields = fields_of(house.premises, device)

    assert [field.number for field in fields] == list(range(1, 91))
