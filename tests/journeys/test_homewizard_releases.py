"""Older releases of v2 under python-homewizard-energy 10.2.0, which looks at the version and at what is there."""

import json
import ssl
from collections.abc import Callable
from urllib.request import Request, urlopen

from tests.journeys.client import Client
from tests.journeys.conftest import StartHub
from tests.journeys.hub import Hub

RELEASES = {"5c2faf000200": "2.0.0", "5c2faf000210": "2.1.0", "5c2faf000220": "2.2.0"}
"""Serial -> the release that its meter speaks."""
NO_BATTERIES = ["UnsupportedError", "Batteries is not supported"]
NO_SUCH_MODE = ["RequestError", "Failed to get batteries: json:parameter-invalid-type:mode"]
CONFIG = "".join(
    f"""
[devices.{serial}]
driver = "simulated"
kind = "meter"
homewizard = {{ serial = "{serial}", api_version = "{release}" }}
"""
    for serial, release in RELEASES.items()
)


def join(hub: Hub, serial: str) -> str:
    """Press the button of a meter and become its user; returns the token."""
    hub.cli("press", serial)
    asks = Request(
        hub.https + "/api/user",
        data=b'{"name":"local/journey"}',
        headers={"Host": f"p1meter-{serial[-6:]}.local"},
        method="POST",
    )
    with urlopen(asks, context=ssl.create_default_context(cafile=hub.ca), timeout=20) as answer:
        return str(json.load(answer)["token"])


def test_a_program_finds_in_each_release_what_came_with_it(make_hub: StartHub, client: Callable[[str], Client]) -> None:
    hub = make_hub(demo=False, config=CONFIG)
    tokens = {serial: join(hub, serial) for serial in RELEASES}
    host = hub.https.removeprefix("https://")

    seen = client("homewizard").run("homewizard/releases_v2.py", host, hub.ca, json.dumps(tokens))

    by_release = {release: seen[serial] for serial, release in RELEASES.items()}
    assert {release: found["api_version"] for release, found in by_release.items()} == {one: one for one in by_release}
    assert by_release["2.0.0"]["batteries"] == NO_BATTERIES
    assert by_release["2.1.0"]["batteries"] == ["ZERO", None]
    assert by_release["2.2.0"]["batteries"] == ["ZERO", 0]
    assert set(map(tuple, by_release["2.0.0"]["modes"].values())) == {tuple(NO_BATTERIES)}
    assert by_release["2.1.0"]["modes"] == {
        **{mode: [mode, None] for mode in ("ZERO", "TO_FULL", "STANDBY")},
        **{mode: ["ZERO", None] for mode in ("ZERO_CHARGE_ONLY", "ZERO_DISCHARGE_ONLY")},
        "PREDICTIVE": NO_SUCH_MODE,
    }
    assert by_release["2.2.0"]["modes"] == {
        **{mode: [mode, 0] for mode in ("ZERO", "TO_FULL", "STANDBY", "ZERO_CHARGE_ONLY", "ZERO_DISCHARGE_ONLY")},
        "PREDICTIVE": NO_SUCH_MODE,
    }
    # It takes null for "nothing went wrong".
    assert [found["reboot"] for found in by_release.values()] == [None] * 3
