"""Reads the lines of a telegram with dsmr-parser, only those that somebody is served."""

import logging
from decimal import Decimal

from dsmr_parser import obis_references as obis
from dsmr_parser.exceptions import ParseError
from dsmr_parser.objects import Telegram
from dsmr_parser.parsers import CosemParser, MBusParser, TelegramParser, ValueParser

from hardwire.drivers.dsmr.fault import UnparsableError

__all__ = ["COUNT_LIMIT", "Telegram", "is_measured", "parse"]

# No meter counts that far, be it kWh, m3 or failures: what reaches it is damage.
MEASURED_DIGITS = 12
COUNT_LIMIT = 10**MEASURED_DIGITS

# It logs each bad line with a traceback; here a bad telegram is one counted fault.
logging.getLogger("dsmr_parser.parsers").setLevel(logging.CRITICAL)


def parse(octets: bytes) -> Telegram:
    """Return the objects of a whole telegram.

    Raises:
        UnparsableError: a served line does not have the form that its object must have.
    """
    try:
        telegram = _PARSER.parse(octets.decode("ascii"), throw_ex=True)
    except UnicodeDecodeError:
        raise UnparsableError(
            "A telegram held bytes that are no text and was dropped: check `baud`, `bytesize` and `parity`."
        ) from None
    except (ParseError, ArithmeticError, ValueError, TypeError, LookupError) as error:
        raise UnparsableError(f"A telegram held a line that cannot be read and was dropped: {_line(error)}.") from None
    if not list(telegram):
        raise UnparsableError("A telegram held no known object and was dropped: check that the port is a meter's P1.")
    return telegram


def is_measured(value: Decimal) -> bool:
    """Say whether a value can be a meter's: Python's Decimal also reads `NaN`, `Infinity` and `1E9999999`."""
    # By its digits: arithmetic on an exponent that large overflows.
    return value.is_finite() and -MEASURED_DIGITS <= value.adjusted() < MEASURED_DIGITS


def _line(error: Exception) -> str:
    """Name the line where dsmr-parser does, shortened: it comes from outside."""
    for argument in error.args[1:2]:
        return ascii(str(argument).strip())[:80]
    return type(error).__name__


def _line_object(name: str, reference: str, *formats: type) -> dict[str, object]:
    line_parser = MBusParser if len(formats) > 1 else CosemParser
    return {
        "obis_reference": reference,
        "value_parser": line_parser(*(ValueParser(each) for each in formats)),
        "value_name": name,
    }


# One specification for all families instead of dsmr-parser's one per family: no line means two things in two of them,
# and a meter that sends more than its family must is served in full. Time stamps stay text: `clock` reads them in the
# meter's own zone, where dsmr-parser takes Amsterdam's. The log of power failures and the text messages are left out:
# nobody is served them (dsmr-parser's ProfileGenericParser also grows with every telegram it reads).
_NUMBERS = (
    "ELECTRICITY_IMPORTED_TOTAL",
    "ELECTRICITY_EXPORTED_TOTAL",
    *(f"ELECTRICITY_{way}_TARIFF_{tariff}" for way in ("USED", "DELIVERED") for tariff in (1, 2, 3, 4)),
    "CURRENT_ELECTRICITY_USAGE",
    "CURRENT_ELECTRICITY_DELIVERY",
    *(f"INSTANTANEOUS_VOLTAGE_L{phase}" for phase in (1, 2, 3)),
    *(f"INSTANTANEOUS_CURRENT_L{phase}" for phase in (1, 2, 3)),
    *(f"INSTANTANEOUS_ACTIVE_POWER_L{phase}_{way}" for phase in (1, 2, 3) for way in ("POSITIVE", "NEGATIVE")),
    "BELGIUM_CURRENT_AVERAGE_DEMAND",
    "EON_HU_FREQUENCY",
)
_COUNTS = (
    "ELECTRICITY_ACTIVE_TARIFF",
    "SHORT_POWER_FAILURE_COUNT",
    "LONG_POWER_FAILURE_COUNT",
    *(f"VOLTAGE_{way}_L{phase}_COUNT" for way in ("SAG", "SWELL") for phase in (1, 2, 3)),
)
_TEXTS = (
    "P1_MESSAGE_HEADER",
    "P1_MESSAGE_TIMESTAMP",
    "BELGIUM_VERSION_INFORMATION",
    "LUXEMBOURG_EQUIPMENT_IDENTIFIER",
    "Q3D_EQUIPMENT_IDENTIFIER",
    "MBUS_DEVICE_TYPE",
    "MBUS_EQUIPMENT_IDENTIFIER",
)
_SPECIFICATION = {
    "checksum_support": False,  # the framer has checked it
    "objects": [
        *(_line_object(name, getattr(obis, name), Decimal) for name in _NUMBERS),
        *(_line_object(name, getattr(obis, name), int) for name in _COUNTS),
        *(_line_object(name, getattr(obis, name), str) for name in _TEXTS),
        # The meter's own, not those of M-Bus meters: channel 0.
        _line_object("EQUIPMENT_IDENTIFIER", obis.BELGIUM_EQUIPMENT_IDENTIFIER, str),
        _line_object("EQUIPMENT_SERIAL_NUMBER", r"^\d-0:96\.1\.0.+?\r\n", str),
        _line_object("BELGIUM_MAXIMUM_DEMAND_MONTH", obis.BELGIUM_MAXIMUM_DEMAND_MONTH, str, Decimal),
        # `(` then `)` is a channel without a reading.
        _line_object("MBUS_METER_READING", r"^\d-[1-9]:24\.2\.[13]\([^)].+?\r\n", str, Decimal),
        # DSMR 2.2 and 3.0: instant, status, resolution, count, object, unit, and the value on the next line.
        _line_object("GAS_METER_READING", obis.GAS_METER_READING, str, str, str, str, str, str, Decimal),
    ],
}
_PARSER = TelegramParser(_SPECIFICATION, apply_checksum_validation=False)
