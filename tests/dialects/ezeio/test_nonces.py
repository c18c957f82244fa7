"""Nonces that need no memory."""

import hmac
from datetime import timedelta, timezone
from hashlib import sha256
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.dialects.ezeio.access.nonces import LIFE_S, Nonces
from tests.dialects.ezeio.premises import START, no_entropy


def no_secret() -> bytes:
    return bytes(32)


def test_a_nonce_lives_five_minutes() -> None:
    nonces = Nonces(no_secret, no_entropy)
    nonce = nonces.mint(START)

    lives = [nonces.life_left_s(nonce, START + timedelta(seconds=age_s)) for age_s in (0, 299, 300, 4000)]

    assert LIFE_S == 300
    assert lives == [300, 1, None, None]


def test_a_clock_that_was_set_back_keeps_nonces_alive_for_as_long_at_most() -> None:
    nonces = Nonces(no_secret, no_entropy)
    nonce = nonces.mint(START)

    lives = [nonces.life_left_s(nonce, START - timedelta(seconds=back_s)) for back_s in (100, 300)]

    assert lives == [400, None]


def test_a_restarted_hub_knows_no_nonce_of_the_time_before() -> None:
    before, after = Nonces(lambda: b"\1" * 32, no_entropy), Nonces(lambda: b"\2" * 32, no_entropy)

    life_left_s = after.life_left_s(before.mint(START), START)

    assert life_left_s is None
    assert before.mint(START).split("-")[0] != after.mint(START).split("-")[0]


def test_every_hub_of_a_bus_knows_the_nonces_of_the_others() -> None:
    one, other = Nonces(no_secret, lambda length: b"\1" * length), Nonces(no_secret, lambda length: b"\2" * length)

    life_left_s = other.life_left_s(one.mint(START), START)

    assert life_left_s == LIFE_S


def test_the_seal_is_not_made_with_the_shared_secret_itself() -> None:
    body, _, seal = Nonces(no_secret, no_entropy).mint(START).rpartition("-")

    plain = hmac.new(no_secret(), body.encode(), sha256).hexdigest()

    assert not plain.startswith(seal)


@pytest.mark.parametrize("zone", [timezone(timedelta(hours=1)), timezone(timedelta(hours=2))])
def test_no_time_zone_makes_a_nonce_older(zone: timezone) -> None:
    nonces = Nonces(no_secret, no_entropy)
    nonce = nonces.mint(START)

    life_left_s = nonces.life_left_s(nonce, (START + timedelta(seconds=100)).astimezone(zone))

    assert life_left_s == 200


def test_two_nonces_of_one_second_differ() -> None:
    numbers = count()
    nonces = Nonces(no_secret, lambda length: next(numbers).to_bytes(length, "big"))

    first, second = nonces.mint(START), nonces.mint(START)

    assert first != second


@pytest.mark.parametrize("place", [0, 9, 20, -1])
def test_a_nonce_that_was_changed_is_unknown(place: int) -> None:
    nonces = Nonces(no_secret, no_entropy)
    letters = list(nonces.mint(START))
    letters[place] = "f" if letters[place] != "f" else "e"

    life_left_s = nonces.life_left_s("".join(letters), START)

    assert life_left_s is None


@given(st.text(alphabet=st.characters()))
def test_any_other_text_is_unknown(text: str) -> None:
    nonces = Nonces(no_secret, no_entropy)

    life_left_s = nonces.life_left_s(text, START)

    assert life_left_s is None
