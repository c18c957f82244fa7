"""Users of a P1 meter on a real hub: tokens for presses, sockets that end with their user, writes that last."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from tests.journeys.conftest import StartHub
from tests.journeys.hub import Hub

SERIAL = "5c2faf0a0b0c"
CONFIG = f"""
[devices.grid]
driver = "simulated"
kind = "meter"
homewizard = {{ serial = "{SERIAL}" }}
"""
WITHIN_S = 20


class House:
    """A hub as a program in the house sees it."""

    def __init__(self, hub: Hub, session: aiohttp.ClientSession) -> None:
        self._hub = hub
        self._session = session
        self._tls = ssl.create_default_context(cafile=hub.ca)

    async def ask(
        self, method: str, path: str, token: str = "", body: Mapping[str, object] | None = None
    ) -> tuple[int, Any]:  # Any: the JSON of the answer
        """Send one request."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = self._hub.https + path
        async with self._session.request(method, url, json=body, headers=headers, ssl=self._tls) as answer:
            return answer.status, await answer.json() if answer.status != 204 else None

    async def join(self, name: str) -> str:
        """Press the button and become a user; returns the token."""
        await asyncio.to_thread(self._hub.cli, "press", SERIAL)
        status, told = await self.ask("POST", "/api/user", body={"name": name})
        assert status == 200, told
        assert told["name"] == name
        return str(told["token"])

    @asynccontextmanager
    async def socket(self, token: str, topic: str) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        """Open a socket that has subscribed to a topic."""
        async with self._session.ws_connect(self._hub.wss + "/api/ws", ssl=self._tls) as socket:
            await socket.send_json({"type": "authorization", "data": token})
            assert (await socket.receive_json(timeout=WITHIN_S))["type"] == "authorization_requested"
            assert (await socket.receive_json(timeout=WITHIN_S))["type"] == "authorized"
            await socket.send_json({"type": "subscribe", "data": topic})
            yield socket


async def test_a_removed_user_is_off_its_sockets_and_the_others_are_told(make_hub: StartHub) -> None:
    hub = make_hub(demo=False, config=CONFIG)
    async with aiohttp.ClientSession() as session:
        house = House(hub, session)
        first = await house.join("local/first")
        async with house.socket(first, "user") as onlooker:
            assert await onlooker.receive_json(timeout=WITHIN_S) == {
                "type": "user",
                "data": [{"name": "local/first", "current": True}],
            }
            second = await house.join("local/second")
            joined = await onlooker.receive_json(timeout=WITHIN_S)
            async with house.socket(second, "system") as leaving:
                assert (await leaving.receive_json(timeout=WITHIN_S))["type"] == "system"

                removed, _ = await house.ask("DELETE", "/api/user", first, {"name": "local/second"})
                async with asyncio.timeout(1):
                    last = await leaving.receive()

            left = await onlooker.receive_json(timeout=WITHIN_S)
        after, _ = await house.ask("GET", "/api", second)

    assert joined["data"] == [{"name": "local/first", "current": True}, {"name": "local/second"}]
    assert removed == 204
    assert last.type is aiohttp.WSMsgType.CLOSE
    assert last.data == 1008
    assert left["data"] == [{"name": "local/first", "current": True}]
    assert after == 401


async def test_the_same_name_again_gets_a_new_token_and_the_old_one_dies(make_hub: StartHub) -> None:
    hub = make_hub(demo=False, config=CONFIG)
    async with aiohttp.ClientSession() as session:
        house = House(hub, session)
        old = await house.join("local/me")

        new = await house.join("local/me")

        assert (await house.ask("GET", "/api", old))[0] == 401
        assert await house.ask("GET", "/api/user", new) == (200, [{"name": "local/me", "current": True}])


async def test_a_user_that_removes_itself_gets_its_answer(make_hub: StartHub) -> None:
    hub = make_hub(demo=False, config=CONFIG)
    async with aiohttp.ClientSession() as session:
        house = House(hub, session)
        token = await house.join("local/me")

        status, _ = await house.ask("DELETE", "/api/user", token)

        assert status == 204
        assert (await house.ask("GET", "/api", token))[0] == 401


async def test_tokens_and_settings_outlive_a_power_cut(make_hub: StartHub) -> None:
    hub = make_hub(demo=False, config=CONFIG)
    async with aiohttp.ClientSession() as session:
        house = House(hub, session)
        token = await house.join("local/me")
        control = {"mode": "zero", "permissions": ["discharge_allowed"]}
        written = [
            await house.ask("PUT", "/api/system", token, {"cloud_enabled": False, "api_v1_enabled": True}),
            await house.ask("PUT", "/api/batteries", token, control),
        ]
        hub.kill()
    again = make_hub(demo=False, config=CONFIG, data=hub.data)
    async with aiohttp.ClientSession() as session:
        house = House(again, session)
        _, system = await house.ask("GET", "/api/system", token)
        _, batteries = await house.ask("GET", "/api/batteries", token)
        async with session.get(again.http + "/api") as v1:
            v1_status = v1.status

    assert [status for status, _ in written] == [200, 200]
    assert (system["cloud_enabled"], system["api_v1_enabled"]) == (False, True)
    assert batteries["permissions"] == ["discharge_allowed"]
    assert v1_status == 200
