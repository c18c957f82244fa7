"""The simulated meter's telegram, read back by a parser that nobody here wrote."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from dsmr_parser.parsers import TelegramParser
from dsmr_parser.telegram_specifications import V5

from hardwire.drivers.simulated.meter.household import Household
from hardwire.drivers.simulated.meter.telegram import crc16, telegram_text

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOON = datetime(2026, 11, 25, 12, 0, 7, tzinfo=AMSTERDAM)


def telegram(when: datetime, *, has_gas: bool = True) -> str:
    house = Household("grid", AMSTERDAM, solar_peak_w=4_200)
    gas = house.gas_reading(when) if has_gas else {}
    return telegram_text(house.reading(when), gas, when, house.gas_taken_at(when))


def test_the_checksum_is_crc_16_arc() -> None:
    # The published check value of CRC-16/ARC.
    assert crc16(b"123456789") == 0xBB3D


@pytest.mark.parametrize("length", range(9))
def test_the_checksum_of_any_length_is_that_of_a_byte_after_the_other(length: int) -> None:
    octets = b"/HWR5\\2S"[:length]
    expected = 0
    for octet in octets:
        expected ^= octet
        for _ in range(8):
            expected = (expected >> 1) ^ (0xA001 if expected & 1 else 0)

    assert crc16(octets) == expected


def test_the_telegram_ends_with_the_checksum_of_everything_before_it() -> None:
    text = telegram(NOON)

    body, _, tail = text.rpartition("!")

    assert tail == f"{crc16((body + '!').encode()):04X}\r\n"
    assert "\n" not in text.replace("\r\n", "")
    assert text.startswith("/HWR5\\2SIM-3P\r\n\r\n")


@pytest.mark.parametrize(
    ("when", "stamp"),
    [(NOON, "(261125120007W)"), (datetime(2026, 7, 1, 12, 0, 7, tzinfo=AMSTERDAM), "(260701120007S)")],
)
def test_the_time_says_whether_it_is_summer(when: datetime, stamp: str) -> None:
    assert f"0-0:1.0.0{stamp}\r\n" in telegram(when)


def test_a_house_without_gas_sends_no_gas_lines() -> None:
    assert "0-1:" not in telegram(NOON, has_gas=False)


def test_a_parser_reads_back_what_the_meter_shows() -> None:
    house = Household("grid", AMSTERDAM, solar_peak_w=4_200)
    reading, house_gas = house.reading(NOON), house.gas_reading(NOON)

    parsed = TelegramParser(V5).parse(telegram(NOON))

    delivery = parsed.CURRENT_ELECTRICITY_USAGE.value - parsed.CURRENT_ELECTRICITY_DELIVERY.value
    assert float(delivery) * 1_000 == reading["power_w"]
    assert float(parsed.ELECTRICITY_USED_TARIFF_2.value) == reading["energy_import_t2_kwh"]
    assert float(parsed.ELECTRICITY_DELIVERED_TARIFF_1.value) == reading["energy_export_t1_kwh"]
    assert parsed.EQUIPMENT_IDENTIFIER.value == reading["unique_id"]
    assert parsed.P1_MESSAGE_TIMESTAMP.value == NOON.astimezone(UTC)
    assert float(parsed.INSTANTANEOUS_VOLTAGE_L3.value) == reading["voltage_l3_v"]
    assert -int(parsed.INSTANTANEOUS_CURRENT_L3.value) == reading["current_l3_a"]
    gas = {name: read for read in parsed.MBUS_DEVICES for name, read in read}
    assert gas["MBUS_DEVICE_TYPE"].value == 3
    assert gas["MBUS_EQUIPMENT_IDENTIFIER"].value == house_gas["unique_id"]
    assert float(gas["MBUS_METER_READING"].value) == house_gas["value"]
    assert gas["MBUS_METER_READING"].unit == "m3"
