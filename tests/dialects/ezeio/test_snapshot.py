"""What of a device's values becomes inputs, outputs, position and registers."""

import pytest

from hardwire.dialects.ezeio.unit.snapshot import adc_of, pos_of, registers_of, text_of, whole
from hardwire.model.value import Value


def test_what_a_device_has_not_is_zero() -> None:
    assert set(adc_of({}).values()) == {0}
    assert list(adc_of({})) == ["1", "2", "3", "4", "5", "6", "7", "8", "Vin", "Vbat", "V5"]
    assert pos_of({}) == pos_of({"latitude_deg": "north"})


@pytest.mark.parametrize(
    ("value", "scale", "expected"),
    [
        (None, 1, 0),
        ("12", 1, 0),
        (("a",), 1, 0),
        (True, 1, 1),
        (2.5, 1, 2),
        (-0.4, 1, 0),
        (12.345678, 1_000_000, 12_345_678),
        (float("nan"), 1, 0),
        (float("inf"), 1, 0),
        (-1e300, 1_000_000, 0),
        (10**400, 1, 0),
    ],
)
def test_a_value_is_told_as_a_whole_number_or_as_zero(value: Value | None, scale: int, expected: int) -> None:
    assert whole(value, scale) == expected


def test_registers_are_told_by_device_and_number_and_only_where_they_hold_a_number() -> None:
    values: dict[str, Value] = {
        "register_10_1": 1,
        "register_2_34": 0.5,
        "register_2_4": 2,
        "register_3_1": "text",
        "register_3_2": float("nan"),
        "register_0_1": 9,
        "level": 3,
    }

    assert registers_of(values) == {"2": {"4": 2, "34": 0.5}, "10": {"1": 1}}
    assert list(registers_of(values)) == ["2", "10"]


def test_a_text_is_empty_where_there_is_none() -> None:
    values: dict[str, Value] = {"link": "Cell", "sim_iccid": 89}

    assert [text_of(values, name) for name in ("link", "sim_iccid", "other")] == ["Cell", "", ""]
