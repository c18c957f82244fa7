"""A device's settings in the HomeWizard dialect."""

from ipaddress import ip_address

import msgspec
import pytest

from hardwire.dialects.homewizard.face import Face
from hardwire.dialects.homewizard.products.catalogue import CATALOGUE, NEWEST_API
from hardwire.dialects.homewizard.release import RELEASES
from tests.dialects.homewizard.paper_grid import SERIAL


def test_the_sample_files_settings_are_taken() -> None:
    settings = {
        "serial": "5c2faf0a0b0c",
        "product": "HWE-P1",
        "v1": True,
        "v1_allow": ["192.168.1.0/24"],
        "http": "192.168.1.50:80",
        "https": "192.168.1.50:443",
    }

    face = msgspec.convert(settings, Face)

    assert face == Face(
        serial="5c2faf0a0b0c",
        v1=True,
        v1_allow=("192.168.1.0/24",),
        http="192.168.1.50:80",
        https="192.168.1.50:443",
    )
    assert face.hardware.name == "P1 Meter"


def test_v1_is_off_and_open_to_this_machine_alone_unless_the_owner_says_otherwise() -> None:
    face = Face(serial=SERIAL)

    assert not face.v1
    assert face.allows_v1(ip_address("127.0.0.1"))
    assert face.allows_v1(ip_address("::1"))
    assert not face.allows_v1(ip_address("192.168.1.7"))


@pytest.mark.parametrize(
    ("peer", "is_allowed"),
    [("192.168.1.7", True), ("::ffff:192.168.1.7", True), ("192.168.2.7", False), ("fe80::1", False)],
)
def test_the_allow_list_decides_by_network(peer: str, is_allowed: bool) -> None:
    face = Face(serial=SERIAL, v1_allow=("192.168.1.0/24",))

    allows = face.allows_v1(ip_address(peer))

    assert allows is is_allowed


def test_the_machines_own_unix_socket_is_no_stranger() -> None:
    face = Face(serial=SERIAL, v1_allow=())

    assert face.allows_v1(None)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"serial": "5C2FAFAABBCC"}, "serial"),
        ({"serial": "5c2faf"}, "serial"),
        ({"product": "HWE-P2"}, "did you mean 'HWE-P1'"),
        ({"product": "HWE-BAT", "v1": True}, "'HWE-BAT' has no v1 API"),
        ({"v1_allow": ["the house"]}, "'the house' is not a network"),
        ({"v1allow": []}, "v1allow"),
        ({"api_version": "2.4.0"}, "is one of 2.0.0, 2.0.1, 2.1.0, 2.2.0, 2.3.0"),
        ({"api_version": "2"}, "api_version '2' is not known"),
        ({"product": "HWE-BAT", "api_version": "2.1.0"}, "product 'HWE-BAT' speaks api_version '2.0.1' at most"),
        ({"product": "HWE-SKT", "api_version": "2.0.0"}, "product 'HWE-SKT' speaks v1 alone: leave api_version out"),
    ],
)
def test_a_wrong_setting_is_named(wrong: dict[str, object], sentence: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=sentence):
        msgspec.convert({"serial": SERIAL, **wrong}, Face)


@pytest.mark.parametrize(
    ("product", "given", "spoken", "has_batteries"),
    [
        ("HWE-P1", None, "2.3.0", True),
        ("HWE-P1", "2.1.0", "2.1.0", True),
        ("HWE-KWH3", "2.0.1", "2.0.1", False),
        ("HWE-BAT", None, "2.0.1", False),
        ("HWE-BAT", "2.0.0", "2.0.0", False),
        ("HWE-SKT", None, None, False),
    ],
)
def test_a_product_speaks_its_newest_release_unless_an_older_one_is_asked_for(
    product: str, given: str | None, spoken: str | None, *, has_batteries: bool
) -> None:
    face = Face(serial=SERIAL, product=product, api_version=given)

    assert (face.release.version if face.release else None) == spoken
    assert face.has_batteries is has_batteries


def test_every_product_speaks_a_release_that_is_known() -> None:
    spoken = {product.api_version for product in CATALOGUE.values()} - {None}

    assert spoken <= set(RELEASES)
    assert max(RELEASES) == NEWEST_API
