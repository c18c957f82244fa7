"""What strangers try at the ezeio paths of a running hub, and what keeps documented clients alive."""

import asyncio
from hashlib import md5
from typing import Any

import aiohttp
import pytest

from tests.journeys.hub import Hub

KEY_ID = "12345"
KEY = "abcdefghijklmnopqrstuvwx"
BEARER = {"ezeAPIkey": KEY_ID, "Authorization": f"Bearer {KEY}"}
FOREIGN = {"Origin": "https://evil.example"}
TICKET = "/v1/subscribe/ticket"


def hexed(text: str) -> str:
    return md5(text.encode()).hexdigest()


def parameter(challenge: str, name: str) -> str:
    return challenge.partition(f'{name}="')[2].partition('"')[0]


def digest(challenge: str, *, nc: str = "00000001", uri: str = TICKET, secret: str = KEY) -> str:
    """Return the Authorization header of RFC 2617 for a challenge."""
    realm, nonce = parameter(challenge, "realm"), parameter(challenge, "nonce")
    kept, asked = hexed(f"{KEY_ID}:{realm}:{secret}"), hexed(f"GET:{uri}")
    response = hexed(f"{kept}:{nonce}:{nc}:abc:auth:{asked}")
    return (
        f'Digest username="{KEY_ID}", realm="{realm}", nonce="{nonce}", uri="{uri}", qop=auth, nc={nc}, '
        f'cnonce="abc", response="{response}"'
    )


async def get(session: aiohttp.ClientSession, url: str, headers: dict[str, str]) -> tuple[int, dict[str, Any], str]:
    """Return status, JSON body and challenge of an answer."""  # Any: JSON
    async with session.get(url, headers=headers) as answer:
        return answer.status, await answer.json(), answer.headers.get("WWW-Authenticate", "")


async def serials(stream: aiohttp.ClientWebSocketResponse, *, seconds: float) -> list[str]:
    """Return whose messages come in the next seconds; the hub's pings end each wait."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + seconds
    found: list[str] = []
    while loop.time() < ends:
        message = await stream.receive(timeout=30)
        if message.type is aiohttp.WSMsgType.TEXT:
            found.append(message.json()["data"]["serial"])
    return found


async def test_a_header_that_was_overheard_is_of_no_use(demo_hub: Hub) -> None:
    url = demo_hub.http + TICKET
    async with aiohttp.ClientSession() as session:
        _, _, challenge = await get(session, url, {})
        header = {"Authorization": digest(challenge, nc="00000009")}

        first = await get(session, url, header)
        replayed = await get(session, url, header)
        late = await get(session, url, {"Authorization": digest(challenge, nc="00000006")})

    assert first[0] == 200
    assert (replayed[0], replayed[2].endswith("stale=true")) == (401, True)
    assert late[0] == 200


async def test_a_wrong_key_gets_a_json_body_and_no_stale(demo_hub: Hub) -> None:
    url = demo_hub.http + TICKET
    async with aiohttp.ClientSession() as session:
        _, _, challenge = await get(session, url, {})

        status, body, again = await get(session, url, {"Authorization": digest(challenge, secret="wrong")})

    assert status == 401
    assert list(body) == ["reqtime", "status", "exec_time"]
    assert body["status"] != "OK"
    assert "stale" not in again


async def test_a_signature_for_another_address_is_refused(demo_hub: Hub) -> None:
    async with aiohttp.ClientSession() as session:
        _, _, challenge = await get(session, demo_hub.http + TICKET, {})
        header = {"Authorization": digest(challenge, uri=TICKET)}

        status, _, _ = await get(session, f"{demo_hub.http}{TICKET}?x=1", header)

    assert status == 400


async def test_a_page_of_another_origin_needs_the_key_itself_or_a_ticket(demo_hub: Hub) -> None:
    url = demo_hub.http + TICKET
    async with aiohttp.ClientSession() as session:
        _, _, challenge = await get(session, url, {})

        by_digest = await get(session, url, {"Authorization": digest(challenge), **FOREIGN})
        by_bearer = await get(session, url, {**BEARER, **FOREIGN})
        async with session.ws_connect(by_bearer[1]["ws"], headers=FOREIGN) as stream:
            message = await stream.receive_json(timeout=30)
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(f"{demo_hub.http}/ws/wstkt{'x' * 23}", headers=FOREIGN)

    assert (by_digest[0], by_bearer[0]) == (403, 200)
    assert message["channel"] == "export:123"
    assert refused.value.status == 403


async def test_a_refused_ticket_closes_the_connection(demo_hub: Hub) -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(f"{demo_hub.http}/ws/nonsense")

    assert refused.value.status == 403
    assert refused.value.headers is not None
    assert refused.value.headers["Connection"].lower() == "close"


async def test_a_ticket_that_many_use_at_once_opens_one_socket(demo_hub: Hub) -> None:
    async def opened(session: aiohttp.ClientSession, url: str) -> int:
        try:
            stream = await session.ws_connect(url)
        except aiohttp.WSServerHandshakeError as error:
            return error.status
        await stream.close()
        return 101

    async with aiohttp.ClientSession() as session:
        _, ticket, _ = await get(session, demo_hub.http + TICKET, BEARER)

        statuses = await asyncio.gather(*(opened(session, ticket["ws"]) for _ in range(20)))

    assert sorted(statuses) == [101] + [403] * 19


async def test_a_ticket_outlives_everything_that_is_no_handshake_for_it(demo_hub: Hub) -> None:
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade"}
    whole = {**upgrade, "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    tries = [("GET", {}), ("GET", upgrade), ("GET", {**whole, "Sec-WebSocket-Key": "short"}), ("POST", whole)]
    async with aiohttp.ClientSession() as session:
        _, ticket, _ = await get(session, demo_hub.http + TICKET, BEARER)
        url = ticket["ws"].replace("ws", "http", 1)

        answers = []
        for method, headers in tries:
            async with session.request(method, url, headers=headers) as answer:
                answers.append((answer.status, list(await answer.json()), answer.headers["Connection"].lower()))
        neighbours = []
        for wrong in (f"{ticket['ws']}/x", ticket["ws"][:-1], f"{ticket['ws']}x"):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await session.ws_connect(wrong)
            neighbours.append(refused.value.status)
        async with session.ws_connect(ticket["ws"]) as stream:
            message = await stream.receive_json(timeout=30)

    assert answers == [(400, ["reqtime", "status", "exec_time"], "close")] * 4
    assert neighbours == [403] * 3
    assert message["channel"] == "export:123"


@pytest.mark.slow
async def test_a_ticket_expires_after_ten_seconds(demo_hub: Hub) -> None:
    async with aiohttp.ClientSession() as session:
        _, ticket, _ = await get(session, demo_hub.http + TICKET, BEARER)
        await asyncio.sleep(10.5)

        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(ticket["ws"])
        command, _, _ = await get(session, f"{ticket['api']}ABC123", BEARER)

    assert (refused.value.status, command) == (403, 404)


@pytest.mark.slow
async def test_a_client_that_never_answers_pings_hears_one_every_four_seconds_and_stays(demo_hub: Hub) -> None:
    loop = asyncio.get_running_loop()
    async with aiohttp.ClientSession() as session:
        _, ticket, _ = await get(session, demo_hub.http + TICKET, BEARER)
        async with session.ws_connect(ticket["ws"], autoping=False) as stream:
            began, silent_s, pings = loop.time(), 0.0, list[bytes]()
            last = began
            while loop.time() - began < 11:
                message = await stream.receive(timeout=10)
                silent_s, last = max(silent_s, loop.time() - last), loop.time()
                if message.type is aiohttp.WSMsgType.PING:
                    pings.append(bytes(message.data))
            is_open = not stream.closed

    assert is_open
    assert len(pings) >= 3
    assert all(pings)
    assert silent_s < 5


@pytest.mark.slow
async def test_two_clients_cancel_different_units_and_neither_notices_the_other(demo_hub: Hub) -> None:
    async with aiohttp.ClientSession() as session:
        _, one, _ = await get(session, demo_hub.http + TICKET, BEARER)
        _, other, _ = await get(session, demo_hub.http + TICKET, BEARER)
        async with (
            session.ws_connect(one["ws"], autoping=False) as first,
            session.ws_connect(other["ws"], autoping=False) as second,
        ):
            await get(session, f"{other['api']}-ABC456", BEARER)
            # It buffers for a minute unless it is asked not to.
            await get(session, f"{one['api']}-abc-123,ABC456", BEARER)
            # What was on its way when the calls were made.
            await asyncio.gather(serials(first, seconds=1), serials(second, seconds=1))
            apart = await asyncio.gather(serials(first, seconds=7), serials(second, seconds=7))
            await get(session, f"{one['api']}!ABC123", BEARER)
            restored = await serials(first, seconds=7)

    assert [set(seen) for seen in apart] == [{"ABC-456"}, {"ABC-123"}]
    assert set(restored) == {"ABC-123", "ABC-456"}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1", 404), ("GET", "/v1/weather", 404), ("POST", TICKET, 405), ("GET", "/v1/subscribe/no/ABC123", 404)],
)
async def test_every_error_has_the_usual_shape(demo_hub: Hub, method: str, path: str, status: int) -> None:
    url = demo_hub.http + path
    async with aiohttp.ClientSession() as session, session.request(method, url, headers=BEARER) as answer:
        body = await answer.json()

    assert answer.status == status
    assert list(body) == ["reqtime", "status", "exec_time"]
    assert body["status"] != "OK"
