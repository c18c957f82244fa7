"""A reader that counts: it goes away, the hub is killed and stopped, and it has every message once."""

import asyncio
from itertools import pairwise
from typing import Any

import aiohttp

from tests.journeys.conftest import StartHub
from tests.journeys.hub import Hub

CONFIG = """
[devices.tank]
driver = "simulated"
kind = "unit"
group = "plant"
fields = [{ name = "level", log_interval_s = 1 }, { name = "flow", log_interval_s = 1, tag = "FLOW" }]
ezeio = { serial = "TNK-001" }

[groups.plant]
number = 77
"""
# Slow machines take their time between a mark and its message.
PATIENCE_S = 30


class Reader:
    """A client that keeps what it was sent, and asks for what followed."""

    def __init__(self, headers: dict[str, str]) -> None:
        self.headers = headers
        self.read: list[dict[str, Any]] = []  # Any: JSON

    @property
    def place(self) -> str:
        return str(self.read[-1]["seq"]) if self.read else "now"

    async def follow(self, hub: Hub, count: int) -> aiohttp.WSMessage:
        """Read so many messages behind the last one, or until the hub closes; returns the last one read."""
        async with aiohttp.ClientSession() as session:
            url = f"{hub.http}/v1/subscribe/ticket/since={self.place}"
            async with session.get(url, headers=self.headers) as answer:
                ticket = await answer.json()
            assert ticket["status"] == "OK"
            async with session.ws_connect(ticket["ws"]) as stream:
                message = await stream.receive(timeout=PATIENCE_S)
                while message.type is aiohttp.WSMsgType.TEXT:
                    self.read.append(message.json()["data"])
                    count -= 1
                    if not count:
                        break
                    message = await stream.receive(timeout=PATIENCE_S)
                return message


def make_key(hub: Hub) -> dict[str, str]:
    """Have the owner make a key; return the headers that show it."""
    lines = hub.cli("key", "create", "ezeio", "--group", "plant").splitlines()
    printed = dict(line.split(maxsplit=1) for line in lines)
    return {"ezeAPIkey": printed["id"], "Authorization": f"Bearer {printed['key']}"}


def check(read: list[dict[str, Any]]) -> None:  # Any: JSON
    """See that each epoch's messages were read without a hole, none of them twice, no gap told."""
    assert [one["type"] for one in read if one["type"] == "GAP"] == []
    places = [tuple(map(int, one["seq"].split("-"))) for one in read]
    assert places == sorted(set(places)), "in order, each once"
    for (epoch, number), (next_epoch, next_number) in pairwise(places):
        assert next_number == (number + 1 if next_epoch == epoch else 1)
    rows = [(one["type"], one["time"]) for one in read]
    assert len(set(rows)) == len(rows)


async def test_a_kill_and_a_restart_lose_nothing_and_double_nothing(make_hub: StartHub) -> None:
    hub = make_hub(demo=False, config=CONFIG)
    data = hub.data
    printed = dict(
        line.split(maxsplit=1) for line in hub.cli("key", "create", "ezeio", "--group", "plant").splitlines()
    )
    reader = Reader({"ezeAPIkey": printed["id"], "Authorization": f"Bearer {printed['key']}"})

    await reader.follow(hub, 1)
    await asyncio.sleep(1.2)
    # What came while it was away, then live.
    await reader.follow(hub, 3)
    hub.kill()
    hub = make_hub(demo=False, config=CONFIG, data=data)
    await reader.follow(hub, 1)
    following = asyncio.create_task(reader.follow(hub, 1000))
    await asyncio.sleep(1.2)
    await asyncio.to_thread(hub.stop)
    last = await following
    hub = make_hub(demo=False, config=CONFIG, data=data)
    await reader.follow(hub, 1)

    assert (last.type, last.data) == (aiohttp.WSMsgType.CLOSE, 1001)
    check(reader.read)
    assert len({one["seq"].split("-")[0] for one in reader.read}) == 3
    hub.stop()


async def test_a_number_that_is_gone_is_told_and_filters_and_a_snapshot_count_too(make_hub: StartHub) -> None:
    hub = make_hub(demo=False, config=CONFIG)
    printed = dict(
        line.split(maxsplit=1) for line in hub.cli("key", "create", "ezeio", "--group", "plant").splitlines()
    )
    headers = {"ezeAPIkey": printed["id"], "Authorization": f"Bearer {printed['key']}"}
    found: dict[str, list[dict[str, Any]]] = {}  # Any: JSON
    async with aiohttp.ClientSession() as session:
        for asked in ("since=5-17/tag=FLOW", "since=1h?fields=1", "fields=2", "since=yesterday"):
            async with session.get(f"{hub.http}/v1/subscribe/ticket/{asked}", headers=headers) as answer:
                ticket = await answer.json()
            if answer.status != 200:
                found[asked] = [ticket]
                continue
            async with session.ws_connect(ticket["ws"]) as stream:
                found[asked] = [
                    await stream.receive_json(timeout=PATIENCE_S) for _ in range(2 if "tag" in asked else 1)
                ]

    gap, first = found["since=5-17/tag=FLOW"]
    assert (gap["channel"], gap["data"]["type"], gap["data"]["since"]) == ("export:77", "GAP", "5-17")
    assert gap["data"]["seq"].endswith("-0")
    assert first["data"]["seq"].endswith("-1")
    assert [list(field) for field in first["data"]["fields"]] == [["2"]]
    assert [list(field) for field in found["since=1h?fields=1"][0]["data"]["fields"]] == [["1"]]
    assert list(found["fields=2"][0]["data"]) == ["type", "serial", "time", "timeout", "fields"]
    assert found["since=yesterday"][0]["status"].startswith("since yesterday is neither")
    hub.stop()
