"""The world as the hub knows it."""

from datetime import timedelta

import pytest

from hardwire.contracts.house import Reading
from hardwire.hub.roster import Roster
from hardwire.model.device import Device
from hardwire.model.errors import CallerError
from hardwire.model.fact import Log, LogRow, Sample
from hardwire.model.point import Keeper, Point, PointKind
from tests.fakes.still_clock import NOON
from tests.hub.premises import GAS, METER

LATER = NOON + timedelta(seconds=31)


def house(*devices: Device) -> Roster:
    roster = Roster()
    for device in devices:
        roster.declare(device)
    return roster


def test_devices_are_listed_in_the_order_of_declaration() -> None:
    roster = house(METER, GAS)

    devices = list(roster.devices())

    assert devices == [METER, GAS]


def test_children_are_found_behind_their_meter() -> None:
    roster = house(METER, GAS)

    children = list(roster.children("meter"))

    assert children == [GAS]
    assert list(roster.children("gas")) == []


def test_only_numbers_of_the_source_get_field_numbers() -> None:
    roster = house(METER)

    numbers = roster.field_numbers("meter")

    assert numbers == {"power_w": 1}
    assert roster.field_numbers("nobody") == {}


def test_a_device_declared_again_keeps_its_values_and_numbers_and_new_points_get_the_next() -> None:
    roster = house(METER)
    roster.remember(Sample("meter", NOON, {"power_w": 7}), NOON)

    roster.declare(Device(id="meter", kind="meter", points=(Point(name="voltage_v"), Point(name="power_w"))))

    assert roster.field_numbers("meter") == {"power_w": 1, "voltage_v": 2}
    assert roster.readings("meter") == {"power_w": Reading(7, NOON)}


def test_a_child_declared_again_is_not_listed_twice() -> None:
    roster = house(METER, GAS)

    roster.declare(GAS)

    assert list(roster.children("meter")) == [GAS]


def test_field_numbers_of_earlier_runs_are_continued() -> None:
    roster = Roster()
    roster.know_numbers({"meter": {"old": 4}})

    roster.declare(METER)

    assert roster.field_numbers("meter") == {"old": 4, "power_w": 5}


def test_a_removed_device_is_forgotten_with_all_behind_it_save_its_field_numbers() -> None:
    roster = house(METER, GAS)
    roster.show("meter", "paper", "5c2f", "face")
    roster.remember(Sample("gas", NOON, {"volume_m3": 1}), NOON)
    roster.identify("meter", NOON)
    roster.trouble("meter", "bad-crc", "no")

    roster.remove("meter")

    assert list(roster.devices()) == []
    assert roster.find("paper", "5c2f") is None
    assert roster.default("paper") is None
    assert not roster.is_shown("meter")
    assert roster.readings("gas") == {}
    assert roster.identified_until("meter") is None
    assert roster.troubles("meter") == {}
    assert roster.field_numbers("meter") == {"power_w": 1}


def test_a_removed_child_leaves_its_meter() -> None:
    roster = house(METER, GAS, Device(id="other", kind="meter"), Device(id="water", kind="water_meter", parent="other"))

    roster.remove("gas")

    assert list(roster.children("meter")) == []


def test_a_device_is_found_by_what_a_dialect_calls_it() -> None:
    roster = house(METER)

    roster.show("meter", "paper", "5c2f", "face")

    assert roster.find("paper", "5c2f") == METER
    assert roster.find("other", "5c2f") is None
    assert roster.address("paper", "meter") == "5c2f"
    assert roster.address("other", "meter") is None
    assert roster.face("paper", "meter") == "face"
    assert roster.face("other", "meter") is None
    assert roster.addresses("meter") == {"paper": "5c2f"}
    assert roster.addresses("gas") == {}
    assert roster.is_shown("meter")


def test_the_first_device_of_a_dialect_is_its_default_until_another_is_made_it() -> None:
    roster = house(METER, GAS)
    roster.show("meter", "paper", "1", None)
    roster.show("gas", "paper", "2", None)
    first = roster.default("paper")

    roster.make_default("paper", "gas")

    assert first == METER
    assert roster.default("paper") == GAS
    assert roster.default("other") is None


def test_an_address_of_another_device_is_refused() -> None:
    roster = house(METER, GAS)
    roster.show("meter", "paper", "1", None)

    with pytest.raises(CallerError, match="belongs to the device 'meter'"):
        roster.show("gas", "paper", "1", None)

    assert roster.find("paper", "1") == METER


def test_an_older_sample_does_not_replace_a_newer_value() -> None:
    roster = house(METER)
    roster.remember(Sample("meter", NOON, {"power_w": 2}), NOON)

    roster.remember(Sample("meter", NOON - timedelta(seconds=1), {"power_w": 1, "note": "x"}), NOON)

    assert roster.readings("meter")["power_w"].value == 2
    assert roster.readings("meter")["note"].value == "x"


def test_a_log_row_shows_life_and_changes_no_value() -> None:
    roster = house(METER)

    roster.remember(LogRow("meter", NOON, Log.FAST, {"power_w": 1}), NOON)

    assert roster.alive_at("meter") == NOON
    assert roster.readings("meter") == {}


def test_hub_kept_values_say_nothing_about_the_sources_life() -> None:
    roster = house(METER)

    roster.keep("meter", {"cloud": False}, NOON)

    assert roster.readings("meter")["cloud"].value is False
    assert roster.alive_at("meter") is None
    assert roster.readings("nobody") == {}


def test_a_device_is_fresh_for_as_long_as_its_source_may_be_silent() -> None:
    roster = house(METER)
    before = roster.is_fresh("meter", NOON)

    roster.mark_alive("meter", NOON)

    assert not before
    assert roster.is_fresh("meter", NOON + timedelta(seconds=30))
    assert not roster.is_fresh("meter", LATER)
    assert not roster.is_fresh("nobody", NOON)


def test_a_device_that_never_says_when_it_is_stale_stays_fresh() -> None:
    roster = house(Device(id="board", kind="board", points=(Point(name="x", keeper=Keeper.HUB, kind=PointKind.TEXT),)))
    roster.mark_alive("board", NOON)

    is_fresh = roster.is_fresh("board", NOON + timedelta(days=9))

    assert is_fresh


def test_what_hangs_behind_a_meter_lives_as_long_as_the_meter() -> None:
    roster = house(METER, GAS)
    roster.remember(Sample("gas", NOON - timedelta(hours=1), {"volume_m3": 1}), NOON)
    alone = roster.is_fresh("gas", NOON)

    roster.mark_alive("meter", NOON)

    assert not alone
    assert roster.is_fresh("gas", NOON)
    assert not roster.is_fresh("gas", LATER)


def test_a_lost_source_is_stale_at_once_until_it_shows_life() -> None:
    roster = house(METER)
    roster.mark_alive("meter", NOON)
    roster.mark_lost("meter", "the cable is out", NOON)
    was_fresh, why = roster.is_fresh("meter", NOON), roster.lost_since("meter")

    roster.mark_alive("meter", NOON)

    assert not was_fresh
    assert why == (NOON, "the cable is out")
    assert roster.is_fresh("meter", NOON)
    assert roster.lost_since("meter") is None


def test_troubles_are_counted_with_their_newest_sentence() -> None:
    roster = house(METER)

    roster.trouble("meter", "bad-crc", "first")
    roster.trouble("meter", "bad-crc", "second")

    assert roster.troubles("meter") == {"bad-crc": (2, "second")}


def test_a_device_shows_which_one_it_is_until_then() -> None:
    roster = house(METER)

    roster.identify("meter", LATER)

    assert roster.identified_until("meter") == LATER
    assert roster.identified_until("gas") is None


def test_a_device_is_found_by_its_second_address_too_and_called_by_its_first() -> None:
    roster = house(METER, GAS)

    roster.show("meter", "paper", "1", None, second="sn_1")

    assert roster.find("paper", "sn_1") == METER
    assert roster.address("paper", "meter") == "1"
    with pytest.raises(CallerError, match="sn_1 belongs to the device 'meter'"):
        roster.show("gas", "paper", "2", None, second="sn_1")
    assert roster.find("paper", "2") is None


def test_what_is_no_field_gets_no_number() -> None:
    points = (Point(name="level"), Point(name="output_1", is_field=False), Point(name="flow"))

    roster = house(Device(id="unit", kind="unit", points=points))

    assert roster.field_numbers("unit") == {"level": 1, "flow": 2}


def test_a_device_is_found_by_an_address_of_earlier_days_unless_another_has_it_now() -> None:
    roster = house(METER, GAS)
    roster.show("meter", "paper", "new", "face")
    roster.show("gas", "paper", "taken", "face")

    roster.find_also("meter", "paper", "old")
    roster.find_also("meter", "paper", "taken")

    assert roster.find("paper", "old") == METER
    assert roster.find("paper", "taken") == GAS
    assert roster.address("paper", "meter") == "new"


def test_a_clock_that_is_set_back_freezes_no_reading() -> None:
    roster = Roster()
    roster.declare(Device(id="grid", kind="meter"))
    roster.remember(Sample("grid", NOON + timedelta(days=1), {"power_w": 1}), NOON + timedelta(days=1))

    roster.remember(Sample("grid", NOON, {"power_w": 2}), NOON)
    roster.remember(Sample("grid", NOON - timedelta(seconds=9), {"power_w": 3}), NOON)

    assert roster.readings("grid")["power_w"] == Reading(2, NOON)
