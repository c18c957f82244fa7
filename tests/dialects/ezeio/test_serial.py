"""What is a serial and what is none."""

from itertools import islice

import pytest

from hardwire.dialects.ezeio.unit.serial import dashed, serials


@pytest.mark.parametrize("text", ["ABC-123", "ABC123", "abc123", "aBc-123"])
def test_a_serial_is_known_in_every_writing(text: str) -> None:
    assert dashed(text) == "ABC-123"


@pytest.mark.parametrize(
    "text", ["", "ABC", "ABC-12", "ABC-1234", "AB1-123", "ABC--123", "-ABC123", "ABC 123", "ABC-12３", "ﬀA-123"]
)
def test_other_texts_are_none(text: str) -> None:
    assert dashed(text) is None


def test_serials_that_are_given_go_on_with_the_next_letters() -> None:
    first = list(islice(serials(), 1000))

    assert first[:2] + first[-2:] == ["DEV-001", "DEV-002", "DEV-999", "DEW-001"]
    assert all(dashed(serial) == serial for serial in first)


def test_after_z_comes_the_next_letter() -> None:
    letters = list(islice((serial[:3] for serial in serials() if serial.endswith("-001")), 6))

    assert letters == ["DEV", "DEW", "DEX", "DEY", "DEZ", "DFA"]
