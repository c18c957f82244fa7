"""What strangers send to a P1 meter: each gets its answer in the dialect's shape, and the hub goes on."""

import http.client
import json
import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit

import pytest

from tests.journeys.hub import Hub

TOKEN = {"Authorization": "Bearer " + "A" * 32}
WAIT_S = 30


def ask(
    hub: Hub, method: str, path: str, *, is_tls: bool = True, headers: Mapping[str, str] = {}, body: bytes | None = None
) -> tuple[int, Mapping[str, str], bytes]:
    """Send one request as raw as http.client allows."""
    place = urlsplit(hub.https if is_tls else hub.http)
    assert place.hostname is not None
    connection: http.client.HTTPConnection
    if is_tls:
        context = ssl.create_default_context(cafile=hub.ca)
        connection = http.client.HTTPSConnection(place.hostname, place.port, context=context, timeout=WAIT_S)
    else:
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=WAIT_S)
    try:
        connection.request(method, path, body=body, headers=dict(headers))
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status", "code"),
    [
        ("GET", "/api", {}, None, 401, "user:unauthorized"),
        ("GET", "/api", {"Authorization": "Bearer"}, None, 401, "user:unauthorized"),
        ("GET", "/api/measurement", {"Authorization": "Bearer " + "C" * 4000}, None, 401, "user:unauthorized"),
        ("GET", "/api", {**TOKEN, "X-Api-Version": "1"}, None, 400, "request:api-version-not-supported"),
        ("GET", "/api/weather", TOKEN, None, 404, "request:not-found"),
        ("GET", "/api/../../etc/passwd", TOKEN, None, 404, None),
        ("DELETE", "/api/system", TOKEN, None, 405, "request:method-not-allowed"),
        ("PUT", "/api/system", TOKEN, b"{", 400, "request:invalid-json"),
        ("PUT", "/api/system", TOKEN, b"[" * 60_000, 400, "request:invalid-json"),
        ("PUT", "/api/system", TOKEN, b'{"cloud_enabled":"\xff"}', 400, "request:invalid-json"),
        ("PUT", "/api/system", TOKEN, b'{"cloud_enabled":null}', 400, "json:parameter-invalid-type:cloud_enabled"),
        ("PUT", "/api/system", TOKEN, b"{}", 400, "json:no-parameters-recognized"),
        ("PUT", "/api/system", TOKEN, b'"' + b"x" * 70_000 + b'"', 413, "request:too-large"),
        ("POST", "/api/user", {}, b'{"name":"me"}', 400, "user:invalid-prefix"),
        ("POST", "/api/user", {}, b'{"name":"local/me"}', 403, "user:creation-not-enabled"),
        (
            "POST",
            "/api/user",
            {"Origin": "https://evil.example"},
            b'{"name":"local/me"}',
            403,
            "user:creation-not-enabled",
        ),
        ("GET", "/api/ws", TOKEN, None, 426, "request:upgrade-required"),
    ],
)
def test_v2_answers_a_mistake_with_its_code(
    demo_hub: Hub, method: str, path: str, headers: dict[str, str], body: bytes | None, status: int, code: str | None
) -> None:
    answered, _, text = ask(demo_hub, method, path, headers=headers, body=body)

    assert answered == status
    if code is not None:
        assert json.loads(text) == {"error": code}


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status", "id"),
    [
        ("GET", "/api/v1/weather", {}, None, 404, 404),
        ("GET", "/api/v1/state", {}, None, 404, 404),
        ("GET", "/api/measurement", TOKEN, None, 404, 404),
        ("POST", "/api/v1/data", {}, b"", 405, 405),
        ("PUT", "/api/v1/system", {}, b"\xff", 400, 2),
        ("PUT", "/api/v1/system", {}, b'{"cloud_enabled":0}', 400, 7),
        ("GET", "/api/v1/data", {"Origin": "https://evil.example"}, None, 403, 202),
    ],
)
def test_v1_answers_a_mistake_with_its_id(
    demo_hub: Hub, method: str, path: str, headers: dict[str, str], body: bytes | None, status: int, id: int
) -> None:
    answered, _, text = ask(demo_hub, method, path, is_tls=False, headers=headers, body=body)

    assert answered == status
    assert json.loads(text)["error"]["id"] == id


def test_every_v2_answer_names_the_newest_version_and_204_has_no_body(demo_hub: Hub) -> None:
    status, headers, body = ask(demo_hub, "PUT", "/api/system/identify", headers={**TOKEN, "X-Api-Version": "2"})

    assert (status, body) == (204, b"")
    assert headers["X-Api-Version"] == "2.3.0"


def test_a_connection_stays_open_after_an_answer(demo_hub: Hub) -> None:
    place = urlsplit(demo_hub.http)
    assert place.hostname is not None
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=WAIT_S)
    statuses = []

    for path in ("/api", "/api/v1/nothing", "/api/v1/data"):
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
        assert connection.sock is not None
    connection.close()

    assert statuses == [200, 404, 200]


@pytest.mark.parametrize("is_tls", [True, False])
def test_who_asks_by_a_foreign_name_is_told_so_in_the_dialects_shape(demo_hub: Hub, *, is_tls: bool) -> None:
    path = "/api" if is_tls else "/api/v1/data"

    status, _, text = ask(demo_hub, "GET", path, is_tls=is_tls, headers={**TOKEN, "Host": "evil.example"})

    told = json.loads(text)
    assert status == 403
    assert (told["error"] if is_tls else told["error"]["id"]) == ("user:unauthorized" if is_tls else 202)
    assert "does not go by that name" in (told["reason"] if is_tls else told["error"]["description"])


def test_v1_says_in_its_own_shape_that_a_body_is_too_long(demo_hub: Hub) -> None:
    status, _, text = ask(demo_hub, "PUT", "/api/v1/system", is_tls=False, body=b'"' + b"x" * 65_535 + b'"')

    assert status == 413
    assert json.loads(text) == {"error": {"id": 201, "description": "request too large"}}
