"""Accepting: who is turned away and how, and that nothing stops the listener."""

import asyncio
import errno
import socket as sockets
import ssl
from collections.abc import Sequence
from typing import Any

import pytest

from hardwire.contracts.act import Bear
from hardwire.model.access import OWNER
from hardwire.server import acceptor
from hardwire.server.acceptor import FAREWELLS
from hardwire.server.admission import Connections
from hardwire.server.rate import Rate
from tests.fakes.paper_dialect import PaperSession
from tests.server.doors import WITHIN_S, Doors, listen_tls, until


def bounded(doors: Doors, limit: int, *, unproven: int = 16) -> None:
    """Let the doors hold so many connections."""
    doors.front.connections = Connections(limit, per_address=0, unproven=unproven)
    for opened in doors.listeners._opened:
        opened.acceptor._connections = doors.front.connections


def crowding(doors: Doors, address: str) -> sockets.socket:
    """Connect from an address of this machine, without a turn of the loop."""
    sock = sockets.socket()
    sock.settimeout(WITHIN_S)
    sock.bind((address, 0))
    sock.connect(("127.0.0.1", doors.port))
    return sock


async def test_beyond_the_limit_a_client_reads_why_and_when_to_come_back(doors: Doors, logs: Sequence[Any]) -> None:
    bounded(doors, 1)
    good = await doors.dial()
    good.request("GET", "/paper")
    await good.answer()

    answers = []
    for _ in range(3):
        client = await doors.dial()
        client.request("GET", "/paper")
        answers.append((await client.answer(), await client.hear_end()))
    good.request("GET", "/paper")

    for answer, rest in answers:
        assert (answer.status, answer.headers["retry-after"], answer.headers["connection"]) == (503, "5", "close")
        assert answer.body == b"The hub holds too many connections: come back later.\n"
        assert rest == b""
    assert (await good.answer()).status == 200
    assert [line["event"] for line in logs] == ["a connection was turned away"]


async def test_only_so_many_of_those_turned_away_are_waited_for(doors: Doors) -> None:
    bounded(doors, 0)
    clients = [await doors.dial() for _ in range(FAREWELLS + 10)]

    told = [await client.hear_end() for client in clients]

    assert all(b"503" in one for one in told)
    assert len(doors.listeners._opened[0].acceptor._farewells) <= FAREWELLS


async def test_over_tls_a_client_too_many_is_closed_without_a_handshake(doors: Doors) -> None:
    port, trusting = await listen_tls(doors)
    bounded(doors, 0)

    with pytest.raises((ConnectionError, ssl.SSLError)):
        await doors.dial(port=port, tls=trusting, sni="localhost")


async def test_stalled_hellos_make_room_for_a_client_that_says_hello(doors: Doors) -> None:
    port, trusting = await listen_tls(doors)
    bounded(doors, 1000)
    stalled = [await doors.dial(port=port) for _ in range(50)]
    stalled[-1].send(b"\x16\x03\x01")

    good = await doors.dial(port=port, tls=trusting, sni="localhost")
    good.request("GET", "/paper")
    answer = await good.answer()
    ends = [await client.hear_end() for client in stalled[:30]]

    assert answer.status == 200
    assert ends == [b""] * 30
    assert doors.front.connections.unproven <= 16


async def test_half_heads_make_room_and_those_that_spoke_stay(doors: Doors) -> None:
    bounded(doors, 1000)
    good = await doors.dial()
    good.request("GET", "/paper")
    await good.answer()
    for _ in range(50):
        (await doors.dial()).send(b"GET /paper HTTP/1.1\r\nHost: loc")

    late = await doors.dial()
    for client in (good, late):
        client.request("GET", "/paper")

    assert [(await client.answer()).status for client in (good, late)] == [200, 200]


async def test_sockets_that_show_no_credential_make_room_and_those_that_did_stay(doors: Doors) -> None:
    bounded(doors, 1000)
    doors.dialect.conversation = lambda: PaperSession(on_open=lambda: (Bear(OWNER),))
    known = [await doors.upgraded() for _ in range(20)]
    doors.dialect.conversation = PaperSession
    unknown = [await doors.upgraded() for _ in range(30)]

    ends = [await client.hear_end() for client in unknown[:10]]
    for client in known:
        client.frame(0x81, b"still here")

    assert ends == [b""] * 10
    assert [await client.hear() for client in known] == [(0x81, b"still here")] * 20
    assert doors.front.connections.unproven <= 16


async def test_who_has_to_go_in_the_turn_it_came_in_is_counted_no_more(doors: Doors) -> None:
    bounded(doors, 1000)
    others = [crowding(doors, f"127.0.0.{n}") for n in range(2, 17)]
    await until(lambda: doors.front.connections.standing == 15)

    # All of them wait in the kernel before one is accepted.
    crowd = [crowding(doors, "127.0.0.99") for _ in range(12)]
    await until(lambda: doors.front.connections.dropped == 11)
    await until(lambda: doors.front.connections.standing == 16)
    for sock in [*others, *crowd]:
        sock.close()

    await until(lambda: doors.front.connections.standing == 0)


async def test_a_door_that_closes_forgets_whom_it_had_not_greeted_yet(doors: Doors) -> None:
    bounded(doors, 1000)
    waiting = [crowding(doors, "127.0.0.99") for _ in range(3)]
    taken = doors.listeners._opened[0].acceptor

    taken._accept()
    taken.close()

    await until(lambda: doors.front.connections.standing == 0)
    assert [sock.recv(1) for sock in waiting] == [b""] * 3
    for sock in waiting:
        sock.close()


async def test_a_handshake_too_many_in_a_second_is_asked_to_come_back_in_its_dialects_shape(doors: Doors) -> None:
    doors.front._handshakes = Rate(1)
    await doors.upgraded()
    late = await doors.dial()

    late.request(
        "GET",
        "/paper",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==",
    )
    answer = await late.answer()
    plain = await doors.dial()
    plain.request("GET", "/paper")

    assert answer.status == 503
    assert answer.body == b"503: too many clients connect at once; try again in a few seconds"
    assert 1 <= int(answer.headers["retry-after"]) <= 5
    assert await late.hear_end() == b""
    assert (await plain.answer()).status == 200


async def test_a_hub_without_a_file_left_rests_and_goes_on(
    doors: Doors, logs: Sequence[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = doors.listeners._opened[0].acceptor

    class Exhausted:
        """A listening socket of a process that has no file left, for a while."""

        tries = 0

        def __init__(self, sock: sockets.socket) -> None:
            self.sock = sock

        def accept(self) -> tuple[sockets.socket, Any]:
            self.tries += 1
            if self.tries == 1:
                raise ConnectionAbortedError(errno.ECONNABORTED, "gone")
            if self.tries < 4:
                raise OSError(errno.EMFILE, "Too many open files")
            return self.sock.accept()

        def __getattr__(self, name: str) -> Any:  # Any: whatever a socket has
            return getattr(self.sock, name)

    monkeypatch.setattr(acceptor, "REST_S", 0.05)
    exhausted = Exhausted(taken._sock)
    taken._sock = exhausted  # type: ignore[assignment]  # a socket in all that is asked of it

    client = await doors.dial()
    client.request("GET", "/paper")

    assert (await client.answer()).status == 200
    # Once more when nobody waits any more: it did not spin.
    assert exhausted.tries <= 6
    assert [line["event"] for line in logs] == ["no connection can be accepted"]


async def test_closing_while_it_rests_ends_it(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = doors.listeners._opened[0].acceptor
    taken._rest_a_while(OSError(errno.EMFILE, "Too many open files"))

    await doors.listeners.close()
    await asyncio.sleep(acceptor.REST_S * 1.5)

    assert taken._sock.fileno() == -1


async def test_closing_ends_hellos_that_are_under_way(doors: Doors) -> None:
    port, _ = await listen_tls(doors)
    stalled = [await doors.dial(port=port) for _ in range(3)]
    await until(lambda: doors.front.connections.standing == 3)

    await doors.listeners.close()

    assert [await client.hear_end() for client in stalled] == [b""] * 3
    await until(lambda: doors.front.connections.standing == 0)


async def test_a_hello_that_is_none_is_forgotten(doors: Doors) -> None:
    port, _ = await listen_tls(doors)
    client = await doors.dial(port=port)

    client.send(b"GET / HTTP/1.1\r\n\r\n")
    await client.hear_end()

    await until(lambda: doors.front.connections.standing == 0)
