"""Advertisements are chains of structures that fit into 31 bytes."""

import pytest

from hardwire.drivers.simulated.board.ble import advertisement
from hardwire.model.errors import BadValueError


def test_structures_say_their_length_and_their_type() -> None:
    octets = advertisement.advertised(
        advertisement.flags(),
        advertisement.name("ä"),
        advertisement.tx_power(-4),
        advertisement.manufacturer(0x004C, b"\x01"),
        advertisement.service_data("feaa", b"\x10"),
    )

    assert octets.hex(" ") == "02 01 06 03 09 c3 a4 02 0a fc 04 ff 4c 00 01 04 16 aa fe 10"


def test_services_are_listed_by_the_length_of_their_uuids() -> None:
    long = "0102030405060708090a0b0c0d0e0f10"

    octets = advertisement.services(("180f", long, "181a"))

    assert octets.hex() == "05030f181a18" + "1107" + bytes.fromhex(long)[::-1].hex()
    assert advertisement.services(()) == b""


def test_an_advertisement_that_is_too_long_is_refused() -> None:
    assert len(advertisement.advertised(advertisement.name("x" * 29))) == 31

    with pytest.raises(BadValueError, match="room for 31 bytes, not 32"):
        advertisement.advertised(advertisement.name("x" * 30))
