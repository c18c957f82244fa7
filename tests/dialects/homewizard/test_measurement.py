"""What a P1 meter's points become in v2 and in v1."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.dialects.homewizard.measurement import measurement, number
from hardwire.dialects.homewizard.products.p1 import P1
from hardwire.dialects.homewizard.v1.data import data_v1
from hardwire.dialects.homewizard.wire import body
from hardwire.model.device import Device
from hardwire.model.point import Point
from hardwire.model.value import Value
from tests.dialects.homewizard.paper_grid import GAS, GAS_VALUES, METER, Grid
from tests.dialects.homewizard.paper_products import BARE

EVERYTHING: dict[str, Value] = {
    field.name: {"text": "4B384547303034303436333935353037", "moment": "2026-06-01T14:00:00"}.get(field.kind.value, 7)
    for field in P1.fields
}


def test_every_field_of_the_reference_is_told_in_v2() -> None:
    grid = Grid(has_values=False)
    grid.tell(METER, EVERYTHING)

    shown = measurement(grid.appliance(), grid.now)

    assert shown == EVERYTHING


def test_every_field_but_the_timestamp_is_told_in_v1_by_its_old_name() -> None:
    grid = Grid(has_values=False)
    grid.tell(METER, EVERYTHING)

    shown = data_v1(grid.appliance(), grid.now)

    assert shown is not None
    assert list(shown) == [
        *("wifi_ssid", "wifi_strength", "smr_version", "meter_model", "unique_id", "active_tariff"),
        *(
            f"total_power_{way}{tariff}_kwh"
            for way in ("import", "export")
            for tariff in ("", "_t1", "_t2", "_t3", "_t4")
        ),
        *(f"active_power{phase}_w" for phase in ("", "_l1", "_l2", "_l3")),
        *(f"active_voltage{phase}_v" for phase in ("", "_l1", "_l2", "_l3")),
        *(f"active_current{phase}_a" for phase in ("", "_l1", "_l2", "_l3")),
        "active_frequency_hz",
        *(f"voltage_{what}_l{phase}_count" for what in ("sag", "swell") for phase in (1, 2, 3)),
        *("any_power_fail_count", "long_power_fail_count", "active_power_average_w"),
        *("montly_power_peak_w", "montly_power_peak_timestamp"),
    ]
    assert shown["montly_power_peak_timestamp"] == 260601140000


def test_wifi_is_never_in_v2_and_always_in_v1() -> None:
    grid = Grid(has_values=False)
    grid.tell(METER, {"power_w": 1})

    v2, v1 = measurement(grid.appliance(), grid.now), data_v1(grid.appliance(), grid.now)

    assert v2 == {"power_w": 1}
    assert v1 == {"wifi_ssid": "Hardwire", "wifi_strength": 100, "active_power_w": 1}


@pytest.mark.parametrize(
    ("rssi_db", "strength_pct"), [(-100, 0), (-120, 0), (-77, 46), (-50, 100), (-30, 100), (0, 0), (-74.6, 50)]
)
def test_the_strength_of_the_wifi_is_a_percentage_in_v1(rssi_db: float, strength_pct: int) -> None:
    grid = Grid()
    grid.tell(METER, {"wifi_rssi_db": rssi_db})

    shown = data_v1(grid.appliance(), grid.now)

    assert shown is not None
    assert shown["wifi_strength"] == strength_pct


def test_a_meter_without_tariffs_tells_its_total_as_the_first() -> None:
    grid = Grid(has_values=False)
    grid.tell(METER, {"energy_import_kwh": 12.3456, "energy_export_kwh": 1})

    shown = measurement(grid.appliance(), grid.now)

    assert shown == {
        "energy_import_kwh": 12.346,
        "energy_import_t1_kwh": 12.346,
        "energy_export_kwh": 1,
        "energy_export_t1_kwh": 1,
    }


@pytest.mark.parametrize(
    ("point", "value"),
    [
        ("power_w", True),
        ("power_w", "543"),
        ("power_w", math.nan),
        ("power_w", -math.inf),
        ("any_power_fail_count", 2**53),
        ("any_power_fail_count", -(10**400)),
        ("meter_model", 7),
        ("timestamp", "2026-06-01T14:00:00Z"),
        ("timestamp", 260601140000),
    ],
)
def test_what_clients_would_choke_on_is_left_out(point: str, value: Value) -> None:
    grid = Grid(has_values=False)
    grid.tell(METER, {"voltage_l1_v": 230.1, point: value})

    shown = measurement(grid.appliance(), grid.now)

    assert shown == {"voltage_l1_v": 230.1}


def test_counts_and_choices_are_whole_numbers_whatever_the_source_tells() -> None:
    grid = Grid(has_values=False)
    grid.tell(METER, {"protocol_version": 50.0, "tariff": 2.0, "any_power_fail_count": 2.6, "voltage_l1_v": 230.0})

    v2, v1 = measurement(grid.appliance(), grid.now), data_v1(grid.appliance(), grid.now)

    assert body(v2 or {}) == b'{"protocol_version":50,"tariff":2,"voltage_l1_v":230.0,"any_power_fail_count":3}'
    assert v1 is not None
    assert body(v1).endswith(
        b'"smr_version":50,"active_tariff":2,"active_voltage_l1_v":230.0,"any_power_fail_count":3}'
    )


def test_a_source_that_lives_and_has_told_nothing_yet_has_no_measurement() -> None:
    grid = Grid(has_values=False)
    grid.roster.mark_alive(METER, grid.now)

    v2, v1 = measurement(grid.appliance(), grid.now), data_v1(grid.appliance(), grid.now)

    assert v2 is None
    assert v1 is None


def test_a_meter_behind_it_may_count_in_whole_numbers() -> None:
    grid = Grid(has_values=False)
    grid.tell(METER, {"power_w": 1})
    grid.tell(GAS, {**GAS_VALUES, "value": 2569})

    shown = data_v1(grid.appliance(), grid.now)

    assert shown is not None
    assert shown["total_gas_m3"] == 2569


def test_all_five_kinds_of_meters_behind_it_are_told() -> None:
    grid = Grid()
    kinds = {"heat_meter": "GJ", "warm_water_meter": "m3", "water_meter": "m3", "inlet_heat_meter": "GJ"}
    for kind, unit in kinds.items():
        grid.roster.declare(Device(id=kind, kind=kind, parent=METER, points=(Point(name="value", unit=unit),)))
        grid.tell(kind, GAS_VALUES)

    shown = measurement(grid.appliance(), grid.now)

    assert shown is not None
    told = [(meter.type, meter.unit) for meter in shown["external"]]  # type: ignore[attr-defined]  # read as the wire has it
    assert told == [("gas_meter", "m3"), *kinds.items()]


@pytest.mark.parametrize(
    "values",
    [
        {"unique_id": "47", "value": 1.5},
        {**GAS_VALUES, "timestamp": "yesterday"},
        {**GAS_VALUES, "value": math.nan},
        {**GAS_VALUES, "unique_id": 47},
    ],
)
def test_a_meter_behind_it_is_told_only_with_all_that_clients_need(values: dict[str, Value]) -> None:
    grid = Grid(has_values=False)
    grid.tell(METER, {"power_w": 1})
    grid.tell(GAS, values)

    shown = measurement(grid.appliance(), grid.now)

    assert shown == {"power_w": 1}


@pytest.mark.parametrize(
    ("kind", "points"),
    [
        ("catfish", (Point(name="value", unit="m3"),)),
        ("water_meter", (Point(name="value", unit="l"),)),
        ("water_meter", ()),
    ],
)
def test_what_is_no_meter_that_clients_know_is_not_told(kind: str, points: tuple[Point, ...]) -> None:
    grid = Grid(has_values=False)
    grid.tell(METER, {"power_w": 1})
    grid.roster.declare(Device(id="other", kind=kind, parent=METER, points=points))
    grid.tell("other", GAS_VALUES)

    shown = measurement(grid.appliance(), grid.now)

    assert shown == {"power_w": 1}


def test_after_an_exchange_v1_tells_the_gas_meter_that_counts() -> None:
    grid = Grid()
    grid.roster.declare(Device(id="new", kind="gas_meter", parent=METER, points=(Point(name="value", unit="m3"),)))
    grid.tell("new", {"unique_id": "4E", "timestamp": "2026-06-01T14:00:00", "value": 0.5})

    shown = data_v1(grid.appliance(), grid.now)

    assert shown is not None
    assert (shown["total_gas_m3"], shown["gas_timestamp"], shown["gas_unique_id"]) == (0.5, 260601140000, "4E")
    assert isinstance(shown["external"], list)
    assert len(shown["external"]) == 2


def test_a_meter_with_nothing_but_water_has_no_gas_in_v1() -> None:
    grid = Grid(has_values=False)
    grid.roster.mark_alive(METER, grid.now)
    grid.roster.declare(Device(id="water", kind="water_meter", parent=METER, points=(Point(name="value", unit="m3"),)))
    grid.tell("water", GAS_VALUES)

    shown = data_v1(grid.appliance(), grid.now)

    assert shown is not None
    assert list(shown) == ["wifi_ssid", "wifi_strength", "external"]


def test_a_product_that_has_no_meters_behind_it_tells_none(monkeypatch: pytest.MonkeyPatch) -> None:
    grid = Grid.of(BARE, monkeypatch)

    shown = measurement(grid.appliance(), grid.now)

    assert shown == {"power_w": -543}


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**9), 10**9).map(lambda whole: whole / 1000))
def test_a_number_is_shown_as_python_rounds_it(value: float) -> None:
    shown = number(value)

    assert repr(shown) == repr(round(value, 3))
