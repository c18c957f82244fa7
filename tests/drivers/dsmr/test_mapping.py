"""What telegrams of each family say in the names of the HomeWizard measurement."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.drivers.dsmr.fault import UnparsableError
from hardwire.drivers.dsmr.mapping import MeterReading, read_telegram
from hardwire.drivers.dsmr.mbus import MbusReading
from hardwire.drivers.dsmr.versions import VERSIONS
from hardwire.model.energy import MEASURED
from hardwire.model.value import Value
from tests.fakes import telegrams

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def read(octets: bytes, version: str = "5") -> MeterReading:
    """Read a telegram of a meter in Amsterdam."""
    return read_telegram(octets, VERSIONS[version], AMSTERDAM)


def without_text(values: Mapping[str, Value]) -> dict[str, Value]:
    """Return the values without the telegram itself."""
    return {name: value for name, value in values.items() if name != "telegram"}


def lines(*object_lines: str) -> bytes:
    """Return a telegram of just these lines."""
    return telegrams.telegram("XXX5TEST", object_lines)


def test_a_dutch_telegram_of_three_phases_is_read_in_full() -> None:
    octets = telegrams.three_phases_with_gas()

    reading = read(octets)

    assert reading.at == datetime(2026, 1, 24, 20, 31, 28, tzinfo=UTC)
    assert without_text(reading.values) == {
        "protocol_version": 50,
        "meter_model": r"ISK5\2M550T-1012",
        "unique_id": telegrams.METER_ID,
        "timestamp": "2026-01-24T21:31:28",
        "tariff": 2,
        "energy_import_kwh": 13779.338,
        "energy_import_t1_kwh": 10830.511,
        "energy_import_t2_kwh": 2948.827,
        "energy_export_kwh": 4162.465,
        "energy_export_t1_kwh": 1285.951,
        "energy_export_t2_kwh": 2876.514,
        "power_w": 1193,
        "power_l1_w": 943,
        "power_l2_w": -250,
        "power_l3_w": 500,
        "voltage_l1_v": 230.1,
        "voltage_l2_v": 229.4,
        "voltage_l3_v": 231.0,
        "current_a": 7.0,
        "current_l1_a": 4.0,
        "current_l2_a": -1.0,
        "current_l3_a": 2.0,
        "voltage_sag_l1_count": 2,
        "voltage_sag_l2_count": 1,
        "voltage_sag_l3_count": 0,
        "voltage_swell_l1_count": 0,
        "voltage_swell_l2_count": 3,
        "voltage_swell_l3_count": 0,
        "any_power_fail_count": 4,
        "long_power_fail_count": 2,
    }
    assert reading.values["telegram"] == octets.decode()
    assert reading.children == (
        MbusReading(
            "gas",
            "gas_meter",
            telegrams.GAS_ID,
            "2026-01-24T21:30:00",
            datetime(2026, 1, 24, 20, 30, tzinfo=UTC),
            1234.567,
            "m3",
        ),
    )


def test_a_house_with_one_phase_has_no_other_phase() -> None:
    reading = read(telegrams.one_phase())

    assert reading.values["power_w"] == -678
    assert reading.values["power_l1_w"] == -676
    assert reading.values["current_l1_a"] == -3.0
    assert reading.values["current_a"] == 3.0
    assert not [name for name in reading.values if "_l2_" in name or "_l3_" in name]
    assert reading.children == ()


def test_a_telegram_of_version_4_has_no_voltage() -> None:
    reading = read(telegrams.version_4(), "4")

    assert reading.values["protocol_version"] == 42
    assert reading.values["power_w"] == 2027
    assert reading.values["current_l1_a"] == 9.0
    assert "voltage_l1_v" not in reading.values
    assert [child.timestamp for child in reading.children] == ["2026-01-24T21:00:00"]


def test_a_telegram_of_version_2_has_no_instant_and_gas_on_two_lines() -> None:
    reading = read(telegrams.version_2(), "2.2")

    assert reading.at is None
    assert not reading.has_clock
    assert "timestamp" not in reading.values
    assert reading.values["protocol_version"] == 22
    assert reading.values["power_w"] == 1010
    assert reading.values["energy_import_kwh"] == 3.003
    assert reading.children == (
        MbusReading(
            "gas",
            "gas_meter",
            telegrams.GAS_ID,
            "2026-01-24T21:00:00",
            datetime(2026, 1, 24, 20, 0, tzinfo=UTC),
            101.001,
            "m3",
        ),
    )


def test_a_belgian_telegram_has_peaks_a_version_and_two_children() -> None:
    reading = read(telegrams.belgian(), "5B")

    assert reading.values["protocol_version"] == 50
    assert reading.values["unique_id"] == telegrams.METER_ID
    assert reading.values["average_power_15m_w"] == 2351
    assert reading.values["monthly_power_peak_w"] == 4329
    assert reading.values["monthly_power_peak_timestamp"] == "2026-01-17T18:15:00"
    assert reading.values["current_l1_a"] == -0.85
    assert [(child.suffix, child.kind, child.unique_id, child.value, child.unit) for child in reading.children] == [
        ("gas", "gas_meter", telegrams.GAS_ID, 112.5, "m3"),
        ("water", "water_meter", telegrams.WATER_ID, 872.125, "m3"),
    ]


def test_a_swedish_telegram_has_totals_and_no_tariffs() -> None:
    reading = read(telegrams.swedish(), "5S")

    assert reading.values["energy_import_kwh"] == 4321.987
    assert not [name for name in reading.values if re.search("_t[1-4]_", name)]
    assert reading.values["energy_export_kwh"] == 0
    assert reading.values["power_w"] == 1500
    assert "unique_id" not in reading.values
    assert "protocol_version" not in reading.values


def test_a_hungarian_telegram_has_four_tariffs_totals_and_a_frequency() -> None:
    reading = read(telegrams.hungarian(), "5EONHU")

    assert reading.values["energy_import_kwh"] == 300.75
    assert reading.values["energy_export_t4_kwh"] == 0
    assert reading.values["tariff"] == 3
    assert reading.values["frequency_hz"] == 50.03
    assert reading.values["unique_id"] == "AUX0000000424242"


def test_a_single_phase_current_without_phase_power_has_the_sign_of_the_whole() -> None:
    reading = read(telegrams.hungarian(), "5EONHU")

    assert reading.values["power_w"] == -512
    assert reading.values["current_l1_a"] == -3.0


def test_powers_in_watts_and_energies_in_watt_hours_are_taken_as_such() -> None:
    reading = read(lines("1-0:1.8.0*255(00012345*Wh)", "1-0:1.7.0*255(123.45*W)"), "Q3D")

    assert reading.values["energy_import_kwh"] == 12.345
    assert reading.values["power_w"] == 123.45


def test_the_whole_is_the_sum_of_the_phases_where_the_meter_does_not_send_it() -> None:
    reading = read(lines("1-0:21.7.0(00.100*kW)", "1-0:22.7.0(00.000*kW)", "1-0:42.7.0(00.300*kW)"))

    assert reading.values["power_w"] == -200
    assert reading.values["power_l2_w"] == -300


def test_a_tariff_beyond_four_is_left_out() -> None:
    assert "tariff" not in read(lines("0-0:96.14.0(0007)")).values


def test_empty_objects_are_absent() -> None:
    reading = read(lines("0-0:96.1.1()", "0-0:1.0.0()", "1-0:32.32.0()", "1-0:1.7.0(00.500*kW)", "0-1:24.2.1()"))

    assert without_text(reading.values) == {"meter_model": "XXX5TEST", "power_w": 500}


def test_a_version_that_no_standard_has_is_absent() -> None:
    assert "protocol_version" not in read(lines("1-3:0.2.8(99999999999999999999)")).values


def test_a_version_that_is_no_number_is_absent() -> None:
    assert "protocol_version" not in read(lines("1-3:0.2.8(ABC)")).values


def test_a_month_without_a_peak_has_neither_power_nor_time() -> None:
    reading = read(lines("1-0:1.6.0(632525252525W)(00.000*kW)", "1-0:1.4.0(00.100*kW)"), "5B")

    assert "monthly_power_peak_w" not in reading.values
    assert "monthly_power_peak_timestamp" not in reading.values
    assert reading.values["average_power_15m_w"] == 100


def test_a_clock_that_was_never_set_leaves_the_instant_to_the_hub() -> None:
    reading = read(lines("0-0:1.0.0(632525252525W)", "1-0:1.7.0(00.500*kW)"))

    assert reading.at is None
    assert reading.has_clock
    assert "timestamp" not in reading.values


GAS = ("0-1:24.1.0(003)", "0-1:96.1.0(47)", "0-1:24.2.1(260124210000W)(00001.000*m3)")


@pytest.mark.parametrize(
    "children",
    [
        ("0-1:24.1.0(003)",),
        ("0-1:24.1.0(000)", *GAS[1:]),
        ("0-1:24.1.0(0X)", *GAS[1:]),
        ("0-1:24.1.0(003)", "0-1:24.2.1(632525252525W)(00000.000*m3)"),
        ("0-1:24.1.0(003)", "0-1:24.2.1(260124210000W)(00000000)"),
        ("0-1:24.1.0(003)", "0-1:24.2.1(260124210000W)()"),
        GAS[1:],
    ],
)
def test_a_channel_without_a_known_kind_or_a_reading_has_no_child(children: tuple[str, ...]) -> None:
    assert read(lines(*children)).children == ()


@pytest.mark.parametrize(
    ("device_type", "suffix", "kind"),
    [
        ("003", "gas", "gas_meter"),
        ("004", "heat", "heat_meter"),
        ("006", "warm_water", "warm_water_meter"),
        ("007", "water", "water_meter"),
        ("012", "inlet_heat", "inlet_heat_meter"),
    ],
)
def test_each_kind_of_child_has_its_name(device_type: str, suffix: str, kind: str) -> None:
    reading = read(lines(f"0-3:24.1.0({device_type})", "0-3:24.2.1(260124210000W)(00001.500*GJ)"))

    assert [(child.suffix, child.kind, child.unit) for child in reading.children] == [(suffix, kind, "GJ")]


def test_a_second_meter_of_a_kind_is_named_by_its_channel_even_when_the_first_is_silent() -> None:
    second = tuple(line.replace("0-1:", "0-2:") for line in GAS)

    both = read(lines(*second, *GAS))
    one = read(lines("0-1:24.1.0(003)", *second))

    assert [child.suffix for child in both.children] == ["gas", "gas2"]
    assert [child.suffix for child in one.children] == ["gas2"]


@pytest.mark.parametrize(
    "line",
    [
        "1-0:1.7.0(xx.yyy*kW)",
        "1-0:1.7.0(NaN*kW)",
        "1-0:1.7.0(Infinity*kW)",
        "1-0:1.7.0(1E999999*kW)",
        "1-0:1.7.0(1E9999990*kW)",
        "1-0:1.8.1(1000000000000*kWh)",
        "0-0:96.7.21(1000000000000)",
        "0-0:96.7.9(-1)",
        "1-0:32.32.0(99999999999999999999)",
        "1-0:1.7.0(1*2*kW)",
        "1-0:1.7.0",
        "1-0:1.7.0(01.000*kW)(02.000*kW)",
        "0-0:96.14.0(two)",
        "0-0:1.0.0(yesterday)",
        "1-0:1.6.0(04.329*kW)",
        "0-1:24.2.1(260124210000W)(1.2.3*m3)",
    ],
)
def test_a_served_line_that_is_no_value_spoils_its_telegram(line: str) -> None:
    with pytest.raises(UnparsableError):
        read(lines("1-0:2.7.0(00.000*kW)", line))


@pytest.mark.parametrize("value", ["NaN", "1E9999990", "-1E9999990"])
def test_a_child_whose_reading_is_no_number_spoils_its_telegram(value: str) -> None:
    with pytest.raises(UnparsableError):
        read(lines("0-1:24.1.0(003)", f"0-1:24.2.1(260124210000W)({value}*m3)"))


def test_a_line_that_nobody_is_served_spoils_nothing() -> None:
    reading = read(lines("1-0:1.7.0(00.500*kW)", "0-0:96.13.0(~~~)", "1-0:99.97.0(9)(x)", "nonsense"))

    assert reading.values["power_w"] == 500


def test_bytes_that_are_no_text_spoil_their_telegram() -> None:
    with pytest.raises(UnparsableError, match="bytesize"):
        read(b"/XXX5\xb1\r\n\r\n1-0:1.7.0(00.500*kW)\r\n!\r\n", "2.2")


def test_a_telegram_without_any_known_line_is_none() -> None:
    with pytest.raises(UnparsableError, match="no known object"):
        read(lines("hello"))


def test_every_value_has_a_point() -> None:
    names = {point.name for point in MEASURED}

    for make in (telegrams.three_phases_with_gas, telegrams.belgian, telegrams.hungarian):
        assert names.issuperset(read(make()).values)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["0-0:1.0.0", "1-0:1.7.0", "0-0:96.14.0", "1-0:31.7.0", "0-1:24.1.0", "0-1:24.2.1", "0-1:24.3.0"]
            ),
            st.text(alphabet="0123456789.()*SWkmNaE\r\n-", max_size=30),
        ),
        max_size=8,
    )
)
def test_whatever_stands_in_the_lines_is_read_or_told(object_lines: list[tuple[str, str]]) -> None:
    octets = lines(*(f"{reference}({rest}" for reference, rest in object_lines))

    try:
        reading = read(octets)
    except UnparsableError as error:
        sentence = str(error)
    else:
        sentence = "."
        assert all(isinstance(value, str | int | float) for value in reading.values.values())
    assert sentence.endswith(".")
