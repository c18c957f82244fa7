"""Subscription commands in every spelling."""

import re
from string import ascii_uppercase, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.dialects.ezeio.stream.commands import Order, Wish, orders_of

serials = st.tuples(st.text(ascii_uppercase, min_size=3, max_size=3), st.text(digits, min_size=3, max_size=3))


@given(serials, st.sampled_from(["", "!", "-"]), st.sampled_from(["", "-"]), st.booleans(), st.sampled_from(["", " "]))
def test_a_serial_means_the_same_in_every_spelling(
    serial: tuple[str, str], operator: str, dash: str, is_lower: bool, space: str
) -> None:
    letters, numbers = serial
    text = f"{operator}{letters.lower() if is_lower else letters}{dash}{numbers[0]}{dash}{numbers[1:]}"

    (order,) = orders_of(f"{space}{text}{space}")

    assert order == Order(Wish.CANCEL if operator == "-" else Wish.START, f"{letters}-{numbers}", text)


@given(st.text())
def test_each_part_between_commas_is_one_order_whatever_it_says(text: str) -> None:
    orders = orders_of(text)

    assert [order.text for order in orders] == [part.strip() for part in text.split(",") if part.strip()]
    assert all(order.serial is None or re.fullmatch(r"[A-Z]{3}-[0-9]{3}", order.serial) for order in orders)


@pytest.mark.parametrize("text", ["-", "!", "--ABC123", "!-ABC123", "ABC123-", "ABC1234", "ABC_123", "ÄBC123", "٣٣٣"])
def test_what_only_looks_like_a_serial_is_none(text: str) -> None:
    (order,) = orders_of(text)

    assert order.serial is None
