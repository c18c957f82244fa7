"""What keys are kept as, how new ones are made."""

import os
import string

import pytest

from hardwire.dialects.ezeio.access.keys import KEY_LENGTH, ha1, kept, kept_ha1, new_key, random_text


@pytest.mark.parametrize(
    ("realm", "secret", "algorithm", "expected"),
    [
        # RFC 2617, section 3.5, and RFC 7616, section 3.9.1.
        ("testrealm@host.com", "Circle Of Life", "MD5", "939e7578ed9e3c518a452acee763bce9"),
        ("http-auth@example.org", "Circle of Life", "MD5", "3d78807defe7de2157e2b0b6573a855f"),
        (
            "http-auth@example.org",
            "Circle of Life",
            "SHA-256",
            "7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232",
        ),
    ],
)
def test_the_examples_of_the_rfcs_come_out(realm: str, secret: str, algorithm: str, expected: str) -> None:
    made = ha1(realm, "Mufasa", secret, algorithm)

    assert made.hex() == expected


def test_a_key_is_kept_for_both_algorithms() -> None:
    secret_hash = kept("http-auth@example.org", "Mufasa", "Circle of Life")

    assert len(secret_hash) == 48
    assert kept_ha1(secret_hash, "MD5").hex() == "3d78807defe7de2157e2b0b6573a855f"
    assert kept_ha1(secret_hash, "SHA-256").hex().startswith("7987c64c30e25f1b")


@pytest.mark.parametrize(("length", "parts"), [(0, (0, 0)), (16, (16, 0)), (32, (0, 0)), (48, (16, 32))])
def test_what_is_not_kept_of_a_key_is_empty(length: int, parts: tuple[int, int]) -> None:
    secret_hash = bytes(length)

    assert (len(kept_ha1(secret_hash, "MD5")), len(kept_ha1(secret_hash, "SHA-256"))) == parts


def test_a_new_key_has_24_letters_and_digits_and_comes_once() -> None:
    keys = {new_key(os.urandom) for _ in range(100)}

    assert len(keys) == 100
    assert {len(key) for key in keys} == {KEY_LENGTH} == {24}
    assert set("".join(keys)) <= set(string.ascii_letters + string.digits)


def test_every_letter_is_about_as_likely() -> None:
    text = random_text(os.urandom, 20_000)

    shares = [text.count(letter) / 20_000 for letter in string.ascii_letters + string.digits]

    assert min(shares) > 0.010
    assert max(shares) < 0.023
