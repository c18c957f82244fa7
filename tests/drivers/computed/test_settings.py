"""What a configuration says of a computed device, judged before any other device is there."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hardwire.drivers.computed.families import contradicted
from hardwire.drivers.computed.part import PART
from hardwire.drivers.computed.settings import POINTS_LIMIT, Recipe, Settings, recipe_of
from hardwire.model.errors import BadValueError


def recipe(**table: Any) -> Recipe:  # Any: what TOML holds
    """Return the recipe of a table."""
    return recipe_of("virtual", msgspec.convert(table, Settings, strict=True))


def test_sources_are_named_once_in_the_order_of_the_table() -> None:
    made = recipe(like="grid", points={"power_w": "charger.power_w + grid.power_w - roof.power_w - charger.power_w"})

    assert made.sources == ("grid", "charger", "roof")


def test_a_point_of_the_vocabulary_is_as_it_is_everywhere_and_cannot_be_written() -> None:
    made = recipe(points={"power_w": "grid.power_w", "power_on": "plug.power_on"})

    assert [(target.point.name, target.point.unit, target.point.decimals) for target in made.targets] == [
        ("power_w", "W", 0),
        ("power_on", "", None),
    ]
    assert not any(target.point.writable for target in made.targets)


def test_a_name_of_ones_own_says_its_unit() -> None:
    made = recipe(
        points={"surplus": {"value": "-grid.power_w", "unit": "kW", "decimals": 2, "label": "What the roof gives"}}
    )

    (target,) = made.targets
    assert (target.point.unit, target.point.decimals, target.point.label) == ("kW", 2, "What the roof gives")


def test_a_point_of_the_vocabulary_may_have_other_decimals_and_another_label() -> None:
    made = recipe(points={"power_w": {"value": "grid.power_w", "decimals": 1, "label": "Without the car", "unit": "W"}})

    (target,) = made.targets
    assert (target.point.unit, target.point.decimals, target.point.label) == ("W", 1, "Without the car")


@pytest.mark.parametrize(
    ("table", "path", "sentence"),
    [
        ({}, "points", "it is made from nothing"),
        ({"points": {"power_w": "500 W"}}, "points", "it is made from nothing"),
        ({"like": "virtual"}, "like", "virtual cannot be like itself"),
        ({"like": "virtual.gas"}, "like", "virtual cannot be like itself"),
        ({"points": {"power_w": "virtual.power_w + 1"}}, "points.power_w", "cannot be made from its own points"),
        ({"points": {"power_w": "virtual.gas.value"}}, "points.power_w", "cannot be made from its own points"),
        ({"points": {"power_w": "grid.power_w -"}}, "points.power_w", "column 15: a number or a point"),
        ({"points": {"power_w": "grid.energy_import_kwh"}}, "points.power_w", "is in kWh, and W is wanted"),
        ({"points": {"power_w": "500 W + 1 kWh + grid.power_w"}}, "points.power_w", "`1 kWh` in kWh"),
        ({"points": {"power_w": "grid.meter_model"}}, "points.power_w", "grid.meter_model holds a text"),
        ({"points": {"powr_w": "grid.power_w"}}, "points.powr_w", "did you mean 'power_w'\\? Otherwise say its unit"),
        ({"points": {"surplus": "grid.power_w"}}, "points.surplus", 'surplus = { value = "...", unit = "W" }'),
        ({"points": {"power_w": {"value": "grid.power_w", "unit": "kW"}}}, "points.power_w", "is always in W"),
        ({"points": {"tariff": {"value": "grid.tariff", "unit": "W"}}}, "points.tariff", "is always in no unit"),
        ({"points": {"power_w": 5}}, "points.power_w", "write an expression in quotes, or a table with one in it"),
        ({"points": {"power_w": {"unit": "W"}}}, "points.power_w", "write an expression in quotes, or a table"),
        (
            {"points": {"power_w": {"value": "grid.power_w", "decimal": 1}}},
            "points.power_w",
            "there is no setting 'decimal'; there is decimals",
        ),
        (
            {"points": {"power_w": {"value": "grid.power_w", "colour": 1}}},
            "points.power_w",
            "no setting 'colour'; there is value, unit, decimals, label",
        ),
        (
            {"points": {"power_w": {"value": "grid.power_w", "decimals": 99}}},
            "points.power_w",
            "Expected `int` <= 6: `decimals`",
        ),
        ({"points": {"telegram": "grid.telegram"}}, "points.telegram", "it would contradict what is computed"),
        ({"points": {"batteries_mode": "grid.batteries_mode"}}, "points.batteries_mode", "steers no batteries"),
        ({"points": {"meter_model": "grid.power_w + 1"}}, "points.meter_model", "it can only be another device's"),
        (
            {"like": "grid", "points": {"power_l1_w": "grid.power_l1_w + 1"}},
            "points.power_l1_w",
            "compute power_w too",
        ),
        (
            {"like": "grid", "points": {"energy_import_t2_kwh": "grid.energy_import_t2_kwh + 1"}},
            "points.energy_import_t2_kwh",
            "compute energy_import_kwh too",
        ),
    ],
)
def test_a_mistake_is_named_with_its_setting(
    table: dict[str, Any],
    path: str,
    sentence: str,  # Any: what TOML holds
) -> None:
    with pytest.raises(BadValueError, match=sentence) as caught:
        recipe(**table)

    assert caught.value.path == path


PAGES = Path(__file__).resolve().parents[3] / "docs"
SHOWN = sorted(
    {
        found
        for page in ("howto/meter-with-an-offset.md", "reference/drivers/computed.md")
        for found in re.findall(r'`(\w+) = "([^"`]+)"`', (PAGES / page).read_text("utf-8"))
    }
)


@pytest.mark.parametrize(("name", "expression"), SHOWN, ids=[expression for _, expression in SHOWN])
def test_an_expression_that_a_page_shows_is_one(name: str, expression: str) -> None:
    assert recipe(points={name: expression}).targets


@pytest.mark.parametrize("name", ["", "x" * 65, "a\nb"])
def test_a_name_that_nobody_could_read_is_refused(name: str) -> None:
    with pytest.raises(BadValueError, match="1 to 64 printable letters"):
        recipe(points={name: {"value": "grid.power_w", "unit": "W"}})


@pytest.mark.parametrize(
    "table",
    [
        {"points": "grid.power_w"},
        {"points": {f"p{number}": "grid.power_w" for number in range(POINTS_LIMIT + 1)}},
        {"like": ""},
        {"like": 5},
    ],
)
def test_a_table_of_another_shape_is_refused(table: dict[str, Any]) -> None:  # Any: what TOML holds
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(table, PART.settings, strict=True)


def test_what_cannot_be_judged_by_names_waits_for_its_source() -> None:
    assert recipe(points={"power_w": "bench.ad0"}).targets


def test_a_phase_alone_is_fine_where_no_meter_is_taken_over() -> None:
    assert recipe(points={"power_l1_w": "grid.power_l1_w"}).targets


@pytest.mark.parametrize(
    ("named", "gone", "stays"),
    [
        ([], {"telegram"}, {"power_w", "current_l1_a", "energy_import_kwh"}),
        (
            ["power_w"],
            {"power_l1_w", "power_l3_w", "current_a", "current_l2_a", "apparent_power_va", "power_factor_l1"}
            | {"average_power_15m_w", "monthly_power_peak_w", "monthly_power_peak_timestamp", "power_factor"},
            {"power_w", "voltage_l1_v", "energy_import_kwh", "energy_import_t1_kwh", "tariff"},
        ),
        (["power_w", "power_l1_w"], {"current_l1_a"}, {"power_l1_w", "power_l2_w", "power_l3_w"}),
        (
            ["power_w", "power_l1_w", "current_a", "current_l1_a"],
            {"apparent_current_a"},
            {"power_l2_w", "current_l2_a"},
        ),
        (["power_w", "current_a"], {"current_l1_a", "power_l1_w"}, {"current_a"}),
        (["energy_import_kwh"], {"energy_import_t1_kwh"}, {"energy_export_t1_kwh", "power_l1_w", "current_a"}),
        (["power_factor_l1"], set(), {"power_factor_l2", "power_l1_w"}),
        (["frequency_hz"], {"telegram"}, {"power_l1_w", "current_a"}),
    ],
)
def test_what_a_computed_point_contradicts_is_not_taken_over(named: list[str], gone: set[str], stays: set[str]) -> None:
    found = contradicted(named)

    assert gone <= found
    assert not stays & found
