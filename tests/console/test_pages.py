"""The hub's own pages: who sees them, what they show, what a hostile name cannot do."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from hardwire.console.console import Console
from hardwire.contracts.act import Act, Ask, Bear, Respond
from hardwire.contracts.dialect import Place, Service
from hardwire.contracts.question import PressButton, Record
from hardwire.contracts.request import Request
from hardwire.contracts.session import Session, Upgrade
from hardwire.dialects.hub import doorman
from hardwire.model.alarm import Alarm, AlarmStanding, AlarmState
from hardwire.model.channel import Channel
from hardwire.model.device import Device
from hardwire.model.energy import energy_points
from hardwire.model.errors import HubFaultError
from hardwire.model.fact import Sample
from hardwire.model.point import Keeper, Point, PointKind
from hardwire.model.value import Value
from tests.dialects.hub.premises import ADMIN_TOKEN, WEAK_TOKEN, House, make_house
from tests.dialects.transcript import START

COOKIE = {"cookie": f"{doorman.COOKIE}={ADMIN_TOKEN}"}
HOSTILE = "<script>alert('x')</script>\"&"


@pytest.fixture
def house() -> House:
    return make_house()


def visit(
    house: House,
    path: str = "/",
    *,
    method: str = "GET",
    headers: dict[str, str] | None = None,
    form: str = "",
    is_foreign: bool = False,
    is_tls: bool = False,
    origin: str = "http://127.0.0.1:8080",
) -> Respond:
    """Ask for a page and return the answer."""
    request = Request(
        method=method,
        target=path,
        path=path,
        headers=headers or {},
        body=form.encode(),
        is_foreign=is_foreign,
        is_tls=is_tls,
        origin=origin,
    )
    pages = Console(house.premises, {"obniz": house.dialect, "hub": house.dialect})
    session = pages.answer(request)
    *before, answer = session.open(START)
    if isinstance(answer, Ask) and isinstance(answer.question, Record):
        (answer,) = session.reply(answer.tag, True, START)
    assert all(isinstance(act, Bear) for act in before)
    assert isinstance(answer, Respond)
    return answer


def shown(house: House, point: Point, value: Value) -> str:
    """Return the first page of a house with a device that has this value."""
    house.roster.declare(Device(id="paper", kind="unit", points=(point,)))
    house.roster.remember(Sample("paper", START, {point.name: value}), START)
    return visit(house, headers=COOKIE).body.decode()


def test_whoever_shows_no_credential_is_asked_for_it(house: House) -> None:
    page, fragment = visit(house), visit(house, "/devices")

    assert (page.status, page.headers["Location"]) == (303, "/login")
    assert fragment.status == 401
    assert b"grid" not in page.body + fragment.body


def test_the_admin_credential_opens_the_pages(house: House) -> None:
    answer = visit(house, "/login", method="POST", form=f"token={ADMIN_TOKEN}")

    assert (answer.status, answer.headers["Location"]) == (303, "/")
    cookie = answer.headers["Set-Cookie"]
    page = visit(house, headers={"cookie": cookie.partition(";")[0]})
    assert page.status == 200
    assert b"The grid" in page.body
    assert b"Log out" in page.body


def test_the_cookie_is_for_this_hub_and_no_script(house: House) -> None:
    plain = visit(house, "/login", method="POST", form=f"token={ADMIN_TOKEN}").headers["Set-Cookie"]
    tls = visit(house, "/login", method="POST", form=f"token={ADMIN_TOKEN}", is_tls=True).headers["Set-Cookie"]

    assert plain.split("; ")[1:] == ["Path=/", "Max-Age=43200", "HttpOnly", "SameSite=Strict"]
    assert tls.split("; ")[-1] == "Secure"


@pytest.mark.parametrize("form", ["", "token=", "token=wrong", f"token={WEAK_TOKEN}", "other=1", "%ff%fe", "&" * 3])
def test_a_wrong_credential_opens_nothing(house: House, form: str) -> None:
    answer = visit(house, "/login", method="POST", form=form)

    assert answer.status == 403
    assert "Set-Cookie" not in answer.headers
    assert b"That is not the admin credential" in answer.body


def test_a_form_with_a_thousand_fields_is_a_wrong_one(house: House) -> None:
    answer = visit(house, "/login", method="POST", form="&".join(f"f{n}=1" for n in range(1000)))

    assert answer.status == 403


def test_a_page_of_another_origin_cannot_log_in_nor_look(house: House) -> None:
    posted = visit(house, "/login", method="POST", form=f"token={ADMIN_TOKEN}", is_foreign=True)
    looked = visit(house, "/devices", headers=COOKIE, is_foreign=True)

    assert posted.status == 403
    assert "Set-Cookie" not in posted.headers
    assert looked.status == 401


def test_leaving_takes_the_cookie_away(house: House) -> None:
    answer = visit(house, "/logout", method="POST", headers=COOKIE)

    assert (answer.status, answer.headers["Location"]) == (303, "/login")
    assert answer.headers["Set-Cookie"].startswith(f"{doorman.COOKIE}=; Path=/; Max-Age=0;")


def test_a_page_of_another_origin_cannot_log_anybody_out(house: House) -> None:
    answer = visit(house, "/logout", method="POST", headers=COOKIE, is_foreign=True)

    assert answer.status == 403
    assert "Set-Cookie" not in answer.headers


def test_behind_a_proxy_that_speaks_tls_the_cookie_travels_by_tls_alone(house: House) -> None:
    answer = visit(house, "/login", method="POST", form=f"token={ADMIN_TOKEN}", origin="https://hub.example.org")

    assert answer.headers["Set-Cookie"].endswith("; Secure")


def test_an_open_house_shows_its_devices_to_its_own_pages(house: House) -> None:
    house.access.is_open_house = True

    page = visit(house)

    assert page.status == 200
    assert b"Log out" not in page.body


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/login", 200),
        ("HEAD", "/login", 200),
        ("PUT", "/login", 405),
        ("GET", "/logout", 405),
        ("DELETE", "/", 405),
        ("POST", "/devices", 405),
        ("GET", "/static/console.css", 200),
        ("GET", "/static/console.js", 200),
        ("POST", "/static/console.css", 404),
        ("GET", "/static/../page.py", 404),
        ("GET", "/nothing", 404),
    ],
)
def test_every_path_has_its_answer(house: House, method: str, path: str, status: int) -> None:
    assert visit(house, path, method=method).status == status


@pytest.mark.parametrize("path", ["/", "/login", "/nothing", "/static/console.js"])
def test_nothing_from_elsewhere_runs_on_a_page(house: House, path: str) -> None:
    answer = visit(house, path, headers=COOKIE)

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_a_device_calls_itself_stays_text(house: House) -> None:
    point = Point(name="p", label=HOSTILE, unit=HOSTILE, kind=PointKind.TEXT)
    hostile = Device(id="paper", kind=HOSTILE, name=HOSTILE, points=(point,))
    house.roster.declare(hostile)
    house.roster.show("paper", "obniz", HOSTILE, None)
    house.roster.show("paper", HOSTILE, HOSTILE, None)
    house.roster.remember(Sample("paper", START, {"p": HOSTILE}), START)
    house.roster.mark_lost("paper", HOSTILE, START)

    body = visit(house, headers=COOKIE).body.decode()

    assert "<script>alert" not in body
    assert "&lt;script&gt;alert" in body


def test_a_path_that_is_none_is_shown_as_text(house: House) -> None:
    answer = visit(house, "/" + HOSTILE)

    assert answer.status == 404
    assert b"<script>alert" not in answer.body


@pytest.mark.parametrize(
    ("point", "value", "text"),
    [
        (Point(name="p", kind=PointKind.FLAG), True, "<dd>on</dd>"),
        (Point(name="p", kind=PointKind.FLAG), False, "<dd>off</dd>"),
        (Point(name="p", unit="W", decimals=1), 12.345, "<dd>12.3 <small>W</small></dd>"),
        (Point(name="p", unit="m3"), 2, "<dd>2 <small>m³</small></dd>"),
        (Point(name="p"), 0.1 + 0.2, "<dd>0.3</dd>"),
        (Point(name="p"), 12345678.9, "<dd>12345679</dd>"),
        (Point(name="p"), 7, "<dd>7</dd>"),
        (Point(name="p", decimals=1), 1e300, "<dd>1e+300</dd>"),
        (Point(name="p"), 10**18, "<dd>1e+18</dd>"),
        (Point(name="p", unit="percent"), 7, "<dd>7 <small>%</small></dd>"),
        (Point(name="p", kind=PointKind.TEXTS), ("a", "b"), "<dd>a, b</dd>"),
        (Point(name="p", kind=PointKind.TEXT), "", "<dd>–</dd>"),
        (Point(name="p", kind=PointKind.TEXT), "x" * 200, f"<dd>{'x' * 60}…</dd>"),
        (Point(name="p", kind=PointKind.TEXT), "/ISK5\r\n\r\n" + "1-0:1.8.1\r\n" * 9, "<dd>/ISK5…</dd>"),
    ],
    ids=str,
)
def test_a_value_is_shown_as_people_read_it(house: House, point: Point, value: Value, text: str) -> None:
    assert text in shown(house, point, value)


def test_what_the_hub_keeps_for_a_dialect_is_not_the_devices_own(house: House) -> None:
    assert "cloud_enabled" not in shown(house, Point(name="cloud_enabled", keeper=Keeper.HUB), True)


def test_a_board_shows_switches_side_by_side_and_its_many_inputs_in_columns(house: House) -> None:
    flags = [Point(name=f"io{n}", kind=PointKind.FLAG) for n in range(3)]
    inputs = [Point(name=f"ad{n}") for n in range(4)]
    many = [Point(name=f"a long name {n}") for n in range(11)]
    house.roster.declare(Device(id="paper", kind="board", points=(*flags, *inputs, *many)))
    values: dict[str, Value] = {point.name: 1.0 for point in (*inputs, *many)}
    house.roster.remember(Sample("paper", START, {**values, "io0": True, "io1": False}), START)

    body = visit(house, headers=COOKIE).body.decode()

    assert '<dl class="flags"><div class="on"' in body
    assert '<dl class="short"><div' in body
    assert '<dl class="long tall"><div' in body
    assert "io2" not in body


def test_a_state_says_since_when_and_why(house: House) -> None:
    alive = visit(house, headers=COOKIE).body.decode()
    house.roster.mark_lost("grid", "the cable is out", START)
    lost = visit(house, headers=COOKIE).body.decode()

    assert '<p class="state alive">alive</p>' in alive
    assert "not heard of yet: the cable is out" in alive
    assert "silent since 2026-06-01 12:00:00 UTC: the cable is out" in lost


def test_what_hangs_behind_a_meter_is_silent_for_the_meters_reason(house: House) -> None:
    house.roster.declare(Device(id="paper", kind="meter", stale_after_s=30.0))
    house.roster.declare(Device(id="paper.gas", kind="gas_meter", parent="paper", stale_after_s=30.0))
    house.roster.mark_lost("paper", "no line", START)

    body = visit(house, headers=COOKIE).body.decode()

    assert body.count("not heard of yet: no line") == 2


def test_what_a_source_told_of_damage_is_counted_with_its_newest_sentence(house: House) -> None:
    house.roster.declare(Device(id="paper", kind="meter"))
    for sentence in ("first", HOSTILE):
        house.roster.trouble("paper", "noise", sentence)

    body = visit(house, headers=COOKIE).body.decode()

    assert '<p class="fault">noise × 2: &lt;script&gt;' in body
    assert "first" not in body


def test_an_alarm_that_does_not_rest_is_seen(house: House) -> None:
    states = {AlarmState.IN_ALARM: HOSTILE, AlarmState.ALARM_HOLDOFF: "soon", AlarmState.RESTORED: "resting"}
    house.roster.declare(Device(id="paper", kind="unit"))
    house.premises.alarms = lambda device: [
        AlarmStanding(Alarm(name=name, point="p"), state, START) for state, name in states.items() if device == "paper"
    ]

    body = visit(house, headers=COOKIE).body.decode()

    assert body.count('<p class="alarm">&lt;script&gt;') == 1
    assert f'<p class="fault">soon: in alarm holdoff since {START:%Y-%m-%d %H:%M:%S} UTC</p>' in body
    assert "resting" not in body


def test_what_people_look_for_stands_first_and_what_identifies_a_device_last(house: House) -> None:
    points = energy_points(
        ("unique_id", "energy_import_kwh", "power_w", "voltage_v", "wifi_ssid", "state_of_charge_pct")
    )
    house.roster.declare(Device(id="paper", kind="battery", points=points))
    values: dict[str, Value] = {point.name: "x" if point.kind is PointKind.TEXT else 1 for point in points}
    house.roster.remember(Sample("paper", START, values), START)

    body = visit(house, headers=COOKIE).body.decode()

    labels = re.findall("<dt>(.*?)</dt>", body.partition("<h2>paper</h2>")[2].partition("</section>")[0])
    assert labels == ["Power", "State of charge", "Energy import", "Voltage", "Meter id", "Wi-Fi network"]


@pytest.mark.parametrize(
    ("device", "text"),
    [
        (Device(id="x", kind="kwh_meter"), "kWh meter"),
        (Device(id="x", kind="battery"), "Battery"),
        (Device(id="x", kind="battery", sources=("grid",)), "Battery, steered by grid"),
        (Device(id="x", kind="socket"), "Socket"),
        (Device(id="x", kind="unit", group="pumps"), "Logger · group pumps"),
        (Device(id="x", kind="water_meter"), "Water meter"),
        (Device(id="x", kind="meter", sources=("grid", "heat_pump")), "Computed from grid, heat_pump"),
    ],
    ids=lambda one: one.kind if isinstance(one, Device) else "",
)
def test_a_card_says_what_kind_of_thing_it_is(house: House, device: Device, text: str) -> None:
    house.roster.declare(device)

    assert f'<p class="kind">{text}</p>' in visit(house, headers=COOKIE).body.decode()


def test_what_hangs_behind_a_meter_is_called_after_it(house: House) -> None:
    house.roster.declare(Device(id="grid.gas", kind="gas_meter", parent="grid"))
    house.roster.declare(Device(id="orphan", kind="gas_meter", parent="nobody"))

    body = visit(house, headers=COOKIE).body.decode()

    assert "<h2>The grid: gas meter</h2>" in body
    assert "<h2>orphan</h2>" in body


def test_a_device_that_shows_which_one_it_is_blinks(house: House) -> None:
    house.roster.identify("grid", START + timedelta(seconds=5))

    assert b'class="device identified"' in visit(house, headers=COOKIE).body


@pytest.mark.parametrize(
    ("origin", "line"), [("http://hub.local:1", "http://hub.local:8080"), ("http://[::1]:1", "http://[::1]:8080")]
)
def test_lines_to_copy_name_the_host_that_was_called(house: House, origin: str, line: str) -> None:
    house.access.ports = (8080, 8443)
    seen: list[str] = []

    class Speaker(Console):
        def line(self, device: Device, place: Place) -> str:
            seen.extend((place.http, place.https))
            return "curl"

    pages = Console(house.premises, {"obniz": Speaker(house.premises, {})})
    request = Request(method="GET", target="/", path="/", headers=COOKIE, origin=origin)
    list(pages.answer(request).open(START))

    assert seen == [line, line.replace("http", "https").replace("8080", "8443")]


def test_a_screen_is_shown_while_its_device_is_there(house: House) -> None:
    screen = Point(name="display_text", kind=PointKind.TEXT)
    absent = visit(house, headers=COOKIE).body.decode()
    house.roster.declare(Device(id="a/b", kind="board", name=HOSTILE, points=(screen,)))
    house.roster.remember(Sample("a/b", START, {"display_text": ""}), START)

    present = visit(house, headers=COOKIE).body.decode()

    assert "<img" not in absent
    assert present.count('<img class="screen" src="/hub/v1/devices/a%2Fb/display.png" alt="Screen of &lt;script') == 1


def test_a_house_without_devices_says_how_to_add_one(house: House) -> None:
    for id in ("grid", "bench"):
        house.roster.remove(id)

    assert b"hardwire device add" in visit(house, headers=COOKIE).body


def test_the_login_page_takes_a_token_with_signs_and_spaces_around_it(house: House) -> None:
    assert visit(house, "/login", method="POST", form=f"token=+{quote(ADMIN_TOKEN)}%0A").status == 303


class Paired(Console):
    """A dialect whose devices want tokens."""

    def services(self, device: Device) -> Sequence[Service]:
        return [Service(type="_x._tcp", instance="x", host="x.local", text={}, is_tls=device.id == "grid")]


def test_a_device_whose_api_wants_a_token_has_a_button(house: House) -> None:
    pages = Console(house.premises, {"homewizard": Paired(house.premises, {})})
    request = Request(method="GET", target="/", path="/", headers=COOKIE)
    *_, answer = pages.answer(request).open(START)

    assert isinstance(answer, Respond)
    assert answer.body.count(b"Press the button") == 1
    assert b'action="/devices/grid/press"' in answer.body


def press(house: House, id: str = "grid", **more: Any) -> tuple[Session, list[Act | Upgrade]]:  # Any: fields of Request
    """Send the form of a device's button; return the conversation and what it wants done."""
    path = f"/devices/{id}/press"
    request = Request(method="POST", target=path, path=path, **{"headers": COOKIE, **more})
    session = Console(house.premises, {}).answer(request)
    return session, list(session.open(START))


def test_a_press_is_passed_on_and_told(house: House) -> None:
    session, acts = press(house)

    (told,) = session.reply(0, True, START)

    assert acts[1:] == [Ask(PressButton("grid"))]
    assert isinstance(acts[0], Bear)
    assert isinstance(told, Respond)
    assert (told.status, b"within 30 s" in told.body) == (200, True)


def test_a_press_that_failed_is_told(house: House) -> None:
    session, _ = press(house)

    (told,) = session.reply(0, HubFaultError("the hub failed; its log says why"), START)

    assert isinstance(told, Respond)
    assert (told.status, told.body) == (500, b"the hub failed; its log says why\n")


@pytest.mark.parametrize(
    ("id", "more", "status"),
    [
        ("grid", {"is_foreign": True}, 403),
        ("grid", {"is_foreign": True, "headers": {"authorization": f"Bearer {ADMIN_TOKEN}"}}, 403),
        ("grid", {"headers": {}}, 303),
        ("grid", {"headers": {"cookie": f"{doorman.COOKIE}={WEAK_TOKEN}"}}, 303),
        ("nobody", {}, 404),
        (HOSTILE.replace("/", ""), {}, 404),
    ],
)
def test_nobody_else_presses(house: House, id: str, more: dict[str, Any], status: int) -> None:  # Any: as above
    _, (answer,) = press(house, id, **more)

    assert isinstance(answer, Respond)
    assert answer.status == status
    assert b"<script>alert" not in answer.body


def test_a_button_is_pressed_by_a_form_alone(house: House) -> None:
    assert visit(house, "/devices/grid/press", headers=COOKIE).status == 404


def test_the_console_is_a_dialect_without_devices_or_channels(house: House) -> None:
    pages = Console(house.premises, {})
    grid = house.premises.device("grid")
    assert grid is not None
    channel = Channel("console", "grid", "x")
    request = Request(method="GET", target="/", path="/")
    session = pages.answer(request)

    assert pages.render(channel, Sample("grid", START, {})) is None
    assert pages.latest(channel, START) is None
    assert pages.repeat_after_s(channel) is None
    assert pages.appliance(grid) is None
    assert pages.hosts(grid) == ()
    assert pages.services(grid) == ()
    assert pages.face(grid, None) == ()
    assert pages.line(grid, Place("http://h", "https://h")) == "http://h/"
    assert b"slow" in pages.refuse(408, "slow", request, START).body
    assert [*session.receive("x", START), *session.tick(START)] == []
    assert [*session.notice("x", "", START), *session.closed(START)] == []
