"""HTTP through the front: bodies, methods, browsers, names, doors."""

import asyncio
import gzip
import logging
from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from typing import Any

import pytest

from hardwire.contracts.act import Act, Ask, Bear, Execute, Respond, WakeAt
from hardwire.contracts.question import RevokeCredential
from hardwire.contracts.request import Request
from hardwire.contracts.session import Acts, Session
from hardwire.model.access import OWNER, Caller, Credential
from hardwire.model.command import Done, Reply, WritePoints
from hardwire.model.device import Device
from hardwire.server.requests import exchange
from hardwire.server.requests.exchange import Bodies
from hardwire.server.sockets.carrier import Conversation, Terms
from hardwire.server.sockets.flusher import Flusher
from hardwire.server.sockets.rota import Rota
from tests.fakes.paper_dialect import PaperDialect, PaperSession
from tests.server.doors import TEXT, Answer, Dialled, Doors, until

FOREIGN = "Origin: https://evil.example"


def answering(doors: Doors, *acts: Act) -> None:
    """Let every request be answered by these acts."""
    doors.dialect.session = lambda request: PaperSession(on_open=lambda: acts)


async def asked(
    doors: Doors, method: str, path: str, *lines: str, body: bytes = b"", host: str = "localhost"
) -> Answer:
    """Ask on a connection of its own."""
    client = await doors.dial()
    client.request(method, path, *lines, body=body, host=host)
    return await client.answer(is_head=method == "HEAD")


async def test_a_request_reaches_its_dialect_as_it_was_sent(doors: Doors) -> None:
    answer = await asked(doors, "POST", "/paper/a%20b?x=1&y=%C3%A9", "X-Thing: Value", body=b"body")

    request = doors.dialect.requests[0]
    assert (answer.status, answer.body) == (200, b"body")
    assert (request.method, request.target, request.path) == ("POST", "/paper/a%20b?x=1&y=%C3%A9", "/paper/a b")
    assert request.query == {"x": "1", "y": "é"}
    assert request.headers["x-thing"] == "Value"
    assert request.peer == ip_address("127.0.0.1")
    assert (request.is_tls, request.is_upgrade, request.device, request.caller) == (False, False, None, None)
    assert request.origin == "http://localhost"


async def test_paths_of_no_dialect_are_not_found(doors: Doors) -> None:
    statuses = [(await asked(doors, "GET", path)).status for path in ("/", "/papers", "/paper/x", "/paper")]

    assert statuses == [404, 404, 200, 200]


async def test_pipelined_requests_are_answered_in_order_on_one_connection(doors: Doors, client: Dialled) -> None:
    for body in (b"one", b"two", b"three"):
        client.request("POST", "/paper", body=body)

    bodies = [(await client.answer()).body for _ in range(3)]

    assert bodies == [b"one", b"two", b"three"]


async def test_a_head_request_gets_the_head_of_the_answer(doors: Doors, client: Dialled) -> None:
    answering(doors, Respond(200, b"seven!!"))

    client.request("HEAD", "/paper")
    head = await client.answer(is_head=True)
    client.request("GET", "/paper")

    assert head.headers["content-length"] == "7"
    assert (await client.answer()).body == b"seven!!"


async def test_an_answer_without_content_has_no_type(doors: Doors, client: Dialled) -> None:
    answering(doors, Respond(204, headers={"X-Own": "1"}))

    client.request("GET", "/paper")
    answer = await client.answer()

    assert answer.status == 204
    assert "content-type" not in answer.headers
    assert "content-length" not in answer.headers
    assert answer.headers["x-own"] == "1"


async def test_a_dialect_may_have_the_length_of_nothing_told(doors: Doors, client: Dialled) -> None:
    answering(doors, Respond(204, headers={"Content-Length": "0"}))

    client.request("GET", "/paper")
    sized = await client.answer()
    client.request("GET", "/paper")
    again = await client.answer()

    assert [(one.status, one.headers["content-length"], one.body) for one in (sized, again)] == [(204, "0", b"")] * 2
    assert "content-type" not in sized.headers


async def test_an_answer_may_close_the_connection(doors: Doors, client: Dialled) -> None:
    answering(doors, Respond(401, b"no", close=True))

    client.request("GET", "/paper")
    answer = await client.answer()

    assert answer.headers["connection"].lower() == "close"
    assert await client.hear_end() == b""


async def test_a_client_that_asks_for_it_is_closed_after_its_answer(doors: Doors, client: Dialled) -> None:
    client.request("GET", "/paper", "Connection: close")

    answer = await client.answer()

    assert answer.status == 200
    assert await client.hear_end() == b""


async def test_a_body_over_the_limit_is_refused_before_it_is_read(doors: Doors, client: Dialled) -> None:
    client.request("POST", "/paper", body=b"x" * 1001)

    answer = await client.answer()

    assert (answer.status, answer.body) == (413, b"413: the body is longer than 1000 bytes")
    assert doors.dialect.requests == []


async def test_a_body_in_chunks_is_counted_too(doors: Doors, client: Dialled) -> None:
    client.request("POST", "/paper", "Transfer-Encoding: chunked")
    for _ in range(3):
        client.send(b"190\r\n" + b"x" * 400 + b"\r\n")

    answer = await client.answer()

    assert answer.status == 413


async def test_a_body_that_is_as_long_as_the_limit_is_taken(doors: Doors) -> None:
    answer = await asked(doors, "POST", "/paper", body=b"x" * 1000)

    assert (answer.status, len(answer.body)) == (200, 1000)


async def test_a_body_that_drips_in_is_given_up(doors: Doors, client: Dialled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "BODY_DEADLINE_S", 0.05)
    client.request("POST", "/paper", "Content-Length: 10")
    client.send(b"12345")

    answer = await client.answer()

    assert answer.status == 408
    assert answer.headers["connection"].lower() == "close"


async def test_a_garbled_body_is_a_bad_request_and_no_traceback(
    doors: Doors, client: Dialled, caplog: pytest.LogCaptureFixture
) -> None:
    client.request("POST", "/paper", "Transfer-Encoding: chunked")
    client.send(b"zz\r\nnot a chunk\r\n")

    answer = await client.answer()

    assert answer.status == 400
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING or record.exc_info]


async def test_a_client_that_leaves_in_the_middle_of_its_body_is_no_fault(
    doors: Doors, client: Dialled, logs: Sequence[Any], caplog: pytest.LogCaptureFixture
) -> None:
    client.request("POST", "/paper", "Content-Length: 10")
    client.send(b"12345")
    await asyncio.sleep(0.02)

    client.drop()
    await asyncio.sleep(0.05)

    assert logs == []
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING or record.exc_info]
    assert doors.dialect.requests == []


async def test_a_client_that_waits_for_100_continue_gets_it(doors: Doors, client: Dialled) -> None:
    client.request("POST", "/paper", "Content-Length: 4", "Expect: 100-continue")
    go_on = await client.answer()

    client.send(b"body")
    answer = await client.answer()

    assert go_on.status == 100
    assert (answer.status, answer.body) == (200, b"body")


async def test_a_body_too_long_is_refused_instead_of_continued(doors: Doors, client: Dialled) -> None:
    client.request("POST", "/paper", "Content-Length: 4000", "Expect: 100-continue")

    answer = await client.answer()

    assert answer.status == 413


@pytest.mark.parametrize(
    "raw",
    [
        b"GARBAGE\r\n\r\n",
        b"GET /paper HTTP/1.1\r\nHost: a\r\nBad Header\r\n\r\n",
        b"GET /paper HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        b"GET /paper HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 20_000 + b"\r\n\r\n",
        b"GET /paper\x00 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"POST /paper HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
)
async def test_a_broken_request_is_refused_in_one_line_and_the_hub_is_unharmed(
    doors: Doors, client: Dialled, caplog: pytest.LogCaptureFixture, raw: bytes
) -> None:
    client.send(raw)
    answer = await client.answer()

    other = await asked(doors, "GET", "/paper")

    assert answer.status == 400
    assert other.status == 200
    assert not [record for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR]


@pytest.mark.parametrize("target", ["*", "http://localhost/paper", "//paper", "/paper/%ff", "/paper/%", "/paper?%zz"])
async def test_an_odd_target_is_answered_without_a_fault(
    doors: Doors, target: str, logs: Sequence[Any], caplog: pytest.LogCaptureFixture
) -> None:
    answer = await asked(doors, "OPTIONS", target)

    assert answer.status in (200, 400, 404)
    assert logs == []
    assert not [record for record in caplog.records if record.exc_info]


async def test_a_session_that_fails_is_answered_500_in_its_dialects_shape_and_logged_once(
    doors: Doors, logs: Sequence[Any]
) -> None:
    def fail() -> Acts:
        raise ZeroDivisionError("a bug")

    doors.dialect.session = lambda request: PaperSession(on_open=fail)

    answer = await asked(doors, "GET", "/paper")

    assert (answer.status, answer.body) == (500, b"500: the hub failed")
    assert [line["event"] for line in logs] == ["a conversation failed"]


async def test_a_dialect_that_fails_is_answered_500_and_logged_once(
    doors: Doors, logs: Sequence[Any], caplog: pytest.LogCaptureFixture
) -> None:
    def fail(request: Request) -> Session:
        raise ZeroDivisionError("a bug")

    doors.dialect.session = fail

    answer = await asked(doors, "GET", "/paper")

    assert (answer.status, answer.body) == (500, b"500: the hub failed")
    assert [line["event"] for line in logs] == ["a request failed"]
    assert caplog.records == []


async def test_a_session_that_stays_silent_is_answered_503(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "ANSWER_DEADLINE_S", 0.05)
    answering(doors)

    answer = await asked(doors, "GET", "/paper")

    assert answer.status == 503


async def test_a_request_that_is_answered_early_has_the_rest_of_its_commands_carried_out(doors: Doors) -> None:
    gate: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
    doors.premises.driver.answer = lambda command: gate
    wishes = [WritePoints({"power_w": number}) for number in range(1000)]

    def first_answer_wins() -> Iterator[Act]:
        yield Bear(OWNER)
        yield WakeAt(doors.hub.now())
        yield from (Execute("meter", wish) for wish in wishes)

    session = PaperSession(on_open=first_answer_wins, on_tick=lambda now: (Respond(200, b"early"),))
    doors.dialect.session = lambda request: session

    answer = await asked(doors, "GET", "/paper")
    gate.set_result(Done())
    await until(lambda: len(doors.premises.driver.commands) == len(wishes))

    assert answer.body == b"early"
    assert doors.premises.driver.commands == wishes


async def test_a_credential_that_dies_while_its_request_waits_ends_it_within_a_second(doors: Doors) -> None:
    doors.hub.access.add(Credential(id="key", kind="paper"))
    answering(doors, Bear(Caller(credential="key")))
    client = await doors.dial()
    client.request("GET", "/paper")
    await until(lambda: doors.dialect.requests)

    doors.hub.line.notify("revoked", "key")
    answer = await asyncio.wait_for(client.answer(), 1)

    assert (answer.status, answer.body) == (403, b"403: the credential was revoked")


async def test_a_request_that_revokes_its_own_credential_tells_so(doors: Doors) -> None:
    doors.hub.access.add(Credential(id="key", kind="paper"))
    doors.dialect.session = lambda request: PaperSession(
        on_open=lambda: (Bear(Caller(credential="key")), Ask(RevokeCredential("key"))),
        on_reply=lambda tag, answer: (Respond(204),),
    )

    answer = await asked(doors, "DELETE", "/paper")

    assert answer.status == 204


async def test_only_the_first_answer_counts(doors: Doors) -> None:
    answering(doors, Respond(200, b"first"), Respond(500, b"second"))

    answer = await asked(doors, "GET", "/paper")

    assert (answer.status, answer.body) == (200, b"first")


async def test_a_foreign_page_is_marked_and_may_read_only_what_a_token_opened(doors: Doors) -> None:
    doors.hub.access.add(Credential(id="key", kind="paper"))
    answering(doors, Respond(200, b"open to all"))
    without = await asked(doors, "GET", "/paper", FOREIGN)
    answering(doors, Bear(Caller(credential="key")), Respond(200, b"by token"))

    with_token = await asked(doors, "GET", "/paper", FOREIGN)

    assert [request.is_foreign for request in doors.dialect.requests] == [True, True]
    assert "access-control-allow-origin" not in without.headers
    assert with_token.headers["access-control-allow-origin"] == "https://evil.example"
    assert with_token.headers["vary"] == "Origin"


async def test_the_hubs_own_page_is_not_foreign(doors: Doors) -> None:
    answer = await asked(doors, "GET", "/paper", "Origin: http://localhost")

    assert not doors.dialect.requests[0].is_foreign
    assert answer.headers["access-control-allow-origin"] == "http://localhost"


async def test_a_preflight_is_answered_by_the_front(doors: Doors) -> None:
    answer = await asked(doors, "OPTIONS", "/paper", FOREIGN, "Access-Control-Request-Method: PUT")

    assert (answer.status, answer.headers["server"]) == (204, "Hardwire")
    assert answer.headers["access-control-allow-origin"] == "https://evil.example"
    assert "PUT" in answer.headers["access-control-allow-methods"]
    assert doors.dialect.requests == []


async def test_a_name_that_nobody_has_is_refused(doors: Doors) -> None:
    answer = await asked(doors, "GET", "/paper", host="rebound.example")

    assert answer.status == 403
    assert doors.dialect.requests == []


async def test_two_hosts_are_a_bad_request(doors: Doors) -> None:
    answer = await asked(doors, "GET", "/paper", "Host: other")

    assert answer.status == 400


@pytest.mark.parametrize(
    "lines",
    [
        ("Sec-WebSocket-Version: 12", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="),
        ("Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: short"),
        ("Sec-WebSocket-Version: 13",),
    ],
)
async def test_a_broken_handshake_is_refused_before_the_dialect_hears_of_it(
    doors: Doors, lines: tuple[str, ...]
) -> None:
    answer = await asked(doors, "GET", "/paper", "Upgrade: websocket", "Connection: Upgrade", *lines)

    assert answer.status == 400
    assert answer.headers["sec-websocket-version"] == "13"
    assert doors.dialect.requests == []


async def test_an_upgrade_may_be_answered_like_any_request(doors: Doors, client: Dialled) -> None:
    answering(doors, Respond(403, b"no"))
    client.request(
        "GET",
        "/paper",
        "Upgrade: websocket",
        "Connection: keep-alive, Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    )

    answer = await client.answer()

    assert (answer.status, answer.body) == (403, b"no")
    assert doors.dialect.requests[0].is_upgrade


async def test_the_longest_prefix_wins(doors: Doors) -> None:
    other = PaperDialect()
    other.name = "other"
    other.prefixes = ("/paper/deep", "/")
    front = type(doors.front)(
        doors.hub, doors.premises.desk, doors.front._gate, doors.front._names, {"paper": doors.dialect, "other": other}
    )
    doors.listeners._front = front
    port = await doors.listeners.listen("127.0.0.1", 0)
    for path in ("/paper/deep/er", "/paper/deeper", "/else"):
        client = await doors.dial(port=port)
        client.request("GET", path)
        await client.answer()

    assert [request.path for request in other.requests] == ["/paper/deep/er", "/else"]
    assert [request.path for request in doors.dialect.requests] == ["/paper/deeper"]


async def test_a_device_is_named_by_its_own_door_or_its_host(doors: Doors) -> None:
    doors.dialect.host_names = {"meter": ("p1meter-aabbcc.local",), "board": ("board.local",)}
    doors.premises.serve(Device(id="board", kind="board"))
    port = await doors.listeners.listen("127.0.0.1", 0, device="board")
    client = await doors.dial(port=port)

    await asked(doors, "GET", "/paper", host="P1Meter-AABBCC.local:8080")
    client.request("GET", "/paper", host="p1meter-aabbcc.local")
    await client.answer()

    assert [request.device for request in doors.dialect.requests] == ["meter", "board"]


async def test_what_a_page_of_another_site_embeds_is_foreign_and_a_link_to_the_hub_is_not(doors: Doors) -> None:
    await asked(doors, "GET", "/paper", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors")
    await asked(doors, "GET", "/paper", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate")
    await asked(doors, "POST", "/paper", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate")
    await asked(doors, "GET", "/paper", "Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: cors")

    assert [request.is_foreign for request in doors.dialect.requests] == [True, False, True, False]


async def test_a_device_that_has_gone_is_called_by_its_name_no_longer(doors: Doors) -> None:
    doors.dialect.host_names = {"board": ("board.local",)}
    doors.premises.serve(Device(id="board", kind="board"))
    before = await asked(doors, "GET", "/paper", host="board.local")

    doors.hub.forget("board")
    after = await asked(doors, "GET", "/paper", host="board.local")

    assert (before.status, after.status) == (200, 403)


async def test_a_boards_own_door_takes_an_upgrade_at_the_root(doors: Doors) -> None:
    doors.hub.roster.show("meter", "paper", "1", None)
    port = await doors.listeners.listen("127.0.0.1", 0, device="meter")
    client = await doors.dial(port=port)
    await client.upgrade("/")

    client.frame(TEXT, b"a")
    plain = await doors.dial(port=port)
    plain.request("GET", "/")

    assert await client.hear() == (TEXT, b"a")
    assert (await plain.answer()).status == 404


async def test_an_upgrade_at_the_root_of_a_door_whose_device_no_dialect_shows_is_not_found(doors: Doors) -> None:
    port = await doors.listeners.listen("127.0.0.1", 0, device="meter")
    client = await doors.dial(port=port)

    client.request("GET", "/", "Upgrade: websocket", "Connection: Upgrade")

    assert (await client.answer()).status == 404


async def test_a_client_that_leaves_while_its_request_waits_harms_nobody(
    doors: Doors, logs: Sequence[Any], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "ANSWER_DEADLINE_S", 0.1)
    answering(doors)
    client = await doors.dial()
    client.request("GET", "/paper")
    await until(lambda: doors.dialect.requests)

    client.drop()
    await asyncio.sleep(0.2)

    assert logs == []
    assert caplog.records == []
    assert (await asked(doors, "HEAD", "/elsewhere")).status == 404


async def test_a_packed_body_is_not_unfolded(doors: Doors, client: Dialled, logs: Sequence[Any]) -> None:
    packed = gzip.compress(b"0" * 100_000)

    client.request("PUT", "/paper", "Content-Encoding: gzip", body=packed)
    told = await client.answer()
    client.request("PUT", "/paper", "Content-Encoding: gzip", body=b"garbage")
    garbage = await client.answer()

    assert (told.status, told.body) == (200, packed)
    assert (garbage.status, garbage.body) == (200, b"garbage")
    assert logs == []


@pytest.mark.parametrize(
    "raw",
    [
        b"FOO<script> /paper HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /paper HTTP/9.9\r\n\r\n",
        b"\x00\x01\x02\r\n\r\n",
        b"GET /paper?access_token=hush&" + b"x" * 9000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /paper HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer hush\x00\r\n\r\n",
        b"GET /paper HTTP/1.1\r\nHost: localhost\r\nAuthorization : Bearer hush\r\n\r\n",
    ],
)
async def test_what_is_no_request_is_refused_without_an_echo_and_logged_in_one_line(
    doors: Doors, client: Dialled, logs: Sequence[Any], raw: bytes
) -> None:
    client.send(raw)

    answer = await client.answer()

    assert (answer.status, answer.body) == (400, b"This is no HTTP request that the hub understands.\n")
    assert [(line["event"], bool(line["reason"])) for line in logs] == [("no http request", True)]
    assert "hush" not in str(logs)


async def test_http_1_0_needs_no_host(doors: Doors, client: Dialled) -> None:
    client.send(b"GET /paper HTTP/1.0\r\n\r\n")

    answer = await client.answer()

    assert answer.status == 200
    assert doors.dialect.requests[0].origin == f"http://127.0.0.1:{doors.port}"


async def test_no_answer_tells_what_the_hub_runs_on(doors: Doors, client: Dialled) -> None:
    named = [(await asked(doors, "GET", path)).headers["server"] for path in ("/paper", "/nothing")]

    assert named == ["Hardwire", "Hardwire"]


async def test_a_client_that_left_before_its_socket_stood_gives_back_what_its_session_holds(doors: Doors) -> None:
    session = PaperSession()
    loop = asyncio.get_running_loop()
    terms = Terms(limit_bytes=1000)
    conversation = Conversation(session, doors.hub, doors.premises.desk, Flusher(loop), Rota(loop), terms=terms)

    conversation.abandon()

    assert session.told == [("closed",)]


async def test_the_bodies_of_all_clients_together_have_a_limit(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors.front, "_bodies", Bodies(limit_bytes=1500))
    waiting, late = await doors.dial(), await doors.dial()
    waiting.request("POST", "/paper", "Content-Length: 1000")
    waiting.send(b"x" * 900)
    await asyncio.sleep(0.02)

    late.request("POST", "/paper", body=b"y" * 700)
    refused = await late.answer()
    waiting.send(b"x" * 100)
    taken = await waiting.answer()
    again = await asked(doors, "POST", "/paper", body=b"z" * 700)

    assert refused.status == 503
    assert (taken.status, len(taken.body)) == (200, 1000)
    assert again.status == 200


async def test_a_door_that_is_added_later_answers_its_own_paths(doors: Doors) -> None:
    before = (await asked(doors, "GET", "/later/on")).status
    later = PaperDialect()
    later.name = "later"
    later.prefixes = ("/later",)
    doors.front.add_door(later)

    after = (await asked(doors, "GET", "/later/on")).status

    assert (before, after) == (404, 200)
    assert [request.path for request in later.requests] == ["/later/on"]
    assert (await asked(doors, "GET", "/paper")).status == 200
