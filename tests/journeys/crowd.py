"""Thousands of obniz programs that come back by themselves whenever they are dropped; a program of its own.

`python -m tests.journeys.crowd COUNT PORT` prints a line of JSON whenever all of them stand connected and have had
their pings answered in order. The word `cut` on its standard input lets all connections end at once, as a router does
that starts anew; the end of its input ends it.
"""

import asyncio
import json
import random
import re
import resource
import sys
import time
from collections import Counter
from typing import cast

import uvloop

from tests.journeys.siege import HANDSHAKE, masked

REQUEST = HANDSHAKE.format(path="/obniz/1111-1111/ws/1").encode()
PINGS = 3
RETRY_AFTER = re.compile(rb"Retry-After: (\d+)", re.IGNORECASE)
PONG = re.compile(rb'"pong":\{"key":\[(\d+)\]')
# A client that finds nobody tries again about this often.
RETRY_S = 1.0
# A connection that came to nothing within this time is given up.
GIVE_UP_S = 20.0


class Crowd:
    """All clients, and what they have met since they last all stood."""

    def __init__(self, count: int, port: int) -> None:
        self.count = count
        self.port = port
        self.random = random.Random(count)
        self.standing: set[Member] = set()
        self.met: Counter[str] = Counter()
        self.began_s = time.monotonic()

    def stands(self, member: "Member") -> None:
        """One has been served."""
        self.standing.add(member)
        if len(self.standing) == self.count:
            took_s = round(time.monotonic() - self.began_s, 2)
            print(json.dumps({"back": self.count, "within_s": took_s, "met": dict(self.met)}), flush=True)
            self.met.clear()

    def fell(self, member: "Member") -> None:
        """One has been dropped."""
        if len(self.standing) == self.count:
            self.began_s = time.monotonic()
        self.standing.discard(member)

    def cut(self) -> None:
        """Drop all at once."""
        for member in list(self.standing):
            member.drop()


class Member(asyncio.Protocol):
    """One client: it connects, pings, and comes back when it was dropped or asked to come later."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._transport: asyncio.Transport | None = None
        self._heard = b""
        self._pongs = 0
        self._later_s = 0.0
        self._patience: asyncio.TimerHandle | None = None

    async def come(self) -> None:
        """Try to connect once."""
        loop = asyncio.get_running_loop()
        try:
            await loop.create_connection(lambda: self, "127.0.0.1", self._crowd.port)
        except OSError:
            self._crowd.met["nobody there"] += 1
            self.come_later(RETRY_S)

    def come_later(self, pause_s: float) -> None:
        """Try again in a while, not at the same moment as all others."""
        loop = asyncio.get_running_loop()
        loop.call_later(pause_s + self._crowd.random.random() * RETRY_S, lambda: loop.create_task(self.come()))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin the handshake."""
        self._transport = cast(asyncio.Transport, transport)
        self._heard, self._pongs, self._later_s = b"", 0, 0.0
        self._patience = asyncio.get_running_loop().call_later(GIVE_UP_S, self._transport.abort)
        self._transport.write(REQUEST)

    def data_received(self, data: bytes) -> None:
        """Take the answer to the handshake, then the pongs, which have to come in order."""
        if self in self._crowd.standing or self._transport is None:
            return
        self._heard += data
        if self._heard.startswith(b"HTTP/1.1 503"):
            asked = RETRY_AFTER.search(self._heard)
            self._later_s = float(asked[1]) if asked else RETRY_S
        elif b'"ready":true' in self._heard and not self._pongs:
            self._pongs = 1
            for key in range(PINGS):
                self._transport.write(masked(0x81, b'[{"system":{"ping":{"key":[%d]}}}]' % key))
        elif len(keys := PONG.findall(self._heard)) == PINGS:
            if keys != [b"%d" % key for key in range(PINGS)]:
                self._crowd.met["out of order"] += 1
            if self._patience is not None:
                self._patience.cancel()
            self._heard = b""
            self._crowd.stands(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Come back: at the time that was asked for, or at once."""
        if self._patience is not None:
            self._patience.cancel()
        self._transport = None
        is_new = self in self._crowd.standing
        self._crowd.fell(self)
        if self._later_s:
            self._crowd.met["asked to come later"] += 1
        elif not is_new:
            self._crowd.met["dropped before it was served"] += 1
        self.come_later(self._later_s or (0.0 if is_new else RETRY_S))

    def drop(self) -> None:
        """End the connection without a word."""
        if self._transport is not None:
            self._transport.abort()


async def run(count: int, port: int) -> None:
    """Be that crowd until the input ends."""
    loop = asyncio.get_running_loop()
    crowd = Crowd(count, port)
    members = [Member(crowd) for _ in range(count)]
    for member in members:
        member.come_later(0.0)
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        if line.strip() == b"cut":
            crowd.cut()


def main() -> None:
    """Run as the command line says."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    uvloop.install()
    asyncio.run(run(int(sys.argv[1]), int(sys.argv[2])))


if __name__ == "__main__":
    main()
