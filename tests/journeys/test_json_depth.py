"""JSON nested as deeply as a message may be long, at every way in that reads JSON or a form: told, and at no cost."""

import asyncio
import io
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from types import MappingProxyType

import aiohttp
import pytest
from msgspec import Struct

from tests.journeys.hub import Hub, running_hub
from tests.journeys.ingest_house import CONFIG, Keys, new_keys

WITHIN_S = 20
# Reading such a message takes milliseconds; this is for a machine that does other things besides.
TOOK_S = 2.0
LONG = 1 << 20
SHORT = 30_000
"""Below the limit of every dialect."""

NESTED: Mapping[str, Callable[[int], str]] = {
    "arrays, open": lambda size: "[" * size,
    "objects, open": lambda size: '{"a":' * (size // 5),
    "arrays, closed": lambda size: "[" * (size // 2) + "]" * (size // 2),
    "objects, closed": lambda size: '{"a":' * (size // 6) + "1" + "}" * (size // 6),
    "a field's value": lambda size: '{"type":"subscribe","data":' + "[" * (size // 2) + "]" * (size // 2) + "}",
}
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
METER = {"Authorization": "Bearer " + "A" * 32}


class Entry(Struct, frozen=True):
    """A way in, with the statuses that tell its sender off, and a key that its errors have (empty: plain words)."""

    method: str
    path: str
    headers: Mapping[str, str] = MappingProxyType(JSON)
    key: str = "error"
    tls: bool = False
    statuses: tuple[int, ...] = (400, 413)


ENTRIES = {
    "obniz commands": Entry("POST", "/obniz/1234-5678/api/1"),
    "obniz message": Entry("POST", "/obniz/message"),
    "homewizard v1": Entry("PUT", "/api/v1/system"),
    "homewizard v2 system": Entry("PUT", "/api/system", {**JSON, **METER}, tls=True),
    "homewizard v2 user": Entry("POST", "/api/user", tls=True),
    "hub devices": Entry("POST", "/hub/v1/devices"),
    "hub keys": Entry("POST", "/hub/v1/keys"),
    "hub groups": Entry("POST", "/hub/v1/groups"),
    "hub send": Entry("POST", "/hub/v1/devices/greenhouse/send", statuses=(400, 404, 413)),
    "ingest": Entry("POST", "/ingest/v1/GRN-001", {**JSON, "Authorization": "Bearer LOGGER"}),
    # Forms: no JSON is read here, so that it is a wrong token, whatever it holds.
    "console": Entry("POST", "/login", FORM, key="", statuses=(200, 400, 401, 403, 413)),
    # The ezeio API takes its calls by GET alone.
    "ezeio": Entry("POST", "/v1/subscribe/ticket", key="status", statuses=(401, 405, 413)),
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Hub, Keys]]:
    """A demo hub with somebody's own logger, and the keys to it."""
    with running_hub(tmp_path_factory.mktemp("deep"), config=CONFIG) as hub:
        yield hub, new_keys(hub)


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """A client of HTTP that asks for no certificate."""
    timeout = aiohttp.ClientTimeout(WITHIN_S)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=False), timeout=timeout) as session:
        yield session
    # A TLS transport is closed some turns of the loop after it was told to.
    await asyncio.sleep(0.1)


@pytest.mark.parametrize("size", [SHORT, LONG], ids=["short", "long"])
@pytest.mark.parametrize("entry", ENTRIES)
async def test_a_body_nested_without_end_is_refused_in_its_dialects_shape(
    house: tuple[Hub, Keys], session: aiohttp.ClientSession, entry: str, size: int
) -> None:
    hub, keys = house
    way = ENTRIES[entry]
    headers = {name: text.replace("LOGGER", keys.logger) for name, text in way.headers.items()}

    for nesting in NESTED.values():
        began_s = time.monotonic()
        url = (hub.https if way.tls else hub.http) + way.path
        async with session.request(way.method, url, data=io.BytesIO(nesting(size).encode()), headers=headers) as answer:
            told = await answer.text()

        assert time.monotonic() - began_s < TOOK_S
        assert answer.status in way.statuses, told
        assert not way.key or way.key in json.loads(told)
    assert "Traceback" not in hub.logged


async def greeted(
    session: aiohttp.ClientSession, house: tuple[Hub, Keys], socket: str
) -> aiohttp.ClientWebSocketResponse:
    """Open a socket of a dialect, and show what has to be shown there."""
    hub, keys = house
    if socket == "obniz":
        opened = await session.ws_connect(f"{hub.http}/obniz/1234-5678/ws/1")
        await opened.receive_str()
        return opened
    if socket == "ezeio":
        headers = {"ezeAPIkey": keys.reader_id, "Authorization": f"Bearer {keys.reader}"}
        async with session.get(f"{hub.http}/v1/subscribe/ticket", headers=headers) as answer:
            return await session.ws_connect((await answer.json())["ws"])
    opened = await session.ws_connect(f"{hub.wss}/api/ws")
    await opened.receive_str()
    if socket == "homewizard":
        await opened.send_json({"type": "authorization", "data": "A" * 32})
        await opened.receive_str()
    return opened


# What the socket says of it; None where it says nothing: before its token a client would take it for a bad one
# (HomeWizard), or nothing is read at all (ezeio).
TOLD = {"obniz": "debug", "homewizard": "error", "homewizard without token": None, "ezeio": None}


@pytest.mark.parametrize("socket", TOLD)
async def test_a_message_nested_without_end_is_told_and_the_socket_lives(
    house: tuple[Hub, Keys], session: aiohttp.ClientSession, socket: str
) -> None:
    hub, _ = house
    async with await greeted(session, house, socket) as opened:
        for nesting in NESTED.values():
            began_s = time.monotonic()
            await opened.send_str(nesting(SHORT))
            if (word := TOLD[socket]) is not None:
                assert word in await opened.receive_str(timeout=WITHIN_S)
            await opened.ping()

            assert time.monotonic() - began_s < TOOK_S
        assert not opened.closed
    assert "Traceback" not in hub.logged


@pytest.mark.parametrize("socket", TOLD)
async def test_a_message_beyond_the_limit_is_closed_with_1009(
    house: tuple[Hub, Keys], session: aiohttp.ClientSession, socket: str
) -> None:
    async with await greeted(session, house, socket) as opened:
        await opened.send_str("[" * (LONG + 1))
        while (message := await opened.receive(timeout=WITHIN_S)).type is aiohttp.WSMsgType.TEXT:
            pass

        assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, 1009)
