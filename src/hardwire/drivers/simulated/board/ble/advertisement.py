"""What an advertisement is made of: a chain of short structures (Supplement to Bluetooth Core, part A)."""

from collections.abc import Sequence

from hardwire.drivers.simulated.board.ble.uuids import uuid_octets
from hardwire.model.errors import BadValueError

ADVERTISEMENT_BYTES = 31
"""What one legacy advertisement or scan response holds (Bluetooth Core, volume 6, part B, section 2.3.1)."""

# Types of structures (Bluetooth Assigned Numbers, section 2.3).
FLAGS = 0x01
SERVICES_16 = 0x03
SERVICES_128 = 0x07
NAME = 0x09
TX_POWER = 0x0A
SERVICE_DATA_16 = 0x16
MANUFACTURER = 0xFF

GENERAL_DISCOVERABLE = 0x06
"""It can be found at any time, and speaks no classic Bluetooth."""


def structure(type: int, octets: bytes) -> bytes:
    """Return one structure: its length, its type, its bytes."""
    return bytes((len(octets) + 1, type)) + octets


def flags() -> bytes:
    """Return the flags that all of the simulated peripherals have."""
    return structure(FLAGS, bytes((GENERAL_DISCOVERABLE,)))


def name(text: str) -> bytes:
    """Return the complete local name."""
    return structure(NAME, text.encode())


def tx_power(dbm: int) -> bytes:
    """Return the power that it is sent with. Unit: dBm."""
    return structure(TX_POWER, dbm.to_bytes(1, signed=True))


def services(uuids: Sequence[str]) -> bytes:
    """Return the complete lists of service UUIDs, the short ones first; nothing where there are none."""
    short = b"".join(uuid_octets(uuid) for uuid in uuids if len(uuid) == 4)
    long = b"".join(uuid_octets(uuid) for uuid in uuids if len(uuid) == 32)
    return (structure(SERVICES_16, short) if short else b"") + (structure(SERVICES_128, long) if long else b"")


def manufacturer(company: int, octets: bytes) -> bytes:
    """Return data of a manufacturer, known by its company identifier."""
    return structure(MANUFACTURER, company.to_bytes(2, "little") + octets)


def service_data(uuid: str, octets: bytes) -> bytes:
    """Return data of a service with a 16-bit UUID."""
    return structure(SERVICE_DATA_16, uuid_octets(uuid) + octets)


def advertised(*structures: bytes) -> bytes:
    """Return the structures as one advertisement or scan response.

    Raises:
        BadValueError: they need more room than there is.
    """
    joined = b"".join(structures)
    if len(joined) > ADVERTISEMENT_BYTES:
        raise BadValueError(f"an advertisement has room for {ADVERTISEMENT_BYTES} bytes, not {len(joined)}")
    return joined
