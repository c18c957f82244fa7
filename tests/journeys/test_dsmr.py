"""A meter's telegrams, over TCP and over a cable, reach a household's programs and stop when it does."""

import asyncio
import json
import re
import ssl
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from tests.fakes import telegrams
from tests.fakes.p1_port import SerialLine, TcpLine, meter_on
from tests.journeys.client import Client
from tests.journeys.conftest import StartHub
from tests.journeys.hub import Hub

SERIAL = "5c2faf0a0b0c"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
WITHIN_S = 30

CONFIG = """
[devices.grid]
driver = "dsmr"
port = "{port}"
version = "{version}"
timezone = "Europe/Amsterdam"
stale_after_s = 3
homewizard = {{ serial = "5c2faf0a0b0c", product = "HWE-P1", v1 = true, v1_allow = ["127.0.0.0/8"] }}
ezeio = {{ serial = "GRD-001", group = "home" }}
"""


def spoken_now() -> bytes:
    """Return a telegram of this second."""
    return telegrams.three_phases_with_gas(datetime.now(AMSTERDAM).replace(microsecond=0))


def trust(hub: Hub) -> ssl.SSLContext:
    """Trust the hub's CA as a HomeWizard client does: the name in the certificate is no host name."""
    context = ssl.create_default_context(cafile=str(hub.ca))
    context.check_hostname = False
    return context


async def until(is_so: Callable[[int, bytes], bool], session: aiohttp.ClientSession, url: str) -> bytes:
    """Ask again and again until an answer is as wanted; return it."""
    ends = time.monotonic() + WITHIN_S
    while True:
        async with session.get(url) as answer:
            body = await answer.read()
            if is_so(answer.status, body):
                return body
            assert time.monotonic() < ends, f"{url} still answers {answer.status} {body!r}"
        await asyncio.sleep(0.1)


def is_served(status: int, _: bytes) -> bool:
    """Whether it is an answer with values."""
    return status == 200


def is_stale(status: int, _: bytes) -> bool:
    """Whether it says that there is nothing recent."""
    return status == 503


async def a_token(hub: Hub, session: aiohttp.ClientSession) -> dict[str, str]:
    """Become a user by the button; return the header that says so."""
    hub.cli("press", SERIAL)
    async with session.post(f"{hub.https}/api/user", json={"name": "local/reader"}, ssl=trust(hub)) as answer:
        assert answer.status == 200, await answer.text()
        return {"Authorization": f"Bearer {(await answer.json())['token']}"}


async def test_telegrams_over_tcp_are_read_by_v1_v2_and_a_socket(make_hub: StartHub) -> None:
    line = TcpLine()
    with meter_on(line, spoken_now):
        hub = make_hub(demo=False, config=CONFIG.format(port=line.address, version="5"))
        async with aiohttp.ClientSession() as session:
            v1: dict[str, Any] = json.loads(await until(is_served, session, f"{hub.http}/api/v1/data"))
            user = await a_token(hub, session)
            tls = trust(hub)
            async with session.get(f"{hub.https}/api/measurement", headers=user, ssl=tls) as answer:
                v2 = await answer.json()
            async with session.get(f"{hub.https}/api/telegram", headers=user, ssl=tls) as answer:
                kind, telegram = answer.content_type, await answer.read()
            async with session.get(f"{hub.http}/api/v1/telegram") as answer:
                v1_telegram = await answer.read()
            async with session.ws_connect(f"{hub.wss}/api/ws", ssl=tls) as socket:
                await socket.send_json({"type": "authorization", "data": user["Authorization"].partition(" ")[2]})
                await socket.send_json({"type": "subscribe", "data": "measurement"})
                heard = [await socket.receive_json(timeout=WITHIN_S) for _ in range(4)]

    assert (v1["smr_version"], v1["active_power_w"], v1["active_current_l2_a"]) == (50, 1193, -1)
    assert (v1["total_power_import_kwh"], v1["total_gas_m3"]) == (13779.338, 1234.567)
    assert (v2["power_w"], v2["power_l2_w"], v2["current_l2_a"], v2["current_a"]) == (1193, -250, -1, 7)
    assert v2["unique_id"] == telegrams.METER_ID
    assert [(each["type"], each["unique_id"], each["value"], each["unit"]) for each in v2["external"]] == [
        ("gas_meter", telegrams.GAS_ID, 1234.567, "m3")
    ]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", v2["timestamp"])
    assert kind == "text/plain"
    for text in (telegram, v1_telegram):
        spoken_at = re.search(rb"0-0:1\.0\.0\((\d{12})", text)
        assert spoken_at
        at = datetime.strptime(spoken_at[1].decode(), "%y%m%d%H%M%S").replace(tzinfo=AMSTERDAM)
        assert text == telegrams.three_phases_with_gas(at)
    assert [message["type"] for message in heard] == [
        "authorization_requested",
        "authorized",
        "measurement",
        "measurement",
    ]
    assert heard[3]["data"]["power_w"] == 1193


async def test_the_meter_is_an_ezeio_unit(make_hub: StartHub, client: Callable[[str], Client]) -> None:
    line = TcpLine()
    with meter_on(line, spoken_now):
        hub = make_hub(demo=False, config=CONFIG.format(port=line.address, version="5"))
        printed = hub.cli("key", "create", "ezeio")
        number, key = re.findall(r"\b(\d{3,})\b", printed)[0], re.findall(r"\b([A-Za-z0-9]{24})\b", printed)[0]
        async with aiohttp.ClientSession() as session:
            await until(is_served, session, f"{hub.http}/api/v1/data")
        done = client("curl").call(
            "-sS", "--max-time", "10", "--digest", "-u", f"{number}:{key}", f"{hub.http}/v1/subscribe/ticket"
        )

    assert done.returncode == 0, done.stderr
    ticket = json.loads(done.stdout)
    assert ticket["status"] == "OK"
    # The gas meter behind it is a unit of its own.
    assert [system["serial"] for system in ticket["systems"]] == ["GRD-001", "DEV-001"]


async def test_a_meter_that_falls_silent_is_stale_until_it_speaks_again(make_hub: StartHub) -> None:
    line = TcpLine()
    with meter_on(line, spoken_now) as meter:
        hub = make_hub(demo=False, config=CONFIG.format(port=line.address, version="5"))
        v1 = f"{hub.http}/api/v1/data"
        async with aiohttp.ClientSession() as session:
            await until(is_served, session, v1)
            user = await a_token(hub, session)
            meter.be_quiet()
            stale = await until(is_stale, session, v1)
            async with session.get(f"{hub.https}/api/measurement", headers=user, ssl=trust(hub)) as answer:
                v2 = (answer.status, await answer.json())
            meter.speak()
            await until(is_served, session, v1)
            # The connection breaks while the meter is quiet: it is stale in its time, and a new one is made.
            meter.be_quiet()
            line.hang_up()
            await until(is_stale, session, v1)
            shown = json.loads(hub.cli("device", "show", "grid", "--json"))
            meter.speak()
            await until(is_served, session, v1)

    assert json.loads(stale) == {"error": {"id": 901, "description": "no recent data"}}
    assert v2 == (503, {"error": "request:internal-server-error"})
    assert "closed the connection" in json.dumps(shown)


async def test_telegrams_over_a_cable_are_served_and_bad_ones_are_counted(make_hub: StartHub) -> None:
    line = SerialLine()
    with meter_on(line, spoken_now) as meter:
        hub = make_hub(demo=False, config=CONFIG.format(port=line.address, version="5"))
        v1 = f"{hub.http}/api/v1/data"
        async with aiohttp.ClientSession() as session:
            await until(is_served, session, v1)
            good = spoken_now()
            bad = [
                telegrams.with_crc_of(good.replace(b"00.943", b"99.943")),
                good[:300],
                telegrams.telegram("BAD5", ["1-0:1.7.0(many*kW)"]),
            ]
            meter.make = lambda: b"\xfe\xfd" + (bad.pop(0) if bad else spoken_now())
            shown: dict[str, Any] = {}
            ends = time.monotonic() + WITHIN_S
            while len(shown.get("faults", {})) < 3:
                assert time.monotonic() < ends, shown
                async with session.get(v1) as answer:
                    assert (await answer.json())["active_power_l1_w"] == 943
                shown = json.loads(hub.cli("device", "show", "grid", "--json"))

    assert {kind: fault["count"] for kind, fault in shown["faults"].items()} == {
        "bad-crc": 1,
        "truncated": 1,
        "unparsable": 1,
    }


@pytest.mark.parametrize(
    ("version", "make", "smr_version"),
    [("2.2", telegrams.version_2, 22), ("4", telegrams.version_4, 42), ("5B", telegrams.belgian, 50)],
)
async def test_meters_of_other_families_are_read_over_a_cable(
    make_hub: StartHub, version: str, make: Callable[[datetime], bytes], smr_version: int
) -> None:
    line = SerialLine()
    with meter_on(line, lambda: make(datetime.now(AMSTERDAM))):
        hub = make_hub(demo=False, config=CONFIG.format(port=line.address, version=version))
        async with aiohttp.ClientSession() as session:
            v1 = json.loads(await until(is_served, session, f"{hub.http}/api/v1/data"))

    assert v1["smr_version"] == smr_version
    assert v1["external"][0]["type"] == "gas_meter"


def test_a_wrong_setting_is_named_with_its_place(make_hub: StartHub) -> None:
    with pytest.raises(AssertionError, match="version") as refused:
        make_hub(demo=False, config=CONFIG.format(port="/dev/ttyUSB0", version="55"))

    assert "There is no version '55'" in str(refused.value)


async def test_a_hub_whose_cable_is_not_there_starts_and_says_what_is_missing(make_hub: StartHub) -> None:
    hub = make_hub(demo=False, config=CONFIG.format(port="/dev/hardwire-none", version="5"))

    async with aiohttp.ClientSession() as session:
        await until(is_stale, session, f"{hub.http}/api/v1/data")
    shown = " ".join(hub.cli("device", "show", "grid").split())

    assert "There is no /dev/hardwire-none; check that the cable is plugged in" in shown
