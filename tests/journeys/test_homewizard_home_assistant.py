"""Home Assistant with every v1 product, added by its own dialogs, used and refused."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.journeys.client import Client
from tests.journeys.homewizard_house import V1, House, Owner, house_of_every_product

FindClient = Callable[[str], Client]
Seen = dict[str, Any]  # Any: the JSON that the client's script printed

P1, BATTERY, SOCKET, WATER = "HWE-P1", "HWE-BAT", "HWE-SKT", "HWE-WTR"
NAMES = {P1: "P1 Meter", SOCKET: "Energy Socket", WATER: "Watermeter"}
PHASES = ("l1", "l2", "l3")

CLOUD = {"switch.cloud_connection"}
IDENTIFY = {"button.identify"}
TOTALS = {"sensor.wifi_ssid", "sensor.total_power_import_kwh", "sensor.total_power_export_kwh", "sensor.active_power_w"}
BY_PHASE = {f"sensor.active_power_{phase}_w" for phase in PHASES}
SMART_METER = {
    *("sensor.smr_version", "sensor.meter_model", "sensor.unique_meter_id", "sensor.active_tariff"),
    *(f"sensor.total_power_{way}_{tariff}_kwh" for way in ("import", "export") for tariff in ("t1", "t2")),
    *(f"sensor.voltage_{fault}_{phase}_count" for fault in ("sag", "swell") for phase in PHASES),
    *("sensor.any_power_fail_count", "sensor.long_power_fail_count", "sensor.gas"),
}
# Home Assistant hides an export that is 0.
UNUSED_EXPORT = {"sensor.total_power_export_kwh"}
ONE_PHASE = CLOUD | TOTALS | {"sensor.active_power_l1_w"}
SHOWN = {
    P1: CLOUD | IDENTIFY | TOTALS | BY_PHASE | SMART_METER,
    "HWE-KWH1": ONE_PHASE,
    "SDM230-wifi": ONE_PHASE,
    "HWE-KWH3": CLOUD | TOTALS | BY_PHASE,
    "SDM630-wifi": CLOUD | TOTALS | BY_PHASE,
    SOCKET: {
        *(ONE_PHASE - UNUSED_EXPORT | IDENTIFY),
        *("switch.power_on", "switch.switch_lock", "number.status_light_brightness"),
    },
    # This release knows of no settings and no light of a water meter.
    WATER: {"sensor.wifi_ssid", "sensor.active_liter_lpm", "sensor.total_liter_m3"},
}
"""What each product has on the dashboard: 26 entities for a P1 meter with three phases and gas."""

HIDDEN_ONE_PHASE = {
    *("wifi_strength", "active_voltage_v", "active_current_a", "active_frequency_hz"),
    *("active_apparent_power_va", "active_reactive_power_var", "active_power_factor"),
}
HIDDEN_THREE_PHASES = {
    *("wifi_strength", "active_current_a", "active_frequency_hz"),
    *("active_apparent_power_va", "active_reactive_power_var"),
    *(f"active_{name}_{phase}_{unit}" for name, unit in (("voltage", "v"), ("current", "a")) for phase in PHASES),
    *(f"active_apparent_power_{phase}_va" for phase in PHASES),
    *(f"active_reactive_power_{phase}_var" for phase in PHASES),
    *(f"active_power_factor_{phase}" for phase in PHASES),
}
HIDDEN = {
    P1: {
        *("wifi_strength", "active_current_a"),
        *(f"active_{name}_{phase}_{unit}" for name, unit in (("voltage", "v"), ("current", "a")) for phase in PHASES),
    },
    "HWE-KWH1": HIDDEN_ONE_PHASE,
    "SDM230-wifi": HIDDEN_ONE_PHASE,
    "HWE-KWH3": HIDDEN_THREE_PHASES,
    "SDM630-wifi": HIDDEN_THREE_PHASES,
    SOCKET: HIDDEN_ONE_PHASE | {"total_power_export_kwh"},
    WATER: {"wifi_strength"},
}
"""What it makes, and shows to who asks for it."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with one of each."""
    with house_of_every_product(tmp_path_factory.mktemp("home-assistant")) as house:
        yield house


@pytest.fixture(scope="module")
def seen(house: House, client: FindClient) -> Seen:
    """What Home Assistant showed, the v1 API of the P1 meter being switched when it asks."""
    home_assistant = client("home-assistant")
    owner = Owner(house, P1)
    places = json.dumps({product: house.places[product].http for product in V1})
    other = house.places[BATTERY].http
    with home_assistant.start("homewizard/home_assistant_products.py", places, other) as process:
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            printed = ""
            for printed in process.stdout:
                if printed not in ("closed\n", "open\n"):
                    break
                owner.ask("PUT", "/api/system", {"api_v1_enabled": printed == "open\n"})
                process.stdin.write("done\n")
                process.stdin.flush()
            more, complaints = process.communicate(timeout=60)
        finally:
            process.kill()
        assert process.returncode == 0, printed + more + complaints
    found = json.loads(printed)
    assert isinstance(found, dict)
    return found


def test_every_product_is_added_once_by_its_dialog(seen: Seen) -> None:
    assert seen["dialogs"] == {product: ["create_entry", NAMES.get(product, "kWh Meter"), None, None] for product in V1}
    assert seen["entries"] == dict.fromkeys(V1, "loaded")
    assert seen["again"] == ["abort", None, None, "already_configured"]
    # A battery answers 404 over v1, for which this release has no sentence.
    assert seen["other"] == ["abort", None, None, "unknown_error"]


@pytest.mark.parametrize("product", V1)
def test_a_product_has_its_entities_and_each_shows_something(product: str, seen: Seen) -> None:
    states = {
        "sensor.gas" if name.startswith("sensor.homewizard_") else name: state
        for name, state in seen["states"][product].items()
    }

    assert set(states) == SHOWN[product]
    assert "unavailable" not in states.values()
    # A button shows when it was pressed last.
    assert {name for name, state in states.items() if state == "unknown"} <= IDENTIFY
    assert set(seen["hidden"][product]) == HIDDEN[product]


def test_a_socket_really_switches_and_its_lock_holds(seen: Seen) -> None:
    used = seen["socket"]

    assert (used["off"], used["nothing drawn"]) == ("off", True)
    assert (used["on"], used["drawn again"]) == ("on", True)
    assert (used["locked"], used["switch while locked"]) == ("on", "unavailable")
    assert (used["unlocked"], used["switch after"]) == ("off", "on")
    assert float(used["dim"]) == pytest.approx(20, abs=0.4)
    assert (float(used["bright"]), used["identified"]) == (100, True)


def test_an_api_that_is_switched_off_is_asked_for_and_comes_back(seen: Seen) -> None:
    assert (seen["asks"], seen["step"]) == (True, ["reauth", "reauth_confirm"])
    assert seen["closed"] == "setup_retry"
    assert seen["dialog while closed"][2] == seen["still closed"] == {"base": "api_not_enabled"}
    assert (seen["open"], seen["back"]) == ("loaded", True)
