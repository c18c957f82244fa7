"""Older releases of the v2 API, by setting, as python-homewizard-energy 10.2.0 and the one before it meet them."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.client import Client
from tests.journeys.conftest import StartHub
from tests.journeys.homewizard_house import used_over_v2
from tests.journeys.hub import Hub

FindClient = Callable[[str], Client]
Seen = dict[str, Any]  # Any: the JSON that the client's script printed

RELEASES = {"2.0.0": "5c2faf020000", "2.1.0": "5c2faf020100", "2.2.0": "5c2faf020200", "2.3.0": "5c2faf020300"}
NO_BATTERIES = {"error": "UnsupportedError", "says": ["Batteries is not supported"]}
WITH_BATTERIES = ["standby", "to_full", "zero"]
WITH_PERMISSIONS = [*WITH_BATTERIES, "zero_charge_only", "zero_discharge_only"]
WITH_PREDICTIVE = [*WITH_PERMISSIONS, "predictive"]
NO_SUCH_MODE = {"error": "RequestError", "says": ["Failed to get batteries: json:parameter-invalid-type:mode"]}
OFFERED = {
    # The library asks no release for whether there are batteries at all: the device answers 404.
    "2.0.0": WITH_BATTERIES,
    "2.1.0": WITH_BATTERIES,
    "2.2.0": WITH_PERMISSIONS,
    "2.3.0": WITH_PREDICTIVE,
}


def config() -> str:
    """One P1 meter for each release."""
    return "\n".join(
        f"""
[devices."p1-{number}"]
driver = "simulated"
kind = "meter"
homewizard = {{ serial = "{serial}", api_version = "{version}" }}
"""
        for number, (version, serial) in enumerate(RELEASES.items())
    )


def use(library: Client, hub: Hub) -> dict[str, Seen]:
    """Let a library use each meter at the main listener, by the name in its certificate."""
    host = hub.https.removeprefix("https://")
    places = [
        {"https": host, "serial": serial, "identifier": f"appliance/p1dongle/{serial}"} for serial in RELEASES.values()
    ]
    by_serial = used_over_v2(library, hub, places)
    return {version: by_serial[serial] for version, serial in RELEASES.items()}


@pytest.mark.parametrize("name", ["homewizard", "homewizard-9"])
def test_each_release_has_the_modes_of_its_time(make_hub: StartHub, client: FindClient, name: str) -> None:
    library = client(name)
    hub = make_hub(demo=False, config=config())

    seen = use(library, hub)

    assert {version: found["device"]["api_version"] for version, found in seen.items()} == {
        version: version for version in RELEASES
    }
    assert seen["2.0.0"]["batteries"] == NO_BATTERIES
    assert all(told == NO_BATTERIES for told in seen["2.0.0"]["modes"].values())
    for version in ("2.1.0", "2.2.0", "2.3.0"):
        modes = seen[version]["modes"]
        assert {mode: outcome(told) for mode, told in modes.items()} == {mode: told_of(mode, version) for mode in modes}
        if name == "homewizard":
            assert seen[version]["supports"]["supported_battery_modes"] == OFFERED[version]
            assert (seen[version]["batteries"]["permissions"] is None) is (version == "2.1.0")
            assert seen[version]["batteries"]["battery_count"] == (None if version == "2.1.0" else 0)
    assert all(found["measurement"]["power_w"] is not None for found in seen.values())


def outcome(told: Seen) -> object:
    """What came of a write: the mode as the library shows it, or the error."""
    return told if "error" in told else told["mode"]


def told_of(mode: str, version: str) -> object:
    """What comes of writing a mode: the permissions that make two of them have no meaning before 2.2.0."""
    if mode == "PREDICTIVE" and version != "2.3.0":
        return NO_SUCH_MODE
    if mode in ("ZERO_CHARGE_ONLY", "ZERO_DISCHARGE_ONLY") and version == "2.1.0":
        return "zero"
    return mode.lower()
