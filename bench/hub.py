"""The hub under measurement: the real hub and carrier, behind a door that asks for nothing.

    python -m bench.hub DEVICES SUBSCRIBERS homewizard|fixed

`homewizard` renders each telegram as a real v2 measurement; `fixed` is a channel of one-value samples whose rendering
costs nothing, to see the carrier alone. Speaks the lines of `reference/fanout.c`: `ready`, `go BURSTS EACH`, and
`port PLAIN TLS FRAME_BYTES`.
"""

import asyncio
import os
import ssl
import sys
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import uvloop
from aiohttp import web

from bench.meters import declare_meters, power_reading, telegram
from bench.processes import lift_file_limit
from hardwire.bus.local import LocalBus
from hardwire.contracts.act import Watch
from hardwire.contracts.session import Acts
from hardwire.dialects.homewizard.dialect import HomeWizard
from hardwire.hub.desk import Desk
from hardwire.hub.hub import Hub
from hardwire.model.channel import Channel
from hardwire.model.fact import Fact
from hardwire.server.authority import Authority
from hardwire.server.carrier import Conversation
from hardwire.server.certificates import Certificates
from hardwire.server.flusher import Flusher
from hardwire.server.frames import frame_of
from hardwire.storage.sqlite import SqliteStore

LIFE_S = 600
# One socket in so many is asked whether its reader keeps up.
ASKED = 16


class Watching:
    """A conversation that watches one channel and says nothing."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def open(self, now: datetime) -> Acts:
        return (Watch(self._channel),)

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


class Fixed(HomeWizard):
    """A dialect whose measurement is always the same text."""

    name = "fixed"
    text = ""

    def render(self, channel: Channel, fact: Fact) -> str | None:
        return self.text


class BenchedHub:
    """A hub with meters, its listeners and its subscribers."""

    def __init__(self, devices: int, subscribers: int, channel: str, folder: Path) -> None:
        self.hub = Hub(LocalBus(monotonic), SqliteStore(folder), lambda: datetime.now(UTC), frame_of)
        self._desk = Desk(self.hub)
        self._devices = devices
        self._expected = devices * subscribers
        self._channel = channel
        self._tell = telegram if channel == "homewizard" else power_reading
        self._flusher = Flusher(asyncio.get_running_loop())
        self._transports: list[asyncio.Transport] = []
        self._number = 0
        declare_meters(self.hub, devices)
        homewizard, fixed = HomeWizard(self.hub.house, os.urandom), Fixed(self.hub.house, os.urandom)
        self.hub.channels.speak({"homewizard": homewizard, "fixed": fixed})
        first = telegram(0, 0, self.hub.now())
        self.hub.publish(first)
        fixed.text = homewizard.render(Channel("homewizard", "0", "measurement"), first) or ""
        self.frame_bytes = len(frame_of(fixed.text))

    async def listen(self, tls: ssl.SSLContext | None = None) -> int:
        """Accept subscribers on a free port."""
        runner = web.ServerRunner(web.Server(self._serve, access_log=None))
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls, backlog=1024)
        await site.start()
        return int(runner.addresses[0][1])

    async def go(self, bursts: int, each: int) -> int:
        """Let each device tell `each` updates per burst, as fast as the readers read; return the deliveries."""
        asked = self._transports[::ASKED]
        for _ in range(bursts):
            for _ in range(each):
                now = self.hub.now()
                self._number += 1
                for device in range(self._devices):
                    self.hub.publish(self._tell(device, self._number, now))
            await asyncio.sleep(0)
            while any(_is_behind(asked)):  # noqa: ASYNC110  # a transport tells nobody that its buffer is empty
                await asyncio.sleep(0.001)
        return bursts * each * len(self._transports)

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        channel = Channel(self._channel, request.path.rpartition("/")[2], "measurement")
        conversation = Conversation(Watching(channel), self.hub, self._desk, self._flusher, limit_bytes=65536)
        if isinstance(request.transport, asyncio.Transport):
            self._transports.append(request.transport)
        if len(self._transports) == self._expected:
            print("ready", flush=True)
        return await conversation.hold(request)


def _is_behind(transports: Iterable[asyncio.Transport]) -> Iterable[bool]:
    return (transport.get_write_buffer_size() > 0 for transport in transports)


async def main(devices: int, subscribers: int, channel: str) -> None:
    """Serve until standard input ends."""
    lift_file_limit()
    loop = asyncio.get_running_loop()
    with tempfile.TemporaryDirectory() as folder:
        benched = BenchedHub(devices, subscribers, channel, Path(folder))
        certificates = Certificates(
            Authority.create(benched.hub.now()), now=benched.hub.now, names=lambda name: False, default=lambda: None
        )
        plain, tls = await benched.listen(), await benched.listen(certificates.context())
        print(f"port {plain} {tls} {benched.frame_bytes}", flush=True)
        lines = asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        async with asyncio.timeout(LIFE_S):
            while line := (await lines.readline()).decode():
                _, bursts, each = line.split()
                print("sent", await benched.go(int(bursts), int(each)), flush=True)
    # Thousands of sockets need no goodbye here.
    os._exit(0)


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
