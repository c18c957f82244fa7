"""The doors themselves: ports, TLS, the owner's socket, silence, the end."""

import asyncio
import contextlib
import socket as sockets
import ssl
import stat
import struct
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from hardwire.contracts.act import Close, Watch
from hardwire.model.access import OWNER
from hardwire.model.channel import Channel
from hardwire.model.errors import HubFaultError
from hardwire.model.fact import Sample
from hardwire.server import acceptor, admission, listeners
from hardwire.server.listeners import Listeners
from hardwire.server.requests import front
from hardwire.server.sockets import socket as server_socket
from tests.fakes.paper_dialect import PaperSession
from tests.server.doors import CLOSE, TEXT, WITHIN_S, Dialled, Doors, listen_tls, until


async def test_a_silent_connection_is_dropped_and_one_that_spoke_is_kept(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "PROOF_S", 0.1)
    monkeypatch.setattr(acceptor, "PROOF_S", 0.1)
    silent, dripping, speaking = [await doors.dial() for _ in range(3)]
    dripping.send(b"GET /paper HTTP/1.1\r\nHost: loc")
    speaking.request("GET", "/paper")
    await speaking.answer()

    ends = [await silent.hear_end(), await dripping.hear_end()]
    await asyncio.sleep(0.15)
    speaking.request("GET", "/paper")

    assert ends == [b"", b""]
    assert (await speaking.answer()).status == 200


async def test_connections_that_came_and_went_leave_nothing_behind(doors: Doors) -> None:
    connections = doors.front.connections
    clients = [await doors.dial() for _ in range(5)]
    await until(lambda: connections.standing == 5)
    while_open = connections.unproven

    for client in clients:
        client.drop()
    await until(lambda: connections.standing == 0)

    assert while_open == 5
    assert connections.unproven == 0


async def test_a_port_that_is_taken_is_told_in_a_sentence(doors: Doors) -> None:
    with pytest.raises(HubFaultError, match=f"Port {doors.port} on 127.0.0.1 is taken by another program"):
        await doors.listeners.listen("127.0.0.1", doors.port)


async def test_an_address_of_another_machine_is_told_in_a_sentence(doors: Doors) -> None:
    with pytest.raises(HubFaultError, match=r"192\.0\.2\.1 is no address of this machine"):
        await doors.listeners.listen("192.0.2.1", 0)


async def test_a_name_of_no_machine_is_told_in_a_sentence(doors: Doors) -> None:
    with pytest.raises(HubFaultError, match="no address of this machine"):
        await doors.listeners.listen("not a host", 0)


def test_a_privileged_port_is_told_with_the_way_out() -> None:
    sentence = listeners._why_not("0.0.0.0", 80, PermissionError(13, "no"))

    assert "above 1023" in sentence
    assert "CAP_NET_BIND_SERVICE" in sentence


async def test_an_ipv6_address_is_listened_on(doors: Doors) -> None:
    if not sockets.has_ipv6:
        pytest.skip("this machine has no IPv6")
    try:
        port = await doors.listeners.listen("::1", 0)
    except HubFaultError:
        pytest.skip("this machine has no ::1")
    doors.dialled.append(Dialled(*await asyncio.open_connection("::1", port)))

    doors.dialled[-1].request("GET", "/paper", host=f"[::1]:{port}")

    assert (await doors.dialled[-1].answer()).status == 200
    assert doors.dialect.requests[0].peer == ip_address("::1")


async def test_the_owners_socket_is_private_and_every_request_on_it_is_the_owners(doors: Doors, tmp_path: Path) -> None:
    path = tmp_path / "hub.sock"
    await doors.listeners.listen_unix(path)
    mode = stat.S_IMODE(path.stat().st_mode)
    doors.dialled.append(Dialled(*await asyncio.open_unix_connection(str(path))))

    doors.dialled[-1].request("GET", "/paper", host="whatever.example")
    answer = await doors.dialled[-1].answer()

    assert mode == 0o600
    assert answer.status == 200
    assert doors.dialect.requests[0].caller == OWNER
    assert doors.dialect.requests[0].peer is None


async def test_a_socket_that_a_killed_hub_left_behind_is_replaced_and_removed_at_the_end(
    doors: Doors, tmp_path: Path
) -> None:
    path = tmp_path / "hub.sock"
    with sockets.socket(sockets.AF_UNIX) as left:
        left.bind(str(path))
    await doors.listeners.listen_unix(path)
    doors.dialled.append(Dialled(*await asyncio.open_unix_connection(str(path))))

    doors.dialled[-1].request("GET", "/paper")
    answer = await doors.dialled[-1].answer()
    await doors.listeners.close()

    assert answer.status == 200
    assert not path.exists()


async def test_closing_twice_is_closing_once(doors: Doors) -> None:
    await doors.listeners.close()
    await doors.listeners.close()

    with pytest.raises(ConnectionError):
        await doors.dial()


async def test_closing_waits_for_no_client_longer_than_its_limit(doors: Doors) -> None:
    doors.dialect.session = lambda request: PaperSession()
    waiting = await doors.dial()
    waiting.request("GET", "/paper")
    idle = await doors.dial()
    await asyncio.sleep(0.05)

    started = asyncio.get_running_loop().time()
    await asyncio.wait_for(doors.listeners.close(), WITHIN_S)

    assert asyncio.get_running_loop().time() - started < 10
    assert [await client.hear_end() for client in (waiting, idle)] == [b"", b""]


async def test_tls_names_the_device_that_the_client_asked_for(doors: Doors) -> None:
    doors.dialect.names = {"meter": "appliance/p1dongle/5c2fafaabbcc"}
    doors.hub.line.notify("devices", "meter")
    port, trusting = await listen_tls(doors)
    named = await doors.dial(port=port, tls=trusting, sni="appliance/p1dongle/5c2fafaabbcc")
    unnamed = await doors.dial(port=port, tls=trusting, sni="localhost")

    for client in (named, unnamed):
        client.request("GET", "/paper", host=f"localhost:{port}")
        await client.answer()

    first, second = doors.dialect.requests
    assert (first.device, second.device) == ("meter", None)
    assert first.is_tls
    assert first.origin == f"https://localhost:{port}"


async def test_a_websocket_works_over_tls_and_a_deaf_client_is_cut_after_the_grace(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_socket, "CLOSE_GRACE_S", 0.1)
    port, trusting = await listen_tls(doors)
    doors.dialect.conversation = lambda: PaperSession(on_receive=lambda message: (Close(4000, "bye"),))
    client = await doors.upgraded(port=port, tls=trusting)

    client.frame(TEXT, b"a")
    closed = await client.hear_close()
    with contextlib.suppress(ssl.SSLError):
        await client.hear_end()

    assert closed == (4000, "bye")
    await until(lambda: not doors.front._open)


async def test_a_slow_reader_over_tls_is_cut(
    doors: Doors, logs: Sequence[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_socket, "CLOSE_GRACE_S", 0.1)
    port, trusting = await listen_tls(doors)
    channel = Channel("paper", "meter", "measurement")
    doors.dialect.conversation = lambda: PaperSession(on_open=lambda: (Watch(channel),))
    slow = await doors.upgraded(port=port, tls=trusting)
    slow.writer.transport.pause_reading()  # type: ignore[attr-defined]  # asyncio says so of every stream's transport

    await until(lambda: doors.hub.channels.counts()[0])
    async with asyncio.timeout(WITHIN_S):
        while doors.front._open:
            doors.hub.publish(Sample("meter", doors.premises.clock.pass_s(1), {"note": "x" * 50_000}))
            await asyncio.sleep(0.001)

    assert [line["event"] for line in logs] == ["client cut"]


async def test_plain_bytes_on_the_tls_port_harm_nobody(doors: Doors, caplog: pytest.LogCaptureFixture) -> None:
    port, trusting = await listen_tls(doors)
    plain = await doors.dial(port=port)
    plain.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await plain.hear_end()

    client = await doors.dial(port=port, tls=trusting, sni="localhost")
    client.request("GET", "/paper")

    assert (await client.answer()).status == 200


async def test_listeners_that_have_nothing_open_close_quietly(doors: Doors) -> None:
    unused = Listeners(doors.front)

    await unused.close()

    assert unused.stands() == []


async def test_a_device_that_goes_takes_its_own_ports_and_sockets_along_and_nobody_elses(doors: Doors) -> None:
    plain, other = [await doors.listeners.listen("127.0.0.1", 0, device=device) for device in ("meter", "board")]
    leaving = await doors.upgraded(port=plain)
    idle = await doors.dial(port=plain)
    idle.request("GET", "/paper")
    await idle.answer()
    staying = [await doors.upgraded(), await doors.upgraded(port=other)]

    await doors.listeners.drop("meter")
    closed = await leaving.hear_close()
    leaving.frame(CLOSE, struct.pack("!H", 1001))
    again = await doors.listeners.listen("127.0.0.1", plain, device="meter")

    assert closed == (1001, "this device was removed")
    assert again == plain
    assert await idle.hear_end() == b""
    for client in staying:
        client.frame(TEXT, b"still here")
        assert await client.hear() == (TEXT, b"still here")
    assert [(stand.device, stand.port) for stand in doors.listeners.stands()] == [
        (None, doors.port),
        ("board", other),
        ("meter", plain),
    ]


async def test_a_device_that_goes_cuts_a_client_that_does_not_answer_its_goodbye(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "GOODBYE_S", 0.1)
    port = await doors.listeners.listen("127.0.0.1", 0, device="meter")
    deaf = await doors.upgraded(port=port)

    await doors.listeners.drop("meter")

    assert await deaf.hear_close() == (1001, "this device was removed")
    assert await deaf.hear_end() == b""


async def test_the_goodbye_of_a_device_that_goes_is_waited_for_when_the_hub_stops(doors: Doors) -> None:
    port = await doors.listeners.listen("127.0.0.1", 0, device="meter")
    leaving, main = await doors.upgraded(port=port), await doors.upgraded()
    await doors.listeners.drop("meter")
    closing = asyncio.create_task(doors.listeners.close())

    closed = [await leaving.hear_close(), await main.hear_close()]
    for client in (leaving, main):
        client.frame(CLOSE, struct.pack("!H", 1001))
    await asyncio.wait_for(closing, WITHIN_S)

    assert closed == [(1001, "this device was removed"), (1001, "the hub stops")]


async def test_a_device_without_ports_of_its_own_takes_none_along(doors: Doors) -> None:
    await doors.listeners.drop("board")

    assert [stand.port for stand in doors.listeners.stands()] == [doors.port]


async def test_a_port_that_cannot_be_opened_leaves_nothing_behind(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **more: object) -> None:
        raise OSError(98, "no")

    # Two may bind the same free port; the second one to listen there is refused.
    monkeypatch.setattr(listeners, "Acceptor", refuse)

    with pytest.raises(HubFaultError, match="taken by another program"):
        await doors.listeners.listen("127.0.0.1", 0, device="meter")

    assert [stand.device for stand in doors.listeners.stands()] == [None]
