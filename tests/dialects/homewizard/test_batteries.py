"""The battery control: modes, permissions and how one moves the other."""

import pytest

from hardwire.dialects.homewizard.batteries import Control, batteries, changed, control, wish
from hardwire.dialects.homewizard.release import RELEASES
from hardwire.dialects.homewizard.wire import body
from hardwire.model.errors import CallerError
from tests.dialects.homewizard.paper_grid import METER, Grid

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
        (Control("predictive"), {"permissions": [CHARGE]}, Control("predictive")),
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
        ({"charge_to_full": 1}, "json:parameter-invalid-type:charge_to_full"),
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

    assert body(shown) == (
        b'{"mode":"zero","permissions":["charge_allowed","discharge_allowed"],"charge_to_full":false,'
        b'"battery_count":0,"power_w":0,"target_power_w":0,"max_consumption_w":0,"max_production_w":0}'
    )


def test_a_control_nobody_kept_is_plain_zero() -> None:
    grid = Grid()
    grid.roster.remove(METER)

    assert control(grid.appliance()) == Control()
