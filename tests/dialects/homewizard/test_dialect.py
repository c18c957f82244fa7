"""The dialect as the hub meets it: addresses, names, channels, refusals."""

import json
from datetime import timedelta
from ipaddress import ip_address
from typing import Any

import pytest

from hardwire.contracts.act import Act, Ask, Bear, Respond
from hardwire.contracts.dialect import Place
from hardwire.contracts.question import RevokeCredential
from hardwire.contracts.request import Request
from hardwire.contracts.session import Upgrade
from hardwire.dialects.homewizard.dialect import HomeWizard
from hardwire.dialects.homewizard.face import Face
from hardwire.dialects.homewizard.part import PART
from hardwire.dialects.homewizard.v2 import topics
from hardwire.model.channel import Channel
from hardwire.model.device import Device
from hardwire.model.errors import HubFaultError
from hardwire.model.fact import Event, Happening, Sample
from tests.dialects.homewizard.paper_grid import GAS, METER, OTHER_TOKEN, SERIAL, TOKEN, Grid, entropy, user
from tests.dialects.homewizard.paper_products import BARE
from tests.dialects.transcript import START

MEASUREMENT = Channel("homewizard", METER, "measurement")


def ask(grid: Grid, method: str, path: str, *, body: bytes = b"", token: str = TOKEN, **more: object) -> Respond:
    """Send a request and return its answer."""
    request = Request(
        method=method,
        target=path,
        path=path,
        body=body,
        **{  # type: ignore[arg-type]  # fields by name
            "is_tls": True,
            "peer": ip_address("127.0.0.1"),
            "headers": {"authorization": f"Bearer {token}"},
            **more,
        },
    )
    acts: list[Act | Upgrade] = list(grid.dialect.answer(request).open(grid.now))
    answer = acts[-1]
    assert isinstance(answer, Respond)
    return answer


def test_the_part_makes_the_dialect() -> None:
    grid = Grid()

    dialect = PART.make(grid.house, entropy, None)

    assert isinstance(dialect, HomeWizard)
    assert (dialect.name, PART.name, PART.address) == ("homewizard", "homewizard", "serial")


def test_a_device_goes_by_its_certificate_and_its_host_name() -> None:
    grid = Grid()
    gas = grid.house.device(GAS)
    assert gas is not None

    assert grid.dialect.appliance(grid.meter) == "appliance/p1dongle/5c2fafaabbcc"
    assert grid.dialect.hosts(grid.meter) == ("p1meter-aabbcc.local", "p1meter-aabbcc")
    assert grid.dialect.appliance(gas) is None
    assert grid.dialect.hosts(gas) == ()


def test_a_request_reaches_the_device_that_it_names() -> None:
    grid = Grid()
    grid.roster.declare(Device(id="second", kind="meter"))
    grid.roster.show("second", "homewizard", "5c2faf000001", Face(serial="5c2faf000001"))

    to_default = ask(grid, "GET", "/api")
    to_named = ask(grid, "GET", "/api", device=METER)
    to_second = ask(grid, "GET", "/api", device="second")

    assert to_default.status == to_named.status == 200
    # Its users are its own: a token of the first is none here.
    assert to_second.status == 401


@pytest.mark.parametrize(
    ("is_tls", "body"), [(True, b'{"error":"request:not-found"}'), (False, b'{"error":{"id":404,')]
)
@pytest.mark.parametrize("device", [GAS, "nobody"])
def test_a_device_that_is_not_shown_here_is_not_found(*, is_tls: bool, body: bytes, device: str) -> None:
    grid = Grid()

    answer = ask(grid, "GET", "/api", is_tls=is_tls, device=device)

    assert answer.status == 404
    assert answer.body.startswith(body)
    assert ("X-Api-Version" in answer.headers) == is_tls


def test_a_house_without_such_a_device_answers_in_shape() -> None:
    grid = Grid()
    grid.roster.remove(METER)

    answer = ask(grid, "GET", "/api")

    assert (answer.status, answer.headers) == (404, {"X-Api-Version": "2.3.0"})


def test_a_telegram_is_told_byte_for_byte() -> None:
    grid = Grid()
    telegram = "/ISK5\\2M550T-1012\r\n\r\n1-3:0.2.8(50)\r\n!B9F\r\n"
    grid.tell(METER, {"telegram": telegram})

    v2 = ask(grid, "GET", "/api/telegram")
    v1 = ask(grid, "GET", "/api/v1/telegram", is_tls=False)

    assert v2.body == v1.body == telegram.encode()
    assert v2.content_type == v1.content_type == "text/plain"


def test_a_meter_that_keeps_its_telegrams_to_itself_has_none() -> None:
    grid = Grid(has_values=False)
    grid.tell(METER, {"power_w": 1})

    answer = ask(grid, "GET", "/api/telegram")

    assert (answer.status, answer.body) == (503, b"telegram:no-telegram-received")


def test_v1_is_closed_to_strangers_and_to_pages_from_elsewhere() -> None:
    grid = Grid()

    stranger = ask(grid, "GET", "/api/v1/data", is_tls=False, peer=ip_address("192.168.1.7"))
    page = ask(grid, "GET", "/api/v1/data", is_tls=False, is_foreign=True)

    assert stranger.status == page.status == 403
    assert stranger.body == page.body == b'{"error":{"id":202,"description":"API not enabled"}}'


def test_a_page_from_elsewhere_gets_no_token_however_fresh_the_press() -> None:
    grid = Grid()

    answer = ask(grid, "POST", "/api/user", body=b'{"name":"local/page"}', is_foreign=True)

    assert (answer.status, answer.body) == (403, b'{"error":"user:creation-not-enabled"}')


def test_v1_tells_what_kept_the_device_from_obeying() -> None:
    grid = Grid()
    request = Request(method="PUT", target="/api/v1/identify", path="/api/v1/identify", peer=ip_address("127.0.0.1"))
    session = grid.dialect.answer(request)
    list(session.open(grid.now))

    acts = list(session.reply(0, HubFaultError("broken"), grid.now))

    assert acts == [Respond(500, b'{"error":{"id":901,"description":"internal error"}}')]


def test_a_token_reaches_as_far_as_its_credential() -> None:
    grid = Grid()
    grid.access.add(user("all", "local/all", "C" * 32, devices=None))
    grid.access.add(user("else", "local/else", "D" * 32, devices=None, group="elsewhere"))

    of_group = ask(grid, "GET", "/api", token="C" * 32)
    of_another = ask(grid, "GET", "/api", token="D" * 32)

    assert of_group.status == 200
    assert of_another.status == 401


def test_a_bearer_is_shown_with_the_rights_of_its_credential() -> None:
    grid = Grid()
    request = Request(
        method="GET", target="/api", path="/api", is_tls=True, headers={"authorization": f"Bearer {OTHER_TOKEN}"}
    )

    bear, *_ = grid.dialect.answer(request).open(grid.now)

    assert isinstance(bear, Bear)
    assert (bear.caller.credential, bear.caller.devices) == ("u2", (METER,))


@pytest.mark.parametrize(
    ("method", "path", "is_tls"),
    [
        ("GET", "/api/telegram", True),
        ("GET", "/api/batteries", True),
        ("PUT", "/api/system/identify", True),
        ("GET", "/api/v1/telegram", False),
        ("PUT", "/api/v1/identify", False),
    ],
)
def test_what_a_product_cannot_is_not_found(
    monkeypatch: pytest.MonkeyPatch, *, method: str, path: str, is_tls: bool
) -> None:
    switch = BARE.settings[0].__class__(name="api_v1_enabled", kind=BARE.settings[0].kind, initial=None)
    product = BARE.__class__(**{name: getattr(BARE, name) for name in BARE.__struct_fields__} | {"settings": (switch,)})
    grid = Grid.of(product, monkeypatch)

    answer = ask(grid, method, path, is_tls=is_tls)

    assert answer.status == 404


def test_a_product_without_batteries_has_no_such_topic_and_no_such_points(monkeypatch: pytest.MonkeyPatch) -> None:
    grid = Grid.of(BARE, monkeypatch)

    points = [point.name for point in grid.dialect.face(grid.meter, grid.face)]

    assert points == ["cloud_enabled"]
    assert grid.appliance().topics == ("device", "user", "measurement", "system")


PLACE = Place("http://127.0.0.1:8080", "https://127.0.0.1:8443")


def test_the_line_to_copy_is_v1_where_it_is_on() -> None:
    grid = Grid()
    second = Device(id="second", kind="meter")
    grid.roster.declare(second)
    grid.roster.show("second", "homewizard", "5c2faf000001", Face(serial="5c2faf000001"))
    grid.tell("second", {"api_v1_enabled": True})

    assert grid.dialect.line(grid.meter, PLACE) == "curl http://127.0.0.1:8080/api/v1/data"
    assert grid.dialect.line(second, PLACE) == "curl -H 'Host: p1meter-000001.local' http://127.0.0.1:8080/api/v1/data"


@pytest.mark.parametrize(
    ("own", "line"),
    [
        ({"http": "192.168.1.50:80"}, "curl http://192.168.1.50:80/api/v1/data"),
        ({"http": "0.0.0.0:8081"}, "curl http://127.0.0.1:8081/api/v1/data"),
        ({"http": "[::]:8081"}, "curl http://127.0.0.1:8081/api/v1/data"),
        (
            {"v1": False, "https": "[fd00::2]:443"},
            "curl --cacert hardwire-ca.pem -H 'Authorization: Bearer TOKEN' https://[fd00::2]:443/api/measurement",
        ),
    ],
)
def test_the_line_to_copy_names_the_listener_of_the_devices_own(
    own: dict[str, Any], line: str
) -> None:  # Any: fields of Face by name
    grid = Grid()
    # Everybody knows the token of another device here, which says nothing of this one.
    grid.access.known_secrets["homewizard"] = TOKEN
    second = Device(id="second", kind="meter")
    grid.roster.declare(second)
    grid.roster.show("second", "homewizard", "5c2faf000001", Face(serial="5c2faf000001", **own))
    grid.tell("second", {"api_v1_enabled": own.get("v1", True)})

    shown = grid.dialect.line(second, PLACE)

    assert shown == line


@pytest.mark.parametrize(("known", "token"), [({}, "TOKEN"), ({"homewizard": TOKEN}, TOKEN)])
def test_the_line_to_copy_is_v2_with_a_token_where_v1_is_off(known: dict[str, str], token: str) -> None:
    grid = Grid()
    grid.access.known_secrets.update(known)
    grid.tell(METER, {"api_v1_enabled": False})

    line = grid.dialect.line(grid.meter, PLACE)

    assert line == (
        f"curl --cacert hardwire-ca.pem -H 'Authorization: Bearer {token}' https://127.0.0.1:8443/api/measurement"
    )


def test_a_measurement_is_repeated_within_30_s_and_nothing_else_is() -> None:
    grid = Grid()

    repeats = {
        topic: grid.dialect.repeat_after_s(grid.appliance().channel(topic)) for topic in ("measurement", "system")
    }

    assert repeats == {"measurement": 25, "system": None}


def test_a_channel_renders_samples_that_concern_it_alone() -> None:
    grid = Grid()
    sample = Sample(METER, grid.now, {"power_w": 1})

    assert grid.dialect.render(MEASUREMENT, sample) is not None
    assert grid.dialect.render(MEASUREMENT, Sample(METER, grid.now, {"telegram": "/"})) is None
    assert grid.dialect.render(MEASUREMENT, Sample(GAS, grid.now, {"unique_id": "47"})) is None
    assert grid.dialect.render(MEASUREMENT, Event(METER, grid.now, Happening())) is None
    assert grid.dialect.render(Channel("homewizard", METER, "device"), sample) is None


def test_a_channel_of_a_device_that_is_gone_is_silent() -> None:
    grid = Grid()
    grid.roster.remove(METER)

    assert grid.dialect.render(MEASUREMENT, Sample(METER, grid.now, {"power_w": 1})) is None
    assert grid.dialect.latest(MEASUREMENT, grid.now) is None


def test_a_product_without_v2_has_no_channels() -> None:
    grid = Grid(Face(serial=SERIAL, product="HWE-SKT"))

    assert grid.dialect.render(MEASUREMENT, Sample(METER, grid.now, {"power_w": 1})) is None
    assert grid.dialect.latest(Channel("homewizard", METER, "device"), grid.now) is None


def test_a_stale_sample_that_arrives_late_is_not_shown() -> None:
    grid = Grid()

    assert grid.dialect.latest(MEASUREMENT, grid.now + timedelta(seconds=31)) is None


def test_a_topic_that_depends_on_who_asks_is_no_view() -> None:
    grid = Grid()

    assert topics.view(grid.appliance(), "user", grid.now) is None


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (408, "request:internal-server-error"),
        (413, "request:too-large"),
        (500, "request:internal-server-error"),
        (503, "request:internal-server-error"),
    ],
)
@pytest.mark.parametrize("device", [None, "nobody"])
def test_what_the_server_refuses_over_tls_has_the_shape_of_v2(status: int, code: str, device: str | None) -> None:
    request = Request(method="POST", target="/api/user", path="/api/user", is_tls=True, device=device)

    refused = Grid().dialect.refuse(status, "why", request, START)

    assert (refused.status, refused.body) == (status, f'{{"error":"{code}"}}'.encode())
    assert refused.headers["X-Api-Version"] == "2.3.0"


@pytest.mark.parametrize(("status", "id"), [(400, 2), (403, 202), (408, 901), (413, 201), (500, 901)])
def test_what_the_server_refuses_on_the_plain_port_has_the_shape_of_v1(status: int, id: int) -> None:
    request = Request(method="PUT", target="/api/v1/system", path="/api/v1/system")

    refused = Grid().dialect.refuse(status, "why", request, START)

    assert refused.status == status
    assert json.loads(refused.body)["error"]["id"] == id


@pytest.mark.parametrize(
    ("status", "method", "code"),
    [
        (400, "GET", "request:invalid-json"),
        (403, "GET", "user:unauthorized"),
        # Who is pairing takes it for "not pressed yet", and goes on asking.
        (403, "POST", "user:creation-not-enabled"),
    ],
)
def test_a_refusal_with_many_causes_says_which(status: int, method: str, code: str) -> None:
    over_tls = Request(method=method, target="/api/user", path="/api/user", is_tls=True)
    plain = Request(method=method, target="/api", path="/api")

    v2 = json.loads(Grid().dialect.refuse(status, "why", over_tls, START).body)
    v1 = json.loads(Grid().dialect.refuse(status, "why", plain, START).body)

    assert v2 == {"error": code, "reason": "why"}
    assert v1["error"]["description"] == "why"


def test_the_serial_is_told_as_it_is_configured() -> None:
    grid = Grid()

    assert grid.appliance().identity()["serial"] == SERIAL


@pytest.mark.parametrize("version", ["", "2", " 2 ", "2.0", "2.3", "2.3.0"])
def test_a_version_that_the_device_speaks_is_taken(version: str) -> None:
    headers = {"authorization": f"Bearer {TOKEN}", "x-api-version": version}

    assert ask(Grid(), "GET", "/api", headers=headers).status == 200


@pytest.mark.parametrize(
    "version", ["1", "3", "2.4", "2.", "2.x", "02", "-2", "2 2", "2, 2", "\u0662", "2.0.0.0", "v2"]
)
def test_another_version_is_refused_with_the_one_that_is_spoken(version: str) -> None:
    headers = {"authorization": f"Bearer {TOKEN}", "x-api-version": version}

    answer = ask(Grid(), "GET", "/api", headers=headers)

    assert (answer.status, answer.body) == (400, b'{"error":"request:api-version-not-supported"}')
    assert answer.headers == {"X-Api-Version": "2.3.0"}


def test_nothing_takes_a_product_without_v2_for_one_that_has_it() -> None:
    grid = Grid(Face(serial=SERIAL, product="HWE-SKT"))
    request = Request(method="GET", target="/api", path="/api", is_tls=True)

    answers = [ask(grid, "GET", path) for path in ("/api", "/api/user", "/api/measurement", "/api/ws", "/api/v1/data")]
    refusals = [grid.dialect.refuse(status, "why", request, START) for status in (400, 403, 408, 413, 500, 503)]

    assert [(answer.status, answer.headers) for answer in answers] == [(404, {})] * 5
    assert all(refused.status != 401 and "X-Api-Version" not in refused.headers for refused in refusals)


def test_every_answer_bears_the_release_that_the_device_speaks() -> None:
    grid = Grid(Face(serial=SERIAL, api_version="2.1.0"))
    request = Request(method="GET", target="/api", path="/api", is_tls=True)

    answer = ask(grid, "GET", "/api/nothing")
    refused = grid.dialect.refuse(413, "why", request, START)

    assert answer.headers == refused.headers == {"X-Api-Version": "2.1.0"}


def test_a_body_of_white_space_is_none() -> None:
    grid = Grid()
    request = Request(
        method="DELETE",
        target="/api/user",
        path="/api/user",
        is_tls=True,
        headers={"authorization": f"Bearer {TOKEN}"},
        body=b"\r\n",
    )

    assert list(grid.dialect.answer(request).open(grid.now)) == [Ask(RevokeCredential("u1"))]
