"""Settings of a board's conversations, as obniz.js, obniz.py and plain WebSocket clients meet them."""

import asyncio
import socket
import time
from collections.abc import Callable

import pytest
from aiohttp import ClientSession

from tests.journeys.client import Client
from tests.journeys.conftest import StartHub
from tests.journeys.hub import Hub

MODES = ("binary", "text")
Find = Callable[[str], Client]


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def bench(*settings: str) -> str:
    """A configuration with one board and these settings of its dialect."""
    face = ", ".join(('id = "2345-6789"', *settings))
    return f'[devices.bench]\ndriver = "simulated"\nkind = "board"\nobniz = {{ {face} }}\n'


@pytest.mark.parametrize(
    ("replies", "mode", "kind"),
    [("text", "binary", "text"), ("binary", "binary", "binary"), ("binary", "text", "text")],
)
def test_a_program_is_answered_in_the_encoding_that_both_sides_want(
    make_hub: StartHub, client: Find, replies: str, mode: str, kind: str
) -> None:
    hub = make_hub(demo=False, config=bench(f'replies = "{replies}"'))

    found = client("obniz-js").run("obniz/session.js", hub.ws, mode, "2345-6789", "2345-6789")

    assert found["answers"] == {"main": [kind] * 4, "link": []}
    assert (found["level"], found["switch"]) == (True, "none")
    assert 0 <= found["volts"] <= 5
    assert (found["levels"], found["levelsAfter"]) == ([False, True, False, True], [False])
    assert found["message"] == [["hello", "2345-6789"]]
    assert found["complaints"] == []


def test_a_greeting_says_since_when_the_board_is_online(make_hub: StartHub, client: Find) -> None:
    before = int(time.time())
    hub = make_hub(demo=False, config=bench())

    found = client("obniz-js").run("obniz/session.js", hub.ws, "text", "23456789", "2345-6789")

    assert before <= found["network"]["online_at"] <= time.time()


@pytest.mark.parametrize("mode", MODES)
def test_obniz_js_finds_a_board_by_its_serial_number(make_hub: StartHub, client: Find, mode: str) -> None:
    hub = make_hub(demo=False, config=bench('serial = "sn_bench-1"'))

    found = client("obniz-js").run("obniz/session.js", hub.ws, mode, "sn_bench-1", "2345-6789")

    assert found["id"] == "sn_bench-1"
    assert found["message"] == [["hello", "2345-6789"]]
    assert found["complaints"] == []


@pytest.mark.parametrize("replies", MODES)
def test_obniz_js_takes_the_direct_link_and_hears_everything_once(
    make_hub: StartHub, client: Find, replies: str
) -> None:
    link = f'replies = "{replies}", local_connect = true, http = "127.0.0.1:{free_port()}"'
    hub = make_hub(demo=False, config=bench(link))

    found = client("obniz-js").run("obniz/session.js", hub.ws, "binary", "2345-6789", "2345-6789")

    assert found["hasLink"]
    assert found["answers"] == {"main": [], "link": ["binary"] * 4}
    assert found["levels"] == [False, True, False, True]
    # The link is gone, the conversation goes on: a change of the stream, and two answers.
    assert (found["state"], found["after"], found["levelsAfter"]) == ("connected", True, [False])
    assert found["heardAfter"] == [replies] * 3
    assert found["message"] == [["hello", "2345-6789"]]
    assert found["complaints"] == []


def test_a_text_program_and_a_board_with_a_token_have_no_direct_link(make_hub: StartHub, client: Find) -> None:
    hub = make_hub(demo=False, config=bench(f'local_connect = true, http = "127.0.0.1:{free_port()}"'))
    obniz = client("obniz-js")

    in_text = obniz.run("obniz/session.js", hub.ws, "text", "2345-6789", "2345-6789")
    token = hub.cli("key", "create", "obniz", "--device", "bench", "--data", str(hub.data)).split()[-1]
    with_token = obniz.run("obniz/refused.js", hub.ws, "binary", "2345-6789", "-", token)

    assert not in_text["hasLink"]
    assert with_token == [False, True]


@pytest.fixture
def moved(make_hub: StartHub) -> tuple[Hub, Hub]:
    """A hub that has a board elsewhere, and the hub where it is."""
    there = make_hub(demo=False, config=bench())
    here = make_hub(demo=False, config=bench(f'redirect = "{there.ws}"'))
    return here, there


@pytest.mark.parametrize("mode", MODES)
def test_obniz_js_follows_its_board_to_another_hub(moved: tuple[Hub, Hub], client: Find, mode: str) -> None:
    here, there = moved

    found = client("obniz-js").run("obniz/session.js", here.ws, mode, "2345-6789", "2345-6789")

    assert found["server"] == str(there.port)
    assert found["complaints"] == []


def test_obniz_py_follows_its_board_and_the_hub_closes_what_it_leaves_open(
    moved: tuple[Hub, Hub], client: Find
) -> None:
    here, _ = moved

    found = client("obniz-py").run("obniz/redirected.py", here.ws, "2345-6789")

    assert found == {"hw": "obnizb1", "switch": "none", "is_moved": True, "code": 1000, "level": True}


def test_obniz_py_uses_a_board_that_answers_others_in_binary(make_hub: StartHub, client: Find) -> None:
    there = make_hub(demo=False, config=bench('replies = "binary"'))
    here = make_hub(demo=False, config=bench(f'redirect = "{there.ws}"'))

    found = client("obniz-py").run("obniz/redirected.py", here.ws, "2345-6789")

    assert found["switch"] == "none"


@pytest.mark.parametrize("protocols", [["echo-protocol"], ["echo-protocol", "obniz.v1"], []])
def test_the_ws_client_of_node_may_ask_for_any_sub_protocol(demo_hub: Hub, client: Find, protocols: list[str]) -> None:
    found = client("obniz-js").run("obniz/raw.js", f"{demo_hub.ws}/obniz/1234-5678/ws/1", *protocols)

    assert found["protocol"] == "".join(protocols[:1])
    assert found["greeting"][0]["ws"]["ready"] is True


def test_the_websockets_client_of_python_may_ask_for_any_sub_protocol(demo_hub: Hub, client: Find) -> None:
    url = f"{demo_hub.ws}/obniz/1234-5678/ws/1"

    found = client("obniz-py").run("obniz/websocket.py", url, "echo-protocol")

    assert found["protocol"] == "echo-protocol"
    assert found["greeting"][0]["ws"]["ready"] is True


@pytest.mark.parametrize("token", ["a b", "a+b", "a%20b", "%", "%zz", "a&b", "a#b", "ä", "x" * 5000])
def test_a_token_with_signs_that_clients_do_not_encode_is_refused_like_any_other(
    demo_hub: Hub, client: Find, token: str
) -> None:
    found = client("obniz-js").run("obniz/refused.js", demo_hub.ws, "binary", "1234-5678", token, "-")

    assert found == [False, True]


async def test_obniz_py_outlives_what_another_program_of_its_board_does(demo_hub: Hub, client: Find) -> None:
    url = f"{demo_hub.http}/obniz/2222-2222/ws/1"
    busy = (
        '[{"system":{"queue_mode":{"timestamp":"unix_milliseconds","interval":50}}},'
        '{"io1":{"direction":"input","stream":true}},{"ble":{"scan":{"duration":1}}},{"ble":{"hci":{"initialize":true}}},'
        '{"logic_analyzer":{"io":[6],"interval":1,"duration":10}},{"ad0":{"stream":true}}]'
    )
    heard = []

    async def overhear() -> None:
        async with ClientSession() as session, session.ws_connect(url) as program:
            await program.send_str(busy)
            async for message in program:
                heard.append(message.data)

    overhearing = asyncio.create_task(overhear())
    found = await asyncio.to_thread(client("obniz-py").run, "obniz/neighbour.py", demo_hub.ws, "2222-2222")
    overhearing.cancel()
    async with ClientSession() as session, session.ws_connect(url) as program:
        await program.send_str('[{"system":{"reset":true}}]')

    assert found == {"answers": ["none"] * 20, "is_open": True}
    said = "".join(heard)
    assert all(word in said for word in ('"timestamp"', '"io1"', '"scan_result"', '"logic_analyzer"', '"ad0"'))


async def test_a_board_is_reset_behind_the_last_of_its_programs_whatever_they_speak(make_hub: StartHub) -> None:
    hub = make_hub(demo=False, config=bench('replies = "binary"'))
    url = f"{hub.http}/obniz/2345-6789/ws/1"
    asks = '[{"ws":{"reset_obniz_on_ws_disconnection":true}},{"io9":true},{"io9":"get"}]'
    heard: list[object] = []
    async with ClientSession() as session:
        async with session.ws_connect(f"{url}?obnizpy=0.7.0") as second:
            await second.receive_str()
            async with session.ws_connect(f"{url}?accept_binary=true") as first:
                await first.receive_str()
                await first.send_str(asks)
                heard.append(await first.receive_bytes())
            await second.send_str('[{"io9":"get"}]')
            heard.append(await second.receive_str())
        async with session.ws_connect(url) as third:
            await third.receive_str()
            await third.send_str('[{"io9":"get"}]')
            heard.append(await third.receive_str())

    assert heard == [b"\x02\x01\x02\x09\x01", '[{"io9":true}]', '[{"io9":false}]']
