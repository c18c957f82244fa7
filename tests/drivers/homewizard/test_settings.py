"""Settings of a HomeWizard device: wrong ones are named with what they may be, and no secret is repeated."""

from math import nan
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hardwire.drivers.homewizard.pace import CERTIFICATE, SWITCHED_OFF, UNAUTHORIZED, BackOff, Pace
from hardwire.drivers.homewizard.part import PART
from hardwire.drivers.homewizard.settings import Address, Settings, address_of, fingerprint_of
from hardwire.model.errors import BadValueError, DeviceError

TOKEN = "5EC2E7" * 5
PIN = "ab" * 32


def made(**table: Any) -> None:  # Any: what TOML holds
    """Build a driver from a table."""
    PART.make("grid", "home", "UTC", msgspec.convert(table, PART.settings, strict=True))


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("192.168.1.20", Address("192.168.1.20", None)),
        ("192.168.1.20:8443", Address("192.168.1.20", 8443)),
        ("p1meter-aabbcc.local", Address("p1meter-aabbcc.local", None)),
        ("localhost:80", Address("localhost", 80)),
        ("fe80::1", Address("fe80::1", None)),
        ("[fe80::1]", Address("fe80::1", None)),
        ("[fe80::1]:443", Address("fe80::1", 443)),
    ],
)
def test_a_host_is_a_name_or_an_address_with_or_without_a_port(host: str, address: Address) -> None:
    assert address_of(host) == address


def test_an_address_becomes_an_origin() -> None:
    assert Address("192.168.1.20", None).url("https", 443) == "https://192.168.1.20:443"
    assert Address("fe80::1", 8080).url("http", 80) == "http://[fe80::1]:8080"


@pytest.mark.parametrize("text", [PIN, PIN.upper(), ":".join(["AB"] * 32), " ".join(["ab"] * 32)])
def test_a_fingerprint_is_read_however_it_is_written(text: str) -> None:
    assert fingerprint_of(text) == bytes([0xAB] * 32)


@pytest.mark.parametrize(
    ("table", "path", "sentence"),
    [
        ({"host": "https://192.168.1.20"}, "host", "no https:// before it"),
        ({"host": "192.168.1.20/api"}, "host", "is no host"),
        ({"host": ""}, "host", "is no host"),
        ({"host": "meter:0"}, "host", "is no host"),
        ({"host": f"meter:{'1' * 5000}"}, "host", "is no host"),
        ({"host": "meter:443:443"}, "host", "is no host"),
        ({"host": "meter", "token": TOKEN}, "fingerprint", "hardwire pair meter"),
        ({"host": "meter", "token": "two words"}, "token", "no token"),
        ({"host": "meter", "token": TOKEN, "fingerprint": "ab"}, "fingerprint", "64 hex digits"),
        ({"host": "meter", "token": TOKEN, "fingerprint": PIN, "ca": "x.pem"}, "ca", "not both"),
        ({"host": "meter", "token": TOKEN, "ca": "/no/such.pem"}, "ca", "no file"),
        ({"host": "meter", "fingerprint": PIN}, "fingerprint", "needs a `token`"),
        ({"host": "meter", "ca": "x.pem"}, "ca", "needs a `token`"),
        ({"host": "meter", "identifier": "5c2fafaabbcc"}, "identifier", "appliance/p1dongle"),
        ({"host": "meter", "poll_interval_s": 0.1}, "poll_interval_s", "0.5 or more"),
        ({"host": "meter", "telegram_interval_s": 0.5}, "telegram_interval_s", "1 or more"),
        ({"host": "meter", "poll_interval_s": nan}, "poll_interval_s", "0.5 or more"),
        ({"host": "meter", "telegram_interval_s": nan}, "telegram_interval_s", "1 or more"),
        ({"host": "meter", "stale_after_s": 0}, "stale_after_s", "more than 0"),
        ({"host": "meter", "stale_after_s": nan}, "stale_after_s", "more than 0"),
    ],
)
def test_a_wrong_setting_is_named_with_what_it_may_be(
    table: dict[str, Any], path: str, sentence: str
) -> None:  # Any: TOML
    with pytest.raises(BadValueError) as caught:
        made(**table)

    assert caught.value.path == path
    assert sentence in caught.value.message
    assert TOKEN not in caught.value.message
    assert "two words" not in caught.value.message


def test_a_file_that_is_no_authority_is_named(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text("-----BEGIN NOTHING-----")

    with pytest.raises(BadValueError, match=r"ca\.pem"):
        made(host="meter", token=TOKEN, ca=str(file))


def test_the_token_is_no_part_of_what_settings_look_like() -> None:
    settings = Settings(host="meter", token=TOKEN)

    assert TOKEN not in repr(settings)
    assert TOKEN not in f"{settings} {[settings]}"
    assert "token=''" in repr(Settings(host="meter"))


def pauses(*failures: tuple[str, float, bool], chance: float = 0) -> list[float]:
    """Return the pauses after failures: code, how long it lived, whether it was open."""
    back_off = BackOff(Pace(), lambda: chance)
    return [
        back_off.after(DeviceError("gone", code=code), lived, was_open=is_open) for code, lived, is_open in failures
    ]


def test_pauses_double_up_to_five_minutes() -> None:
    assert pauses(*[("device", 0, False)] * 11) == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_pauses_are_longer_by_chance() -> None:
    assert pauses(("device", 0, False), chance=1) == [1.25]


def test_a_stable_minute_begins_pauses_anew() -> None:
    assert pauses(*[("device", 0, False)] * 3, ("device", 61, True), ("device", 0, False)) == [1, 2, 4, 1, 2]


def test_a_device_that_is_there_is_tried_within_half_a_minute() -> None:
    assert pauses(*[("device", 0, False)] * 9, ("device", 45, True))[-1] == 30


def test_an_api_that_is_switched_off_is_looked_for_within_half_a_minute() -> None:
    assert pauses((SWITCHED_OFF, 0, False), (SWITCHED_OFF, 0, False)) == [30, 30]


@pytest.mark.parametrize("code", [UNAUTHORIZED, CERTIFICATE])
def test_what_somebody_has_to_mend_is_tried_slowly(code: str) -> None:
    assert pauses((code, 0, True), ("device", 0, False)) == [300, 1]
