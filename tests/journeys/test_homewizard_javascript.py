"""The products as JavaScript programs meet them: homewizard-energy-api, its fork, a Homebridge plug-in, ioBroker."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.journeys.client import Client
from tests.journeys.homewizard_fields import V1_FIELDS, V2_FIELDS
from tests.journeys.homewizard_house import V1, House, house_of_every_product

FindClient = Callable[[str], Client]
Seen = dict[str, Any]  # Any: the JSON that the client's script printed

P1, KWH, BATTERY, SOCKET, WATER = "HWE-P1", "HWE-KWH3", "HWE-BAT", "HWE-SKT", "HWE-WTR"
LIBRARIES = ("homewizard-energy-api", "@zandor300/homewizard-energy-api")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with one of each."""
    with house_of_every_product(tmp_path_factory.mktemp("homewizard-js")) as house:
        yield house


@pytest.fixture(scope="module", params=LIBRARIES)
def seen(request: pytest.FixtureRequest, house: House, client: FindClient) -> Seen:
    """What each product's class of a library saw."""
    places = {product: f"http://{house.places[product].http}" for product in V1}
    seen = client("homewizard-js").run("homewizard/energy_api.js", request.param, json.dumps(places))
    assert isinstance(seen, dict)
    return seen


def test_every_class_reads_and_polls_its_product(house: House, seen: Seen) -> None:
    for product in V1:
        found = seen[product]

        assert (found["device"]["product_type"], found["device"]["serial"]) == (product, house.serial(product))
        assert found["device"]["api_version"] == "v1"
        assert set(found["measured"]) == V1_FIELDS[product]
        assert [set(measured) for measured in found["polled"]] == [V1_FIELDS[product]] * 3


def test_every_class_that_writes_the_system_does(seen: Seen) -> None:
    writing = {product for product in V1 if "system" in seen[product]}

    assert writing == set(V1) - {WATER}
    for product in writing:
        found = seen[product]
        assert (found["off"], found["on"]) == ({"cloud_enabled": False}, {"cloud_enabled": True})
        assert found["system"] == {"cloud_enabled": True}


def test_a_p1_meter_gives_telegrams_that_parse(seen: Seen) -> None:
    found = seen[P1]

    assert found["telegram"].startswith("/")
    assert all(telegram.startswith("/") for telegram in found["polledTelegrams"])
    assert found["parsed"]["version"] == "50"
    assert found["parsed"]["power"]["import"]["t1"]["unit"] == "kWh"
    assert found["parsed"]["gas"]["unit"] == "m3"
    assert isinstance(found["measured"]["gas_timestamp"], int)


def test_what_shows_itself_says_ok(seen: Seen) -> None:
    assert {product for product in V1 if seen[product].get("identify") == {"identify": "ok"}} == {P1, SOCKET}
    assert {product: seen[product]["state"]["status"] for product in V1 if product != SOCKET} == {
        product: 404 for product in V1 if product != SOCKET
    }


def test_a_socket_cuts_its_load_and_keeps_its_lock(seen: Seen) -> None:
    found = seen[SOCKET]["switched"]

    assert set(found["first"]) == {"power_on", "switch_lock", "brightness"}
    assert (found["off"], found["on"]) == ({"power_on": False}, {"power_on": True})
    assert found["measuredOff"] == 0
    assert found["locked"] == {"switch_lock": True}
    assert found["refused"]["status"] == 400
    assert json.loads(found["refused"]["said"])["error"]["id"] == 8
    assert found["both"] == {"switch_lock": False, "power_on": False}
    assert found["dim"] == {"brightness": 20, "power_on": True}
    assert found["tooBright"]["status"] == 400
    assert json.loads(found["tooBright"]["said"])["error"]["id"] == 7
    assert found["state"] == {"power_on": True, "switch_lock": False, "brightness": 20}
    assert all(state["power_on"] is True for state in found["polled"])


def test_a_homebridge_plug_in_shows_what_the_house_draws(house: House, client: FindClient) -> None:
    plug_in = client("homewizard-js")

    seen = plug_in.run("homewizard/homebridge.js", house.places[P1].http)

    assert seen["complaints"] == []
    consumption = seen["told"]["Power Consumption"]
    assert consumption["AccessoryInformation"]["SerialNumber"] == [f"{house.serial(P1)}-power-consumption"]
    assert all(level > 0 for level in consumption["LightSensor"]["CurrentAmbientLightLevel"])


@pytest.mark.parametrize("product", [P1, KWH, BATTERY])
def test_iobroker_pairs_reads_writes_and_listens_over_v2(product: str, house: House, client: FindClient) -> None:
    place, adapter = house.places[product], client("homewizard-js")

    with adapter.start("homewizard/iobroker.js", place.https, house.hub.ca, place.identifier) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "press\n"
            house.hub.cli("press", place.serial)
            printed, complaints = process.communicate("pressed\n", timeout=60)
        finally:
            process.kill()
        assert process.returncode == 0, complaints
    seen = json.loads(printed)

    assert seen["before"] == [403, "user:creation-not-enabled"]
    assert seen["certificate"] == place.identifier
    assert (seen["device"]["serial"], seen["device"]["product_type"]) == (place.serial, product)
    assert set(seen["measurement"]) == V2_FIELDS[product]
    # A number where the adapter was answered with one, the status where it was refused.
    assert seen["bright"] == (400 if product == KWH else 12)
    assert seen["dark"] == (400 if product == BATTERY else False)
    assert seen["identify"] == (404 if product == KWH else "done")
    assert (seen["full"], seen["notFull"]) == ((404, 404) if product == BATTERY else ("to_full", "zero"))
    first, second, third = seen["heard"]
    assert first["connected"] == 1
    # It subscribes to the batteries of every product, and logs the refusal once.
    assert first["complaints"] == (["WS error: request:unknown-subscription"] if product == BATTERY else [])
    assert len(first["measurement"]) >= 3
    assert len(first["system"]) == 2
    assert set(first["batteries"]) == (set() if product == BATTERY else {"zero"})
    # A meter that starts anew ends its sockets; a battery has no such wish.
    assert (seen["reboot"], first["gone"]) == ((404, []) if product == BATTERY else ("done", [None]))
    # A removed user is off at once; who comes back with its token hears why, which the adapter takes for a bad token.
    assert second["gone"] == [None]
    assert third["complaints"] == ["WS error: user:unauthorized"]
    assert third["gone"] == [401]
