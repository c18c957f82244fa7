"""The exported CA is all that TLS clients need: curl, Node, requests and Python's ssl, each by name and by address."""

import json
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from tests.journeys.client import Client
from tests.journeys.conftest import StartHub
from tests.journeys.hub import Hub

METER = "appliance/p1dongle/5c2fafaabbcc"
TOKEN = "A" * 32
NAMES = ["localhost", "127.0.0.1"]
Find = Callable[[str], Client]


def url(hub: Hub, name: str) -> str:
    return f"https://{name}:{urlsplit(hub.https).port}/api/measurement"


def strict(ca: Path) -> ssl.SSLContext:
    """Trust one CA and check as strictly as Python 3.13 does by default."""
    context = ssl.create_default_context(cafile=ca)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    return context


def leaf_shown(hub: Hub, name: str, context: ssl.SSLContext | None = None) -> bytes:
    """Shake hands, asking for that name; return the leaf that was shown, and checked unless names are no matter."""
    if context is None:
        context = strict(hub.ca)
        context.check_hostname = False
    with (
        socket.create_connection(("127.0.0.1", hub.tls_port), timeout=20) as plain,
        context.wrap_socket(plain, server_hostname=name) as secured,
    ):
        shown = secured.getpeercert(binary_form=True)
    assert shown is not None
    return shown


def common_name(hub: Hub, context: ssl.SSLContext, name: str) -> str:
    """Return the common name of the leaf that was shown and checked."""
    leaf = x509.load_der_x509_certificate(leaf_shown(hub, name, context))
    return str(leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


@pytest.mark.parametrize("name", NAMES)
def test_curl_trusts_the_exported_ca(demo_hub: Hub, client: Find, name: str) -> None:
    done = client("curl").call(
        "--silent", "--show-error", "--cacert", demo_hub.ca, "-H", f"Authorization: Bearer {TOKEN}", url(demo_hub, name)
    )

    assert done.returncode == 0, done.stderr
    assert "power_w" in json.loads(done.stdout)


@pytest.mark.parametrize("name", NAMES)
def test_node_trusts_the_exported_ca(demo_hub: Hub, client: Find, name: str) -> None:
    answer = client("node").run("tls/get.js", url(demo_hub, name), demo_hub.ca, TOKEN)

    assert answer.get("status") == 200, answer
    assert "power_w" in json.loads(answer["body"])


@pytest.mark.parametrize("name", NAMES)
def test_requests_trusts_the_exported_ca(demo_hub: Hub, client: Find, name: str) -> None:
    answer = client("digest").run("tls/get.py", url(demo_hub, name), demo_hub.ca, TOKEN)

    assert answer.get("status") == 200, answer
    assert "power_w" in json.loads(answer["body"])


def test_a_name_that_is_not_the_hubs_fails_at_the_client(demo_hub: Hub, client: Find) -> None:
    port = demo_hub.tls_port

    done = client("curl").call(
        "--silent",
        "--cacert",
        demo_hub.ca,
        "--resolve",
        f"bank.example:{port}:127.0.0.1",
        f"https://bank.example:{port}/",
    )

    # curl's code for a certificate that does not bear the name.
    assert done.returncode == 60


def test_without_the_ca_no_client_goes_on(demo_hub: Hub, client: Find) -> None:
    done = client("curl").call("--silent", url(demo_hub, "localhost"))

    assert done.returncode == 60


def test_another_hubs_ca_does_not_help(demo_hub: Hub, make_hub: StartHub, client: Find) -> None:
    other = make_hub()

    answer = client("node").run("tls/get.js", url(demo_hub, "localhost"), other.ca)

    assert "error" in answer


def test_the_meters_own_name_shows_its_leaf_and_passes_the_check_of_its_common_name(demo_hub: Hub) -> None:
    assert common_name(demo_hub, strict(demo_hub.ca), METER) == METER


def test_an_address_shows_the_default_devices_leaf(demo_hub: Hub) -> None:
    assert common_name(demo_hub, strict(demo_hub.ca), "127.0.0.1") == METER


def test_localhost_shows_the_hubs_leaf(demo_hub: Hub) -> None:
    assert common_name(demo_hub, strict(demo_hub.ca), "localhost") != METER


def test_a_meter_that_is_not_there_gets_no_handshake_and_certainly_no_other_meter(demo_hub: Hub) -> None:
    with pytest.raises((ssl.SSLError, ConnectionError)):
        common_name(demo_hub, strict(demo_hub.ca), "appliance/p1dongle/000000000000")


def test_the_ca_outlives_a_restart(make_hub: StartHub, tmp_path: Path) -> None:
    first = make_hub(data=tmp_path / "kept")
    ca = first.ca.read_text()
    first.stop()

    second = make_hub(data=tmp_path / "kept")

    assert second.ca.read_text() == ca
    assert common_name(second, strict(first.ca), METER) == METER


def test_a_hub_shows_the_same_certificates_after_a_restart(make_hub: StartHub) -> None:
    before = make_hub()
    shown = {name: leaf_shown(before, name) for name in (METER, "localhost")}
    before.stop()

    after = make_hub(data=before.data)

    assert {name: leaf_shown(after, name) for name in shown} == shown
