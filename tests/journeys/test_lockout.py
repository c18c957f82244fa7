"""Wrong credentials on and on, dialect by dialect: locked out, written down once, and no valid one ever notices."""

import asyncio
import json
import ssl
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp
import pytest
from msgspec import Struct

from tests.app.metrics.page import value
from tests.journeys.conftest import StartHub
from tests.journeys.hub import Hub
from tests.journeys.ingest_house import CONFIG

WRONG = 200
# A lock-out begins after ten wrong ones in a minute; every 20th call is one with the valid credential.
FREE = 10
EVERY = 20
WITHIN_S = 20
BASE32_ZEROES = "0" * 32


class Call(Struct, frozen=True, kw_only=True):
    """One call with the status that it is to be answered with."""

    method: str
    path: str
    status: int
    headers: Mapping[str, str] = {}
    form: str = ""


class Way(Struct, frozen=True, kw_only=True):
    """One way in: how it is called with a wrong credential and with the right one."""

    name: str
    address: str
    """The address that its stranger has: each of them is counted for itself."""
    wrong: Call
    right: Call
    users: tuple[str, ...] = ()
    """The users that a wrong call names."""
    is_tls: bool = False
    locked: int = 429
    """What a wrong call is answered while its stranger is locked out."""


def digest(path: str) -> str:
    """Return a Digest header of the right form with a response that is none."""
    return (
        f'Digest username="12345", nonce="made-up", uri="{path}", response="{BASE32_ZEROES}", '
        'qop=auth, nc=00000001, cnonce="abc", algorithm=MD5'
    )


def made(hub: Hub, *words: str) -> Mapping[str, str]:
    """Have the owner make a key; returns its id and text."""
    return dict(line.split(maxsplit=1) for line in hub.cli("key", "create", *words).splitlines())


def ways(hub: Hub) -> Sequence[Way]:
    """Every way in to a house that has keys of each kind."""
    admin, obniz = made(hub, "admin")["key"], made(hub, "obniz", "--device", "1234-5678")["key"]
    ingest, ezeio = made(hub, "ingest", "--device", "greenhouse")["key"], made(hub, "ezeio")
    state, status, keys, batch = "/obniz/1234-5678/state", "/v1/status/GRN-001", "/hub/v1/keys", "/ingest/v1/GRN-001"
    ezeio_right = {"ezeAPIkey": ezeio["id"], "Authorization": f"Bearer {ezeio['key']}"}
    ezeio_wrong = {"ezeAPIkey": ezeio["id"], "Authorization": "Bearer wrong"}
    bearer = {"Authorization": f"Bearer {BASE32_ZEROES}"}
    rights = Call(method="GET", path=status, status=200, headers=ezeio_right)
    return [
        Way(
            name="obniz",
            address="127.0.1.1",
            wrong=Call(method="POST", path=f"{state}?access_token=wrong", status=403),
            right=Call(method="POST", path=state, status=200, headers={"Authorization": f"Bearer {obniz}"}),
        ),
        Way(
            name="homewizard",
            address="127.0.1.2",
            wrong=Call(method="GET", path="/api", status=401, headers=bearer),
            right=Call(method="GET", path="/api", status=200, headers={"Authorization": "Bearer " + "A" * 32}),
            is_tls=True,
            locked=401,
        ),
        Way(
            name="ezeio bearer",
            address="127.0.1.3",
            wrong=Call(method="GET", path=status, status=401, headers=ezeio_wrong),
            right=rights,
            users=(f"ezeio:{ezeio['id']}",),
        ),
        Way(
            name="ezeio digest",
            address="127.0.1.4",
            wrong=Call(method="GET", path=status, status=401, headers={"Authorization": digest(status)}),
            right=rights,
            users=("ezeio:12345",),
        ),
        Way(
            name="hub",
            address="127.0.1.5",
            wrong=Call(method="GET", path=keys, status=401, headers=bearer),
            right=Call(method="GET", path=keys, status=200, headers={"Authorization": f"Bearer {admin}"}),
        ),
        Way(
            name="console",
            address="127.0.1.6",
            wrong=Call(method="POST", path="/login", status=403, form="token=wrong"),
            right=Call(method="POST", path="/login", status=303, form=f"token={admin}"),
            users=("console:admin",),
        ),
        Way(
            name="ingest",
            address="127.0.1.7",
            wrong=Call(method="GET", path=batch, status=401, headers=bearer),
            right=Call(method="GET", path=batch, status=200, headers={"Authorization": f"Bearer {ingest}"}),
        ),
    ]


async def called(session: aiohttp.ClientSession, origin: str, call: Call) -> aiohttp.ClientResponse:
    """Make a call and read what it is answered."""
    headers = {**call.headers, **({"Content-Type": "application/x-www-form-urlencoded"} if call.form else {})}
    content = call.form or None
    async with session.request(
        call.method, origin + call.path, headers=headers, data=content, allow_redirects=False
    ) as answer:
        await answer.read()
        return answer


def lock_outs(hub: Hub) -> Counter[str]:
    """Whom the audit log tells to be locked out, how often."""
    lines: list[dict[str, Any]] = json.loads(hub.cli("audit", "--action", "lockout", "--json"))  # Any: JSON
    return Counter(line["subject"] for line in lines)


@pytest.mark.slow
async def test_wrong_credentials_are_locked_out_and_valid_ones_pass_all_along(make_hub: StartHub) -> None:
    hub = make_hub(config=CONFIG)
    expected: Counter[str] = Counter()
    tls = ssl.create_default_context(cafile=hub.ca)

    all_ways = await asyncio.to_thread(ways, hub)
    for way in all_ways:
        answers: list[aiohttp.ClientResponse] = []
        rights: list[int] = []
        connector = aiohttp.TCPConnector(local_addr=(way.address, 0), ssl=tls)
        async with aiohttp.ClientSession(connector=connector) as session:
            origin = hub.https if way.is_tls else hub.http
            for number in range(WRONG):
                answers.append(await called(session, origin, way.wrong))
                if number % EVERY == 0:
                    rights.append((await called(session, origin, way.right)).status)

        assert [answer.status for answer in answers[:FREE]] == [way.wrong.status] * FREE, way.name
        assert {answer.status for answer in answers[FREE:]} == {way.locked}, way.name
        assert all(1 <= int(answer.headers["Retry-After"]) <= 30 for answer in answers[FREE:]), way.name
        assert all("WWW-Authenticate" not in answer.headers for answer in answers[FREE:] if answer.status == 429), (
            way.name
        )
        assert not any("Retry-After" in answer.headers for answer in answers[:FREE]), way.name
        assert set(rights) == {way.right.status}, way.name
        expected.update([f"address {way.address}", *(f"user {user}" for user in way.users)])

    assert await asyncio.to_thread(lock_outs, hub) == expected
    async with aiohttp.ClientSession() as session, session.get(f"{hub.http}/metrics") as answer:
        figures = await answer.read()
    assert value(figures, "hardwire_lockouts_total") == expected.total()
    assert value(figures, "hardwire_auth_failures_total") == WRONG * len(all_ways)
    print(f"locked out, one line each: {', '.join(expected)}")


async def test_a_socket_that_shows_wrong_tokens_is_told_to_wait_and_a_valid_token_still_opens_it(
    make_hub: StartHub,
) -> None:
    hub = make_hub()
    tls = ssl.create_default_context(cafile=hub.ca)

    async def shown(session: aiohttp.ClientSession, token: str) -> str:
        async with session.ws_connect(hub.wss + "/api/ws", ssl=tls) as socket:
            await socket.receive_json(timeout=WITHIN_S)
            await socket.send_json({"type": "authorization", "data": token})
            told = await socket.receive_json(timeout=WITHIN_S)
            return str(told["type"] if told["type"] == "authorized" else told["data"]["message"])

    async with aiohttp.ClientSession() as session:
        refused = [await shown(session, BASE32_ZEROES) for _ in range(FREE + 2)]
        valid = await shown(session, "A" * 32)

    assert refused == ["user:unauthorized"] * (FREE + 2)
    assert valid == "authorized"
    assert await asyncio.to_thread(lock_outs, hub) == Counter(["address 127.0.0.1"])


async def test_a_digest_client_that_asks_first_and_answers_right_is_never_locked_out(make_hub: StartHub) -> None:
    hub = make_hub()

    async with aiohttp.ClientSession() as session:
        bare = [
            (await called(session, hub.http, Call(method="GET", path="/v1/status", status=401))).status
            for _ in range(3 * FREE)
        ]

    assert set(bare) == {401}
    assert not await asyncio.to_thread(lock_outs, hub)
