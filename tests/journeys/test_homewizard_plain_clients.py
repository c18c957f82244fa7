"""The products as plain HTTP and WebSocket programs meet them, at addresses of their own and by their names."""

import http.client
import json
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from tests.journeys.client import Client
from tests.journeys.homewizard_house import V1, V2, House, Owner, house_of_every_product

FindClient = Callable[[str], Client]

P1 = "HWE-P1"
WAIT_S = 20


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with one of each."""
    with house_of_every_product(tmp_path_factory.mktemp("homewizard-plain")) as house:
        yield house


@pytest.fixture(scope="module")
def owner(house: House) -> Owner:
    """A user of the P1 meter."""
    return Owner(house, P1)


def test_scripts_of_every_kind_read_write_and_listen(house: House, owner: Owner, client: FindClient) -> None:
    place, scripts = house.places[P1], client("digest")

    seen = scripts.run(
        "homewizard/plain.py", place.https, place.http, house.hub.ca, place.identifier, owner.token, timeout_s=90
    )

    sessions = seen["requests"]
    assert sessions["device"]["serial"] == sessions["slash"] == place.serial
    assert sessions["no type"] == [None, False]
    assert sessions["form"]["cloud_enabled"] is True
    assert sessions["empty body"] == 204
    assert sessions["users"] == [{"name": "local/owner", "current": True}]
    # One connection carries all of a session's requests, until it asks for the end of it.
    assert sessions["connections"] == 1
    assert sessions["close"] == [200, "close"]
    assert sessions["v1"]
    assert seen["httpx"] == {
        "statuses": [200] * 10,
        "version": "2.3.0",
        "type": "application/json",
        "telegram": [200, "text/plain"],
    }
    assert seen["websockets"] == ["authorization_requested", "authorized", *["measurement"] * 3]
    early = seen["websocket-client"]
    assert early[:5] == seen["websockets"]
    assert [kind for kind in early[5:] if kind != "measurement"] == ["device", "system"]


def test_an_upgrade_by_hand_gets_its_greeting_in_a_piece_of_its_own(
    house: House, owner: Owner, client: FindClient
) -> None:
    seen = client("homewizard-js").run("homewizard/homey.js", house.places[P1].https, owner.token)

    assert seen["preflight"]["cloud_enabled"] is True
    assert (seen["isKept"], seen["pong"]) == (True, True)
    assert (seen["head"], seen["left"]) == ("HTTP/1.1 101 Switching Protocols", 0)
    kinds = [message["type"] for message in seen["heard"]]
    assert kinds[:2] == ["authorization_requested", "authorized"]
    assert {"system", "measurement", "batteries"} <= set(kinds)
    told = [message["data"]["permissions"] for message in seen["heard"] if message["type"] == "batteries"]
    assert told[-1] == ["charge_allowed"]


@pytest.mark.parametrize("options", [[], ["-0"], ["--http2"], ["--no-keepalive"], ["-H", "Connection: close"]])
def test_curl_reads_and_writes_as_the_documentation_shows(
    house: House, owner: Owner, client: FindClient, options: list[str]
) -> None:
    curl, place = client("curl"), house.places[P1]
    bearer = ["-H", f"Authorization: Bearer {owner.token}", "-H", "X-Api-Version: 2"]

    insecure = curl.call("-sk", *options, *bearer, f"https://{place.https}/api")
    verified = curl.call("-s", "--cacert", house.hub.ca, *options, *bearer, f"https://{place.https}/api/measurement")
    body = '{"status_led_brightness_pct": 50}'
    wrote = curl.call("-sk", *options, *bearer, "-X", "PUT", "-d", body, f"https://{place.https}/api/system")
    plain = curl.call("-s", *options, f"http://{place.http}/api/v1/data")
    head = curl.call("-sI", *options, f"http://{place.http}/api/v1/data")

    assert json.loads(insecure.stdout)["serial"] == place.serial
    assert json.loads(verified.stdout)["power_w"] is not None
    assert json.loads(wrote.stdout)["status_led_brightness_pct"] == 50
    assert json.loads(plain.stdout)["active_power_w"] is not None
    assert " 200 " in head.stdout.splitlines()[0]


def ask_raw(address: str, request: bytes) -> tuple[bytes, list[bytes]]:
    """Send bytes and read until the hub ends the connection; returns the status line and the parts of the rest."""
    host, _, port = address.partition(":")
    with socket.create_connection((host, int(port)), timeout=WAIT_S) as connection:
        connection.sendall(request)
        told = b""
        while piece := connection.recv(65536):
            told += piece
    status, _, rest = told.partition(b"\r\n")
    return status, rest.split(b"\r\n\r\n")


@pytest.mark.parametrize(
    "request_text",
    [
        # A charger's HTTP library (1.0, no Host), a bridge's, one that wants its connection kept and then ended.
        b"GET /api/v1/data HTTP/1.0\r\n\r\n",
        b"GET /api/v1/data HTTP/1.0\r\nHost: 127.0.0.1\r\nUser-Agent: charger\r\n\r\n",
        b"GET /api/v1/data HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
        b"GET /api/v1/data HTTP/1.1\r\nhost:p1meter-000001.local\r\nconnection:Close\r\naccept:*/*\r\n\r\n",
    ],
)
def test_small_devices_are_answered_and_released(house: House, request_text: bytes) -> None:
    status, parts = ask_raw(house.places[P1].http, request_text)

    assert status.split()[1] == b"200"
    assert json.loads(parts[1])["active_power_w"] is not None


@pytest.mark.parametrize(
    "body",
    [
        b'Content-Length: 22\r\nExpect: 100-continue\r\n\r\n{"cloud_enabled":true}',
        b'Transfer-Encoding: chunked\r\n\r\n8\r\n{"cloud_\r\ne\r\nenabled":true}\r\n0\r\n\r\n',
        b'Content-Type: application/json; charset=utf-8\r\nContent-Length: 22\r\n\r\n{"cloud_enabled":true}',
    ],
)
def test_a_body_comes_in_whatever_way_a_library_sends_it(house: House, body: bytes) -> None:
    head = b"PUT /api/v1/system HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"

    _, parts = ask_raw(house.places[P1].http, head + body)

    assert json.loads(parts[-1]) == {"cloud_enabled": True}


def test_requests_one_behind_the_other_are_answered_in_order(house: House) -> None:
    one = b"GET /api HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    last = b"GET /api/v1/data HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"

    status, parts = ask_raw(house.places[P1].http, one + one + last)

    assert status.split()[1] == b"200"
    assert b"".join(parts).count(b'"serial"') == 2
    assert b'"active_power_w"' in parts[-1]


def ask(
    address: str, path: str, headers: Mapping[str, str], tls: ssl.SSLContext | None = None, name: str = ""
) -> tuple[int, Any, str]:  # Any: the JSON of the answer
    """Send a GET; over TLS to whom `name` calls for, returning the name in the certificate too."""
    host, _, port = address.partition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=WAIT_S)
    subject = ""
    try:
        if tls is not None:
            raw = socket.create_connection((host, int(port)), timeout=WAIT_S)
            wrapped = tls.wrap_socket(raw, server_hostname=name)
            connection.sock = wrapped
            certificate: Any = wrapped.getpeercert()  # Any: the standard library's nest of tuples
            subject = dict(pair for part in certificate["subject"] for pair in part)["commonName"]
        connection.request("GET", path, headers=dict(headers))
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read()), subject
    finally:
        connection.close()


@pytest.mark.parametrize("product", V1)
@pytest.mark.parametrize("spelling", ["{}.local", "{}.local.", "{}.local:80", "{}"])
def test_a_v1_product_is_found_at_the_main_listener_by_its_name(house: House, product: str, spelling: str) -> None:
    place, main = house.places[product], house.hub.http.removeprefix("http://")
    name = spelling.format(place.host_name.removesuffix(".local"))

    status, told, _ = ask(main, "/api", {"Host": name})
    upper, _, _ = ask(main, "/api/v1/data", {"Host": name.upper()})

    assert (status, upper) == (200, 200)
    assert (told["product_type"], told["serial"]) == (product, place.serial)


@pytest.mark.parametrize("product", V2)
def test_a_v2_product_is_found_at_the_main_listener_by_its_certificate(house: House, product: str) -> None:
    place, main = house.places[product], house.hub.https.removeprefix("https://")
    tls = ssl.create_default_context(cafile=house.hub.ca)
    tls.hostname_checks_common_name = True
    token = Owner(house, product, "local/by name").token

    status, told, subject = ask(main, "/api", {"Authorization": f"Bearer {token}"}, tls=tls, name=place.identifier)
    own, _, own_subject = ask(place.https, "/api", {}, tls=tls, name=place.identifier)

    assert (status, subject) == (200, place.identifier)
    assert (told["product_type"], told["serial"]) == (product, place.serial)
    assert (own, own_subject) == (401, place.identifier)
