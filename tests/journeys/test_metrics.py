"""The figures of a real hub rise with what goes through it; its health and its tasks are told."""

import asyncio
import json
import os
import re
import resource
import signal
import ssl
from typing import Any

from aiohttp import ClientSession, ClientTimeout, ClientWebSocketResponse, DigestAuthMiddleware

from tests.app.metrics.page import value
from tests.app.metrics.test_documentation import drawn
from tests.journeys.conftest import StartHub
from tests.journeys.hub import Hub

WITHIN_S = 20
# Longer than the log of a hub that has just begun, shorter than its store.
SHORT_BYTES = 16 * 1024
HOMEWIZARD_TOKEN = "A" * 32
EZEIO = DigestAuthMiddleware("12345", "abcdefghijklmnopqrstuvwx")


async def scraped(session: ClientSession, hub: Hub) -> bytes:
    """Return the page of figures."""
    async with session.get(hub.http + "/metrics") as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        return await answer.read()


async def heard(socket: ClientWebSocketResponse, wanted: str) -> Any:  # Any: JSON
    """Return the first message that has a word."""
    async with asyncio.timeout(WITHIN_S):
        while True:
            message = await socket.receive()
            text = message.data if isinstance(message.data, str) else ""
            if wanted in text:
                return json.loads(text)


async def test_figures_rise_with_what_every_dialect_does(make_hub: StartHub) -> None:
    hub = make_hub()
    tls = ssl.create_default_context(cafile=hub.ca)
    async with ClientSession(timeout=ClientTimeout(WITHIN_S)) as session:
        before = await scraped(session, hub)

        async with session.ws_connect(hub.ws + "/obniz/1234-5678/ws/1") as board:
            await board.send_str('[{"system":{"ping":{"key":[1,2]}}},{"io0":true}]')
            await heard(board, "pong")
            async with session.ws_connect(hub.wss + "/api/ws", ssl=tls) as meter:
                await meter.send_json({"type": "authorization", "data": HOMEWIZARD_TOKEN})
                await heard(meter, "authorized")
                await meter.send_json({"type": "subscribe", "data": "measurement"})
                await heard(meter, '"measurement"')
                during = await scraped(session, hub)
        async with session.get(hub.http + "/v1/subscribe/ticket", middlewares=(EZEIO,)) as answer:
            ezeio_status = answer.status
        async with session.get(hub.http + "/nowhere/at/all") as answer:
            assert answer.status == 404
        after = await scraped(session, hub)

    def rose(name: str, **labels: str) -> float:
        return value(after, name, **labels) - value(before, name, **labels)

    assert ezeio_status == 200
    assert value(during, "hardwire_websockets", dialect="obniz", transport="plain") == 1
    assert value(during, "hardwire_websockets", dialect="homewizard", transport="tls") == 1
    assert value(during, "hardwire_watchers", dialect="homewizard") >= 1
    assert value(after, "hardwire_websockets", dialect="homewizard", transport="tls") == 0
    assert rose("hardwire_websockets_opened_total", dialect="obniz") == 1
    assert rose("hardwire_messages_received_total", dialect="obniz") == 1
    assert rose("hardwire_messages_received_total", dialect="homewizard") == 2
    assert rose("hardwire_messages_sent_total", dialect="obniz") >= 2
    assert rose("hardwire_messages_sent_total", dialect="homewizard") >= 3
    assert rose("hardwire_deliveries_total") >= 5
    assert rose("hardwire_delivered_bytes_total") > 100
    assert rose("hardwire_delivery_wait_seconds_count") >= 1
    assert rose("hardwire_commands_total", outcome="done") >= 1
    assert rose("hardwire_command_duration_seconds_count") >= 1
    assert rose("hardwire_facts_total", kind="sample") >= 1
    assert rose("hardwire_http_requests_total", dialect="ezeio", status="2xx") == 1
    assert rose("hardwire_http_requests_total", dialect="hub", status="2xx") >= 1
    assert rose("hardwire_connections_opened_total", transport="tls") == 1
    assert value(after, "hardwire_store_commits_total") >= 1
    assert value(after, "hardwire_store_commit_duration_seconds_count") >= 1
    assert value(after, "hardwire_device_state", device="demo-meter") == 2
    named = {name.removesuffix("_bucket") for name in drawn()}
    assert [name for name in named if f"# TYPE {name} " not in after.decode()] == []


async def test_figures_are_the_owners_alone_and_health_is_for_all(make_hub: StartHub) -> None:
    hub = make_hub(demo=False)
    token = hub.cli("key", "create", "admin", "--name", "prometheus").split()[-1]
    async with ClientSession(timeout=ClientTimeout(WITHIN_S)) as session:
        async with session.get(hub.http + "/metrics") as answer:
            refused = answer.status, answer.headers["WWW-Authenticate"]
        async with session.get(hub.http + "/metrics", headers={"Authorization": f"Basic {token}"}) as answer:
            basic = answer.status
        async with session.get(hub.http + "/metrics", headers={"Authorization": f"Bearer {token}"}) as answer:
            page = answer.status, await answer.read()
        async with session.get(hub.http + "/health") as answer:
            health = answer.status, await answer.json()
        async with session.head(hub.http + "/health") as answer:
            head = answer.status, await answer.read()

    assert refused == (401, 'Bearer realm="hardwire"')
    assert basic == 401
    assert page[0] == 200
    assert value(page[1], "hardwire_build_info", version=_version(page[1])) == 1
    assert health == (
        200,
        {"status": "ok", "live": True, "ready": True, "durability": "fsync", "troubles": health[1]["troubles"]},
    )
    assert head == (200, b"")


async def test_a_hub_that_cannot_write_is_not_ready_until_it_can_again(make_hub: StartHub) -> None:
    hub = make_hub()

    async def healthy(session: ClientSession) -> tuple[int, dict[str, Any]]:  # Any: JSON
        async with session.get(hub.http + "/health") as answer:
            return answer.status, await answer.json()

    async with ClientSession(timeout=ClientTimeout(WITHIN_S)) as session:
        before = await healthy(session)
        files = resource.prlimit(hub.pid, resource.RLIMIT_FSIZE)
        # As on a full disk: neither the store nor the hub's log becomes longer.
        resource.prlimit(hub.pid, resource.RLIMIT_FSIZE, (SHORT_BYTES, files[1]))
        refused = await asyncio.to_thread(hub.cli_run, "key", "create", "admin", "--name", "lost")
        during = await healthy(session)
        failed = value(await scraped(session, hub), "hardwire_store_commit_errors_total")
        resource.prlimit(hub.pid, resource.RLIMIT_FSIZE, files)
        async with asyncio.timeout(WITHIN_S):
            while (after := await healthy(session))[0] != 200:  # noqa: ASYNC110 (as below)
                await asyncio.sleep(0.2)
    kept = [key["name"] for key in json.loads(await asyncio.to_thread(hub.cli, "key", "list", "--json"))]

    assert (before[0], before[1]["ready"]) == (200, True)
    assert refused.returncode == 1
    assert (during[0], during[1]["status"], during[1]["live"], during[1]["ready"]) == (503, "unavailable", True, False)
    assert "The store could not write" in during[1]["troubles"][0]
    assert failed >= 1
    assert after[1]["ready"]
    assert "lost" not in kept


async def test_a_hub_that_is_asked_what_it_does_tells_it_and_goes_on(make_hub: StartHub) -> None:
    hub = make_hub("--log", "warning", env={"HARDWIRE_LOG_FORMAT": "json"})
    async with ClientSession(timeout=ClientTimeout(WITHIN_S)) as session:
        async with session.ws_connect(hub.ws + "/obniz/1234-5678/ws/1"):
            os.kill(hub.pid, signal.SIGUSR1)
            async with asyncio.timeout(WITHIN_S):
                while "dump: end" not in hub.logged:  # noqa: ASYNC110 (what is waited for is another process's line)
                    await asyncio.sleep(0.05)
        async with session.get(hub.http + "/health") as answer:
            status = answer.status

    lines = [json.loads(line) for line in hub.logged.splitlines() if line.startswith("{")]
    dump = {line["event"]: line for line in lines}
    assert status == 200
    assert dump["dump: figures"]["conversations"] == {"obniz plain": 1}
    assert any("clock" in line["names"] for line in lines if line["event"] == "dump: task")
    assert any(line["thread"] == "MainThread" for line in lines if line["event"] == "dump: thread")


def _version(page: bytes) -> str:
    found = re.search(rb'hardwire_build_info\{version="([^"]+)"\}', page)
    assert found is not None
    return found[1].decode()
