"""One meter, many readers: a hub that is the one client of a real device, here another hub, over a bad network."""

import asyncio
import json
import re
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.fakes.paper_appliance import IDENTIFIER, PaperAppliance, on_the_network
from tests.fakes.relay import Relay, relay_to
from tests.journeys.client import Client
from tests.journeys.conftest import StartHub
from tests.journeys.hub import HARDWIRE, Hub, environment

SERIAL = "5c2faf0a0b0c"
OWN_SERIAL = "5e2faf0a0b0c"
WITHIN_S = 40
UPSTREAM = f"""
[devices.meter]
driver = "simulated"
kind = "meter"
homewizard = {{ serial = "{SERIAL}", v1 = true }}
"""
FACE = f'homewizard = {{ serial = "{OWN_SERIAL}", product = "HWE-P1", v1 = true }}'
READERS = 30

Json = Any  # Any: the JSON of an answer


async def paired(upstream: Hub, host: str, *options: str, data: Path | None = None) -> str:
    """Run `hardwire pair` and press the upstream's button meanwhile; return what it prints."""
    process = await asyncio.create_subprocess_exec(
        str(HARDWIRE),
        "pair",
        host,
        *options,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment({} if data is None else {"HARDWIRE_DATA": str(data)}),
    )
    assert process.stderr is not None
    assert process.stdout is not None
    said = ""
    async with asyncio.timeout(WITHIN_S):
        while "press the button" not in said:
            line = await process.stderr.readline()
            assert line, said
            said += line.decode()
        await asyncio.to_thread(upstream.cli, "press", SERIAL)
        printed, rest = await process.communicate()
    assert process.returncode == 0, said + rest.decode()
    assert f"sha-256      {re.findall('[0-9a-f]{64}', said)[0]}" in said
    return printed.decode()


async def until(is_so: Callable[[int, Json], bool], session: aiohttp.ClientSession, hub: Hub) -> Json:
    """Poll the hub's v1 API until an answer is as wanted."""
    ends = time.monotonic() + WITHIN_S
    while True:
        async with session.get(f"{hub.http}/api/v1/data") as answer:
            told = await answer.json()
            if is_so(answer.status, told):
                return told
            assert time.monotonic() < ends, f"still {answer.status} {told}\n{hub.cli('device', 'show', 'grid')}"
        await asyncio.sleep(0.1)


def is_served(status: int, _: Json) -> bool:
    """Whether there are values."""
    return status == 200


def is_stale(status: int, _: Json) -> bool:
    """Whether there is nothing recent."""
    return status == 503


async def shown(hub: Hub) -> Json:
    """Return what `device show` says of the meter."""
    return json.loads(await asyncio.to_thread(hub.cli, "device", "show", "grid", "--json"))


async def reader_token(hub: Hub, session: aiohttp.ClientSession) -> str:
    """Become a user of the hub's own meter."""
    await asyncio.to_thread(hub.cli, "press", OWN_SERIAL)
    async with session.post(f"{hub.https}/api/user", json={"name": "local/reader"}, ssl=False) as answer:
        return str((await answer.json())["token"])


@asynccontextmanager
async def subscribed(
    hub: Hub, session: aiohttp.ClientSession, token: str
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """Open a socket on the hub that has subscribed to measurements."""
    async with session.ws_connect(f"{hub.wss}/api/ws", ssl=False) as socket:
        await socket.send_json({"type": "authorization", "data": token})
        await socket.send_json({"type": "subscribe", "data": "measurement"})
        assert (await socket.receive_json(timeout=WITHIN_S))["type"] == "authorization_requested"
        assert (await socket.receive_json(timeout=WITHIN_S))["type"] == "authorized"
        yield socket


def upstream_ca(upstream: Hub, table: str) -> str:
    """Trust the upstream's authority in place of its certificate, which is another after each of its restarts."""
    return re.sub(r"fingerprint = .*", f'ca = "{upstream.ca}"', table)


@pytest.mark.slow
async def test_a_paired_meter_is_added_by_command_and_its_token_is_no_plain_text(make_hub: StartHub) -> None:
    upstream = make_hub(demo=False, config=UPSTREAM)
    hub = make_hub(demo=False)
    host = upstream.https.removeprefix("https://")

    printed = await paired(upstream, host, "--as", "grid", "--serve-as", "HWE-P1", data=hub.data)
    again = await asyncio.to_thread(hub.cli_run, "pair", host, "--as", "grid")
    async with aiohttp.ClientSession() as session:
        token = await reader_token(hub, session)
        async with subscribed(hub, session, token) as socket:
            told = await socket.receive_json(timeout=WITHIN_S)
    meter = await shown(hub)
    hub.stop()
    kept = b"".join(file.read_bytes() for file in hub.data.rglob("*") if file.is_file())
    after = make_hub(demo=False, data=hub.data)
    async with aiohttp.ClientSession() as session, subscribed(after, session, token) as socket:
        told_again = await socket.receive_json(timeout=WITHIN_S)

    assert printed == "added grid\n"
    assert "already a device 'grid'" in again.stderr
    assert told["data"]["power_w"] is not None
    assert told["data"]["external"][0]["type"] == "gas_meter"
    assert meter["addresses"] == {"homewizard": OWN_SERIAL, "ezeio": "DEV-001"}
    assert b'"fingerprint"' not in kept
    assert b'"token"' not in kept
    assert told_again["type"] == "measurement"


async def test_thirty_readers_of_the_hub_are_one_connection_to_the_meter(make_hub: StartHub) -> None:
    upstream = make_hub(demo=False, config=UPSTREAM)
    with relay_to(upstream.tls_port) as relay:
        table = await paired(upstream, relay.address)
        config = table.replace("p1meter", "grid").replace(
            "[devices.grid]", f"[devices.grid]\n{FACE}\ntelegram_interval_s = 0"
        )
        relay.drop()
        opened = relay.opened
        hub = make_hub(demo=False, config=config)
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session, AsyncExitStack() as stack:
            await until(is_served, session, hub)
            token = await reader_token(hub, session)
            sockets = [await stack.enter_async_context(subscribed(hub, session, token)) for _ in range(READERS)]
            told = await asyncio.gather(*(two_of(socket) for socket in sockets))

            assert (relay.live, relay.opened - opened) == (1, 1)
    assert all(first["data"]["timestamp"] != second["data"]["timestamp"] for first, second in told)
    assert hub.printed.count("token") == 0


async def two_of(socket: aiohttp.ClientWebSocketResponse) -> tuple[Json, Json]:
    """Return two measurements of a socket."""
    return await socket.receive_json(timeout=WITHIN_S), await socket.receive_json(timeout=WITHIN_S)


async def silence_of(socket: aiohttp.ClientWebSocketResponse) -> None:
    """Wait until a socket says nothing any more, though it stands."""
    with suppress(TimeoutError):
        while True:
            assert (await socket.receive(timeout=1.5)).type is aiohttp.WSMsgType.TEXT


@asynccontextmanager
async def proxied(make_hub: StartHub) -> AsyncIterator[tuple[Hub, Relay, Hub, str, aiohttp.ClientSession]]:
    """Yield upstream, relay, hub, the hub's token at the upstream, and a client's session; the hub is served."""
    upstream = make_hub(demo=False, config=UPSTREAM)
    with relay_to(upstream.tls_port) as relay:
        table = await paired(upstream, relay.address)
        config = upstream_ca(upstream, table).replace(
            "[devices.p1meter]", f"[devices.grid]\n{FACE}\nstale_after_s = 3\ntelegram_interval_s = 1"
        )
        hub = make_hub(demo=False, config=config)
        async with aiohttp.ClientSession() as session:
            await until(is_served, session, hub)
            yield upstream, relay, hub, re.findall(r'token = "(\w+)"', table)[0], session


@pytest.mark.slow
async def test_a_network_that_drops_closes_and_hangs_makes_the_meter_stale_until_it_is_back(make_hub: StartHub) -> None:
    async with proxied(make_hub) as (_, relay, hub, _, session):
        token = await reader_token(hub, session)
        async with subscribed(hub, session, token) as socket:
            relay.drop()
            for _ in range(10):
                # A break of a moment is not noticed.
                async with session.get(f"{hub.http}/api/v1/data") as answer:
                    assert answer.status == 200
                await asyncio.sleep(0.1)

            relay.close()
            await until(is_stale, session, hub)
            reason = (await shown(hub))["trouble"]
            await silence_of(socket)
            relay.open()
            await until(is_served, session, hub)
            pushed = await socket.receive_json(timeout=WITHIN_S)

            relay.hold()
            await until(is_stale, session, hub)
            relay.flow()
            await until(is_served, session, hub)

    assert any(words in reason for words in ("cannot be reached", "broke", "nothing new"))
    assert pushed["type"] == "measurement"


@pytest.mark.slow
async def test_an_upstream_that_was_reset_is_found_again_and_its_other_certificate_is_refused_where_one_is_pinned(
    make_hub: StartHub,
) -> None:
    upstream = make_hub(demo=False, config=UPSTREAM)
    with relay_to(upstream.tls_port) as relay:
        table = await paired(upstream, relay.address)
        pinned = table.replace("p1meter", "pinned")
        free = upstream_ca(upstream, table).replace("[devices.p1meter]", f"[devices.grid]\n{FACE}\nstale_after_s = 3")
        hub = make_hub(demo=False, config=free + pinned)
        async with aiohttp.ClientSession() as session:
            await until(is_served, session, hub)
            upstream.kill()
            relay.close()
            await until(is_stale, session, hub)
            # As a device does that is brought back to its factory state.
            shutil.rmtree(upstream.data / "leaves")
            again = make_hub(demo=False, config=UPSTREAM, data=upstream.data)
            relay.target_port = again.tls_port
            relay.open()
            await until(is_served, session, hub)
            ends = time.monotonic() + WITHIN_S
            reason = ""
            while "not the one of its pairing" not in reason:
                assert time.monotonic() < ends, reason
                reason = await asyncio.to_thread(hub.cli, "device", "show", "pinned")
                await asyncio.sleep(0.2)


async def test_a_token_that_is_revoked_upstream_is_told_with_what_to_do(make_hub: StartHub) -> None:
    async with proxied(make_hub) as (upstream, relay, hub, token, session):
        headers = {"Authorization": f"Bearer {token}"}
        async with session.delete(f"{upstream.https}/api/user", headers=headers, ssl=False) as answer:
            assert answer.status == 204
        await until(is_stale, session, hub)
        opened = relay.opened
        meter = await shown(hub)
        await asyncio.sleep(3)

        # It is not hammered.
        assert relay.opened - opened <= 1

    assert "hardwire pair" in meter["trouble"]
    assert token not in json.dumps(meter)
    assert token not in hub.logged + hub.printed


async def test_writes_reach_the_meter_and_its_answer_the_reader(make_hub: StartHub) -> None:
    async with proxied(make_hub) as (upstream, _, hub, token, session):
        reader = {"Authorization": f"Bearer {await reader_token(hub, session)}"}
        async with session.put(
            f"{hub.https}/api/system", json={"cloud_enabled": False}, headers=reader, ssl=False
        ) as answer:
            written = (answer.status, (await answer.json())["cloud_enabled"])
        async with session.put(f"{hub.https}/api/system/identify", headers=reader, ssl=False) as answer:
            identified = answer.status
        async with session.get(
            f"{upstream.https}/api/system", headers={"Authorization": f"Bearer {token}"}, ssl=False
        ) as answer:
            upstreams = (await answer.json())["cloud_enabled"]
        ends, telegram = time.monotonic() + WITHIN_S, ""
        while not telegram.startswith("/"):
            assert time.monotonic() < ends, telegram
            async with session.get(f"{hub.https}/api/telegram", headers=reader, ssl=False) as answer:
                telegram = await answer.text()
            await asyncio.sleep(0.1)

    assert (written, identified, upstreams) == ((200, False), 204, False)
    assert telegram.splitlines()[-1].startswith("!")


async def test_the_library_reads_and_steers_the_meter_through_both_hubs(
    make_hub: StartHub, client: Callable[[str], Client]
) -> None:
    library = client("homewizard")
    async with proxied(make_hub) as (upstream, _, hub, token, session):
        own = await reader_token(hub, session)
        place = hub.https.removeprefix("https://")

        seen = await asyncio.to_thread(
            library.run, "homewizard_v2.py", "read", place, hub.ca, OWN_SERIAL, env={"HOMEWIZARD_TOKEN": own}
        )
        user = {"Authorization": f"Bearer {token}"}
        async with session.get(f"{upstream.https}/api/batteries", headers=user, ssl=False) as answer:
            batteries = await answer.json()

    assert seen["device"] == ["HWE-P1", "P1 Meter", OWN_SERIAL, "2.3.0"]
    assert seen["measurement"]["power_w"] is not None
    assert [meter[0] for meter in seen["external"]] == ["gas_meter"]
    assert seen["dark"] == [False, 5]
    assert seen["telegram"].startswith("/")
    assert {mode: told[0] for mode, told in seen["modes"].items()} == {mode: mode for mode in seen["modes"]}
    assert seen["combined"] == [True, True, True]
    assert (batteries["mode"], batteries["permissions"]) == ("zero", ["charge_allowed", "discharge_allowed"])


async def test_a_meter_that_repeats_one_old_measurement_to_every_connection_is_stale(make_hub: StartHub) -> None:
    appliance = PaperAppliance()
    appliance.measurement = {"timestamp": "2026-11-22T10:00:00", "power_w": 1}
    async with on_the_network(appliance), aiohttp.ClientSession() as session:
        config = f"""
[devices.grid]
{FACE}
driver = "homewizard"
host = "{appliance.address}"
token = "{appliance.token}"
fingerprint = "{appliance.fingerprint}"
identifier = "{IDENTIFIER}"
stale_after_s = 1
"""
        hub = await asyncio.to_thread(make_hub, demo=False, config=config)
        await until(is_served, session, hub)
        await until(is_stale, session, hub)
        ends = time.monotonic() + WITHIN_S
        while len(appliance.asked_for("GET", "/api/ws")) < 3:
            async with session.get(f"{hub.http}/api/v1/data") as answer:
                assert answer.status == 503
            assert time.monotonic() < ends
            await asyncio.sleep(0.05)
        while len(appliance.messages) % 4:  # noqa: ASYNC110 (a socket that has not subscribed to all yet)
            await asyncio.sleep(0.05)
        await appliance.push("measurement", {"timestamp": "2026-11-22T10:00:09", "power_w": 2})
        told = await until(is_served, session, hub)

    assert told["active_power_w"] == 2


async def test_a_meter_without_v2_is_paired_without_a_button_and_polled(make_hub: StartHub) -> None:
    upstream = make_hub(demo=False, config=UPSTREAM)
    with relay_to(upstream.port) as relay:
        table = await asyncio.to_thread(subprocess.check_output, [str(HARDWIRE), "pair", relay.address], text=True)
        config = table.replace("[devices.p1meter]", f"[devices.grid]\n{FACE}\nstale_after_s = 3\npoll_interval_s = 0.5")
        relay.drop()
        opened = relay.opened
        hub = make_hub(demo=False, config=config)
        async with aiohttp.ClientSession() as session:
            told = await until(is_served, session, hub)
            await asyncio.sleep(2)
            polling = relay.opened - opened
            relay.close()
            await until(is_stale, session, hub)
            relay.open()
            await until(is_served, session, hub)

    assert "token" not in table
    assert told["total_gas_m3"] > 0
    assert polling == 1


async def test_a_socket_is_switched_through_the_hub(make_hub: StartHub) -> None:
    plug = UPSTREAM.replace('kind = "meter"', 'kind = "socket"').replace("v1 = true", 'product = "HWE-SKT", v1 = true')
    upstream = make_hub(demo=False, config=plug)
    face = FACE.replace("HWE-P1", "HWE-SKT")
    config = f"""
[devices.grid]
{face}
driver = "homewizard"
host = "127.0.0.1:{upstream.port}"
identifier = "appliance/energysocket/{SERIAL}"
"""
    hub = make_hub(demo=False, config=config)
    async with aiohttp.ClientSession() as session:
        await until(is_served, session, hub)
        async with session.put(f"{hub.http}/api/v1/state", json={"power_on": False}) as answer:
            switched = (answer.status, await answer.json())
        await until(lambda _, told: told.get("active_power_w") == 0, session, hub)
        async with session.get(f"{upstream.http}/api/v1/state") as answer:
            upstreams = await answer.json()
        async with session.put(f"{hub.http}/api/v1/state", json={"switch_lock": True}) as answer:
            locked = answer.status
        async with session.get(f"{hub.http}/api/v1/state") as answer:
            state = await answer.json()
        async with session.put(f"{upstream.http}/api/v1/state", json={"switch_lock": False, "brightness": 7}) as answer:
            assert answer.status == 200
        ends = time.monotonic() + WITHIN_S
        while state["brightness"] != 7:
            assert time.monotonic() < ends, state
            await asyncio.sleep(0.2)
            async with session.get(f"{hub.http}/api/v1/state") as answer:
                state = {**state, **await answer.json()}

    assert switched == (200, {"power_on": False})
    assert upstreams["power_on"] is False
    assert locked == 200
    assert (state["power_on"], state["switch_lock"]) == (True, False)
