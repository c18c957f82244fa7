"""The battery control: modes, permissions and how one moves the other."""

import math
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.dialects.homewizard.appliance import Appliance
from hardwire.dialects.homewizard.batteries import (
    Control,
    batteries,
    changed,
    control,
    is_news,
    kept_points,
    wish,
    writes,
)
from hardwire.dialects.homewizard.face import Face
from hardwire.dialects.homewizard.release import RELEASES
from hardwire.dialects.homewizard.wire import body
from hardwire.model.device import Device
from hardwire.model.energy import STEERED
from hardwire.model.errors import CallerError
from hardwire.model.value import Value
from tests.dialects.homewizard.paper_grid import METER, SERIAL, Grid
from tests.dialects.transcript import START

CHARGE, DISCHARGE = "charge_allowed", "discharge_allowed"
BOTH = (CHARGE, DISCHARGE)
NEWEST = RELEASES["2.3.0"]


@pytest.mark.parametrize(
    ("before", "sent", "after"),
    [
        # What the library sends for each of its modes.
        (Control(), {"mode": "zero", "permissions": [DISCHARGE, CHARGE]}, Control("zero", BOTH)),
        (Control(), {"mode": "zero", "permissions": [CHARGE]}, Control("zero", (CHARGE,))),
        (Control(), {"mode": "standby", "permissions": []}, Control("standby", ())),
        (Control(), {"mode": "to_full"}, Control("to_full", BOTH, "zero")),
        (Control(), {"mode": "predictive"}, Control("predictive", BOTH)),
        # Standby is zero that may do nothing, and the other way round.
        (Control(), {"mode": "standby"}, Control("standby", ())),
        (Control(), {"permissions": []}, Control("standby", ())),
        (Control("standby", ()), {"permissions": [DISCHARGE]}, Control("zero", (DISCHARGE,))),
        (Control("standby", ()), {"permissions": []}, Control("standby", ())),
        (Control("standby", ()), {"mode": "zero"}, Control("zero", BOTH)),
        (Control("zero", (CHARGE,)), {"mode": "zero"}, Control("zero", (CHARGE,))),
        # Charging to full remembers where it came from.
        (Control("standby", ()), {"charge_to_full": True}, Control("to_full", (), "standby")),
        (Control("to_full", (), "standby"), {"charge_to_full": True}, Control("to_full", (), "standby")),
        (Control("to_full", (), "standby"), {"charge_to_full": False}, Control("standby", (), "standby")),
        (Control("to_full", BOTH, "predictive"), {"charge_to_full": False}, Control("predictive", BOTH, "predictive")),
        (Control("to_full", (CHARGE,), "zero"), {"mode": "zero"}, Control("zero", (CHARGE,))),
        (Control(), {"charge_to_full": False}, Control()),
        (Control(), {"mode": "to_full", "charge_to_full": True}, Control("to_full", BOTH)),
        # There permissions are not the client's to set.
        (Control("to_full"), {"permissions": [CHARGE]}, Control("to_full")),
        (Control("to_full"), {"permissions": []}, Control("to_full")),
        (Control("predictive"), {"permissions": [CHARGE]}, Control("predictive")),
        (Control("zero", (CHARGE,)), {"mode": "predictive"}, Control("predictive", (CHARGE,))),
        (Control("standby", ()), {"mode": "predictive"}, Control("predictive", BOTH)),
        # A wish for zero or standby ends it, and what it may do then is the client's to set again.
        (Control("to_full", BOTH, "standby"), {"mode": "standby"}, Control("standby", (), "standby")),
        (
            Control("to_full", (), "standby"),
            {"mode": "zero", "permissions": [CHARGE]},
            Control("zero", (CHARGE,), "standby"),
        ),
        (
            Control("to_full", BOTH, "zero"),
            {"charge_to_full": False, "permissions": []},
            Control("standby", (), "zero"),
        ),
        (
            Control("to_full", (), "standby"),
            {"charge_to_full": False, "permissions": [CHARGE]},
            Control("zero", (CHARGE,), "standby"),
        ),
        (Control("predictive", BOTH), {"mode": "to_full"}, Control("to_full", BOTH, "predictive")),
        (Control("predictive", BOTH), {"mode": "zero", "permissions": []}, Control("standby", ())),
        # Twice the same permission is once, in one order.
        (Control(), {"permissions": [DISCHARGE, DISCHARGE]}, Control("zero", (DISCHARGE,))),
    ],
)
def test_a_wish_moves_the_control_as_the_reference_says(
    before: Control, sent: dict[str, object], after: Control
) -> None:
    assert changed(before, wish(sent, NEWEST)) == after


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({}, "json:no-parameters-recognized"),
        ({"power_w": 800}, "json:no-parameters-recognized"),
        ({"mode": 1}, "json:parameter-invalid-type:mode"),
        ({"mode": "to_empty"}, "json:parameter-invalid-type:mode"),
        ({"permissions": CHARGE}, "json:parameter-invalid-type:permissions"),
        ({"permissions": [CHARGE, {}]}, "json:parameter-invalid-type:permissions"),
        ({"mode": None}, "json:parameter-invalid-type:mode"),
        ({"permissions": None}, "json:parameter-invalid-type:permissions"),
        ({"mode": "zero", "permissions": {}}, "json:parameter-invalid-type:permissions"),
        ({"charge_to_full": 1}, "json:parameter-invalid-type:charge_to_full"),
        ({"charge_to_full": None}, "json:parameter-invalid-type:charge_to_full"),
        ({"charge_to_full": True, "permissions": []}, "json:parameter-not-exclusive"),
        ({"charge_to_full": True, "mode": "predictive"}, "json:parameter-not-exclusive"),
        ({"mode": "to_full", "permissions": []}, "json:parameter-not-exclusive"),
        ({"charge_to_full": True, "permissions": [CHARGE]}, "json:parameter-not-exclusive"),
        ({"mode": "standby", "permissions": [CHARGE]}, "json:parameter-not-exclusive"),
        ({"mode": "zero", "charge_to_full": True}, "json:parameter-not-exclusive"),
        ({"mode": "to_full", "charge_to_full": False}, "json:parameter-not-exclusive"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(sent: dict[str, object], code: str) -> None:
    with pytest.raises(CallerError) as refusal:
        wish(sent, NEWEST)

    assert refusal.value.code == code


def test_without_batteries_the_control_is_told_and_every_figure_is_zero() -> None:
    grid = Grid()

    shown = batteries(grid.appliance(), grid.now)

    assert shown is not None
    assert body(shown) == (
        b'{"mode":"zero","permissions":["charge_allowed","discharge_allowed"],"charge_to_full":false,'
        b'"battery_count":0,"power_w":0,"target_power_w":0,"max_consumption_w":0,"max_production_w":0}'
    )


def test_a_control_nobody_kept_is_plain_zero() -> None:
    grid = Grid()
    grid.roster.remove(METER)

    assert control(grid.appliance()) == Control()


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        # Neither is told without the other, whichever way the source puts it.
        ({"batteries_mode": "zero", "batteries_permissions": ()}, Control("standby", ())),
        ({"batteries_mode": "standby", "batteries_permissions": BOTH}, Control("standby", ())),
        ({"batteries_mode": "zero", "batteries_permissions": (DISCHARGE, "sell", CHARGE)}, Control("zero", BOTH)),
        ({"batteries_mode": "to_moon"}, Control("zero", BOTH)),
        ({"batteries_mode": 7, "batteries_permissions": "all"}, Control("zero", BOTH)),
        # What leads back to itself leads nowhere.
        ({"batteries_mode": "to_full", "batteries_mode_before": "to_full"}, Control("to_full", BOTH, "zero")),
        ({"batteries_mode": "to_full", "batteries_mode_before": 7}, Control("to_full", BOTH, "zero")),
        ({"batteries_mode": "to_full", "batteries_mode_before": "predictive"}, Control("to_full", BOTH, "predictive")),
    ],
)
def test_what_a_source_tells_is_shown_as_clients_know_it(told: dict[str, Value], shown: Control) -> None:
    grid = Grid(own_points=STEERED)
    grid.tell(METER, told)

    assert control(grid.appliance()) == shown


def test_a_source_that_has_not_told_what_its_batteries_do_is_written_what_changes() -> None:
    grid = Grid(own_points=STEERED)

    nothing = writes(grid.appliance(), {"mode": "zero"})
    something = writes(grid.appliance(), {"permissions": [CHARGE]})

    assert nothing == {}
    assert something == {"batteries_permissions": (CHARGE,)}


@pytest.mark.parametrize("figure", [math.nan, "400", True])
def test_a_figure_that_is_none_is_zero(figure: Value) -> None:
    grid = Grid(own_points=STEERED)
    grid.tell(METER, {"batteries_count": 2, "batteries_power_w": figure})

    shown = batteries(grid.appliance(), grid.now)

    assert shown is not None
    assert (shown["battery_count"], shown["power_w"]) == (2, 0)


def test_batteries_are_counted_in_whole_numbers() -> None:
    grid = Grid(own_points=STEERED)
    grid.tell(METER, {"batteries_count": 2.0})

    shown = batteries(grid.appliance(), grid.now)

    assert shown is not None
    assert str(shown["battery_count"]) == "2"


def test_figures_of_batteries_that_are_gone_are_not_told() -> None:
    grid = Grid()
    grid.tell(METER, {"batteries_count": 2, "batteries_power_w": 400})

    shown = batteries(grid.appliance(), grid.now)

    assert shown is not None
    assert (shown["battery_count"], shown["power_w"]) == (0, 0)


def test_old_figures_are_not_told_and_a_control_that_the_hub_keeps_is() -> None:
    later = START + timedelta(seconds=31)

    assert batteries(Grid(own_points=STEERED).appliance(), later) is None
    assert batteries(Grid().appliance(), later) is not None


def test_a_source_with_modes_alone_is_asked_for_no_permissions() -> None:
    own = tuple(point for point in STEERED if point.name == "batteries_mode")
    grid = Grid(own_points=own)

    standby = writes(grid.appliance(), {"permissions": []})
    limited = writes(grid.appliance(), {"permissions": [CHARGE]})
    to_full = writes(grid.appliance(), {"charge_to_full": True})

    assert [point.name for point in kept_points(grid.meter)] == ["batteries_mode", "batteries_mode_before"]
    assert standby == {"batteries_mode": "standby"}
    assert limited == {}
    assert to_full == {"batteries_mode": "to_full"}


def test_what_the_device_does_not_have_is_not_written() -> None:
    grid = Grid()
    bare = Appliance(grid.house, Device(id=METER, kind="meter"), grid.face)

    assert writes(bare, {"mode": "standby"}) == {}


@pytest.mark.parametrize(
    ("release", "fields"),
    [
        ("2.1.0", ["mode"]),
        ("2.2.0", ["mode", "permissions", "battery_count"]),
        ("2.3.0", ["mode", "permissions", "charge_to_full", "battery_count"]),
    ],
)
def test_each_release_has_its_fields(release: str, fields: list[str]) -> None:
    grid = Grid(Face(serial=SERIAL, api_version=release))

    shown = batteries(grid.appliance(), grid.now)

    assert shown is not None
    assert list(shown) == [*fields, "power_w", "target_power_w", "max_consumption_w", "max_production_w"]


@pytest.mark.parametrize(
    ("release", "points", "is_pushed"),
    [
        ("2.1.0", ["batteries_mode"], True),
        ("2.1.0", ["batteries_permissions", "batteries_target_power_w"], False),
        ("2.2.0", ["batteries_permissions"], True),
        ("2.2.0", ["batteries_target_power_w"], True),
        ("2.3.0", ["batteries_mode"], True),
        ("2.3.0", ["batteries_power_w", "batteries_count", "batteries_mode_before", "power_w"], False),
    ],
)
def test_each_release_pushes_what_it_says(release: str, points: list[str], *, is_pushed: bool) -> None:
    assert is_news(RELEASES[release], points) is is_pushed


WISHES = st.fixed_dictionaries(
    {},
    optional={
        "mode": st.sampled_from(["zero", "standby", "to_full", "predictive"]),
        "permissions": st.lists(st.sampled_from(BOTH), max_size=3),
        "charge_to_full": st.booleans(),
    },
)


@given(st.lists(WISHES, max_size=8))
def test_no_order_of_wishes_leads_astray(sent: list[dict[str, object]]) -> None:
    now = Control()
    for one in sent:
        try:
            asked = wish(one, NEWEST)
        except CallerError:
            continue
        now = changed(now, asked)

        assert now.mode != "zero" or now.permissions
        assert now.mode != "standby" or not now.permissions
        assert now.mode_before != "to_full"
        assert (
            asked.permissions is None or now.permissions == asked.permissions or now.mode in ("to_full", "predictive")
        )
        assert (asked.charge_to_full is True) <= (now.mode == "to_full")
        assert (asked.charge_to_full is False) <= (now.mode != "to_full")
        # Asked once more it changes nothing.
        assert changed(now, asked) == now
