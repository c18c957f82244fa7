"""The products as programs meet them that were not renewed: python-homewizard-energy 9.3.0, 6.3.0 and aiohwenergy."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.journeys.client import Client
from tests.journeys.homewizard_fields import V2_FIELDS
from tests.journeys.homewizard_house import V1, House, house_of_every_product, used_over_v2

FindClient = Callable[[str], Client]
Seen = dict[str, Any]  # Any: the JSON that the client's script printed

P1, KWH, BATTERY, SOCKET = "HWE-P1", "HWE-KWH3", "HWE-BAT", "HWE-SKT"
UNSUPPORTED = {"error": "UnsupportedError"}
KNOWN_TO_THE_OLDEST = {P1, SOCKET, "SDM230-wifi", "SDM630-wifi"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with one of each."""
    with house_of_every_product(tmp_path_factory.mktemp("homewizard-older")) as house:
        yield house


@pytest.fixture(scope="module")
def seen(house: House, client: FindClient) -> dict[str, Seen]:
    """What python-homewizard-energy 6.3.0 (`newer`) and aiohwenergy (`oldest`) saw of each v1 product."""
    places = {product: house.places[product].http for product in V1}
    seen = client("homewizard-older").run("homewizard/older_v1.py", json.dumps(places))
    assert isinstance(seen, dict)
    return seen


@pytest.mark.parametrize("product", V1)
def test_the_library_of_python_3_11_reads_and_writes_v1(product: str, house: House, seen: dict[str, Seen]) -> None:
    found = seen[product]["newer"]

    assert (found["device"]["product_type"], found["device"]["serial"]) == (product, house.serial(product))
    assert found["device"]["api_version"] == "v1"
    assert found["data"]["wifi_ssid"]
    assert (found["data"]["total_liter_m3"] if product == "HWE-WTR" else found["data"]["active_power_w"]) is not None
    assert (found["system"], found["cloud off"], found["cloud on"]) == ({"cloud_enabled": True}, True, True)
    assert found["identify"] is True
    if product == SOCKET:
        assert (found["state"]["power_on"], found["state"]["switch_lock"]) == (True, False)
        assert (found["off"], found["state off"]["power_on"], found["on"]) == (True, False, True)
    else:
        assert found["state"] == found["off"] == found["on"] == UNSUPPORTED


@pytest.mark.parametrize("product", V1)
def test_the_oldest_library_reads_the_products_of_its_time(product: str, house: House, seen: dict[str, Seen]) -> None:
    found = seen[product]["oldest"]

    if product not in KNOWN_TO_THE_OLDEST:
        assert found == {"started": UNSUPPORTED}
        return
    assert (found["started"], found["serial"], found["updated"]) == (None, house.serial(product), True)
    assert {"active_power_w", "active_power_l1_w", "total_power_import_t1_kwh"} <= set(found["points"])
    assert ("total_gas_m3" in found["points"]) is (product == P1)


def test_the_oldest_library_switches_a_socket(seen: dict[str, Seen]) -> None:
    found = seen[SOCKET]["oldest"]

    assert (found["off"], found["locked"], found["refused"]) == ([True, False], [True, True], False)
    assert found["on"] == [True, True]


def test_a_library_of_before_permissions_uses_v2(house: House, client: FindClient) -> None:
    library = client("homewizard-9")
    products = (P1, KWH, BATTERY)

    by_serial = used_over_v2(library, house.hub, house.all_of(*products))
    seen = {product: by_serial[house.serial(product)] for product in products}

    for product in products:
        found = seen[product]
        assert set(found["raw"]) == V2_FIELDS[product]
        assert found["measurement"]["power_w"] == found["raw"]["power_w"]
        assert found["device"]["id"] == house.places[product].identifier
        assert (found["delete own"], found["after"]["error"]) == (None, "UnauthorizedError")
    # It sends a mode alone.
    for product in (P1, KWH):
        modes = {name: told["mode"] for name, told in seen[product]["modes"].items()}
        assert modes == {"ZERO": "zero", "TO_FULL": "to_full", "STANDBY": "standby"}
    assert all(told["error"] == "UnsupportedError" for told in seen[BATTERY]["modes"].values())
