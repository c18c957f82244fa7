"""A valve is set with a key, its confirmation arrives whoever was down meanwhile; an alarm is raised and told."""

import base64
import hashlib
import hmac
import json
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.client import Client
from tests.journeys.hub import Hub, running_hub, start_hub

ARRIVES_WITHIN_S = 30
SECRET = "whsec_" + base64.b64encode(b"what only the pager knows").decode()


class Receiver:
    """Somebody's web server: it refuses as often as it is told, then takes what comes."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.refusals = 0
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.arrived = threading.Condition()

    def wait(self, count: int) -> None:
        """Wait until so many posts have come, refused ones included."""
        with self.arrived:
            done = self.arrived.wait_for(lambda: len(self.got) >= count, ARRIVES_WITHIN_S)
        assert done, f"{len(self.got)} posts came, not {count}"

    def posts(self, path: str) -> list[tuple[dict[str, str], bytes]]:
        """What was posted to an address."""
        return [(headers, body) for at, headers, body in self.got if at == path]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Have a receiver on a port of this machine."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with receiver.arrived:
                is_refused = receiver.refusals > 0
                receiver.refusals -= is_refused
                receiver.got.append((self.path, {name.lower(): text for name, text in self.headers.items()}, body))
                receiver.arrived.notify_all()
            self.send_response(500 if is_refused else 204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    receiver = Receiver(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()


def config(receiver: Receiver) -> str:
    """A unit with a setpoint that can be set and is watched."""
    return f"""
[destinations.pager]
url = "{receiver.url}/pager"
secret = "{SECRET}"

[devices.valve]
driver = "simulated"
kind = "unit"
fields = [{{ name = "setpoint", label = "Setpoint", unit = "bar", expression = "", value = 1.0 }}]
ezeio = {{ serial = "VLV-001", group = "home", name = "Valve", note = "In the shed" }}
alarms = [{{ name = "Pressure", point = "setpoint", above = 5, send = ["pager"] }}]
"""


def check_signature(key: bytes, headers: dict[str, str], body: bytes) -> None:
    """See that a post is signed with a key, as the documentation shows it."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert hmac.compare_digest(headers["webhook-signature"], expected)
    assert abs(time.time() - int(headers["webhook-timestamp"])) < 60


def curl(hub: Hub, user: str, path: str) -> Any:  # Any: JSON
    """Ask with curl, as its users do."""
    done = subprocess.run(
        ["curl", "-g", "-s", "--digest", "-u", user, f"{hub.http}/v1/{path}"],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.slow
def test_what_was_set_is_confirmed_to_the_callback_and_an_alarm_to_its_destination(
    tmp_path: Path, client: Callable[[str], Client]
) -> None:
    with receiving() as receiver:
        hub = start_hub(tmp_path, demo=False, config=config(receiver))
        try:
            made = hub.cli("key", "create", "ezeio", "--name", "plant", "--callback", f"{receiver.url}/ack").split()
            id, key = made[1], made[3]
            receiver.refusals = 1
            taken = curl(hub, f"{id}:{key}", "control/VLV001/field[1]=2.5")
            receiver.wait(1)
            assert [event["type"] for event in curl(hub, f"{id}:{key}", "eventlog/VLV001/from=1h")["events"]] == [
                "CONTROL"
            ]
        finally:
            hub.kill()

        # Its first try was refused, then the power went; the second one is made after the next start and refused too.
        receiver.refusals = 1
        with running_hub(tmp_path, demo=False, data=hub.data, config=config(receiver)) as hub:
            receiver.wait(3)
            answer = client("digest").run("ezeio/control_client.py", hub.http, id, key, "vlv-001/field[1]=7")
            receiver.wait(5)
            events = curl(hub, f"{id}:{key}", "eventlog/VLV001/from=1h")["events"]
            alarms = curl(hub, f"{id}:{key}", "status/VLV001/sections=alarms,fields")

    acknowledged = receiver.posts("/ack")
    assert taken["actions"] == ["Set field 1 to 2.5", f"Callback URI: {receiver.url}/ack"]
    assert taken["status"] == answer["answer"]["status"] == "OK"
    assert answer["sent"] == "/v1/control/vlv-001/field%5B1%5D=7"
    assert [json.loads(body)["actions"] for _, body in acknowledged] == [["Set field 1 to 2.5"]] * 3 + [
        ["Set field 1 to 7"]
    ]
    assert len({headers["webhook-id"] for headers, _ in acknowledged}) == 2
    first = json.loads(acknowledged[0][1])
    assert list(first) == ["apikeyid", "subject", "time", "meta", "actions"]
    assert (first["apikeyid"], first["subject"], first["meta"]["serial"]) == (int(id), "CONTROL_ACK", "VLV-001")
    owner_key = hashlib.sha256(f"{id}:hardwire:{key}".encode()).digest()
    for headers, body in acknowledged:
        check_signature(owner_key, headers, body)

    (told,) = receiver.posts("/pager")
    check_signature(b"what only the pager knows", *told)
    alarm = json.loads(told[1])
    assert (alarm["subject"], alarm["name"], alarm["value"], alarm["threshold"]) == ("ALARM", "Pressure", 7, 5)
    assert alarm["device"]["addresses"] == {"ezeio": "VLV-001"}

    assert [(event["type"], event["sourcename"]) for event in events] == [
        ("CONTROL", "plant"),
        # The value was there before its confirmation.
        ("ALARM", "Pressure"),
        ("CONTROL", "plant"),
    ]
    assert events[1]["eventid"] == alarm["event"]
    assert events[1]["fields"]["1"] == {"name": "Setpoint", "unit": "bar", "assettag": "", "value": "7"}
    assert alarms["alarms"]["1"]["state"] == "in alarm"
    assert alarms["fields"]["1"]["value"] == 7
