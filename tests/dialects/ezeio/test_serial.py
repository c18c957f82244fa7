"""What is a serial and what is none."""

import pytest

from hardwire.dialects.ezeio.serial import dashed


@pytest.mark.parametrize("text", ["ABC-123", "ABC123", "abc123", "aBc-123"])
def test_a_serial_is_known_in_every_writing(text: str) -> None:
    assert dashed(text) == "ABC-123"


@pytest.mark.parametrize(
    "text", ["", "ABC", "ABC-12", "ABC-1234", "AB1-123", "ABC--123", "-ABC123", "ABC 123", "ABC-12３", "ﬀA-123"]
)
def test_other_texts_are_none(text: str) -> None:
    assert dashed(text) is None
