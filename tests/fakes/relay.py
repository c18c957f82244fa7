"""A bad stretch of network: a TCP relay that drops, refuses or holds back what passes, as it is told to."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

CHUNK_BYTES = 65536


class Relay:
    """Relays connections to a port of this machine, in a thread of its own."""

    def __init__(self, target_port: int) -> None:
        self.target_port = target_port
        """Where new connections lead."""
        self.opened = 0
        """How many connections were made so far."""
        self.port = 0
        self._is_closed = False
        self._live: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._flows = asyncio.Event()
        self._flows.set()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(5)

    @property
    def address(self) -> str:
        """`host:port` for clients."""
        return f"127.0.0.1:{self.port}"

    @property
    def live(self) -> int:
        """How many connections stand."""
        return len(self._live)

    def drop(self) -> None:
        """Cut every connection; new ones are welcome."""
        self._call(self._cut)

    def close(self) -> None:
        """Cut every connection and turn new ones away until `open`."""
        self._is_closed = True
        self.drop()

    def open(self) -> None:
        """Let new connections in again."""
        self._is_closed = False

    def hold(self) -> None:
        """Keep every connection, new ones too, and pass nothing to the clients on them."""
        self._call(self._flows.clear)

    def flow(self) -> None:
        """Pass on what was held, and what comes."""
        self._call(self._flows.set)

    def end(self) -> None:
        """End it for good."""
        self.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _call(self, what: Callable[[], None]) -> None:
        done = threading.Event()

        def call() -> None:
            what()
            done.set()

        self._loop.call_soon_threadsafe(call)
        assert done.wait(5)

    def _cut(self) -> None:
        for task in self._live:
            task.cancel()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        if self._is_closed:
            writer.transport.abort()
            return
        self.opened += 1
        self._live.add(task)
        try:
            with suppress(OSError, asyncio.CancelledError):
                await self._relay(reader, writer)
        finally:
            self._live.discard(task)
            writer.transport.abort()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self.target_port)
        try:
            ways = [
                asyncio.ensure_future(self._pass(reader, back, is_held=False)),
                asyncio.ensure_future(self._pass(there, writer, is_held=True)),
            ]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)
        finally:
            back.transport.abort()

    async def _pass(self, source: asyncio.StreamReader, to: asyncio.StreamWriter, *, is_held: bool) -> None:
        while octets := await source.read(CHUNK_BYTES):
            if is_held:
                await self._flows.wait()
            to.write(octets)
            await to.drain()


@contextmanager
def relay_to(port: int) -> Iterator[Relay]:
    """Have a relay before a port."""
    relay = Relay(port)
    try:
        yield relay
    finally:
        relay.end()
