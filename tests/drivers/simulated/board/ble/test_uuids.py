"""UUIDs as programs write them and packets hold them."""

import pytest

from hardwire.drivers.simulated.board.ble.uuids import uuid_from, uuid_octets, uuid_of
from hardwire.model.errors import BadValueError


@pytest.mark.parametrize(
    ("text", "uuid"),
    [
        ("180F", "180f"),
        ("0000180F-0000-1000-8000-00805F9B34FB", "180f"),
        ("8F5A0001-4A1C-4D1E-9C3B-6D2F1E0B7A10", "8f5a00014a1c4d1e9c3b6d2f1e0b7a10"),
        ("1234180f00001000800000805f9b34fb", "1234180f00001000800000805f9b34fb"),
    ],
)
def test_a_uuid_has_one_form_whatever_its_case_and_dashes(text: str, uuid: str) -> None:
    assert uuid_of(text) == uuid


@pytest.mark.parametrize("text", ["", "18", "18zz", "180f180f", "8f5a0001"])
def test_what_is_no_uuid_is_refused_by_its_text(text: str) -> None:
    with pytest.raises(BadValueError, match=f"not '{text}'"):
        uuid_of(text)


def test_packets_hold_a_uuid_backwards() -> None:
    assert uuid_octets("180f") == b"\x0f\x18"
    assert uuid_from(b"\x0f\x18") == "180f"
    assert uuid_from(uuid_octets("a1" * 15 + "b2")) == "a1" * 15 + "b2"
    assert uuid_from(b"\x0f\x18\x00") is None
