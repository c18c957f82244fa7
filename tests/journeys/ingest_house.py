"""A hub with a logger of somebody's own, the keys to it, and a socket that reads what it brings."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import aiohttp
from msgspec import Struct

from tests.journeys.hub import Hub

CONFIG = """
[devices.greenhouse]
driver = "ingest"
fields = [
  { name = "air_temperature", unit = "C", decimals = 1 },
  { name = "humidity", unit = "percent" },
  { name = "setpoint", unit = "C", writable = true },
]
ezeio = { serial = "GRN-001" }
"""
WITHIN_S = 20
Message = dict[str, Any]  # Any: JSON


class Keys(Struct, frozen=True):
    """What lets a logger in, and a program that reads it."""

    logger: str
    reader_id: str
    reader: str


def new_keys(hub: Hub) -> Keys:
    """Make both keys by the command line."""
    logger = dict(line.split() for line in hub.cli("key", "create", "ingest", "--device", "greenhouse").splitlines())
    reader = dict(line.split() for line in hub.cli("key", "create", "ezeio").splitlines())
    return Keys(logger["key"], reader["id"], reader["key"])


def second(age_s: int) -> datetime:
    """Return a whole second of the past that is no mark of the status log."""
    now_s = int(datetime.now(UTC).timestamp()) - age_s
    return datetime.fromtimestamp(now_s + (now_s % 600 == 0), UTC)


def text(at: datetime) -> str:
    """Return an instant as clients read it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


class Reader:
    """A program with an ezeio key."""

    def __init__(self, hub: Hub, keys: Keys, session: aiohttp.ClientSession) -> None:
        self._base = hub.http
        self._headers = {"ezeAPIkey": keys.reader_id, "Authorization": f"Bearer {keys.reader}"}
        self._session = session
        self.commands = ""
        """The path of commands to the newest stream."""

    async def call(self, path: str) -> Message:
        """Make a call of the API."""
        async with self._session.get(f"{self._base}/v1/{path}", headers=self._headers) as answer:
            found: Message = await answer.json()
            return found

    @asynccontextmanager
    async def socket(self) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        """Open a stream."""
        ticket = await self.call("subscribe/ticket")
        self.commands = ticket["api"].partition("/v1/")[2]
        async with self._session.ws_connect(ticket["ws"]) as socket:
            yield socket


async def heard(socket: aiohttp.ClientWebSocketResponse, count: int) -> list[tuple[str, list[Message]]]:
    """Return time and fields of the next rows of the fast log; those of the status log come when they come."""
    found: list[tuple[str, list[Message]]] = []
    while len(found) < count:
        message = json.loads(await socket.receive_str(timeout=WITHIN_S))["data"]
        if message["type"] == "LOGDATA":
            found.append((message["time"], message["fields"]))
    return found


@asynccontextmanager
async def reading(hub: Hub, keys: Keys) -> AsyncIterator[Reader]:
    """Be such a program."""
    async with aiohttp.ClientSession() as session:
        yield Reader(hub, keys, session)
