"""The v1 API where a conversation cannot show it: sockets that keep their own state, bodies of every kind, HEAD."""

from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_address

import pytest
from msgspec.structs import replace

from hardwire.contracts.act import Act, Execute, Respond
from hardwire.contracts.dialect import Place
from hardwire.contracts.request import Request
from hardwire.contracts.session import Upgrade
from hardwire.dialects.homewizard.face import Face
from hardwire.dialects.homewizard.products.catalogue import CATALOGUE
from hardwire.dialects.homewizard.v1 import state
from hardwire.dialects.homewizard.v1.rest import served
from hardwire.model.command import WritePoints
from hardwire.model.energy import SWITCHED
from hardwire.model.errors import CallerError
from hardwire.model.point import Keeper
from hardwire.model.value import Value
from tests.dialects.homewizard.paper_grid import METER, SERIAL, Grid

PLACE = Place("http://127.0.0.1:8080", "https://127.0.0.1:8443")
SILENCE = timedelta(seconds=31)


def socket() -> Grid:
    """A socket whose state the hub keeps."""
    return Grid(Face(serial=SERIAL, product="HWE-SKT", v1=True))


def socket_with_a_relay(values: Mapping[str, Value]) -> Grid:
    """A socket whose source has the relay, the lock and the light itself, and has told this of them."""
    grid = socket()
    own = tuple(point for point in grid.meter.points if point.name not in state.INITIAL)
    grid.roster.remove(METER)
    grid.meter = replace(grid.meter, points=(*own, *SWITCHED))
    grid.roster.declare(grid.meter)
    grid.roster.show(METER, "homewizard", SERIAL, grid.face)
    grid.tell(METER, {"power_w": 1, **values})
    return grid


def ask(grid: Grid, method: str, path: str, body: bytes = b"", **headers: str) -> list[Act | Upgrade]:
    """Send a plain request from this machine and return what the hub does."""
    request = Request(method=method, target=path, path=path, headers=headers, body=body, peer=ip_address("127.0.0.1"))
    return list(grid.dialect.answer(request).open(grid.now))


def answer(grid: Grid, method: str, path: str, body: bytes = b"") -> Respond:
    """Send a plain request and return its answer."""
    (told,) = ask(grid, method, path, body)
    assert isinstance(told, Respond)
    return told


def test_the_hub_keeps_the_state_of_a_socket_whose_source_has_none() -> None:
    grid = socket()

    kept = {point.name: point for point in grid.dialect.face(grid.meter, grid.face)}

    assert {name: kept[name].initial for name in state.INITIAL} == {
        "power_on": True,
        "switch_lock": False,
        "brightness": 255,
    }
    assert all(kept[name].keeper is Keeper.HUB and kept[name].writable for name in state.INITIAL)


def test_a_state_that_the_source_has_is_the_sources() -> None:
    grid = socket_with_a_relay({"power_on": False, "switch_lock": False, "brightness": 12})

    shown = state.state(grid.appliance(), grid.now)

    assert shown == {"power_on": False, "switch_lock": False, "brightness": 12}


def test_a_light_that_the_source_tells_with_decimals_is_a_whole_number() -> None:
    grid = socket_with_a_relay({"power_on": True, "switch_lock": False, "brightness": 127.5})

    shown = answer(grid, "GET", "/api/v1/state")

    assert shown.body == b'{"power_on":true,"switch_lock":false,"brightness":128}'


def test_a_state_is_not_told_when_the_source_is_silent_or_has_not_told_it() -> None:
    silent = socket_with_a_relay({"power_on": False, "switch_lock": False, "brightness": 12})
    reserved = socket_with_a_relay({"power_on": True})
    silent.now += SILENCE

    assert [answer(grid, "GET", "/api/v1/state").status for grid in (silent, reserved)] == [503, 503]


def test_a_socket_that_has_fallen_silent_is_told_to_switch_all_the_same() -> None:
    grid = socket_with_a_relay({"power_on": True, "switch_lock": False, "brightness": 12})
    grid.now += SILENCE

    *_, wish = ask(grid, "PUT", "/api/v1/state", b'{"power_on":true}')

    assert wish == Execute(METER, WritePoints({"power_on": True}))


def test_a_lock_that_nobody_has_told_is_open() -> None:
    grid = socket_with_a_relay({})

    assert state.writes(grid.appliance(), {"power_on": False}) == {"power_on": False}


@pytest.mark.parametrize("sent", [0, 255, 0.0, 255.0, 127.49999999999999])
def test_brightness_is_any_number_from_0_to_255_and_becomes_whole(sent: float) -> None:
    values = state.wanted({"brightness": sent})

    assert values == {"brightness": round(sent)}
    assert type(values["brightness"]) is int


@pytest.mark.parametrize("sent", [-0.1, 255.1, 256, 10**30, -1e300])
def test_brightness_beyond_its_range_is_told_the_range(sent: float) -> None:
    with pytest.raises(CallerError) as refusal:
        state.wanted({"power_on": True, "brightness": sent})

    assert refusal.value.code == "state:brightness-out-of-range"


@pytest.mark.parametrize("name", ["power_on", "switch_lock"])
@pytest.mark.parametrize("sent", [0, 1, 1.0, "true", "on", None, [], {}])
def test_a_flag_is_true_or_false_and_nothing_like_it(name: str, sent: object) -> None:
    with pytest.raises(CallerError) as refusal:
        state.wanted({name: sent})

    assert refusal.value.code == f"json:parameter-invalid-type:{name}"


@pytest.mark.parametrize("type", ["", "application/json", "text/plain", "application/x-www-form-urlencoded"])
def test_a_body_is_json_whatever_its_content_type_says(type: str) -> None:
    headers = {"content-type": type} if type else {}

    *_, wish = ask(socket(), "PUT", "/api/v1/state", b' {"power_on": false}\n', **headers)

    assert wish == Execute(METER, WritePoints({"power_on": False}))


def test_what_answers_get_answers_head() -> None:
    grid = Grid()

    for path in ("/api", "/api/v1/data", "/api/v1/telegram", "/api/v1/system"):
        assert answer(grid, "HEAD", path) == answer(grid, "GET", path)
    assert answer(grid, "HEAD", "/api/v1/identify").headers == {"Allow": "PUT"}


@pytest.mark.parametrize("type", sorted(CATALOGUE))
def test_a_product_answers_what_its_table_says_and_nothing_else(type: str) -> None:
    product = CATALOGUE[type]
    grid = Grid(Face(serial=SERIAL, product=type, v1=product.has_v1))
    everything = {
        "/api": product.has_v1,
        "/api/v1/data": product.has_v1,
        "/api/v1/system": product.has_v1,
        "/api/v1/telegram": product.has_telegram,
        "/api/v1/state": product.has_state,
        "/api/v1/identify": product.can_identify_v1,
        "/api/v1": False,
        "/api/v1/": False,
        "/api/v1/batteries": False,
        "/api/v2/data": False,
    }

    # No path takes DELETE: 405 says that there is one.
    found = {path: answer(grid, "DELETE", path).status == 405 for path in everything}

    assert found == everything
    assert {path for path, has_it in everything.items() if has_it} == set(served(product))


@pytest.mark.parametrize("path", ["/api", "/api/v1/data", "/api/v1/state", "/api/v1/nothing"])
def test_a_socket_that_is_switched_off_says_so_at_every_path(path: str) -> None:
    grid = Grid(Face(serial=SERIAL, product="HWE-SKT", v1=False))

    refused = answer(grid, "GET", path)

    assert (refused.status, refused.body) == (403, b'{"error":{"id":202,"description":"API not enabled"}}')


@pytest.mark.parametrize("product", ["HWE-SKT", "HWE-WTR"])
def test_the_line_to_copy_is_v1_for_a_product_that_has_nothing_else(product: str) -> None:
    grid = Grid(Face(serial=SERIAL, product=product))

    assert grid.dialect.line(grid.meter, PLACE) == "curl http://127.0.0.1:8080/api/v1/data"
