"""What the hub's own dialect tells the server, and what its sessions leave to others."""

import pytest

from hardwire.contracts.act import Bear, Respond, Watch
from hardwire.contracts.dialect import Place
from hardwire.contracts.request import Request
from hardwire.dialects.hub import wire
from hardwire.dialects.hub.tail import Tail
from hardwire.model.access import OWNER, Caller, Right
from hardwire.model.channel import Channel
from hardwire.model.command import WritePoints
from hardwire.model.device import Device
from hardwire.model.errors import HardwireError
from hardwire.model.fact import Sample
from hardwire.model.point import Point, PointKind
from tests.dialects.hub.premises import ADMIN_TOKEN, House, make_house
from tests.dialects.transcript import START

CHANNEL = Channel("hub", "grid", "facts")
PLACE = Request(method="GET", target="/hub/v1/place", path="/hub/v1/place")


@pytest.fixture
def house() -> House:
    return make_house()


def test_it_speaks_under_the_names_of_the_hub_alone(house: House) -> None:
    grid = house.premises.device("grid")
    assert grid is not None

    assert house.dialect.appliance(grid) is None
    assert house.dialect.hosts(grid) == ()
    assert house.dialect.services(grid) == ()
    assert house.dialect.face(grid, None) == ()
    assert house.dialect.exports(Sample("grid", START, {})) == ()
    assert not house.dialect.takes_root


def test_its_line_to_copy_is_the_command_that_shows_what_the_device_tells(house: House) -> None:
    grid = house.premises.device("grid")
    assert grid is not None

    line = house.dialect.line(grid, Place("http://127.0.0.1:8080", "https://127.0.0.1:8443"))

    assert line == "hardwire tail grid"


def test_a_tail_begins_with_what_comes_next_and_repeats_nothing(house: House) -> None:
    assert house.dialect.latest(CHANNEL, START) is None
    assert house.dialect.repeat_after_s(CHANNEL) is None


def test_what_the_server_refuses_on_its_behalf_has_its_own_shape(house: House) -> None:
    request = Request(method="POST", target="/hub/v1/keys", path="/hub/v1/keys")

    refused = house.dialect.refuse(413, "the body is longer than 65536 bytes", request, START)

    assert refused.status == 413
    assert refused.body == b'{"error":{"code":"413","message":"the body is longer than 65536 bytes"}}'


def test_a_fault_of_no_known_kind_is_the_hubs(house: House) -> None:
    status, body = wire.error(HardwireError("something else", code="odd"))

    assert (status, body) == (500, b'{"error":{"code":"odd","message":"something else"}}')


@pytest.mark.parametrize(
    "body", [b"\xff", b"[" * 100_000, b'{"a":', b"", b"[]"], ids=["utf-8", "deep", "cut", "", "[]"]
)
def test_a_broken_body_is_the_callers_fault(body: bytes) -> None:
    with pytest.raises(HardwireError, match="the body does not fit") as refused:
        wire.read(body, wire.NewDevice)

    assert wire.error(refused.value)[0] == 400


@pytest.mark.parametrize("name", ["identify", "reboot"])
def test_a_device_with_a_point_called_like_a_wish_has_it_written(name: str) -> None:
    lamp = Device(id="lamp", kind="board", points=(Point(name=name, kind=PointKind.FLAG, writable=True),))

    command = wire.command_of(b'{"%s":true}' % name.encode(), lamp)

    assert command == WritePoints({name: True})


def test_nothing_happens_to_a_request_that_waits_for_nothing(house: House) -> None:
    session = house.dialect.answer(PLACE)

    assert list(session.receive("hello", START)) == []
    assert list(session.notice("topic", "", START)) == []
    assert list(session.tick(START)) == []
    assert list(session.closed(START)) == []


def test_a_tail_bears_the_credential_that_asked_for_it_so_that_both_end_together() -> None:
    caller = Caller(credential="second", rights=Right.ADMIN)
    session = Tail("grid", caller)

    acts = list(session.open(START))

    assert acts == [Bear(caller), Watch(CHANNEL)]


def test_nothing_happens_to_a_tail_that_waits_for_nothing() -> None:
    session = Tail("grid", OWNER)

    assert list(session.reply(1, None, START)) == []
    assert list(session.tick(START)) == []


def test_everybody_may_fetch_the_authority_as_text_and_as_phones_take_it(house: House) -> None:
    house.access.authority_pem = "-----BEGIN CERTIFICATE-----\naGFy\nZHdpcmU=\n-----END CERTIFICATE-----\n"

    (pem,) = house.dialect.answer(Request(method="GET", target="/ca.pem", path="/ca.pem")).open(START)
    (der,) = house.dialect.answer(Request(method="HEAD", target="/ca.crt", path="/ca.crt")).open(START)

    assert isinstance(pem, Respond)
    assert isinstance(der, Respond)
    assert (pem.status, pem.body.decode()) == (200, house.access.authority_pem)
    assert (der.status, der.body) == (200, b"hardwire")
    assert pem.content_type == der.content_type == "application/x-x509-ca-cert"


def test_an_authority_is_fetched_and_not_written_and_not_there_without_a_hub(house: House) -> None:
    (written,) = house.dialect.answer(Request(method="PUT", target="/ca.pem", path="/ca.pem")).open(START)
    (missing,) = house.dialect.answer(Request(method="GET", target="/ca.pem", path="/ca.pem")).open(START)
    (deeper,) = house.dialect.answer(Request(method="GET", target="/ca.pem/x", path="/ca.pem/x")).open(START)

    assert isinstance(written, Respond)
    assert isinstance(missing, Respond)
    assert isinstance(deeper, Respond)
    assert (written.status, written.headers) == (405, {"Allow": "GET, HEAD"})
    assert (missing.status, deeper.status) == (404, 401)


def test_its_owner_learns_where_other_machines_find_it(house: House) -> None:
    house.access.ports = (8080, 8443)
    house.access.reached_at = lambda: ("192.168.1.50", "fd00::50")
    asked = Request(method="GET", target="/hub/v1/place", path="/hub/v1/place", caller=OWNER)

    _, answer = house.dialect.answer(asked).open(START)

    assert answer == Respond(
        200,
        wire.json(
            {
                "http": ["http://192.168.1.50:8080", "http://[fd00::50]:8080"],
                "https": ["https://192.168.1.50:8443", "https://[fd00::50]:8443"],
            }
        ),
    )


def test_a_backup_is_told_of_by_the_owners_own_socket_alone(house: House) -> None:
    path = "/hub/v1/backups"
    headers = {"authorization": f"Bearer {ADMIN_TOKEN}"}
    request = Request(method="POST", target=path, path=path, headers=headers, body=b'{"file":"/x"}')

    *_, refused = house.dialect.answer(request).open(START)

    assert isinstance(refused, Respond)
    assert refused.status == 403


def test_a_follower_that_reads_slowly_misses_no_fact(house: House) -> None:
    assert not house.dialect.keeps_newest(CHANNEL)
