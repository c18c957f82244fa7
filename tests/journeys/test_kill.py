"""A hub that is killed while it writes: it comes back, with all that it had acknowledged, once."""

import itertools
import json
import random
import threading
from pathlib import Path

from hardwire.app.cli.reach import Reach
from hardwire.model.errors import HardwireError
from tests.journeys.conftest import StartHub
from tests.journeys.hub import Hub

ROUNDS = 20
DEVICES_PER_ROUND = 3
LONGEST_ROUND_S = 0.6
CONFIG = """
[devices.grid]
driver = "simulated"
kind = "meter"
homewizard = { serial = "5c2faf0a0b0c" }
"""


class Owner:
    """Writes as fast as the hub acknowledges, and remembers what was acknowledged."""

    def __init__(self) -> None:
        self.keys: dict[str, str] = {}
        self.devices: set[str] = set()
        self.brightness: int | None = None
        self.tried_brightness: int | None = None
        self._count = 0
        self._lock = threading.Lock()

    def write_until_it_dies(self, data: Path, kind: str) -> None:
        """Make one kind of durable write again and again, until no hub answers."""
        reach = Reach(folder=data)
        # Each device starts a board of its own with every later hub: a few a round are enough.
        for _ in range(DEVICES_PER_ROUND) if kind == "device" else itertools.count():
            with self._lock:
                self._count += 1
                number = self._count
            try:
                self._write(reach, kind, number)
            # A connection that breaks in the middle of an answer is no acknowledgement.
            except (HardwireError, OSError, ValueError):
                return

    def _write(self, reach: Reach, kind: str, number: int) -> None:
        if kind == "key":
            name = f"key {number}"
            made = reach.call("POST", "/hub/v1/keys", {"kind": "ezeio", "name": name})
            self.keys[made["id"]] = name
        elif kind == "device":
            id = f"bench{number}"
            address = f"{number:08d}"
            settings = {"driver": "simulated", "kind": "board", "obniz": {"id": address}}
            reach.call("POST", "/hub/v1/devices", {"id": id, "settings": settings})
            self.devices.add(id)
        else:
            self.tried_brightness = number % 101
            reach.call("POST", "/hub/v1/devices/grid/send", {"status_led_brightness_pct": self.tried_brightness})
            self.brightness = self.tried_brightness


def test_what_was_acknowledged_outlives_every_kill(make_hub: StartHub, tmp_path: Path) -> None:
    chance = random.Random(6)
    owner = Owner()
    data = tmp_path / "data"

    for _ in range(ROUNDS):
        hub = make_hub(demo=False, config=CONFIG, data=data)
        check(hub, owner)
        writers = [
            threading.Thread(target=owner.write_until_it_dies, args=(data, kind))
            for kind in ("key", "device", "setting")
        ]
        for writer in writers:
            writer.start()
        threading.Event().wait(chance.uniform(0.02, LONGEST_ROUND_S))
        hub.kill()
        for writer in writers:
            writer.join()

    hub = make_hub(demo=False, config=CONFIG, data=data)
    check(hub, owner)
    assert len(owner.keys) > ROUNDS
    assert len(owner.devices) >= ROUNDS
    hub.stop()


def check(hub: Hub, owner: Owner) -> None:
    """See that everything acknowledged is there, and there once."""
    keys = [key for key in json.loads(hub.cli("key", "list", "--json")) if key["kind"] == "ezeio"]
    devices = json.loads(hub.cli("device", "list", "--json"))
    ids = [key["id"] for key in keys]
    names = [key["name"] for key in keys]

    assert len(set(ids)) == len(ids)
    assert len(set(names)) == len(names)
    assert {id: name for id, name in owner.keys.items() if (id, name) not in zip(ids, names, strict=True)} == {}
    assert owner.devices <= {device["id"] for device in devices}
    if owner.brightness is not None:
        grid = next(device for device in devices if device["id"] == "grid")
        # The write that was on its way when the hub died may have come through too.
        shown = grid["values"]["status_led_brightness_pct"]["value"]
        assert shown in (owner.brightness, owner.tried_brightness)
        owner.brightness = shown
