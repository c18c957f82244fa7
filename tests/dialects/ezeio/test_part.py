"""What the configuration may say about this dialect."""

from collections.abc import Container

import msgspec
import pytest

from hardwire.dialects.ezeio.access.keys import kept
from hardwire.dialects.ezeio.part import PART, Face, Settings
from tests.dialects.ezeio.premises import make_house, no_entropy


def test_a_serial_is_kept_as_messages_show_it() -> None:
    face = msgspec.convert({"serial": "grd001", "group": "home"}, Face)

    assert face.serial == "GRD-001"


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({"serial": "GRD-1"}, "three letters and three digits"),
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


def given(
    taken: Container[str] = (), *, face: Face | None = None, own: str | None = None, settings: Settings | None = None
) -> Face | None:
    assert PART.give_address is not None
    shown = PART.give_address(face, own, lambda serial: serial in taken, settings)
    assert shown is None or isinstance(shown, Face)
    return shown


def test_a_device_without_a_serial_is_given_the_next_free_one() -> None:
    faces = [given(), given({"DEV-001", "DEV-003"}), given(face=Face(log_interval_s=5, note="In the hall"))]

    assert faces == [
        Face(serial="DEV-001"),
        Face(serial="DEV-002"),
        Face(serial="DEV-001", log_interval_s=5, note="In the hall"),
    ]


def test_a_device_that_has_had_a_serial_gets_it_back() -> None:
    assert given({"GRD-001"}, own="GRD-001") == Face(serial="GRD-001")


def test_not_every_device_is_a_unit_where_the_owner_does_not_want_it() -> None:
    settings = Settings(every_device=False)

    faces = [given(settings=settings), given(own="DEV-001", settings=settings), given(face=Face(), settings=settings)]

    assert faces == [None, None, Face(serial="DEV-001")]


def test_when_no_serial_is_left_a_device_is_not_shown() -> None:
    class Everything:
        def __contains__(self, serial: object) -> bool:
            return True

    assert given(Everything()) is None
