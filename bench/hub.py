"""The hub under measurement: the real hub and carrier, behind a door that asks for nothing.

    python -m bench.hub DEVICES SOCKETS KIND

KIND is one of `bench.devices.kinds`: the real channel of a dialect, or `fixed` to see the carrier alone, or `stamped`
to see delays. Speaks the lines of `reference/fanout.c`: `ready`, `go BURSTS EACH`, and `port PLAIN TLS FRAME_BYTES`;
moreover `hold UPDATES PER_S`, which spreads the devices' updates evenly over time. A socket watches the device that its
path names, or `all`.
"""

import asyncio
import os
import ssl
import sys
import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import uvloop
from aiohttp import web

from bench.devices.kinds import KINDS, dialects, first_frame
from bench.processes import lift_file_limit
from hardwire.bus.local import LocalBus
from hardwire.contracts.act import Watch
from hardwire.contracts.session import Acts
from hardwire.hub.desk import Desk
from hardwire.hub.hub import Hub
from hardwire.model.channel import Channel
from hardwire.server.sockets.carrier import Conversation, Terms
from hardwire.server.sockets.flusher import Flusher
from hardwire.server.sockets.frames import frame_of
from hardwire.server.sockets.rota import Rota
from hardwire.server.tls.authority import Authority
from hardwire.server.tls.certificates import Certificates
from hardwire.storage.sqlite import SqliteStore

LIFE_S = 1200
# One socket in so many is asked whether its reader keeps up, where they are more than can be asked for nothing.
ASKED = 16
ASKED_ALL = 200


class Watching:
    """A conversation that watches and says nothing."""

    def __init__(self, channels: Sequence[Channel]) -> None:
        self._channels = channels

    def open(self, now: datetime) -> Acts:
        return map(Watch, self._channels)

    def receive(self, message: str | bytes, now: datetime) -> Acts:
        return ()

    def reply(self, tag: int, answer: object, now: datetime) -> Acts:
        return ()

    def notice(self, topic: str, message: str, now: datetime) -> Acts:
        return ()

    def tick(self, now: datetime) -> Acts:
        return ()

    def closed(self, now: datetime) -> Acts:
        return ()


class BenchedHub:
    """A hub with devices of one kind, its listeners and its subscribers."""

    def __init__(self, devices: int, sockets: int, kind: str, store: SqliteStore) -> None:
        self.hub = Hub(LocalBus(monotonic), store, lambda: datetime.now(UTC), frame_of)
        self._desk = Desk(self.hub)
        self._devices = devices
        self._expected = sockets
        self._watched = 0
        self._kind = KINDS[kind]
        self._flusher = Flusher(asyncio.get_running_loop())
        self._rota = Rota(asyncio.get_running_loop())
        self._transports: list[asyncio.Transport] = []
        self._number = 0
        spoken = dialects(self.hub)
        self.hub.speak(spoken)
        self._kind.declare(self.hub, devices)
        self.frame_bytes = len(frame_of(first_frame(self.hub, kind, spoken)))

    async def listen(self, tls: ssl.SSLContext | None = None) -> int:
        """Accept subscribers on a free port."""
        runner = web.ServerRunner(web.Server(self._serve, access_log=None))
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls, backlog=1024)
        await site.start()
        return int(runner.addresses[0][1])

    async def go(self, bursts: int, each: int) -> int:
        """Let each device tell `each` updates per burst, as fast as the readers read; return the deliveries."""
        asked = self._transports[:: ASKED if len(self._transports) > ASKED_ALL else 1]
        for _ in range(bursts):
            for _ in range(each):
                now = self.hub.now()
                self._number += 1
                for device in range(self._devices):
                    self.hub.publish(self._kind.tell(device, self._number, now))
            await asyncio.sleep(0)
            # A client that is behind would be spared what is newer by the next burst.
            while self._flusher.behind or any(_is_behind(asked)):  # noqa: ASYNC110  # a transport tells nobody that its buffer is empty
                await asyncio.sleep(0.001)
        return bursts * each * self._watched

    async def hold(self, updates: int, per_s: int) -> int:
        """Publish so many updates, `per_s` a second over all devices in turn; return the deliveries."""
        begin = monotonic()
        for number in range(updates):
            wait_s = begin + number / per_s - monotonic()
            if wait_s > 0:
                await asyncio.sleep(wait_s)
            self.hub.publish(self._kind.tell(number % self._devices, number, self.hub.now()))
        return updates * self._watched // self._devices

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        named = request.path.rpartition("/")[2]
        devices = map(str, range(self._devices)) if named == "all" else (named,)
        channels = [self._kind.channel(device) for device in devices]
        self._watched += len(channels)
        terms = Terms(limit_bytes=65536)
        conversation = Conversation(Watching(channels), self.hub, self._desk, self._flusher, self._rota, terms=terms)
        assert request.transport is not None, "a request that has just come has a connection"
        self._transports.append(request.transport)
        if len(self._transports) == self._expected:
            print("ready", flush=True)
        return await conversation.hold(request)


def _is_behind(transports: Iterable[asyncio.Transport]) -> Iterable[bool]:
    return (transport.get_write_buffer_size() > 0 for transport in transports)


async def main(devices: int, sockets: int, kind: str) -> None:
    """Serve until standard input ends."""
    lift_file_limit()
    loop = asyncio.get_running_loop()
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder))
        await store.open()
        benched = BenchedHub(devices, sockets, kind, store)
        certificates = Certificates(
            Authority.create(benched.hub.now()), now=benched.hub.now, names=lambda name: False, default=lambda: None
        )
        plain, tls = await benched.listen(), await benched.listen(certificates.context())
        print(f"port {plain} {tls} {benched.frame_bytes}", flush=True)
        lines = asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        async with asyncio.timeout(LIFE_S):
            while line := (await lines.readline()).decode():
                verb, first, second = line.split()
                work = benched.hold if verb == "hold" else benched.go
                print("sent", await work(int(first), int(second)), flush=True)
        await store.close()
    # Thousands of sockets need no goodbye here.
    os._exit(0)


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
