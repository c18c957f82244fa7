"""A credential is revoked while sockets are open that bear it: each is closed at once, with the reason."""

import asyncio
import ssl
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack

import aiohttp

from tests.journeys.conftest import StartHub
from tests.journeys.hub import Hub

CONFIG = """
[devices.plug]
driver = "simulated"
kind = "meter"
homewizard = { serial = "5c2faf0a0b0c" }
"""
NAME = "p1meter-0a0b0c.local"
# The promise is 1 s (the figure that is printed); a machine that is busy with other tests may take its time.
WITHIN_S = 3.0
PATIENCE_S = 20
POLICY_VIOLATION = 1008
ADDRESS = "1234-5678"


def made(hub: Hub, *words: str) -> Mapping[str, str]:
    """Have the owner make a key; returns its id and text."""
    return dict(line.split(maxsplit=1) for line in hub.cli("key", "create", *words).splitlines())


class Program:
    """An open socket, and whose credential it bears."""

    def __init__(self, credential: str, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.credential = credential
        self.socket = socket

    async def end(self) -> tuple[int, str, float]:
        """Read to the close frame; returns its code, its reason and when it came."""
        while True:
            message = await self.socket.receive(timeout=PATIENCE_S)
            if message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED):
                return int(message.data or 0), str(message.extra or ""), time.perf_counter()


async def homewizard(hub: Hub, session: aiohttp.ClientSession, stack: AsyncExitStack, owner: str) -> Program:
    """A user of a meter, authorized and subscribed."""
    tls = ssl.create_default_context(cafile=hub.ca)
    headers = {"Host": NAME}
    await asyncio.to_thread(hub.cli, "press", "5c2faf0a0b0c")
    async with session.post(f"{hub.https}/api/user", json={"name": "local/a"}, headers=headers, ssl=tls) as answer:
        token = (await answer.json())["token"]
    socket = await stack.enter_async_context(session.ws_connect(f"{hub.wss}/api/ws", ssl=tls, headers=headers))
    await socket.receive_json(timeout=PATIENCE_S)
    await socket.send_json({"type": "authorization", "data": token})
    assert (await socket.receive_json(timeout=PATIENCE_S))["type"] == "authorized"
    await socket.send_json({"type": "subscribe", "data": "measurement"})
    async with session.get(f"{hub.http}/hub/v1/keys", headers={"Authorization": f"Bearer {owner}"}) as answer:
        (user,) = [one["id"] for one in await answer.json() if one["name"] == "local/a"]
    return Program(user, socket)


async def obniz(hub: Hub, session: aiohttp.ClientSession, stack: AsyncExitStack, owner: str) -> Program:
    """A program with a token at a board."""
    key = await asyncio.to_thread(made, hub, "obniz", "--device", ADDRESS)
    url = f"{hub.http}/obniz/{ADDRESS}/ws/1?access_token={key['key']}"
    socket = await stack.enter_async_context(session.ws_connect(url))
    await socket.receive_json(timeout=PATIENCE_S)
    return Program(key["id"], socket)


async def ezeio(hub: Hub, session: aiohttp.ClientSession, stack: AsyncExitStack, owner: str) -> Program:
    """A stream by ticket."""
    key = await asyncio.to_thread(made, hub, "ezeio", "--group", "demo")
    headers = {"ezeAPIkey": key["id"], "Authorization": f"Bearer {key['key']}"}
    async with session.get(f"{hub.http}/v1/subscribe/ticket", headers=headers) as answer:
        ticket = await answer.json()
    return Program(key["id"], await stack.enter_async_context(session.ws_connect(ticket["ws"])))


async def tail(hub: Hub, session: aiohttp.ClientSession, stack: AsyncExitStack, owner: str) -> Program:
    """Somebody who follows a device in the hub's own API."""
    key = await asyncio.to_thread(made, hub, "admin")
    url = f"{hub.http}/hub/v1/devices/plug/tail"
    return Program(
        key["id"],
        await stack.enter_async_context(session.ws_connect(url, headers={"Authorization": f"Bearer {key['key']}"})),
    )


async def test_a_revoked_credential_closes_its_sockets_of_every_dialect_at_once(make_hub: StartHub) -> None:
    hub = make_hub(config=CONFIG)
    owner = (await asyncio.to_thread(made, hub, "admin", "--name", "owner"))["key"]

    async with aiohttp.ClientSession() as session, AsyncExitStack() as stack:
        for opened in (homewizard, obniz, ezeio, tail):
            program = await opened(hub, session, stack, owner)
            other = await tail(hub, session, stack, owner)

            began_s = time.perf_counter()
            headers = {"Authorization": f"Bearer {owner}"}
            async with session.delete(f"{hub.http}/hub/v1/keys/{program.credential}", headers=headers) as answer:
                assert answer.status == 200
            code, reason, ended_s = await program.end()

            print(f"{opened.__name__}: closed {(ended_s - began_s) * 1000:.1f} ms after the wish, {code} {reason!r}")
            assert (code, "revoked" in reason) == (POLICY_VIOLATION, True)
            assert ended_s - began_s < WITHIN_S
            assert not other.socket.closed
