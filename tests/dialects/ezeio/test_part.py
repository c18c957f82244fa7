"""What the configuration may say about this dialect."""

import msgspec
import pytest

from hardwire.dialects.ezeio.keys import kept
from hardwire.dialects.ezeio.part import PART, Face, Settings
from tests.dialects.ezeio.premises import make_house, no_entropy


def test_a_serial_is_kept_as_messages_show_it() -> None:
    face = msgspec.convert({"serial": "grd001", "group": "home"}, Face)

    assert face.serial == "GRD-001"


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({"serial": "GRD-1"}, "three letters and three digits"),
        ({}, "serial"),
        ({"serial": "GRD-001", "grup": "home"}, "grup"),
        ({"serial": "GRD-001", "log_interval_s": 600}, "599"),
    ],
)
def test_a_wrong_face_is_named(table: dict[str, object], sentence: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=sentence):
        msgspec.convert(table, Face)


@pytest.mark.parametrize("realm", ["", 'a"b', "a\\b", "a\nb", "é"])
def test_a_realm_that_would_break_the_challenge_is_refused(realm: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"realm": realm}, Settings)


@pytest.mark.parametrize(("settings", "realm"), [(None, "hardwire"), (Settings(realm="home"), "home")])
def test_a_new_key_is_kept_as_the_hash_of_its_realm_and_number(settings: Settings | None, realm: str) -> None:
    assert PART.new_key is not None

    text, secret_hash = PART.new_key(no_entropy, settings, "10002")

    assert text == "A" * 24
    assert secret_hash == kept(realm, "10002", text)


def test_the_part_builds_a_dialect_with_and_without_settings() -> None:
    house = make_house().premises

    dialects = [PART.make(house, no_entropy, None), PART.make(house, no_entropy, Settings(realm="home"))]

    assert [dialect.name for dialect in dialects] == ["ezeio", "ezeio"]
    assert [list(dialect.prefixes) for dialect in dialects] == [["/v1", "/ws"]] * 2
