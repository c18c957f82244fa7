"""Telegrams of paper meters, made from the published formats, with the right CRC."""

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

CET = timezone(timedelta(hours=1))
CEST = timezone(timedelta(hours=2))

WINTER_EVENING = datetime(2026, 1, 24, 21, 31, 28, tzinfo=CET)
"""The instant of each telegram here unless another one is given; as UTC it is 20:31:28."""

METER_ID = "4530303939393030303030303432343234"
GAS_ID = "4730303939393030303030303432343235"
WATER_ID = "3857544430303030303432343236"


def crc16(octets: bytes) -> int:
    """Return the CRC-16/ARC of some bytes, one bit at a time, by the polynomial's definition."""
    crc = 0
    for octet in octets:
        crc ^= octet
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return crc


def telegram(header: str, lines: Iterable[str], *, has_crc: bool = True) -> bytes:
    """Return a whole telegram: header line, blank line, object lines, `!`, CRC."""
    octets = "\r\n".join([f"/{header}", "", *lines, "!"]).encode("ascii")
    return octets + (f"{crc16(octets):04X}\r\n".encode("ascii") if has_crc else b"\r\n")


def stamp(at: datetime) -> str:
    """Return a P1 time stamp: local time with S for summer time (an offset of two hours) or W."""
    return at.strftime("%y%m%d%H%M%S") + ("S" if at.utcoffset() == timedelta(hours=2) else "W")


def three_phases_with_gas(
    at: datetime = WINTER_EVENING,
    *,
    power_w: int = 1193,
    gas_at: datetime | None = None,
    gas_m3: float = 1234.567,
) -> bytes:
    """Return a DSMR 5.0 telegram of a Dutch house with a gas meter; phase 2 gives 250 W back.

    `power_w` is what the house draws; below 0 it gives.
    """
    gas_at = gas_at or at.replace(minute=at.minute // 5 * 5, second=0)
    drawn_kw, given_kw = max(power_w, 0) / 1000, max(-power_w, 0) / 1000
    return telegram(
        r"ISK5\2M550T-1012",
        [
            "1-3:0.2.8(50)",
            f"0-0:1.0.0({stamp(at)})",
            f"0-0:96.1.1({METER_ID})",
            "1-0:1.8.1(010830.511*kWh)",
            "1-0:1.8.2(002948.827*kWh)",
            "1-0:2.8.1(001285.951*kWh)",
            "1-0:2.8.2(002876.514*kWh)",
            "0-0:96.14.0(0002)",
            f"1-0:1.7.0({drawn_kw:06.3f}*kW)",
            f"1-0:2.7.0({given_kw:06.3f}*kW)",
            "0-0:96.7.21(00004)",
            "0-0:96.7.9(00002)",
            "1-0:99.97.0(2)(0-0:96.7.19)(251208152415W)(0000000240*s)(251208151004W)(0000000301*s)",
            "1-0:32.32.0(00002)",
            "1-0:52.32.0(00001)",
            "1-0:72.32.0(00000)",
            "1-0:32.36.0(00000)",
            "1-0:52.36.0(00003)",
            "1-0:72.36.0(00000)",
            "0-0:96.13.0()",
            "1-0:32.7.0(230.1*V)",
            "1-0:52.7.0(229.4*V)",
            "1-0:72.7.0(231.0*V)",
            "1-0:31.7.0(004*A)",
            "1-0:51.7.0(001*A)",
            "1-0:71.7.0(002*A)",
            "1-0:21.7.0(00.943*kW)",
            "1-0:41.7.0(00.000*kW)",
            "1-0:61.7.0(00.500*kW)",
            "1-0:22.7.0(00.000*kW)",
            "1-0:42.7.0(00.250*kW)",
            "1-0:62.7.0(00.000*kW)",
            "0-1:24.1.0(003)",
            f"0-1:96.1.0({GAS_ID})",
            f"0-1:24.2.1({stamp(gas_at)})({gas_m3:09.3f}*m3)",
        ],
    )


def one_phase(at: datetime = WINTER_EVENING) -> bytes:
    """Return a DSMR 5.0 telegram of a house with one phase, no gas, that gives 678 W back."""
    return telegram(
        r"Ene5\T210-D ESMR5.0",
        [
            "1-3:0.2.8(50)",
            f"0-0:1.0.0({stamp(at)})",
            f"0-0:96.1.1({METER_ID})",
            "1-0:1.8.1(000123.456*kWh)",
            "1-0:1.8.2(000065.544*kWh)",
            "1-0:2.8.1(000010.000*kWh)",
            "1-0:2.8.2(000020.000*kWh)",
            "0-0:96.14.0(0001)",
            "1-0:1.7.0(00.000*kW)",
            "1-0:2.7.0(00.678*kW)",
            "1-0:32.7.0(234.0*V)",
            "1-0:31.7.0(003*A)",
            "1-0:21.7.0(00.000*kW)",
            "1-0:22.7.0(00.676*kW)",
        ],
    )


def version_4(at: datetime = WINTER_EVENING) -> bytes:
    """Return a DSMR 4.2 telegram with an hourly gas reading: no voltages, no totals."""
    return telegram(
        r"KFM5KAIFA-METER",
        [
            "1-3:0.2.8(42)",
            f"0-0:1.0.0({stamp(at)})",
            f"0-0:96.1.1({METER_ID})",
            "1-0:1.8.1(001581.123*kWh)",
            "1-0:1.8.2(001435.706*kWh)",
            "1-0:2.8.1(000000.000*kWh)",
            "1-0:2.8.2(000000.000*kWh)",
            "0-0:96.14.0(0002)",
            "1-0:1.7.0(02.027*kW)",
            "1-0:2.7.0(00.000*kW)",
            "0-0:96.7.21(00015)",
            "0-0:96.7.9(00007)",
            "1-0:99.97.0(0)(0-0:96.7.19)",
            "1-0:32.32.0(00000)",
            "0-0:96.13.1()",
            "0-0:96.13.0()",
            "1-0:31.7.0(009*A)",
            "1-0:21.7.0(02.027*kW)",
            "1-0:22.7.0(00.000*kW)",
            "0-1:24.1.0(003)",
            f"0-1:96.1.0({GAS_ID})",
            f"0-1:24.2.1({stamp(at.replace(minute=0, second=0))})(00981.443*m3)",
        ],
    )


def version_2(gas_at: datetime = WINTER_EVENING) -> bytes:
    """Return a DSMR 2.2 telegram: no CRC, no version, no time of its own; gas on two lines, its time without a mark."""
    return telegram(
        r"ISk5\2MT382-1004",
        [
            f"0-0:96.1.1({METER_ID})",
            "1-0:1.8.1(00001.001*kWh)",
            "1-0:1.8.2(00002.002*kWh)",
            "1-0:2.8.1(00003.003*kWh)",
            "1-0:2.8.2(00004.004*kWh)",
            "0-0:96.14.0(0001)",
            "1-0:1.7.0(0001.01*kW)",
            "1-0:2.7.0(0000.00*kW)",
            "0-0:17.0.0(0999.00*kW)",
            "0-0:96.3.10(1)",
            "0-0:96.13.1()",
            "0-0:96.13.0()",
            "0-1:24.1.0(3)",
            f"0-1:96.1.0({GAS_ID})",
            f"0-1:24.3.0({gas_at.strftime('%y%m%d%H0000')})(00)(60)(1)(0-1:24.2.1)(m3)",
            "(00101.001)",
            "0-1:24.4.0(1)",
        ],
        has_crc=False,
    )


def belgian(at: datetime = WINTER_EVENING) -> bytes:
    """Return a Fluvius telegram: version 50217, quarter-hour power, month's peak, gas (24.2.3) and water."""
    return telegram(
        r"FLU5\200000043_A",
        [
            "0-0:96.1.4(50217)",
            f"0-0:96.1.1({METER_ID})",
            f"0-0:1.0.0({stamp(at)})",
            "1-0:1.8.1(000123.456*kWh)",
            "1-0:1.8.2(000456.789*kWh)",
            "1-0:2.8.1(000000.000*kWh)",
            "1-0:2.8.2(000000.000*kWh)",
            "0-0:96.14.0(0001)",
            "1-0:1.4.0(02.351*kW)",
            "1-0:1.6.0(260117181500W)(04.329*kW)",
            "0-0:98.1.0(2)(1-0:1.6.0)(1-0:1.6.0)(251201000000W)(251123201500W)(06.134*kW)"
            "(260101000000W)(251208084500W)(05.087*kW)",
            "1-0:1.7.0(00.000*kW)",
            "1-0:2.7.0(00.200*kW)",
            "1-0:21.7.0(00.000*kW)",
            "1-0:22.7.0(00.200*kW)",
            "1-0:32.7.0(234.7*V)",
            "1-0:31.7.0(000.85*A)",
            "0-0:96.3.10(1)",
            "0-0:17.0.0(999.9*kW)",
            "1-0:31.4.0(999*A)",
            "0-0:96.13.0()",
            "0-1:24.1.0(003)",
            f"0-1:96.1.1({GAS_ID})",
            "0-1:24.4.0(1)",
            f"0-1:24.2.3({stamp(at.replace(minute=30, second=0))})(00112.500*m3)",
            "0-2:24.1.0(007)",
            f"0-2:96.1.1({WATER_ID})",
            f"0-2:24.2.1({stamp(at.replace(minute=25, second=14))})(00872.125*m3)",
        ],
    )


def swedish(at: datetime = WINTER_EVENING) -> bytes:
    """Return a Swedish telegram: totals without tariffs, reactive registers, three phases, no id."""
    return telegram(
        "ELL5\\200000042_A",
        [
            f"0-0:1.0.0({stamp(at)})",
            "1-0:1.8.0(00004321.987*kWh)",
            "1-0:2.8.0(00000000.000*kWh)",
            "1-0:3.8.0(00000012.345*kvarh)",
            "1-0:4.8.0(00000678.901*kvarh)",
            "1-0:1.7.0(0001.500*kW)",
            "1-0:2.7.0(0000.000*kW)",
            "1-0:3.7.0(0000.000*kvar)",
            "1-0:4.7.0(0000.111*kvar)",
            "1-0:21.7.0(0000.900*kW)",
            "1-0:22.7.0(0000.000*kW)",
            "1-0:41.7.0(0000.400*kW)",
            "1-0:42.7.0(0000.000*kW)",
            "1-0:61.7.0(0000.200*kW)",
            "1-0:62.7.0(0000.000*kW)",
            "1-0:23.7.0(0000.000*kvar)",
            "1-0:24.7.0(0000.111*kvar)",
            "1-0:32.7.0(238.3*V)",
            "1-0:52.7.0(238.1*V)",
            "1-0:72.7.0(239.3*V)",
            "1-0:31.7.0(003.9*A)",
            "1-0:51.7.0(001.6*A)",
            "1-0:71.7.0(001.7*A)",
        ],
    )


def hungarian(at: datetime = WINTER_EVENING) -> bytes:
    """Return an E.ON telegram of Hungary: four tariffs, totals, frequency, the logical device name as id."""
    return telegram(
        "AUX5HW00424242-A",
        [
            f"0-0:1.0.0({stamp(at)})",
            "0-0:42.0.0(AUX0000000424242)",
            "0-0:96.1.0(0424242)",
            "0-0:96.14.0(0003)",
            "1-0:1.8.0(000300.750*kWh)",
            "1-0:1.8.1(000100.250*kWh)",
            "1-0:1.8.2(000200.500*kWh)",
            "1-0:1.8.3(000000.000*kWh)",
            "1-0:1.8.4(000000.000*kWh)",
            "1-0:2.8.0(000090.300*kWh)",
            "1-0:2.8.1(000060.100*kWh)",
            "1-0:2.8.2(000030.200*kWh)",
            "1-0:2.8.3(000000.000*kWh)",
            "1-0:2.8.4(000000.000*kWh)",
            "1-0:32.7.0(239.6*V)",
            "1-0:31.7.0(003*A)",
            "1-0:14.7.0(50.03*Hz)",
            "1-0:1.7.0(00.000*kW)",
            "1-0:2.7.0(00.512*kW)",
        ],
    )


def with_crc_of(octets: bytes, wrong: int = 0x1234) -> bytes:
    """Return a telegram with another CRC than its own."""
    return octets[: octets.rindex(b"!") + 1] + f"{wrong:04X}\r\n".encode()
