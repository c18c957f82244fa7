"""The virtual board's TCP connections over real sockets on this machine."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager

import pytest

from hardwire.drivers.simulated.board.net import tcp_socket
from hardwire.drivers.simulated.board.net.tcp_conversation import Conversation
from hardwire.drivers.simulated.board.net.tcp_policy import TcpPolicy
from hardwire.drivers.simulated.board.net.tcp_socket import SocketLink, opener
from hardwire.model.board.system import BoardWarned
from hardwire.model.board.tcp import TcpAnswered, TcpConnected, TcpReceived, TcpResult
from hardwire.model.fact import Happening

PATIENCE_S = 20
CONNECTED = [TcpConnected(0, True), TcpAnswered(0, TcpResult.OK)]

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Ear:
    """What a conversation tells, as it tells it."""

    def __init__(self) -> None:
        self.told: list[Happening] = []
        self._news = asyncio.Event()
        self.conversation = Conversation(0, self._tell, lambda: None)

    def _tell(self, happening: Happening) -> None:
        self.told.append(happening)
        self._news.set()

    @property
    def octets(self) -> bytes:
        """What has arrived."""
        return b"".join(one.octets for one in self.told if isinstance(one, TcpReceived))

    async def until(self, is_enough: Callable[[], bool]) -> None:
        """Return when enough was told."""
        async with asyncio.timeout(PATIENCE_S):
            while not is_enough():
                self._news.clear()
                await self._news.wait()


@asynccontextmanager
async def host(talk: Talk) -> AsyncIterator[int]:
    """A host on this machine; yields its port."""
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        try:
            await talk(reader, writer)
        except ConnectionError:
            pass

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for writer in writers:
            writer.close()
        await server.wait_closed()


async def send_back(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while octets := await reader.read(1_000):
        writer.write(octets)


async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


def link_to(ear: Ear, name: str, port: int, *allowed: str, idle_limit_s: float = PATIENCE_S) -> SocketLink:
    link = SocketLink(name, port, ear.conversation, TcpPolicy(allowed), idle_limit_s=idle_limit_s)
    ear.conversation.hold(link)
    return link


async def test_bytes_go_to_a_host_and_back_and_its_end_is_told() -> None:
    ear = Ear()

    async def send_back_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.read(1_000))
        writer.close()

    async with host(send_back_once) as port, asyncio.TaskGroup() as group:
        link = link_to(ear, "127.0.0.1", port, "127.0.0.1:*")
        group.create_task(link.run())
        await ear.until(lambda: len(ear.told) == 2)
        assert link.write(b"\x00hello")
        await ear.until(lambda: len(ear.told) == 4)

    assert ear.told == [*CONNECTED, TcpReceived(0, b"\x00hello"), TcpConnected(0, False)]


async def test_closing_ends_the_connection_without_a_word() -> None:
    ear = Ear()
    has_ended = asyncio.Event()

    async def wait_for_the_end(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.read() == b"last words"
        has_ended.set()

    async with host(wait_for_the_end) as port, asyncio.TaskGroup() as group:
        link = link_to(ear, "127.0.0.1", port, "127.0.0.1:*")
        group.create_task(link.run())
        await ear.until(lambda: len(ear.told) == 2)
        link.write(b"last words")
        link.close()
        async with asyncio.timeout(PATIENCE_S):
            await has_ended.wait()

    assert ear.told == CONNECTED


async def test_what_is_closed_before_it_began_connects_to_nobody() -> None:
    ear = Ear()
    link = link_to(ear, "127.0.0.1", 1, "127.0.0.1:*")
    link.close()

    await link.run()

    assert ear.told == []


async def test_a_name_that_leads_to_this_machine_is_refused_after_its_look_up() -> None:
    ear = Ear()

    await link_to(ear, "localhost", 80, "localhost:80").run()

    warning, answer = ear.told
    assert isinstance(warning, BoardWarned)
    assert "localhost is at no address that may be connected to" in warning.message
    assert answer == TcpAnswered(0, TcpResult.ERROR)


async def test_a_name_is_let_through_to_an_address_that_is_named_itself() -> None:
    ear = Ear()

    async with host(send_back) as port, asyncio.TaskGroup() as group:
        link = link_to(ear, "localhost", port, f"localhost:{port}", "127.0.0.1:*")
        group.create_task(link.run())
        await ear.until(lambda: len(ear.told) == 2)
        link.close()

    assert ear.told == CONNECTED


async def test_what_was_checked_is_what_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    ear, asked = Ear(), []

    async def look_up(host: str, port: int, *, type: int) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        # A name server that gives another address each time it is asked.
        asked.append(host)
        address = "127.0.0.1" if len(asked) == 1 else "127.0.0.2"
        return [(socket.AF_INET, type, 0, "", (address, port))]

    async with host(send_back) as port, asyncio.TaskGroup() as group:
        link = link_to(ear, "rebinding.example", port, f"rebinding.example:{port}", "127.0.0.1:*")
        loop = asyncio.get_running_loop()
        real = loop.getaddrinfo
        monkeypatch.setattr(
            loop, "getaddrinfo", lambda *a, **k: look_up(*a, **k) if a[0] == "rebinding.example" else real(*a, **k)
        )
        group.create_task(link.run())
        await ear.until(lambda: len(ear.told) == 2)
        link.close()

    assert ear.told == CONNECTED
    assert asked == ["rebinding.example"]


@pytest.mark.parametrize("name", ["a" * 64 + ".invalid", "a..b", "nobody.invalid"])
async def test_a_name_of_nobody_is_a_look_up_error(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ear = Ear()
    loop = asyncio.get_running_loop()
    real = loop.getaddrinfo

    async def look_up(host: str, port: int, *, type: int) -> object:
        # No question leaves this machine.
        if host == "nobody.invalid":
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return await real(host, port, type=type)

    monkeypatch.setattr(loop, "getaddrinfo", look_up)

    await link_to(ear, name, 80, f"{name}:80").run()

    warning, answer = ear.told
    assert warning == BoardWarned(f"tcp0: there is no host {name}")
    assert answer == TcpAnswered(0, TcpResult.LOOKUP_ERROR)


async def test_a_host_that_does_not_listen_is_an_error() -> None:
    ear = Ear()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    await link_to(ear, "127.0.0.1", port, "127.0.0.1:*").run()

    assert isinstance(ear.told[0], BoardWarned)
    assert ear.told[1:] == [TcpAnswered(0, TcpResult.ERROR)]


async def test_a_host_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    ear = Ear()
    link = link_to(ear, "127.0.0.1", 1, "127.0.0.1:*")
    monkeypatch.setattr(tcp_socket, "CONNECT_TIMEOUT_S", 0.01)
    monkeypatch.setattr(asyncio, "open_connection", lambda *_, **__: asyncio.Event().wait())

    await link.run()

    assert ear.told == [
        BoardWarned("tcp0: no connection within 0.01 s"),
        TcpAnswered(0, TcpResult.ERROR),
    ]


async def test_a_host_that_reads_nothing_is_not_written_to_without_end() -> None:
    ear = Ear()
    stop = asyncio.Event()

    async def be_stuck(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        writer.transport.pause_reading()  # type: ignore[attr-defined]  # a transport of a socket has it
        await stop.wait()

    async with host(be_stuck) as port, asyncio.TaskGroup() as group:
        link = link_to(ear, "127.0.0.1", port, "127.0.0.1:*")
        group.create_task(link.run())
        await ear.until(lambda: len(ear.told) == 2)
        sent = 0
        while link.write(b"x" * 64 * 1024):
            sent += 64 * 1024
            await asyncio.sleep(0)
            assert sent < 64 << 20
        link.close()
        stop.set()

    assert sent > 0


async def test_a_fast_host_is_read_at_a_bounded_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    ear, pauses = Ear(), []
    sleep = asyncio.sleep

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(0)

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"x" * 100_000)
        await reader.read()

    async with host(flood) as port, asyncio.TaskGroup() as group:
        monkeypatch.setattr(asyncio, "sleep", pause)
        link = link_to(ear, "127.0.0.1", port, "127.0.0.1:*")
        group.create_task(link.run())
        await ear.until(lambda: len(ear.octets) == 100_000)
        await sleep(0)
        link.close()

    assert all(len(one.octets) <= 4_096 for one in ear.told if isinstance(one, TcpReceived))
    assert sum(pauses) == pytest.approx(100_000 / (256 * 1024), rel=0.1)


async def test_a_connection_in_which_nobody_speaks_ends() -> None:
    ear = Ear()

    async with host(say_nothing) as port:
        await link_to(ear, "127.0.0.1", port, "127.0.0.1:*", idle_limit_s=0.05).run()

    assert ear.told == [*CONNECTED, TcpConnected(0, False)]


async def test_a_connection_in_which_the_board_alone_speaks_goes_on() -> None:
    ear = Ear()
    heard = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while octets := await reader.read(1_000):
            heard.append(octets)
            if len(heard) < 4:
                link.write(b"on and on")

    async with host(listen) as port, asyncio.TaskGroup() as group:
        link = link_to(ear, "127.0.0.1", port, "127.0.0.1:*", idle_limit_s=0.3)
        began = asyncio.get_running_loop().time()
        group.create_task(link.run())
        await ear.until(lambda: len(ear.told) == 2)
        await asyncio.sleep(0.1)
        link.write(b"on")
        await ear.until(lambda: len(ear.told) == 3)

    assert asyncio.get_running_loop().time() - began > 0.5
    assert ear.told == [*CONNECTED, TcpConnected(0, False)]


async def test_a_connection_that_breaks_is_told_as_ended() -> None:
    ear = Ear()

    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # With no time to linger a close is a reset.
        own = writer.get_extra_info("socket")
        own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        writer.transport.abort()

    async with host(reset) as port:
        await link_to(ear, "127.0.0.1", port, "127.0.0.1:*").run()

    assert ear.told == [*CONNECTED, TcpConnected(0, False)]


async def test_an_opened_link_works_where_it_is_started() -> None:
    ear = Ear()
    started: list[Coroutine[None, None, None]] = []

    link = opener(TcpPolicy(()), started.append)("example.com", 443, ear.conversation)
    link.close()
    await started[0]

    assert ear.told == []
