"""Every v2 product under every method of python-homewizard-energy 10.2.0."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from tests.journeys.client import Client
from tests.journeys.homewizard_fields import V2_FIELDS
from tests.journeys.homewizard_house import V2, House, house_of_every_product, used_over_v2

FindClient = Callable[[str], Client]
Seen = dict[str, Any]  # Any: the JSON that the client's script printed

P1, BATTERY = "HWE-P1", "HWE-BAT"
METERS = tuple(product for product in V2 if product != BATTERY)
KWH_METERS = tuple(product for product in METERS if product != P1)
API_VERSIONS = {**dict.fromkeys(METERS, "2.3.0"), BATTERY: "2.0.1"}
NOT_FOUND = {"error": "NotFoundError", "says": ["Resource not found"]}
NO_BATTERIES = {"error": "UnsupportedError", "says": ["Batteries is not supported"]}
NOTHING_TO_WRITE = {"error": "RequestError", "says": ["Failed to get system: json:no-parameters-recognized"]}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with one of each."""
    with house_of_every_product(tmp_path_factory.mktemp("homewizard-v2")) as house:
        yield house


@pytest.fixture(scope="module")
def seen(house: House, client: FindClient) -> dict[str, Seen]:
    """What the library saw of each product, all of them used side by side; buttons are pressed when it asks."""
    by_serial = used_over_v2(client("homewizard"), house.hub, house.all_of(*V2))
    return {product: by_serial[house.serial(product)] for product in V2}


@pytest.mark.parametrize("product", V2)
def test_a_program_becomes_a_user_when_the_button_is_pressed(product: str, seen: dict[str, Seen]) -> None:
    joined = seen[product]["join"]

    assert joined["before"]["error"] == joined["second"]["error"] == "DisabledError"
    assert {name: told["says"][-1] for name, told in joined["bad_names"].items()} == {
        "": "user:name-empty",
        "a.b": "user:name-invalid",
        "x" * 41: "user:name-too-long",
    }
    assert re.fullmatch("[A-F0-9]{32}", joined["token"])


@pytest.mark.parametrize("product", V2)
def test_a_device_says_what_it_is(product: str, house: House, seen: dict[str, Seen]) -> None:
    place, found = house.places[product], seen[product]

    assert found["has_v2_api"] is True
    assert found["device"]["product_type"] == product
    assert (found["device"]["serial"], found["device"]["id"]) == (place.serial, place.identifier)
    assert found["device"]["api_version"] == API_VERSIONS[product]
    supports = found["supports"]
    assert supports["supports_batteries"] is (product != BATTERY)
    assert supports["supports_reboot"] is (product != BATTERY)
    modes = ["standby", "to_full", "zero", "zero_charge_only", "zero_discharge_only", "predictive"]
    assert supports["supported_battery_modes"] == (None if product == BATTERY else modes)


@pytest.mark.parametrize("product", V2)
def test_a_measurement_has_what_the_product_measures_and_nothing_else(product: str, seen: dict[str, Seen]) -> None:
    read, raw = seen[product]["measurement"], seen[product]["raw"]

    assert set(raw) == V2_FIELDS[product]
    known = {name: value for name, value in read.items() if name != "external_devices"}
    assert known == {name: as_read(name, raw.get(name)) for name in known}
    behind = read["external_devices"] or {}
    assert [meter["value"] for meter in behind.values()] == [meter["value"] for meter in raw.get("external", [])]
    assert [str(meter["type"]) for meter in behind.values()] == [meter["type"] for meter in raw.get("external", [])]


def as_read(name: str, value: Any) -> Any:  # Any: a value as JSON has it
    """What the library makes of a value on the wire."""
    if value is None:
        return None
    if name == "unique_id":
        try:
            return bytes.fromhex(value).decode()
        except ValueError:
            return value
    if name.endswith("timestamp"):
        return str(datetime.fromisoformat(value))
    return value


@pytest.mark.parametrize("product", V2)
def test_the_parts_of_a_measurement_agree(product: str, seen: dict[str, Seen]) -> None:
    raw = seen[product]["raw"]

    if {"power_l1_w", "power_l2_w", "power_l3_w"} <= set(raw):
        assert raw["power_w"] == pytest.approx(sum(raw[f"power_l{phase}_w"] for phase in (1, 2, 3)), abs=2)
    if product == P1:
        for way in ("import", "export"):
            tariffs = raw[f"energy_{way}_t1_kwh"] + raw[f"energy_{way}_t2_kwh"]
            assert raw[f"energy_{way}_kwh"] == pytest.approx(tariffs, abs=0.002)
    if product in KWH_METERS:
        squares = raw["apparent_current_a"] ** 2
        parts = raw["current_a"] ** 2 + raw["reactive_current_a"] ** 2
        assert parts == pytest.approx(squares, rel=0.02, abs=0.01)
    if product == BATTERY:
        assert 0 <= raw["state_of_charge_pct"] <= 100
        assert raw["cycles"] == int(raw["cycles"])


def test_a_telegram_is_read_where_there_is_one(seen: dict[str, Seen]) -> None:
    telegrams = {product: found["telegram"] for product, found in seen.items()}

    assert telegrams.pop(P1).startswith("/")
    assert telegrams == dict.fromkeys(telegrams, NOT_FOUND)


@pytest.mark.parametrize("product", V2)
def test_settings_are_read_and_written_as_far_as_the_product_has_them(product: str, seen: dict[str, Seen]) -> None:
    system, writes = seen[product]["system"], seen[product]["writes"]

    assert system["wifi_ssid"]
    assert 0 <= system["wifi_strength_pct"] <= 100
    assert system["uptime_s"] >= 0
    assert system["cloud_enabled"] is True
    assert system["status_led_brightness_pct"] == (None if product in KWH_METERS else 100)
    assert system["api_v1_enabled"] is (None if product == BATTERY else True)
    if product in METERS:
        assert writes["cloud"]["cloud_enabled"] is False
        assert writes["v1"]["api_v1_enabled"] is False
        assert (writes["all"]["cloud_enabled"], writes["all"]["api_v1_enabled"]) == (True, True)
    else:
        assert writes["cloud"] == writes["v1"] == NOTHING_TO_WRITE
        assert writes["all"]["cloud_enabled"] is True
    if product in KWH_METERS:
        assert writes["led"] == writes["too bright"] == NOTHING_TO_WRITE
    else:
        assert writes["led"]["status_led_brightness_pct"] == 5
        told = "Failed to get system: json:parameter-invalid-type:status_led_brightness_pct"
        assert writes["too bright"] == {"error": "RequestError", "says": [told]}
        assert writes["all"]["status_led_brightness_pct"] == 100


@pytest.mark.parametrize("product", METERS)
def test_a_meter_takes_every_mode_of_its_batteries(product: str, seen: dict[str, Seen]) -> None:
    batteries, modes = seen[product]["batteries"], seen[product]["modes"]

    assert batteries["mode"] == "zero"
    assert sorted(batteries["permissions"]) == ["charge_allowed", "discharge_allowed"]
    assert batteries["battery_count"] == (1 if product == P1 else 0)
    assert (batteries["max_consumption_w"] > 0) is (product == P1)
    assert {name: told["mode"] for name, told in modes.items()} == {name: name.lower() for name in modes}
    assert len(modes) == 6


def test_a_battery_is_no_controller_of_batteries(seen: dict[str, Seen]) -> None:
    found = seen[BATTERY]

    assert found["batteries"] == NO_BATTERIES
    assert found["modes"] == dict.fromkeys(found["modes"], NO_BATTERIES)


def test_only_what_has_a_light_shows_itself_and_only_meters_start_anew(seen: dict[str, Seen]) -> None:
    identified = {product for product, found in seen.items() if found["identify"] is None}
    rebooted = {product for product, found in seen.items() if found["reboot"] is None}

    assert identified == {P1, BATTERY}
    assert rebooted == set(METERS)
    assert all(seen[product]["identify"] == NOT_FOUND for product in KWH_METERS)
    assert seen[BATTERY]["reboot"] == NOT_FOUND
    assert all(seen[product]["uptime after"] is not None for product in METERS)


@pytest.mark.parametrize("product", V2)
def test_all_at_once_is_what_each_call_says(product: str, seen: dict[str, Seen]) -> None:
    combined = seen[product]["combined"]

    assert combined["device"]["product_type"] == product
    assert combined["measurement"]["power_w"] is not None
    assert combined["system"]["wifi_ssid"]
    assert combined["state"] is None
    assert (combined["batteries"] is None) is (product == BATTERY)
    assert seen[product]["state"]["error"] == "UnsupportedError"


@pytest.mark.parametrize("product", V2)
def test_a_certificate_stands_for_its_own_device_alone(product: str, house: House, seen: dict[str, Seen]) -> None:
    trust = seen[product]["trust"]

    assert trust["right"] == trust["none"] == house.serial(product)
    assert trust["other serial"]["error"] == trust["other kind"]["error"] == "RequestError"


@pytest.mark.parametrize("product", V2)
def test_a_user_that_has_gone_is_none(product: str, seen: dict[str, Seen]) -> None:
    found = seen[product]

    assert found["strange token"] == {"error": "UnauthorizedError", "says": ["Token rejected"]}
    assert found["without token"] == {"error": "UnauthorizedError", "says": ["Token missing"]}
    assert found["delete unknown"] == NOT_FOUND
    assert found["delete own"] is None
    assert found["after"]["error"] == "UnauthorizedError"
