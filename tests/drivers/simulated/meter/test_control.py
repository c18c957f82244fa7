"""How a meter is told to steer its batteries: what a write of mode and permissions changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.drivers.simulated.meter.control import BOTH, MODES, STANDBY, TO_FULL, ZERO, Control
from hardwire.model.errors import BadValueError, CallerError
from hardwire.model.value import Value
from tests.drivers.simulated.told import unhurried

CHARGE = ("charge_allowed",)
controls = st.sampled_from(
    [
        Control(),
        Control(ZERO, CHARGE),
        Control(STANDBY, ()),
        Control(TO_FULL, BOTH, ZERO),
        Control(TO_FULL, (), STANDBY),
        Control("predictive"),
    ]
)
writes = st.fixed_dictionaries(
    {},
    optional={
        "batteries_mode": st.sampled_from(MODES),
        "batteries_permissions": st.sampled_from([(), CHARGE, BOTH]),
    },
)


@pytest.mark.parametrize(
    ("before", "values", "after"),
    [
        (Control(), {"batteries_mode": STANDBY}, Control(STANDBY, ())),
        (Control(STANDBY, ()), {"batteries_permissions": CHARGE}, Control(ZERO, CHARGE)),
        (Control(), {"batteries_permissions": ()}, Control(STANDBY, ())),
        (Control(STANDBY, ()), {"batteries_mode": ZERO}, Control(ZERO, BOTH)),
        (Control(ZERO, CHARGE), {"batteries_mode": ZERO}, Control(ZERO, CHARGE)),
        (Control(ZERO, CHARGE), {"batteries_mode": TO_FULL}, Control(TO_FULL, CHARGE, ZERO)),
        (Control("predictive"), {"batteries_mode": TO_FULL}, Control(TO_FULL, BOTH, "predictive")),
        (Control(TO_FULL, BOTH, STANDBY), {"batteries_mode": TO_FULL}, Control(TO_FULL, BOTH, STANDBY)),
        (Control(), {"batteries_mode": TO_FULL, "batteries_mode_before": "predictive"},
         Control(TO_FULL, BOTH, "predictive")),
        (Control(), {"batteries_mode_before": STANDBY}, Control(ZERO, BOTH, STANDBY)),
        (Control(), {"batteries_permissions": ("discharge_allowed", "charge_allowed")}, Control()),
        (Control("predictive"), {"batteries_permissions": CHARGE}, Control("predictive", CHARGE)),
    ],
)  # fmt: skip
def test_mode_and_permissions_agree_after_every_write(
    before: Control, values: dict[str, Value], after: Control
) -> None:
    assert before.written(values) == after


@pytest.mark.parametrize(
    "values",
    [
        {"batteries_mode": "fast"},
        {"batteries_mode": 1},
        {"batteries_mode_before": TO_FULL},
        {"batteries_mode_before": "fast"},
        {"batteries_permissions": "charge_allowed"},
        {"batteries_permissions": ("charge_allowed", "fly_allowed")},
    ],
)
def test_a_bad_value_is_named(values: dict[str, Value]) -> None:
    with pytest.raises(BadValueError) as refused:
        Control().written(values)

    assert refused.value.path == next(iter(values))


def test_what_is_only_told_cannot_be_written() -> None:
    with pytest.raises(CallerError) as refused:
        Control().written({"batteries_mode": STANDBY, "batteries_count": 3})

    assert (refused.value.code, refused.value.path) == ("not-writable", "batteries_count")


@pytest.mark.parametrize(
    ("full", "after"),
    [
        (Control(TO_FULL, CHARGE, ZERO), Control(ZERO, CHARGE, ZERO)),
        (Control(TO_FULL, (), STANDBY), Control(STANDBY, (), STANDBY)),
        (Control(TO_FULL, BOTH, "predictive"), Control("predictive", BOTH, "predictive")),
        (Control(TO_FULL, (), ZERO), Control(ZERO, BOTH, ZERO)),
    ],
)
def test_when_all_are_full_the_mode_before_comes_back(full: Control, after: Control) -> None:
    assert full.ended() == after


@unhurried
@given(controls, st.lists(writes, max_size=5))
def test_standby_has_no_permission_and_zero_has_one_whatever_is_written(
    control: Control, many: list[dict[str, Value]]
) -> None:
    for values in many:
        control = control.written(values)

        assert (control.mode == STANDBY) <= (control.permissions == ())
        assert (control.mode == ZERO) <= (control.permissions != ())
        assert control.mode_before != TO_FULL
