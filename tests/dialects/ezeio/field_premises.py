"""A unit with all that real ones have, in a group below the account, added to the small house of the other tests."""

from datetime import UTC, datetime, timedelta

from hardwire.dialects.ezeio.part import Face
from hardwire.model.access import Group
from hardwire.model.alarm import Alarm, AlarmStanding, AlarmState
from hardwire.model.device import Device
from hardwire.model.fact import Sample
from hardwire.model.history import HistoryRow
from hardwire.model.point import Point, PointKind
from hardwire.model.unit import INPUTS, OUTPUTS, input_name, output_name, output_point, register_name
from hardwire.model.value import Value
from tests.dialects.ezeio.premises import START, House, key

INHERITING_KEY = "12346"
SUBGROUP_KEY = "12347"

_ALARM = Alarm(name="Too damp", point="humidity", above=40)
_OTHER_ALARM = Alarm(name="Too hot", point="temperature", above=100)


def equip(house: House) -> None:
    """Add groups below `demo`, keys that reach them, the unit BAA-144 with everything, and a lamp without any log."""
    house.access.add_group(Group(id="site", number=8, name="Site", parent="demo", is_account=False, history_days=30))
    house.access.add_group(Group(id="shed", number=9, name="Shed", description="Behind", parent="site"))
    house.access.add_group(Group(id="yard", number=10, name="Yard", parent="demo", is_account=False))
    house.access.add(key(INHERITING_KEY, is_inherited=True))
    house.access.add(key(SUBGROUP_KEY, group="site"))
    fields = (
        Point(name="humidity", label="Humidity", unit="%"),
        Point(name="temperature", label="Temperature", unit="°F", tag="temp", log_interval_s=60),
        Point(name="silent", label="Not told yet"),
    )
    numbers = [input_name(number) for number in range(1, INPUTS + 1)]
    numbers += ["vin_mv", "vbat_mv", "v5_mv", "latitude_deg", "longitude_deg", "altitude_m", "position_signal"]
    numbers += ["rssi_dbm", register_name(2, 34), register_name(2, 5), register_name(10, 1)]
    beside = tuple(Point(name=name, is_field=False) for name in numbers)
    texts = tuple(Point(name=name, kind=PointKind.TEXT, is_field=False) for name in ("link", "sim_iccid"))
    outputs = tuple(output_point(number) for number in range(1, OUTPUTS + 1))
    house.roster.declare(
        Device(
            id="pump",
            kind="unit",
            group="site",
            log="self",
            timezone="America/Phoenix",
            points=(*fields, *beside, *texts, *outputs),
        )
    )
    house.roster.show("pump", "ezeio", "BAA-144", Face(serial="BAA144", name="Test board 144"))
    values: dict[str, Value] = {
        "humidity": 38.4,
        "temperature": 82.45,
        "vin_mv": 12350.4,
        "vbat_mv": 12172,
        "v5_mv": 5054,
        "latitude_deg": 38.677889,
        "longitude_deg": -121.174896,
        "altitude_m": 71.6,
        "position_signal": 9,
        "link": "Cell",
        "rssi_dbm": -87,
        "sim_iccid": "8901260852290000000",
        register_name(2, 34): 56,
        register_name(2, 5): 1.5,
        register_name(10, 1): 7,
        **{input_name(number): number * 100 for number in range(1, INPUTS + 1)},
        **{output_name(number): (0, 100, 47.2, 50)[number - 1] for number in range(1, OUTPUTS + 1)},
    }
    told_at = START - timedelta(minutes=3, seconds=20)
    house.roster.remember(Sample("pump", told_at, values), told_at)
    lamp = Device(id="lamp", kind="socket", group="demo", points=(Point(name="brightness", writable=True),))
    house.roster.declare(lamp)
    house.roster.show("lamp", "ezeio", "BRD-001", Face(serial="BRD001"))
    standings = (
        AlarmStanding(_ALARM, AlarmState.RESTORED, START - timedelta(hours=1)),
        AlarmStanding(_OTHER_ALARM, AlarmState.IN_ALARM, START - timedelta(minutes=5)),
    )
    house.premises.alarms = lambda device: standings if device == "pump" else ()


def row(at: str, **values: float) -> HistoryRow:
    """Return a row of an instant, written without its zone."""
    return HistoryRow(datetime.fromisoformat(at).replace(tzinfo=UTC), values)
