"""What strangers send to a board over the network: each gets its answer, and the board goes on for everybody."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

import pytest
from aiohttp import ClientSession, ClientTimeout, ClientWebSocketResponse, WSMsgType, WSServerHandshakeError
from msgspec import json

from tests.journeys.conftest import StartHub
from tests.journeys.hub import Hub

WAIT_S = 30
JSON = {"Content-Type": "application/json"}


@asynccontextmanager
async def program(hub: Hub, path: str = "/obniz/1234-5678/ws/1") -> AsyncIterator[ClientWebSocketResponse]:
    """A program that has been greeted."""
    async with ClientSession(timeout=ClientTimeout(WAIT_S)) as session, session.ws_connect(hub.http + path) as ws:
        assert json.decode(await ws.receive_str())[0]["ws"]["ready"] is True
        yield ws


async def complaints(ws: ClientWebSocketResponse) -> list[Any]:  # Any: JSON
    """What the hub says until it has answered a ping that is sent now."""
    await ws.send_str('[{"system":{"ping":{"key":[7]}}}]')
    found: list[Any] = []
    while True:
        for told in json.decode(await ws.receive_str(timeout=WAIT_S)):
            if "system" in told:
                return found
            found.append(told)


@pytest.mark.parametrize(
    ("sent", "level"),
    [
        ("", "error"),
        ("not json", "error"),
        ('[{"io0":true}', "error"),
        ("[" * 100_000, "error"),
        ('{"a":' * 50_000, "error"),
        ("null", "error"),
        ("[1]", "warning"),
        ('[{"io0":{"direction":{}}}]', "warning"),
        ('[{"io0":[[[[]]]]}]', "warning"),
        ('[{"' + "k" * 500_000 + '":1}]', "warning"),
        ('[{"display":{"raw":[' + "999," * 100_000 + "0]}}]", "warning"),
        (b"\x02", "error"),
        (b"\x82\x00\x00", "error"),
        (b"\x7f\x00\x00", "warning"),
        (b"\x02\x00\x01\x00", "warning"),
        (b"[{}]", "error"),
    ],
    ids=lambda value: f"{type(value).__name__}-{len(value)}-{value[:12]!r}",
)
async def test_a_bad_message_is_complained_about_and_the_program_goes_on(
    demo_hub: Hub, sent: str | bytes, level: str
) -> None:
    async with program(demo_hub) as ws:
        await (ws.send_str(sent) if isinstance(sent, str) else ws.send_bytes(sent))

        told = await complaints(ws)

    assert [[*one["debug"]] for one in told] == [[level]]


async def test_a_picture_of_600_kb_is_taken(demo_hub: Hub) -> None:
    picture = '[{"display":{"raw":[' + ",".join(["255"] * 150_000) + '],"color_depth":16}}]'

    async with program(demo_hub) as ws:
        await ws.send_str(picture)
        told = await complaints(ws)

    # The board has one bit a pixel: that is its own complaint, not the wire's.
    assert len(told) == 1
    assert told[0]["debug"]["warning"]["message"].startswith("[display.color_depth]")


@pytest.mark.parametrize(
    ("payload", "kind", "code"),
    [
        (b"[" + b" " * (1 << 20) + b"]", WSMsgType.TEXT, 1009),
        (bytes((1 << 20) + 1), WSMsgType.BINARY, 1009),
        (b'[{"display":{"text":"\xff"}}]', WSMsgType.TEXT, 1007),
    ],
    ids=["long-text", "long-binary", "no-utf8"],
)
async def test_what_is_no_message_at_all_closes_that_socket_only(
    demo_hub: Hub, payload: bytes, kind: WSMsgType, code: int
) -> None:
    async with program(demo_hub) as neighbour, program(demo_hub) as ws:
        await ws.send_frame(payload, kind)

        closing = await ws.receive(timeout=WAIT_S)
        told = await complaints(neighbour)

    assert closing.type is WSMsgType.CLOSE
    assert closing.data == code
    assert told == []


async def test_a_program_that_leaves_in_the_middle_leaves_no_pin_driven(demo_hub: Hub) -> None:
    path = "/obniz/2222-2222/ws/1"
    wishes = '{"ws":{"reset_obniz_on_ws_disconnection":true}},{"system":{"wait":500}},{"io9":true}'
    async with program(demo_hub, path) as ws:
        await ws.send_str(f"[{wishes}]")

    async with ClientSession(timeout=ClientTimeout(WAIT_S)) as session:
        # Answered behind all that, since a board's commands have one order.
        url, body = f"{demo_hub.http}/obniz/2222-2222/api/1", '[{"system":{"wait":0}}]'
        async with session.post(url, data=body, headers=JSON) as answer:
            assert answer.status == 200
    async with program(demo_hub, path) as ws:
        await ws.send_str('[{"io9":"get"}]')
        told = await complaints(ws)

    assert told == [{"io9": False}]


async def test_a_flood_of_commands_is_cut_and_the_board_serves_the_others(demo_hub: Hub) -> None:
    async with program(demo_hub) as flooder, program(demo_hub) as neighbour:
        await flooder.send_bytes(b"\x09\x01\x00" * 300_000)

        told = await complaints(neighbour)
        answers = 0
        error = ""
        while not error:
            for one in json.decode(await flooder.receive_str(timeout=WAIT_S)):
                answers += "switch" in one
                error = error or one.get("debug", {}).get("error", {}).get("message", "")

    assert told == []
    assert answers <= 10_000
    assert error == "one message may hold 10000 commands; the rest was dropped"


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/obniz/9999-9999/ws/1", {}, 404),
        ("/obniz/../1234-5678/ws/1", {}, 404),
        ("/obniz/1234-5678/ws/1?access_token=" + "x" * 3000, {}, 403),
        ("/obniz/1234-5678/ws/1", {"Origin": "https://evil.example"}, 403),
        ("/obniz/1234-5678/ws/1", {"Origin": "null"}, 403),
        ("/obniz/1234-5678/ws/1", {"Host": "evil.example"}, 403),
    ],
)
async def test_a_handshake_that_may_not_be_is_refused_in_plain_http(
    demo_hub: Hub, path: str, headers: Mapping[str, str], status: int
) -> None:
    async with ClientSession(timeout=ClientTimeout(WAIT_S)) as session:
        with pytest.raises(WSServerHandshakeError) as refused:
            await session.ws_connect(demo_hub.http + path, headers=headers)

    assert refused.value.status == status


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        (JSON, b"", 400),
        (JSON, b"{", 400),
        (JSON, b"[" * 100_000, 400),
        (JSON, b'[{"display":{"text":"\xff"}}]', 400),
        (JSON, b'"' + b"x" * (1 << 20) + b'"', 413),
        ({"Content-Type": "text/plain"}, b'[{"io9":true}]', 415),
        ({**JSON, "Origin": "https://evil.example"}, b'[{"io9":true}]', 403),
        ({**JSON, "Authorization": "Bearer nonsense"}, b'[{"io9":true}]', 403),
    ],
)
async def test_a_bad_call_gets_an_error_in_json(
    demo_hub: Hub, headers: Mapping[str, str], body: bytes, status: int
) -> None:
    url = f"{demo_hub.http}/obniz/1234-5678/api/1"

    async with (
        ClientSession(timeout=ClientTimeout(WAIT_S)) as session,
        session.post(url, data=BytesIO(body), headers=headers) as answer,
    ):
        told = json.decode(await answer.read())

    assert answer.status == status
    assert [*told] == ["error"]


async def test_a_revoked_token_closes_its_programs_within_a_second(make_hub: StartHub) -> None:
    hub = make_hub(config='[devices.bench]\ndriver = "simulated"\nkind = "board"\nobniz = { id = "2345-6789" }\n')
    token = hub.cli("key", "create", "obniz", "--device", "bench", "--data", str(hub.data)).split()[-1]

    async with program(hub, f"/obniz/2345-6789/ws/1?access_token={token}") as ws:
        keys = json.decode(hub.cli("key", "list", "--json", "--data", str(hub.data)))
        (id,) = [key["id"] for key in keys if key["kind"] == "obniz"]
        hub.cli("key", "revoke", id, "--data", str(hub.data))
        closing = await ws.receive(timeout=5)

    assert (closing.type, closing.data) == (WSMsgType.CLOSE, 1008)


async def test_a_boards_own_listener_takes_programs_at_its_root(make_hub: StartHub) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    board = f'obniz = {{ id = "2345-6789", http = "127.0.0.1:{port}" }}'
    make_hub(config=f'[devices.bench]\ndriver = "simulated"\nkind = "board"\n{board}\n')

    async with (
        ClientSession(timeout=ClientTimeout(WAIT_S)) as session,
        session.ws_connect(f"http://127.0.0.1:{port}/?obnizjs=4.1.0&accept_binary=true") as ws,
    ):
        greeting = json.decode(await ws.receive_str())
        told = await asyncio.wait_for(complaints(ws), WAIT_S)

    assert greeting[0]["ws"]["obniz"]["hw"] == "obnizb1"
    assert told == []
