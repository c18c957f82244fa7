"""Secrets of every kind are shown to a real hub, right ones and wrong ones: none comes out of it again."""

import asyncio
import re
import ssl
from collections.abc import Iterator

import aiohttp

from tests.journeys.conftest import StartHub
from tests.journeys.hub import Hub

CONFIG = """
[devices.plug]
driver = "simulated"
kind = "meter"
homewizard = { serial = "5c2faf0a0b0c" }

[devices.bench]
driver = "simulated"
kind = "board"
obniz = { id = "2345-6789", open = false }

[devices.greenhouse]
driver = "ingest"
fields = [{ name = "humidity", unit = "percent" }]
ezeio = { serial = "GRN-001" }
"""
NAME = {"Host": "p1meter-0a0b0c.local"}
PATIENCE_S = 20
# Wrong ones of each look: as long as the real ones, and found nowhere else.
WRONG_HEX = "DEADBEEF00112233445566778899AABB"
WRONG_KEY = "Wr0ngWr0ngMarkedKeyNumber"[:24]
WRONG_TOKEN = "Wr0ng-Marked_AdminTokenOfNobody9"
WRONG_TICKET = "wstktWr0ngMarkedTicket0123456789"
WRONG_RESPONSE = "feedfacefeedfacefeedfacefeedface"
WRONG_NONCE = "TWFya2VkTm9uY2VPZk5vYm9keQ"
WRONG = (WRONG_HEX, WRONG_KEY, WRONG_TOKEN, WRONG_TICKET, WRONG_RESPONSE, WRONG_NONCE)
# What shows that a secret was there may stay: four letters of it.
LEFT = 5
READ = ("devices", "keys", "groups", "clients", "audit?limit=10000", "place", "devices/bench", "devices/greenhouse")


class Caller:
    """Shows secrets to a hub, and remembers which."""

    def __init__(self, hub: Hub, session: aiohttp.ClientSession) -> None:
        self.hub = hub
        self.session = session
        self.tls = ssl.create_default_context(cafile=hub.ca)
        self.right: list[str] = []

    async def made(self, *words: str) -> str:
        """Have the owner make a key; return its text."""
        printed = await asyncio.to_thread(self.hub.cli, "key", "create", *words)
        key = dict(line.split(maxsplit=1) for line in printed.splitlines())["key"]
        self.right.append(key)
        return key

    async def call(self, path: str, method: str = "GET", body: str = "", **headers: str) -> tuple[int, str]:
        """Call the hub; returns the status and the text of its answer."""
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        origin = self.hub.https if path.startswith("/api") else self.hub.http
        async with self.session.request(
            method, origin + path, data=body or None, headers=named, ssl=self.tls, allow_redirects=False
        ) as answer:
            for cookie in answer.headers.getall("Set-Cookie", []):
                self.right.append(cookie.partition("=")[2].partition(";")[0])
            return answer.status, await answer.text()

    async def obniz(self) -> None:
        """A board's token in the query, in the header, at a socket; broken messages."""
        token = await self.made("obniz", "--device", "2345-6789")
        for one in (token, WRONG_HEX):
            await self.call(f"/obniz/2345-6789/state?access_token={one}", "POST")
            await self.call("/obniz/2345-6789/api/1", "POST", '{"token": [', Authorization=f"Bearer {one}")
        async with self.session.ws_connect(f"{self.hub.http}/obniz/2345-6789/ws/1?access_token={token}") as socket:
            await socket.receive_json(timeout=PATIENCE_S)
            await socket.send_str(f'{{"access_token":"{token}"')
            await socket.receive(timeout=PATIENCE_S)

    async def homewizard(self) -> None:
        """A user's token by HTTP and at the socket."""
        await asyncio.to_thread(self.hub.cli, "press", "5c2faf0a0b0c")
        status, text = await self.call("/api/user", "POST", '{"name":"local/a"}', **NAME)
        assert status == 200
        (token,) = re.findall('"token":"([^"]+)"', text)
        self.right.append(token)
        for one in (token, WRONG_HEX):
            await self.call("/api/system", "PUT", f'{{"token":"{one}"', Authorization=f"Bearer {one}", **NAME)
            async with self.session.ws_connect(f"{self.hub.wss}/api/ws", ssl=self.tls, headers=NAME) as socket:
                await socket.receive_json(timeout=PATIENCE_S)
                await socket.send_json({"type": "authorization", "data": one})
                await socket.send_json({"type": one, "data": one})
                await socket.receive(timeout=PATIENCE_S)

    async def ezeio(self) -> None:
        """A key as Bearer and as Digest, and tickets."""
        printed = await asyncio.to_thread(self.hub.cli, "key", "create", "ezeio")
        key = dict(line.split(maxsplit=1) for line in printed.splitlines())
        self.right.append(key["key"])
        for one in (key["key"], WRONG_KEY):
            headers = {"ezeAPIkey": key["id"], "Authorization": f"Bearer {one}"}
            async with self.session.get(f"{self.hub.http}/v1/subscribe/ticket", headers=headers) as answer:
                told = await answer.json()
            if answer.status == 200:
                self.right.append(str(told["ws"]).rpartition("/")[2])
                async with self.session.ws_connect(told["ws"]) as socket:
                    await socket.send_str(key["key"])
        # A key where its number belongs is a mistake that people make.
        digest = f'Digest username="{WRONG_KEY}", nonce="{WRONG_NONCE}", uri="/v1/status", response="{WRONG_RESPONSE}"'
        for _ in range(12):
            await self.call("/v1/status", Authorization=f'{digest}, qop=auth, nc=00000001, cnonce="{WRONG_HEX}"')
        await self.call(f"/ws/{WRONG_TICKET}")
        await self.call(f"/ws/{WRONG_TICKET}", Upgrade="websocket", Connection="Upgrade")

    async def owner(self) -> None:
        """The admin credential as Bearer, at the login, as a cookie; a logger's key."""
        admin, ingest = await self.made("admin"), await self.made("ingest", "--device", "greenhouse")
        form = {"Content_Type": "application/x-www-form-urlencoded"}
        for one in (admin, WRONG_TOKEN):
            await self.call("/hub/v1/keys", "POST", f'{{"kind":"{one}"}}', Authorization=f"Bearer {one}")
            await self.call("/login", "POST", f"token={one}", **form)
            await self.call("/", Cookie=f"hardwire_admin={one}")
            await self.call(f"/hub/v1/devices?token={one}", Authorization=f"Bearer {one}")
        for one in (ingest, WRONG_HEX):
            await self.call("/ingest/v1/GRN-001", "POST", f'{{"key":"{one}"', Authorization=f"Bearer {one}")

    async def told(self) -> str:
        """Everything that the hub's API tells its owner."""
        admin = await self.made("admin", "--name", "reader")
        pages = [await self.call(f"/hub/v1/{path}", Authorization=f"Bearer {admin}") for path in READ]
        pages += [await self.call(path, Authorization=f"Bearer {admin}") for path in ("/metrics", "/health")]
        assert [status for status, _ in pages] == [200] * len(pages)
        return "\n".join(text for _, text in pages)


def found(text: str, secrets: list[str]) -> Iterator[str]:
    """Yield what of the secrets stands in a text: the whole, or a longer piece than may be left of it."""
    for secret in secrets:
        for piece in {secret, secret[: 2 * LEFT], secret[-2 * LEFT :]}:
            if len(piece) > LEFT and piece.lower() in text.lower():
                yield secret


async def test_no_secret_that_was_shown_to_the_hub_is_told_by_it(make_hub: StartHub) -> None:
    hub = make_hub("--log", "debug", demo=False, config=CONFIG)
    # The one secret that it prints, once, for its owner.
    (first,) = re.findall("shown this once: (\\S+)", hub.logged)

    async with aiohttp.ClientSession() as session:
        caller = Caller(hub, session)
        for show in (caller.obniz, caller.homewizard, caller.ezeio, caller.owner):
            await show()
        told = await caller.told()
    audit = await asyncio.to_thread(hub.cli, "audit", "--limit", "10000", "--json")
    logged = hub.logged.replace(first, "")

    secrets = [first, *WRONG, *filter(None, caller.right)]
    assert len(secrets) > 12
    assert "lockout.began" in audit
    assert list(found(logged, secrets)) == []
    assert list(found(audit, secrets)) == []
    assert list(found(told, secrets)) == []
    print(f"{len(secrets)} secrets, none told: {len(logged)} letters of log, {len(audit)} of audit, {len(told)} of API")
