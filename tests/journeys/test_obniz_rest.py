"""A board by HTTP, as scripts, forms and pages call it over real sockets."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from aiohttp import ClientSession, ClientTimeout, FormData
from msgspec import json

from tests.journeys.conftest import StartHub
from tests.journeys.hub import Hub

WAIT_S = 30
JSON = {"Content-Type": "application/json"}
MINE = "/obniz/1234-5678"


async def ask(
    hub: Hub,
    method: str,
    path: str,
    body: object = None,
    headers: Mapping[str, str] | None = None,
) -> tuple[int, Any]:  # Any: JSON
    """Return the status and the JSON of an answer."""
    async with (
        ClientSession(timeout=ClientTimeout(WAIT_S)) as session,
        session.request(method, hub.http + path, data=body, headers=headers) as answer,
    ):
        return answer.status, json.decode(await answer.read())


@pytest.fixture
def guarded(make_hub: StartHub) -> tuple[Hub, Mapping[str, str]]:
    """A hub with one board that has two tokens, and both of them: `full` and `read`."""
    hub = make_hub(config='[devices.bench]\ndriver = "simulated"\nkind = "board"\nobniz = { id = "2345-6789" }\n')
    create = ("key", "create", "obniz", "--device", "bench", "--data", str(hub.data))
    return hub, {"full": hub.cli(*create).split()[-1], "read": hub.cli(*create, "--read-only").split()[-1]}


async def test_a_script_asks_and_is_answered_in_one_call(demo_hub: Hub) -> None:
    wishes = (
        '[{"io8":{"pull_type":"pull-up5v"}},{"io8":"get"},{"ad3":{"stream":false}},{"system":{"ping":{"key":[1]}}}]'
    )

    status, told = await ask(demo_hub, "POST", f"{MINE}/api/1?wait=5000", wishes, JSON)

    assert status == 200
    assert told[0] == {"io8": True}
    assert 0 <= told[1]["ad3"] <= 5
    assert told[2]["system"]["pong"]["key"] == [1]
    assert len(told) == 3


async def test_a_call_that_waits_too_briefly_says_so_and_its_commands_go_on(demo_hub: Hub) -> None:
    wishes = '[{"io8":"get"},{"system":{"wait":600}},{"display":{"text":"late"}},{"io9":"get"}]'

    status, told = await ask(demo_hub, "POST", "/obniz/1111-1111/api/1?wait=100", wishes, JSON)
    after = await ask(demo_hub, "POST", "/obniz/1111-1111/api/1?wait=10000", '[{"io8":"get"}]', JSON)

    assert status == 200
    assert isinstance(told[0]["io8"], bool)
    assert told[1]["debug"]["error"]["message"] == "[wait]not over within 100 ms: system, display, io9"
    assert after[0] == 200
    assert [*after[1][0]] == ["io8"]


async def test_a_call_of_thousands_of_commands_is_answered_in_time_and_all_of_them_are_carried_out(
    demo_hub: Hub,
) -> None:
    wishes = '[{"system":{"wait":1500}},' + '{"io7":true},' * 4_000 + '{"io7":false},{"io7":"get"}]'
    began = asyncio.get_running_loop().time()

    status, told = await ask(demo_hub, "POST", "/obniz/2222-2222/api/1?wait=200", wishes, JSON)
    took_s = asyncio.get_running_loop().time() - began
    after = await ask(demo_hub, "POST", "/obniz/2222-2222/api/1?wait=10000", '[{"io7":"get"}]', JSON)

    assert (status, [*told[-1]]) == (200, ["debug"])
    assert took_s < 1.4
    assert after == (200, [{"io7": False}])


@pytest.mark.parametrize(
    "path_and_body",
    [
        ("?to=1234-5678,2222-2222&data=hello", None),
        ("", FormData({"to": "1234-5678, 22222222", "data": "hello"})),
        ("", '{"to":["12345678",22222222],"data":"hello"}'),
    ],
    ids=["query", "form", "json"],
)
async def test_a_message_reaches_the_programs_of_several_boards(
    demo_hub: Hub, path_and_body: tuple[str, FormData | str | None]
) -> None:
    query, body = path_and_body
    async with ClientSession(timeout=ClientTimeout(WAIT_S)) as session:
        heard = []
        async with (
            session.ws_connect(f"{demo_hub.http}{MINE}/ws/1") as one,
            session.ws_connect(f"{demo_hub.http}/obniz/2222-2222/ws/1") as other,
        ):
            for program in (one, other):
                await program.receive_str()
            answer = await ask(
                demo_hub, "POST", f"/obniz/message{query}", body, JSON if isinstance(body, str) else None
            )
            for program in (one, other):
                heard.append(json.decode(await program.receive_str(timeout=WAIT_S)))

    assert answer == (200, {"result": "ok"})
    assert heard == [[{"message": {"data": "hello", "from": None}}]] * 2


async def test_a_link_carries_a_text_whatever_its_signs(demo_hub: Hub) -> None:
    async with (
        ClientSession(timeout=ClientTimeout(WAIT_S)) as session,
        session.ws_connect(f"{demo_hub.http}{MINE}/ws/1") as program,
    ):
        await program.receive_str()
        answer = await ask(demo_hub, "GET", f"{MINE}/message?data=%7B%22a%22%3A1%7D+%C3%A4%26%22")
        heard = json.decode(await program.receive_str(timeout=WAIT_S))

    assert answer == (200, {"result": "ok"})
    assert heard == [{"message": {"data": '{"a":1} ä&"', "from": None}}]


async def test_messages_to_a_board_with_tokens_need_one_that_may_control(
    guarded: tuple[Hub, Mapping[str, str]],
) -> None:
    hub, tokens = guarded
    link = "/obniz/2345-6789/message?data=1"
    call = "/obniz/message?to=2345-6789&data=1"

    def by_link(token: str) -> str:
        return f"{link}&access_token={token}"

    statuses = {
        "link": [(await ask(hub, "GET", path))[0] for path in (link, by_link("x"), by_link(tokens["read"]))],
        "call": [
            (await ask(hub, "POST", call, headers=headers))[0]
            for headers in (
                {},
                {"Authorization": "Bearer x"},
                {"access_token": tokens["read"]},
                {"access_token": tokens["full"]},
            )
        ],
        "granted": [(await ask(hub, "GET", by_link(tokens["full"])))[0]],
    }

    assert statuses == {"link": [403, 403, 403], "call": [404, 403, 403, 200], "granted": [200]}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "User-Agent": "Mozilla/5.0"},
        {"Referer": "https://evil.example/page", "User-Agent": "Mozilla/5.0"},
        {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0"},
    ],
)
async def test_a_page_elsewhere_sends_no_messages(demo_hub: Hub, headers: Mapping[str, str]) -> None:
    by_link = await ask(demo_hub, "GET", f"{MINE}/message?data=1", headers=headers)
    by_form = await ask(demo_hub, "POST", "/obniz/message", FormData({"to": "1234-5678", "data": "1"}), headers=headers)

    assert (by_link[0], by_form[0]) == (403, 403)


@pytest.mark.parametrize("wait", ["", "0", "-1", "30001", "1.5", "1e3", "soon", "9" * 5000])
async def test_a_time_to_wait_that_is_none_is_refused(demo_hub: Hub, wait: str) -> None:
    status, told = await ask(demo_hub, "POST", f"{MINE}/api/1?wait={wait}", '[{"io8":"get"}]', JSON)

    assert (status, told) == (400, {"error": "wait takes a whole number of 1 to 30000 ms"})


async def test_a_call_may_hold_its_board_for_a_minute_at_most(demo_hub: Hub) -> None:
    wishes = '[{"system":{"wait":50000}},{"system":{"wait":10001}}]'

    status, told = await ask(demo_hub, "POST", f"{MINE}/api/1", wishes, JSON)

    assert (status, told) == (400, {"error": "waits and measurements of one call may hold the board for 60 s together"})
