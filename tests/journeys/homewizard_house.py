"""A house with one simulated device of every HomeWizard product, each at addresses of its own."""

import contextlib
import json
import socket
import ssl
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.journeys.client import Client
from tests.journeys.hub import Hub, running_hub


@dataclass(frozen=True)
class Place:
    """One product in the house: what it is, and where its clients find it."""

    product: str
    serial: str
    part: str
    """The middle of its certificate's name."""
    source: str
    """The settings of its simulated device."""
    http: str
    https: str

    @property
    def identifier(self) -> str:
        """What a v2 client asks for by SNI."""
        return f"appliance/{self.part}/{self.serial}"

    @property
    def host_name(self) -> str:
        """Its mDNS name."""
        return f"{HOST_PREFIXES[self.part]}-{self.serial[-6:]}.local"


HOST_PREFIXES = {
    "p1dongle": "p1meter",
    "energymeter": "kwhmeter",
    "battery": "battery",
    "energysocket": "energysocket",
    "watermeter": "watermeter",
}
PRODUCTS = (
    ("HWE-P1", "5c2faf000001", "p1dongle", 'kind = "meter"'),
    ("HWE-KWH1", "5c2faf000002", "energymeter", 'kind = "kwh_meter"\nprofile = "HWE-KWH1"'),
    ("HWE-KWH3", "5c2faf000003", "energymeter", 'kind = "kwh_meter"\nprofile = "HWE-KWH3"'),
    ("SDM230-wifi", "5c2faf000004", "energymeter", 'kind = "kwh_meter"\nprofile = "SDM230-wifi"'),
    ("SDM630-wifi", "5c2faf000005", "energymeter", 'kind = "kwh_meter"\nprofile = "SDM630-wifi"'),
    ("HWE-BAT", "5c2faf000006", "battery", 'kind = "battery"\nmeter = "hwe-p1"'),
    ("HWE-SKT", "5c2faf000007", "energysocket", 'kind = "socket"'),
    ("HWE-WTR", "5c2faf000008", "watermeter", 'kind = "water_meter"'),
)
V1 = ("HWE-P1", "HWE-KWH1", "HWE-KWH3", "SDM230-wifi", "SDM630-wifi", "HWE-SKT", "HWE-WTR")
V2 = ("HWE-P1", "HWE-KWH1", "HWE-KWH3", "SDM230-wifi", "SDM630-wifi", "HWE-BAT")


@dataclass(frozen=True)
class House:
    """The hub with all of them."""

    hub: Hub
    places: dict[str, Place]

    def serial(self, product: str) -> str:
        """The serial of the device that is shown as this product."""
        return self.places[product].serial

    def all_of(self, *products: str) -> list[dict[str, str]]:
        """What a client's script is told of these products."""
        return [
            {
                "product": place.product,
                "serial": place.serial,
                "identifier": place.identifier,
                "http": place.http,
                "https": place.https,
            }
            for place in (self.places[product] for product in products)
        ]


class Owner:
    """The owner of a v2 device, who has pressed its button and set it up, as with the vendor's app."""

    def __init__(self, house: House, product: str, name: str = "local/owner") -> None:
        self._place = house.places[product]
        self._tls = ssl.create_default_context(cafile=house.hub.ca)
        self.token = ""
        house.hub.cli("press", self._place.serial)
        self.token = self.ask("POST", "/api/user", {"name": name})["token"]

    def ask(self, method: str, path: str, body: object = None) -> Any:  # Any: the JSON of the answer
        """Send one request."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        sent = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"https://{self._place.https}{path}", sent, headers, method=method)
        with urllib.request.urlopen(request, context=self._tls) as answer:
            return json.loads(answer.read())


def used_over_v2(library: Client, hub: Hub, places: Sequence[Mapping[str, str]]) -> dict[str, Any]:  # Any: JSON
    """Let python-homewizard-energy use each v2 device, buttons pressed when it asks; returns what it saw, by serial."""
    with library.start("homewizard/every_v2.py", hub.ca, json.dumps(places)) as process:
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            printed = ""
            for printed in process.stdout:
                verb, _, serial = printed.partition(" ")
                if verb != "press":
                    break
                hub.cli("press", serial.strip())
                process.stdin.write("pressed\n")
                process.stdin.flush()
            more, complaints = process.communicate(timeout=90)
        finally:
            process.kill()
        assert process.returncode == 0, printed + more + complaints
    seen = json.loads(printed)
    assert isinstance(seen, dict)
    return seen


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [one.getsockname()[1] for one in sockets]


@contextlib.contextmanager
def house_of_every_product(folder: Path) -> Iterator[House]:
    """Run the house."""
    ports = iter(free_ports(2 * len(PRODUCTS)))
    places = {
        product: Place(product, serial, part, source, f"127.0.0.1:{next(ports)}", f"127.0.0.1:{next(ports)}")
        for product, serial, part, source in PRODUCTS
    }
    config = "\n".join(map(_device, places.values()))
    with running_hub(folder, demo=False, config=config) as hub:
        yield House(hub, places)


def _device(place: Place) -> str:
    name = place.product.lower()
    return f"""
[devices.{name}]
driver = "simulated"
{place.source}

[devices.{name}.homewizard]
serial = "{place.serial}"
product = "{place.product}"
v1 = {str(place.product in V1).lower()}
http = "{place.http}"
https = "{place.https}"
"""
