"""Every v1 product under every method of python-homewizard-energy 10.2.0."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from tests.journeys.client import Client
from tests.journeys.homewizard_fields import V1_FIELDS, v1_name
from tests.journeys.homewizard_house import V1, V2, House, house_of_every_product

FindClient = Callable[[str], Client]
Seen = dict[str, Any]  # Any: the JSON that the client's script printed

P1, BATTERY, SOCKET, WATER = "HWE-P1", "HWE-BAT", "HWE-SKT", "HWE-WTR"
UNSUPPORTED = {"error": "UnsupportedError"}
LIBRARY_ONLY = frozenset({"external_devices"})
"""What the library makes itself, or calls otherwise than either version of the API."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with one of each."""
    with house_of_every_product(tmp_path_factory.mktemp("homewizard-v1")) as house:
        yield house


@pytest.fixture(scope="module")
def seen(house: House, client: FindClient) -> dict[str, Seen]:
    """What the library saw of each product, all of them used side by side."""
    products = (*V1, BATTERY)
    by_serial = client("homewizard").run("homewizard/every_v1.py", json.dumps(house.all_of(*products)))
    return {product: by_serial[house.serial(product)] for product in products}


@pytest.mark.parametrize("product", V1)
def test_a_device_says_what_it_is(product: str, house: House, seen: dict[str, Seen]) -> None:
    device = seen[product]["device"]

    assert (device["product_type"], device["serial"]) == (product, house.serial(product))
    # The library reads `v1` as 1.0.0.
    assert device["api_version"] == "1.0.0"
    assert seen[product]["has_v2_api"] is (product in V2)


def test_a_battery_speaks_no_v1(seen: dict[str, Seen]) -> None:
    assert seen[BATTERY]["device"] == seen[BATTERY]["measurement"] == {"error": "NotFoundError"}


@pytest.mark.parametrize("product", V1)
def test_a_measurement_has_what_the_product_measures_and_nothing_else(product: str, seen: dict[str, Seen]) -> None:
    read, raw = seen[product]["measurement"], seen[product]["raw"]

    assert set(raw) == V1_FIELDS[product]
    known = {name: value for name, value in read.items() if name not in LIBRARY_ONLY}
    assert known == {name: as_read(name, raw.get(v1_name(name))) for name in known}
    behind = read["external_devices"] or {}
    assert [meter["value"] for meter in behind.values()] == [meter["value"] for meter in raw.get("external", [])]


def as_read(name: str, value: Any) -> Any:  # Any: a value as JSON has it
    """What the library makes of a value on the wire."""
    if value is None:
        return None
    if name == "unique_id":
        return bytes.fromhex(value).decode()
    if name.endswith("timestamp"):
        return str(datetime.strptime(str(value), "%y%m%d%H%M%S"))  # noqa: DTZ007 (the API tells local time without a zone)
    return value


@pytest.mark.parametrize("product", [product for product in V1 if product not in (P1, WATER)])
def test_a_meter_without_tariffs_tells_its_total_as_the_first(product: str, seen: dict[str, Seen]) -> None:
    raw = seen[product]["raw"]

    assert raw["total_power_import_t1_kwh"] == raw["total_power_import_kwh"]
    assert raw["total_power_export_t1_kwh"] == raw["total_power_export_kwh"]


def test_a_smart_meter_tells_its_gas_twice(seen: dict[str, Seen]) -> None:
    raw = seen[P1]["raw"]

    gas = raw["external"][0]
    assert (raw["total_gas_m3"], raw["gas_timestamp"], raw["gas_unique_id"]) == (
        gas["value"],
        gas["timestamp"],
        gas["unique_id"],
    )
    assert isinstance(gas["timestamp"], int)


@pytest.mark.parametrize("product", V1)
def test_a_product_does_what_it_can_and_refuses_the_rest(product: str, seen: dict[str, Seen]) -> None:
    found = seen[product]

    assert (found["telegram"] == UNSUPPORTED) is (product != P1)
    # The library knows that kWh meters cannot, and does not even ask.
    assert found["identify"] == (True if product in (P1, SOCKET, WATER) else UNSUPPORTED)
    assert (found["system"]["cloud_enabled"], found["cloud off"]["cloud_enabled"]) == (True, False)
    assert found["cloud on"]["cloud_enabled"] is True
    assert found["v1 off"] == found["batteries"] == found["reboot"] == UNSUPPORTED
    assert (found["half bright"] == UNSUPPORTED) is (product != SOCKET)


@pytest.mark.parametrize("product", V1)
def test_all_at_once_is_what_each_call_says(product: str, seen: dict[str, Seen]) -> None:
    combined = seen[product]["combined"]

    assert combined["device"]["product_type"] == product
    assert combined["measurement"]["wifi_ssid"] == combined["system"]["wifi_ssid"]
    assert combined["system"]["cloud_enabled"] is True
    assert (combined["state"] is None) is (product != SOCKET)
    assert combined["batteries"] is None


def test_a_socket_is_switched_locked_and_dimmed(seen: dict[str, Seen]) -> None:
    states = seen[SOCKET]["states"]

    assert states["at first"]["power_on"] is True
    assert states["off"] == {"power_on": False, "switch_lock": None, "brightness": None}
    assert states["then off"]["power_on"] is False
    assert states["locked"] == {"power_on": None, "switch_lock": True, "brightness": None}
    assert (states["then locked"]["power_on"], states["then locked"]["switch_lock"]) == (True, True)
    # The library takes every status but 200, 403 and 404 for a fault of the line, and tries three times.
    assert states["off while locked"] == {"error": "RequestError"}
    assert states["then off while locked"]["power_on"] is True
    assert states["unlocked and off"] == {"power_on": False, "switch_lock": False, "brightness": None}
    assert states["then dim"] == {"power_on": False, "switch_lock": False, "brightness": 10}
    assert states["then on"]["power_on"] is True
    assert seen[SOCKET]["half bright"]["status_led_brightness_pct"] == pytest.approx(50, abs=0.3)


@pytest.mark.parametrize("product", [product for product in V1 if product != SOCKET])
def test_nothing_but_a_socket_has_a_state(product: str, seen: dict[str, Seen]) -> None:
    states = seen[product]["states"]

    assert states == dict.fromkeys(states, UNSUPPORTED)
