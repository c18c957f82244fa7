"""The virtual board as a driver where it reaches out: threads for its program, sockets for its TCP channels."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from inspect import isawaitable

import pytest

from hardwire.drivers.simulated.board.driver import SimulatedBoard
from hardwire.drivers.simulated.board.settings import Settings
from hardwire.model.board.plugin import CallPlugin, PluginCalled, PluginReceived, RunLua
from hardwire.model.board.system import Reset
from hardwire.model.board.tcp import ConnectTcp, TcpAnswered, TcpConnected, TcpReceived, TcpResult, WriteTcp
from hardwire.model.command import Command, Done, Reply
from hardwire.model.fact import Happening
from tests.fakes.paper_feed import PaperFeed

PATIENCE_S = 20


@asynccontextmanager
async def running(feed: PaperFeed) -> AsyncIterator[SimulatedBoard]:
    settings = Settings(tcp_allow=("127.0.0.1:*",))
    board = SimulatedBoard("bench", "home", "UTC", settings, sleep=feed.sleep, pause=feed.pause)
    task = asyncio.create_task(board.run(feed))
    await feed.settle()
    yield board
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@asynccontextmanager
async def echo_host(ended: asyncio.Event) -> AsyncIterator[int]:
    """A host on this machine that sends back what it gets; the event is set when a connection to it has ended."""

    async def send_back(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while octets := await reader.read(1_000):
            writer.write(octets)
        writer.close()
        ended.set()

    server = await asyncio.start_server(send_back, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def carried_out(board: SimulatedBoard, command: Command) -> Reply:
    reply = board.execute("bench", command)
    async with asyncio.timeout(PATIENCE_S):
        return await reply if isawaitable(reply) else reply


async def told(feed: PaperFeed, *expected: Happening) -> None:
    """Wait until the feed was told this, in this order."""
    async with asyncio.timeout(PATIENCE_S):
        while feed.happenings != list(expected):  # noqa: ASYNC110 - the world outside has its own time
            await asyncio.sleep(0.001)


def test_what_paints_and_what_runs_lua_is_not_loaded_with_the_board() -> None:
    heavy = ("PIL", "segno", "lupa")
    program = f"""
import sys
from hardwire.drivers.simulated.part import PART, board
PART.make("bench", "home", "UTC", board.Settings())
print([name for name in {heavy} if name in sys.modules])
"""

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)

    assert done.stdout.strip() == "[]"


async def test_a_program_tells_all_and_answers_its_asker() -> None:
    feed = PaperFeed()

    async with running(feed) as board:
        ran = await carried_out(board, RunLua("cloud.pluginSend('hello')"))
        called = await carried_out(board, CallPlugin(1, "return 'hi'"))

    assert (ran, called) == (Done(), Done((PluginCalled(1, "hi"),)))
    assert feed.happenings == [PluginReceived(b"hello")]


async def test_the_loop_goes_on_while_a_program_takes_its_time() -> None:
    feed = PaperFeed()
    turns = 0

    async with running(feed) as board:
        endless = asyncio.create_task(carried_out(board, CallPlugin(1, "while true do end")))
        while not endless.done():
            turns += 1
            await asyncio.sleep(0.001)

    reply = endless.result()
    assert isinstance(reply, Done)
    assert reply.happenings == (PluginCalled(1, "the program took too long and was ended", is_failed=True),)
    assert turns > 3


async def test_bytes_go_to_a_host_on_the_network_and_back() -> None:
    feed, ended = PaperFeed(), asyncio.Event()
    connected = (TcpConnected(2, True), TcpAnswered(2, TcpResult.OK))

    async with echo_host(ended) as port, running(feed) as board:
        assert await carried_out(board, ConnectTcp(2, port, "127.0.0.1")) == Done()
        await told(feed, *connected)
        assert await carried_out(board, WriteTcp(2, b"hello")) == Done()
        await told(feed, *connected, TcpReceived(2, b"hello"))
        assert await carried_out(board, Reset()) == Done()
        async with asyncio.timeout(PATIENCE_S):
            await ended.wait()

        assert feed.happenings == [*connected, TcpReceived(2, b"hello")]


async def test_connections_end_with_the_board() -> None:
    feed, ended = PaperFeed(), asyncio.Event()

    async with echo_host(ended) as port:
        async with running(feed) as board:
            await carried_out(board, ConnectTcp(0, port, "127.0.0.1"))
            await told(feed, TcpConnected(0, True), TcpAnswered(0, TcpResult.OK))
        async with asyncio.timeout(PATIENCE_S):
            await ended.wait()
