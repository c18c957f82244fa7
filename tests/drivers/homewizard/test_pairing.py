"""Pairing: what answers is looked at, the button is waited for, the token goes to that certificate alone."""

from dataclasses import dataclass, field

import pytest
from msgspec.structs import replace

from hardwire.drivers.homewizard import pairing
from hardwire.drivers.homewizard.pairing import Shown
from hardwire.model.errors import BadValueError, CallerError, DeviceError
from tests.fakes.paper_appliance import IDENTIFIER, TOKEN, PaperAppliance, on_the_network


@dataclass
class Pauses:
    """Sleep of paper."""

    taken: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        """Note it."""
        self.taken.append(seconds)


async def test_a_v2_device_is_found_by_its_certificate() -> None:
    async with on_the_network(PaperAppliance()) as appliance:
        found = await pairing.look(appliance.address)

    assert found.v2 is not None
    assert found.certificate is not None
    assert (found.certificate.name, found.certificate.fingerprint) == (IDENTIFIER, appliance.fingerprint)
    assert (found.certificate.is_appliances, found.certificate.is_vendors) == (True, False)
    assert found.v2.server_name == IDENTIFIER
    assert found.identity is None


async def test_a_device_of_v1_alone_says_who_it_is() -> None:
    async with on_the_network(PaperAppliance("HWE-SKT", "Energy Socket"), is_tls=False) as appliance:
        found = await pairing.look(appliance.address)

    assert (found.v2, found.certificate, found.is_v1_off) == (None, None, False)
    assert found.identity is not None
    assert found.identity.product_type == "HWE-SKT"


async def test_an_api_that_is_switched_off_is_told_from_none() -> None:
    async with on_the_network(PaperAppliance(), is_tls=False) as appliance:
        appliance.refusals["GET /api"] = (403, b"")
        found = await pairing.look(appliance.address)

    assert (found.v2, found.identity, found.is_v1_off) == (None, None, True)


@pytest.mark.parametrize("is_tls", [True, False])
async def test_what_is_no_homewizard_device_is_told(is_tls: bool) -> None:
    async with on_the_network(PaperAppliance(), is_tls=is_tls) as appliance:
        appliance.refusals["GET /api"] = (200, b"<html>")

        with pytest.raises(DeviceError, match=appliance.address):
            await pairing.look(appliance.address)


async def test_where_nothing_answers_it_is_told() -> None:
    with pytest.raises(DeviceError, match="cannot be reached"):
        await pairing.look("127.0.0.1:1")


async def test_a_device_that_never_answers_is_given_up() -> None:
    async with on_the_network(PaperAppliance()) as appliance:
        appliance.hangs.add("GET /api")

        with pytest.raises(DeviceError):
            await pairing.look(appliance.address, answer_s=0.3)


async def test_the_button_is_waited_for() -> None:
    pause = Pauses()
    async with on_the_network(PaperAppliance()) as appliance:
        appliance.users = [403, 403]
        found = await pairing.look(appliance.address)
        assert found.v2 is not None

        token = await pairing.ask_for_token(found.v2, "local/hardwire", pause=pause)
        identity = await pairing.identity(found.v2, token)

    assert (token, identity.product_type, pause.taken) == (TOKEN, "HWE-P1", [2, 2])
    assert appliance.asked_for("POST", "/api/user") == [{"name": "local/hardwire"}] * 3


async def test_nobody_is_waited_for_longer_than_a_minute() -> None:
    pause = Pauses()
    async with on_the_network(PaperAppliance()) as appliance:
        appliance.users = [403] * 100
        found = await pairing.look(appliance.address)
        assert found.v2 is not None

        with pytest.raises(DeviceError, match="within 60 s"):
            await pairing.ask_for_token(found.v2, "local/hardwire", pause=pause)

    assert sum(pause.taken) == 60


@pytest.mark.parametrize(
    ("status", "body", "kind", "sentence"),
    [
        (400, b'{"error":"user:name-invalid"}', CallerError, "refuses the name 'local/x': user:name-invalid"),
        (400, b"", CallerError, "refuses the name"),
        (400, b'{"error":"user:no-storage"}', DeviceError, "no room"),
        (404, b"", DeviceError, "answers 404"),
        (500, b'{"error":"request:internal-server-error"}', DeviceError, "500: request:internal"),
        (200, b"{}", DeviceError, "gave no token"),
        (200, b'{"token":7}', DeviceError, "gave no token"),
        (200, '{"token":"ü"}'.encode(), DeviceError, "gave no token"),
    ],
)
async def test_what_the_device_says_instead_ends_it(
    status: int, body: bytes, kind: type[Exception], sentence: str
) -> None:
    async with on_the_network(PaperAppliance()) as appliance:
        appliance.refusals["POST /api/user"] = (status, body)
        found = await pairing.look(appliance.address)
        assert found.v2 is not None

        with pytest.raises(kind, match=sentence):
            await pairing.ask_for_token(found.v2, "local/x", pause=Pauses())


async def test_the_token_is_asked_of_the_certificate_that_was_shown_alone() -> None:
    async with on_the_network(PaperAppliance()) as appliance, on_the_network(PaperAppliance()) as other:
        found = await pairing.look(appliance.address)
        assert found.v2 is not None
        elsewhere = replace(found.v2, origin=f"https://{other.address}")

        with pytest.raises(DeviceError, match="not the one of its pairing"):
            await pairing.ask_for_token(elsewhere, "local/x", pause=Pauses())

    assert other.asked == []


@pytest.mark.parametrize("is_v1_there", [True, False])
async def test_an_address_without_a_port_is_asked_for_both_apis(is_v1_there: bool) -> None:
    async with on_the_network(PaperAppliance()) as v2, on_the_network(PaperAppliance(), is_tls=False) as v1:
        if not is_v1_there:
            v1.refusals["GET /api"] = (500, b"")
        http_port, https_port = (int(each.address.rpartition(":")[2]) for each in (v1, v2))

        found = await pairing.look("127.0.0.1", http_port=http_port, https_port=https_port)

    assert found.v2 is not None
    assert (found.identity is not None) is is_v1_there


@pytest.mark.parametrize(
    ("given", "name"), [("hardwire", "local/hardwire"), ("local/my hub #1", "local/my hub #1"), ("a\\b", "local/a\\b")]
)
def test_a_name_gets_its_prefix(given: str, name: str) -> None:
    assert pairing.local_name(given) == name


@pytest.mark.parametrize("given", ["", "local/", "x" * 41, "é", "a\n", "cloud;"])
def test_a_name_that_devices_refuse_is_refused_before_anybody_walks_to_the_button(given: str) -> None:
    with pytest.raises(BadValueError, match="no name for a user"):
        pairing.local_name(given)


@pytest.mark.parametrize(
    ("serial", "own"), [("5c2fafaabbcc", "5e2fafaabbcc"), ("5E2FAFAABBCC", "5e2fafaabbcc"), ("odd", "")]
)
def test_a_serial_of_its_own_is_a_locally_given_address(serial: str, own: str) -> None:
    assert pairing.serial_of_its_own(serial) == own


def test_a_certificate_without_names_is_nobodys() -> None:
    shown = pairing._shown(b"no certificate")

    assert (shown.name, shown.issuer, shown.is_appliances) == ("", "", False)
    assert Shown("", "appliance/p1dongle/5c2fafaabbcc", "Appliance Access CA").is_vendors
