"""The settings of a product and what it says of its network."""

import math
from datetime import timedelta

import pytest

from hardwire.dialects.homewizard import system
from hardwire.dialects.homewizard.face import Face
from hardwire.dialects.homewizard.products.p1 import P1
from hardwire.dialects.homewizard.wire import body
from hardwire.model.errors import CallerError
from hardwire.model.point import Keeper, Point, PointKind
from hardwire.model.value import Value
from tests.dialects.homewizard.paper_grid import METER, SERIAL, Grid


def test_the_hub_keeps_the_settings_and_v1_starts_as_its_owner_chose() -> None:
    grid = Grid(Face(serial=SERIAL, v1=False))

    kept = {point.name: point for point in grid.dialect.face(grid.meter, grid.face)}

    assert {name: point.initial for name, point in kept.items()} == {
        "cloud_enabled": True,
        "status_led_brightness_pct": 100,
        "api_v1_enabled": False,
        "batteries_mode": "zero",
        "batteries_mode_before": "zero",
        "batteries_permissions": ("charge_allowed", "discharge_allowed"),
    }
    assert all(point.keeper is Keeper.HUB and point.writable for point in kept.values())


def test_a_source_without_wifi_has_a_good_one_and_the_hubs_own_uptime() -> None:
    grid = Grid(has_values=False)
    appliance = grid.appliance()

    first = system.system(appliance, grid.now)
    later = system.system(appliance, grid.now + timedelta(minutes=2))

    assert (first["wifi_ssid"], first["wifi_rssi_db"], first["uptime_s"]) == ("Hardwire", -50, 0)
    assert later["uptime_s"] == 120


def test_a_source_that_knows_its_uptime_tells_it() -> None:
    grid = Grid()
    grid.tell(METER, {"uptime_s": 356})

    shown = system.system(grid.appliance(), grid.now)

    assert shown["uptime_s"] == 356


@pytest.mark.parametrize("told", [math.nan, math.inf, 10**30])
def test_a_source_that_tells_no_number_counts_as_one_that_tells_none(told: float) -> None:
    grid = Grid()
    grid.tell(METER, {"uptime_s": told, "wifi_rssi_db": told})

    shown = system.system(grid.appliance(), grid.now)

    assert (shown["wifi_rssi_db"], shown["uptime_s"]) == (-50, 0)


@pytest.mark.parametrize(("told", "shown"), [(50.0, 50), (49.6, 50), (math.nan, 100)])
def test_a_brightness_that_the_source_tells_is_a_whole_number(told: float, shown: int) -> None:
    grid = Grid(own_points=(Point(name="status_led_brightness_pct"),))
    grid.tell(METER, {"status_led_brightness_pct": told, "wifi_rssi_db": -61.4, "uptime_s": 4000.7})

    seen = system.system(grid.appliance(), grid.now)

    assert body(seen).startswith(b'{"wifi_ssid":"Home","wifi_rssi_db":-61,"uptime_s":4001,')
    assert b'"status_led_brightness_pct":%d,' % shown in body(seen)


@pytest.mark.parametrize(("sent", "kept"), [(0, 0), (100, 100), (49.6, 50), (50.0, 50)])
def test_brightness_is_taken_as_any_number_in_range_and_kept_whole(sent: float, kept: int) -> None:
    wanted = system.wanted(P1.settings, {"status_led_brightness_pct": sent})

    assert wanted == {"status_led_brightness_pct": kept}


@pytest.mark.parametrize("sent", [-1, 100.1, 123, 10**30, "50", None, [50], {}])
def test_a_brightness_out_of_range_or_of_another_type_is_named(sent: object) -> None:
    with pytest.raises(CallerError) as refusal:
        system.wanted(P1.settings, {"status_led_brightness_pct": sent, "cloud_enabled": True})

    assert refusal.value.code == "json:parameter-invalid-type:status_led_brightness_pct"


@pytest.mark.parametrize(("written", "is_on"), [(True, True), (False, False)])
def test_v1_is_on_as_last_written(written: Value, is_on: bool) -> None:
    grid = Grid()
    grid.tell(METER, {"api_v1_enabled": written})

    assert system.is_v1_on(grid.appliance()) is is_on


def test_a_setting_nobody_kept_holds_what_it_starts_with() -> None:
    grid = Grid(Face(serial=SERIAL, v1=True))
    grid.roster.remove(METER)

    assert system.is_v1_on(grid.appliance())
    assert system.setting(grid.appliance(), "status_led_brightness_pct") == 100


@pytest.mark.parametrize(("product", "v1", "is_on"), [("HWE-SKT", True, True), ("HWE-SKT", False, False)])
def test_a_product_without_the_v1_switch_goes_by_its_owners_choice(product: str, *, v1: bool, is_on: bool) -> None:
    grid = Grid(Face(serial=SERIAL, product=product, v1=v1))

    assert system.is_v1_on(grid.appliance()) is is_on


def test_a_product_without_v1_has_none_whatever_was_written() -> None:
    grid = Grid(Face(serial=SERIAL, product="HWE-BAT"))
    grid.tell(METER, {"api_v1_enabled": True})

    assert not system.is_v1_on(grid.appliance())


def test_what_a_source_keeps_to_itself_is_not_the_clients_to_write() -> None:
    own = (Point(name="status_led_brightness_pct"), Point(name="cloud_enabled", kind=PointKind.FLAG, writable=True))
    grid = Grid(own_points=own)

    names = [setting.name for setting in system.writable(grid.appliance())]

    assert names == ["cloud_enabled", "api_v1_enabled"]


def test_the_hub_does_not_let_a_batterys_cloud_be_written() -> None:
    grid = Grid(Face(serial=SERIAL, product="HWE-BAT"))

    writable = {point.name: point.writable for point in grid.dialect.face(grid.meter, grid.face)}

    assert writable == {"cloud_enabled": False, "status_led_brightness_pct": True}


def test_uptime_counts_from_the_last_start_until_the_source_tells_its_own() -> None:
    grid = Grid()
    grid.tell(METER, {"uptime_s": 4000})
    rebooted_at = grid.now + timedelta(minutes=5)
    grid.roster.reboot(METER, rebooted_at)

    away = system.system(grid.appliance(), rebooted_at + timedelta(seconds=4))
    grid.tell(METER, {"uptime_s": 1}, rebooted_at + timedelta(seconds=6))
    back = system.system(grid.appliance(), rebooted_at + timedelta(seconds=6))

    assert (away["uptime_s"], back["uptime_s"]) == (4, 1)
