"""How a device's sockets end on a real hub, and what an older or lesser product shows of v2."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from tests.journeys.conftest import StartHub
from tests.journeys.hub import Hub

CONFIG = """
[devices.old]
driver = "simulated"
kind = "meter"
homewizard = { serial = "5c2faf0a0b0c", api_version = "2.1.0" }

[devices.plug]
driver = "simulated"
kind = "meter"
homewizard = { serial = "5c2faf0a0b0d", product = "HWE-SKT" }
"""
OLD = "p1meter-0a0b0c.local"
PLUG = "energysocket-0a0b0d.local"
WITHIN_S = 20


class House:
    """A hub as a program in the house sees it."""

    def __init__(self, hub: Hub, session: aiohttp.ClientSession) -> None:
        self.hub = hub
        self.session = session
        self.tls = ssl.create_default_context(cafile=hub.ca)

    async def join(self, name: str) -> str:
        """Press the button and become a user; returns the token."""
        await asyncio.to_thread(self.hub.cli, "press", "5c2faf0a0b0c")
        headers = {"Host": OLD}
        async with self.session.post(
            self.hub.https + "/api/user", json={"name": name}, headers=headers, ssl=self.tls
        ) as answer:
            return str((await answer.json())["token"])

    @asynccontextmanager
    async def socket(self, token: str | None) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        """Open a socket; with a token it is authorized."""
        async with self.session.ws_connect(self.hub.wss + "/api/ws", ssl=self.tls, headers={"Host": OLD}) as socket:
            greeting = await socket.receive_json(timeout=WITHIN_S)
            assert greeting == {"type": "authorization_requested", "data": {"api_version": "2.1.0"}}
            if token is not None:
                await socket.send_json({"type": "authorization", "data": token})
                assert (await socket.receive_json(timeout=WITHIN_S))["type"] == "authorized"
            yield socket


async def code_of_the_end(socket: aiohttp.ClientWebSocketResponse) -> int:
    """Wait for the close frame and return its code."""
    last = await socket.receive(timeout=WITHIN_S)
    assert last.type is aiohttp.WSMsgType.CLOSE
    return int(last.data)


async def test_a_device_that_starts_anew_ends_every_socket(make_hub: StartHub) -> None:
    hub = make_hub(demo=False, config=CONFIG)
    async with aiohttp.ClientSession() as session:
        house = House(hub, session)
        token = await house.join("local/me")
        async with house.socket(token) as mine, house.socket(None) as strangers:
            headers = {"Host": OLD, "Authorization": f"Bearer {token}"}

            async with session.put(hub.https + "/api/system/reboot", headers=headers, ssl=house.tls) as answer:
                told = answer.status, answer.headers["X-Api-Version"]

            ends = [await code_of_the_end(mine), await code_of_the_end(strangers)]
        async with house.socket(token) as again:
            await again.send_json({"type": "device"})
            device = await again.receive_json(timeout=WITHIN_S)

    assert told == (204, "2.1.0")
    assert ends == [1012, 1012]
    assert device["data"]["api_version"] == "2.1.0"


async def test_the_same_name_again_closes_the_sockets_of_the_old_token(make_hub: StartHub) -> None:
    hub = make_hub(demo=False, config=CONFIG)
    async with aiohttp.ClientSession() as session:
        house = House(hub, session)
        old = await house.join("local/me")
        async with house.socket(old) as socket:
            new = await house.join("local/me")

            code = await code_of_the_end(socket)

    assert code == 1008
    assert new != old


async def test_a_product_without_v2_is_not_taken_for_one_that_has_it(make_hub: StartHub) -> None:
    hub = make_hub(demo=False, config=CONFIG)
    async with aiohttp.ClientSession() as session:
        tls = ssl.create_default_context(cafile=hub.ca)

        async with session.get(hub.https + "/api", headers={"Host": PLUG}, ssl=tls) as answer:
            told = answer.status, answer.headers.get("X-Api-Version")

    assert told == (404, None)
