"""What a hostile page may not do to the running hub, and what an honest one with a token may."""

import http.client
import json
import ssl
from collections.abc import Sequence

import pytest
from msgspec import Struct

from tests.journeys.hub import Hub

FOREIGN = "https://evil.example"
JSON = ("Content-Type", "application/json")
UPGRADE = (
    ("Upgrade", "websocket"),
    ("Connection", "Upgrade"),
    ("Sec-WebSocket-Version", "13"),
    ("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="),
)
BOARD = "/obniz/1234-5678"
TEXT = b'[{"display":{"text":"x"}}]'
TOKEN = ("Authorization", "Bearer " + "A" * 32)


class Answer(Struct):
    status: int
    headers: dict[str, str]
    body: bytes


def ask(
    hub: Hub,
    method: str,
    path: str,
    headers: Sequence[tuple[str, str]] = (),
    *,
    body: bytes | None = None,
    hosts: Sequence[str] | None = None,
    tls: bool = False,
) -> Answer:
    """Send exactly these header lines; `hosts` replaces the one Host line."""
    if tls:
        context = ssl.create_default_context(cafile=hub.ca)
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            "localhost", hub.tls_port, timeout=20, context=context
        )
    else:
        connection = http.client.HTTPConnection("127.0.0.1", hub.port, timeout=20)
    port = hub.tls_port if tls else hub.port
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for host in [f"localhost:{port}"] if hosts is None else hosts:
            connection.putheader("Host", host)
        for name, value in headers:
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        # An upgraded connection has no body to wait for.
        content = b"" if response.status == 101 else response.read()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, content)
    finally:
        connection.close()


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "p1meter-aabbcc.local.evil.example"]
)
@pytest.mark.parametrize("path", ["/api/v1/data", f"{BOARD}/state", "/v1/subscribe/ticket", "/", "/nothing"])
def test_a_rebound_name_reaches_nothing(demo_hub: Hub, host: str, path: str) -> None:
    assert ask(demo_hub, "GET", path, hosts=[host]).status == 403


def test_a_rebound_name_opens_no_socket(demo_hub: Hub) -> None:
    answer = ask(
        demo_hub, "GET", f"{BOARD}/ws/1", [*UPGRADE, ("Origin", "http://evil.example")], hosts=["evil.example"]
    )

    assert answer.status == 403


@pytest.mark.parametrize("hosts", [[], ["localhost", "evil.example"], ["user@localhost"], ["local host"], ["[::1"]])
def test_an_absurd_host_is_a_bad_request(demo_hub: Hub, hosts: list[str]) -> None:
    assert ask(demo_hub, "GET", "/api/v1/data", hosts=hosts).status == 400


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]:8080", "192.168.1.50", "p1meter-aabbcc.local", "LOCALHOST"])
def test_a_device_is_reached_by_any_address_and_by_its_own_name(demo_hub: Hub, host: str) -> None:
    assert ask(demo_hub, "GET", "/api/v1/data", hosts=[host]).status == 200


@pytest.mark.parametrize("origin", [FOREIGN, "null", "http://localhost", "http://localhost:1", "file://", ""])
def test_a_foreign_page_opens_no_socket_to_an_open_board(demo_hub: Hub, origin: str) -> None:
    assert ask(demo_hub, "GET", f"{BOARD}/ws/1", [*UPGRADE, ("Origin", origin)]).status == 403


@pytest.mark.parametrize("origin", [FOREIGN, "null", "http://localhost:1"])
def test_a_foreign_page_commands_no_open_board(demo_hub: Hub, origin: str) -> None:
    answer = ask(demo_hub, "POST", f"{BOARD}/api/1", [JSON, ("Origin", origin)], body=TEXT)

    assert answer.status == 403
    assert "error" in json.loads(answer.body)
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_what_a_form_can_send_is_no_command(demo_hub: Hub, kind: str) -> None:
    answer = ask(demo_hub, "POST", f"{BOARD}/api/1", [("Content-Type", kind)], body=TEXT)

    assert answer.status == 415
    assert "application/json" in json.loads(answer.body)["error"]


def test_a_foreign_page_reads_no_meter_that_knows_no_token(demo_hub: Hub) -> None:
    answer = ask(demo_hub, "GET", "/api/v1/data", [("Origin", FOREIGN), TOKEN])

    assert answer.status == 403
    assert "access-control-allow-origin" not in answer.headers


def test_a_foreign_page_with_a_token_reads_its_answer(demo_hub: Hub) -> None:
    answer = ask(demo_hub, "GET", "/api/measurement", [("Origin", FOREIGN), TOKEN], tls=True)

    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] == FOREIGN
    assert answer.headers["vary"] == "Origin"
    assert "access-control-allow-credentials" not in answer.headers


def test_a_foreign_page_with_a_wrong_token_reads_nothing(demo_hub: Hub) -> None:
    wrong = ("Authorization", "Bearer " + "B" * 32)

    answer = ask(demo_hub, "GET", "/api/measurement", [("Origin", FOREIGN), wrong], tls=True)

    assert answer.status == 401
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("path", [f"{BOARD}/api/1", "/api/measurement", "/v1/subscribe/ticket"])
def test_a_preflight_is_answered_for_every_dialect(demo_hub: Hub, path: str) -> None:
    answer = ask(
        demo_hub,
        "OPTIONS",
        path,
        [
            ("Origin", FOREIGN),
            ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "authorization,content-type"),
        ],
    )

    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == FOREIGN


def test_the_hubs_own_pages_command_and_read(demo_hub: Hub) -> None:
    own = f"http://localhost:{demo_hub.port}"

    answer = ask(demo_hub, "POST", f"{BOARD}/api/1", [JSON, ("Origin", own)], body=TEXT)

    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] == own


def test_the_hubs_own_pages_open_sockets(demo_hub: Hub) -> None:
    own = f"http://localhost:{demo_hub.port}"

    assert ask(demo_hub, "GET", f"{BOARD}/ws/1", [*UPGRADE, ("Origin", own)]).status == 101


def test_the_console_of_the_demo_is_shut_to_foreign_pages(demo_hub: Hub) -> None:
    answer = ask(demo_hub, "GET", "/", [("Origin", FOREIGN)])

    assert answer.status != 200
    assert "access-control-allow-origin" not in answer.headers
