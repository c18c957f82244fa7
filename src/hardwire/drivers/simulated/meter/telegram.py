"""The telegram that a DSMR 5.0 meter would send for a reading: its text, with the right CRC."""

from array import array
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from struct import unpack_from

from hardwire.model.value import Value

HEADER = "/HWR5\\2SIM-3P"


def telegram_text(reading: Mapping[str, Value], gas: Mapping[str, Value], local: datetime, gas_local: datetime) -> str:
    """Return the telegram of a reading, CRLF line ends included; `gas` may be empty.

    `local` and `gas_local` are the two instants in the meter's own zone.

    Source: HomeWizard reference, section 8.1.
    """

    def number(name: str) -> float:
        value = reading[name]
        assert isinstance(value, int | float)
        return value

    def kwh(name: str) -> str:
        return f"({number(name):010.3f}*kWh)"

    def kw(watts: float) -> str:
        return f"({max(0.0, watts) / 1_000:06.3f}*kW)"

    def count(name: str) -> str:
        return f"({int(number(name)):05d})"

    lines = [
        HEADER,
        "",
        f"1-3:0.2.8({reading['protocol_version']})",
        f"0-0:1.0.0({_stamp(local)})",
        f"0-0:96.1.1({reading['unique_id']})",
        f"1-0:1.8.1{kwh('energy_import_t1_kwh')}",
        f"1-0:1.8.2{kwh('energy_import_t2_kwh')}",
        f"1-0:2.8.1{kwh('energy_export_t1_kwh')}",
        f"1-0:2.8.2{kwh('energy_export_t2_kwh')}",
        f"0-0:96.14.0({int(number('tariff')):04d})",
        f"1-0:1.7.0{kw(number('power_w'))}",
        f"1-0:2.7.0{kw(-number('power_w'))}",
        f"0-0:96.7.21{count('any_power_fail_count')}",
        f"0-0:96.7.9{count('long_power_fail_count')}",
    ]
    # Object numbers of the phases L1, L2, L3 start at 20, 40 and 60.
    phases = ((1, 20), (2, 40), (3, 60))
    lines += [f"1-0:{base + 12}.32.0{count(f'voltage_sag_l{phase}_count')}" for phase, base in phases]
    lines += [f"1-0:{base + 12}.36.0{count(f'voltage_swell_l{phase}_count')}" for phase, base in phases]
    lines.append("0-0:96.13.0()")
    lines += [f"1-0:{base + 12}.7.0({number(f'voltage_l{phase}_v'):05.1f}*V)" for phase, base in phases]
    lines += [f"1-0:{base + 11}.7.0({abs(int(number(f'current_l{phase}_a'))):03d}*A)" for phase, base in phases]
    lines += [f"1-0:{base + 1}.7.0{kw(number(f'power_l{phase}_w'))}" for phase, base in phases]
    lines += [f"1-0:{base + 2}.7.0{kw(-number(f'power_l{phase}_w'))}" for phase, base in phases]
    if gas:
        lines += [
            "0-1:24.1.0(003)",
            f"0-1:96.1.0({gas['unique_id']})",
            f"0-1:24.2.1({_stamp(gas_local)})({gas['value']:09.3f}*m3)",
        ]
    body = "\r\n".join(lines) + "\r\n!"
    return f"{body}{crc16(body.encode('ascii')):04X}\r\n"


def crc16(octets: bytes) -> int:
    """Return the CRC-16/ARC of the bytes from `/` through `!`: reflected 0x8005, no start value, no final xor."""
    # Two bytes at once: what follows from them depends on nothing but the 16 bits that they make with those before.
    after = _after_two_bytes()
    crc = 0
    for pair in unpack_from(f"<{len(octets) // 2}H", octets):
        crc = after[crc ^ pair]
    return crc if len(octets) % 2 == 0 else _next(crc ^ octets[-1])


def _next(crc: int) -> int:
    """Return what follows from one byte, which is in the lower half already."""
    for _ in range(8):
        crc = (crc >> 1) ^ (0xA001 if crc & 1 else 0)
    return crc


@cache
def _after_two_bytes() -> "array[int]":
    of_one = [_next(octet) for octet in range(256)]
    of_none = [of_one[half & 0xFF] ^ (half >> 8) for half in range(65_536)]
    return array("H", (of_one[half & 0xFF] ^ (half >> 8) for half in of_none))


def _stamp(local: datetime) -> str:
    return local.strftime("%y%m%d%H%M%S") + ("S" if local.dst() else "W")
