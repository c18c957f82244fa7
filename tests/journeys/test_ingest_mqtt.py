"""Loggers bring rows through a real MQTT broker: kept before they are acknowledged, also those of a hub's absence."""

import asyncio
import json
import socket
import ssl
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import aiomqtt
import pytest

from hardwire.server.tls.authority import Authority
from tests.journeys.client import Client
from tests.journeys.conftest import StartHub
from tests.journeys.hub import Hub
from tests.journeys.ingest_house import CONFIG, heard, new_keys, reading, second, text

WITHIN_S = 30
USER, PASSWORD = "logger", "pass:word"
BASE = "ezeio/GRN-001"


class Mosquitto:
    """A broker on a port of its own, with users; what it holds for them outlives a restart."""

    def __init__(self, program: str, folder: Path, tls: str = "") -> None:
        """`tls` are lines of its configuration about certificates."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        users = folder / "users"
        users.touch(0o600)
        hasher = Path(program).parent.parent / "bin" / "mosquitto_passwd"
        tool = str(hasher) if hasher.exists() else "mosquitto_passwd"
        subprocess.run([tool, "-b", str(users), USER, PASSWORD], check=True, capture_output=True)
        self._config = folder / "mosquitto.conf"
        self._config.write_text(
            f"listener {self.port} 127.0.0.1\n{tls}allow_anonymous false\npassword_file {users}\n"
            f"persistence true\npersistence_location {folder}/\nuser root\n"
        )
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Run, as soon as its port answers."""
        self._process = subprocess.Popen(
            [self._program, "-c", str(self._config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            assert self._process.poll() is None, "mosquitto ended"
            time.sleep(0.05)
        raise AssertionError("mosquitto does not listen")

    def stop(self) -> None:
        """End it in order: it writes what it holds."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(WITHIN_S)
            self._process = None


@pytest.fixture
def tls_broker(client: Callable[[str], Client], tmp_path: Path) -> Iterator[Mosquitto]:
    folder = tmp_path / "tls-broker"
    folder.mkdir()
    authority = Authority.create(datetime.now(UTC))
    leaf = authority.issue("broker", datetime.now(UTC), addresses=[ip_address("127.0.0.1")])
    for name, pem in (("cert", leaf.certificate_pem), ("key", leaf.key_pem), ("ca", authority.pem.encode())):
        (folder / f"{name}.pem").write_bytes(pem)
    mosquitto = Mosquitto(
        client("mosquitto").program, folder, f"certfile {folder}/cert.pem\nkeyfile {folder}/key.pem\n"
    )
    mosquitto.start()
    yield mosquitto
    mosquitto.stop()


@pytest.fixture
def broker(client: Callable[[str], Client], tmp_path: Path) -> Iterator[Mosquitto]:
    folder = tmp_path / "broker"
    folder.mkdir()
    mosquitto = Mosquitto(client("mosquitto").program, folder)
    mosquitto.start()
    yield mosquitto
    mosquitto.stop()


def config(broker: Mosquitto) -> str:
    """Return the greenhouse's table with the broker."""
    return f'{CONFIG}mqtt = "mqtt://{USER}:{PASSWORD.replace(":", "%3A")}@127.0.0.1:{broker.port}"\n'


class Unit:
    """A logger with an MQTT client."""

    def __init__(self, line: aiomqtt.Client) -> None:
        self._line = line

    async def send(self, topic: str, content: Any, *, retain: bool = False) -> None:  # Any: JSON
        """Publish, until the broker has it."""
        await self._line.publish(f"{BASE}/{topic}", json.dumps(content), qos=1, retain=retain)

    async def told(self, topic: str, is_it: Callable[[Any], bool] = lambda content: True) -> Any:  # Any: JSON
        """Return the next message of a topic that is what is waited for."""
        async with asyncio.timeout(WITHIN_S):
            async for message in self._line.messages:
                assert isinstance(message.payload, bytes)
                content = json.loads(message.payload)
                if str(message.topic) == f"{BASE}/{topic}" and is_it(content):
                    return content
        raise AssertionError("the broker left")


@asynccontextmanager
async def unit(broker: Mosquitto) -> AsyncIterator[Unit]:
    """Be such a logger."""
    async with aiomqtt.Client("127.0.0.1", broker.port, username=USER, password=PASSWORD) as line:
        await line.subscribe([(f"{BASE}/ack", 1), (f"{BASE}/cmd", 1)])
        yield Unit(line)


async def listening(broker: Mosquitto) -> None:
    """Wait until the hub has told its state: it has subscribed by then."""
    async with unit(broker) as logger:
        await logger.told("cmd")


def faults(hub: Hub, device: str) -> dict[str, Any]:  # Any: JSON
    """Return a device's troubles."""
    found: dict[str, Any] = json.loads(hub.cli("device", "show", device, "--json"))["faults"]
    return found


async def test_rows_commands_and_answers_go_through_a_broker(make_hub: StartHub, broker: Mosquitto) -> None:
    hub = make_hub(demo=False, config=config(broker))
    keys = await asyncio.to_thread(new_keys, hub)
    await listening(broker)
    first = text(second(100))
    async with unit(broker) as logger, reading(hub, keys) as reader, reader.socket() as stream:
        await logger.send("log", [{"time": first, "fields": {"1": 20.5, "humidity": 40}}])
        taken = await logger.told("ack")
        await logger.send("log", [{"time": first, "fields": {"1": 99}}])
        repeated = await logger.told("ack")
        await logger.send("status", {"time": first, "fields": {"1": 20.5}})
        status = await logger.told("ack")
        await logger.send("log", {"fields": {"9": 1}})
        refused = await logger.told("ack")
        await logger.send("log", {"fields": {"1": 7}}, retain=True)
        undated = await logger.told("ack")
        rows = await heard(stream, 1)

        await reader.call("control/GRN001/field[3]=22.5")
        wish = (await logger.told("cmd", lambda content: content["commands"]))["commands"][0]
        await logger.send("log", {"done": [wish["id"]]})
        await logger.told("cmd", lambda content: not content["commands"])
        await reader.call(f"{reader.commands}GRN001")
        wanted = await logger.told("cmd", lambda content: content["unbuffered"])

    assert (taken["accepted"], repeated["accepted"], repeated["repeated"]) == (2, 0, 1)
    assert (status["accepted"], refused["error"]["code"], undated["accepted"]) == (1, "refused", 1)
    assert rows == [(first, [{"1": 20.5}, {"2": 40}])]
    assert (wish["field"], wish["name"], wish["value"]) == (3, "setpoint", 22.5)
    assert 1790 <= wanted["unbuffered"] <= 1800


async def test_what_is_sent_while_the_hub_or_the_broker_is_away_is_not_lost(
    make_hub: StartHub, broker: Mosquitto
) -> None:
    hub = make_hub(demo=False, config=config(broker))
    await listening(broker)
    start_s = int(second(500).timestamp())

    hub.kill()
    async with unit(broker) as logger:
        for n in range(5):
            await logger.send("log", {"time": start_s + n, "fields": {"1": n}})
    again = make_hub(demo=False, config=config(broker), data=hub.data)
    async with unit(broker) as logger:
        await logger.send("log", {"time": start_s + 5, "fields": {"1": 5}})
        await logger.told("ack", lambda content: content["accepted"] == 1)
    await asyncio.to_thread(broker.stop)
    await asyncio.to_thread(broker.start)
    async with unit(broker) as logger:
        # The hub comes back after a pause of a second or two.
        await logger.send("log", [{"time": start_s + n, "fields": {"1": n}} for n in range(7)])
        last = await logger.told("ack", lambda content: content["accepted"] + content["repeated"] == 7)

    assert (last["accepted"], last["repeated"]) == (1, 6)
    assert "mqtt" in faults(again, "greenhouse")


async def test_a_broker_with_a_certificate_is_spoken_to_by_whoever_trusts_it_and_is_let_in(
    make_hub: StartHub, tls_broker: Mosquitto, tmp_path: Path
) -> None:
    ca = tmp_path / "tls-broker" / "ca.pem"
    secure = config(tls_broker).replace("mqtt://", "mqtts://") + f'mqtt_ca = "{ca}"\n'
    broker = f"127.0.0.1:{tls_broker.port}"
    others = (
        f'[devices.shed]\ndriver = "ingest"\nmqtt = "mqtts://{broker}"\n'
        f'[devices.barn]\ndriver = "ingest"\nmqtt = "mqtts://{USER}:wrong-one@{broker}"\nmqtt_ca = "{ca}"\n'
    )
    hub = make_hub(demo=False, config=secure + others)
    trusting = ssl.create_default_context(cafile=str(ca))

    async with aiomqtt.Client(
        "127.0.0.1", tls_broker.port, username=USER, password=PASSWORD, tls_context=trusting
    ) as line:
        await line.subscribe([(f"{BASE}/ack", 1), (f"{BASE}/cmd", 1)])
        logger = Unit(line)
        await logger.told("cmd")
        await logger.send("log", {"fields": {"1": 1}})
        taken = await logger.told("ack")
    async with asyncio.timeout(WITHIN_S):
        while not all(found := [faults(hub, id) for id in ("shed", "barn")]):  # noqa: ASYNC110 (commands have no event)
            await asyncio.sleep(0.2)

    assert taken["accepted"] == 1
    assert "certificate" in found[0]["mqtt"]["message"]
    assert "refuses the connection" in found[1]["mqtt"]["message"]
    assert "wrong-one" not in hub.logged + hub.cli("device", "show", "barn", "--json")
