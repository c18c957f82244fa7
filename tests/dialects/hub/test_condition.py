"""`/health` tells everybody how the hub does and nothing more, `/metrics` tells its owner alone."""

import msgspec
import pytest

from hardwire.contracts.act import Ask, Bear, Respond
from hardwire.contracts.question import ReadHealth, ReadMetrics
from hardwire.contracts.request import Request
from hardwire.dialects.hub import wire
from hardwire.model.access import OWNER
from hardwire.model.errors import HubFaultError
from hardwire.model.health import Health
from hardwire.version import VERSION
from tests.dialects.hub.premises import ADMIN_TOKEN, WEAK_TOKEN, House, make_house
from tests.dialects.transcript import START

HEALTH = Request(method="GET", target="/health", path="/health")
METRICS = Request(method="GET", target="/metrics", path="/metrics")
WELL = Health(is_ready=True, durability="fsync")


@pytest.fixture
def house() -> House:
    return make_house()


def bearer(token: str) -> Request:
    """Return a scrape with a token."""
    return msgspec.structs.replace(METRICS, headers={"authorization": f"Bearer {token}"})


def shown(house: House, request: Request, answer: object) -> Respond:
    """Return what a request is told of an answer of the hub."""
    (told,) = house.dialect.answer(request).reply(0, answer, START)
    assert isinstance(told, Respond)
    return told


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_health_is_asked_for_by_anybody(house: House, method: str) -> None:
    acts = list(house.dialect.answer(msgspec.structs.replace(HEALTH, method=method)).open(START))

    assert acts == [Ask(ReadHealth())]


def test_a_hub_that_is_well_answers_200_and_nothing_that_helps_an_intruder(house: House) -> None:
    told = shown(house, HEALTH, WELL)

    assert told.status == 200
    assert msgspec.json.decode(told.body) == {
        "status": "ok",
        "live": True,
        "ready": True,
        "durability": "fsync",
        "troubles": [],
    }
    assert told.headers["Cache-Control"] == "no-store"


def test_a_hub_that_is_not_ready_answers_503_with_its_reasons(house: House) -> None:
    told = shown(house, HEALTH, Health(is_ready=False, durability="fsync", troubles=("The disk hangs.",)))

    body = msgspec.json.decode(told.body)
    assert told.status == 503
    assert (body["status"], body["ready"], body["troubles"]) == ("unavailable", False, ["The disk hangs."])


def test_its_owner_learns_which_version_it_is_and_since_when_it_runs(house: House) -> None:
    told = shown(house, msgspec.structs.replace(HEALTH, caller=OWNER), WELL)

    body = msgspec.json.decode(told.body)
    assert (body["version"], body["began"]) == (VERSION, wire.instant(house.premises.began()))


def test_figures_are_read_for_an_admin(house: House) -> None:
    bear, ask = house.dialect.answer(bearer(ADMIN_TOKEN)).open(START)

    assert isinstance(bear, Bear)
    assert bear.caller.credential == "admin"
    assert ask == Ask(ReadMetrics())


@pytest.mark.parametrize("request_", [METRICS, bearer("wrong"), bearer(WEAK_TOKEN)], ids=["none", "wrong", "weak"])
def test_nobody_else_is_told_figures(house: House, request_: Request) -> None:
    (told,) = house.dialect.answer(request_).open(START)

    assert isinstance(told, Respond)
    assert told.status == 401
    assert told.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_demo_on_loopback_shows_its_figures_to_all(house: House) -> None:
    house.access.is_open_house = True

    acts = list(house.dialect.answer(METRICS).open(START))

    assert acts == [Bear(OWNER), Ask(ReadMetrics())]


def test_a_page_of_figures_has_the_type_that_prometheus_knows(house: House) -> None:
    told = shown(house, bearer(ADMIN_TOKEN), b"# HELP x\n")

    assert (told.status, told.body) == (200, b"# HELP x\n")
    assert told.content_type == "text/plain; version=0.0.4; charset=utf-8"


@pytest.mark.parametrize("path", ["/health", "/metrics"])
def test_another_method_is_told_which_there_are(house: House, path: str) -> None:
    (told,) = house.dialect.answer(Request(method="POST", target=path, path=path)).open(START)

    assert isinstance(told, Respond)
    assert (told.status, told.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("answer", [HubFaultError("no figures"), None])
def test_a_fault_of_the_hub_is_told_as_one(house: House, answer: object) -> None:
    assert shown(house, bearer(ADMIN_TOKEN), answer).status == 500


def test_nothing_happens_to_a_request_that_waits_for_nothing(house: House) -> None:
    session = house.dialect.answer(HEALTH)

    assert list(session.receive("hello", START)) == []
    assert list(session.notice("topic", "", START)) == []
    assert list(session.tick(START)) == []
    assert list(session.closed(START)) == []
