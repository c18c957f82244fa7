"""The how-to of a house without hardware, followed line by line: every product at an address of its own."""

import json
import re
import socket
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest

from hardwire.dialects.homewizard.products.catalogue import CATALOGUE
from tests.journeys.client import ROOT, Client
from tests.journeys.conftest import StartHub
from tests.journeys.hub import HARDWIRE, environment

PAGE = ROOT / "docs" / "howto" / "homewizard-without-hardware.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
ADDRESS = re.compile(r"127\.0\.0\.1:(\d+)")
SERVE = "hardwire serve"

KWH_METERS = {"5c2faf000003": "8403", "5c2faf000004": "8404", "5c2faf000005": "8405", "5c2faf000006": "8406"}
THE_SAME = """
hardwire press {serial}
curl --cacert hardwire-ca.pem -X POST -d '{{"name": "local/me"}}' https://127.0.0.1:{port}/api/user > kwh.json
KWH=$(python3 -c 'import json; print(json.load(open("kwh.json"))["token"])')
curl --cacert hardwire-ca.pem -H "Authorization: Bearer $KWH" https://127.0.0.1:{port}/api/measurement
"""
"""What the page says that a reader can do with the kWh meters too."""


def on_free_ports(text: str) -> str:
    """Return the page with ports that nobody listens on in the place of its own."""
    ports = sorted(set(ADDRESS.findall(text)))
    with ExitStack() as stack:
        taken = [stack.enter_context(socket.socket()) for _ in ports]
        for one in taken:
            one.bind(("127.0.0.1", 0))
        free = dict(zip(ports, (one.getsockname()[1] for one in taken), strict=True))
    return ADDRESS.sub(lambda found: f"127.0.0.1:{free[found[1]]}", text)


def shown(command: str) -> str:
    """Return a command with a mark around what it prints, where a reader sees an answer."""
    return f"echo '<<<'; {command}; echo '>>>'" if command.startswith("curl ") and ">" not in command else command


@pytest.fixture
def answers(make_hub: StartHub, client: Callable[[str], Client]) -> list[str]:
    """What the page's commands print, in their order."""
    client("curl")
    more = "".join(THE_SAME.format(serial=serial, port=port) for serial, port in KWH_METERS.items())
    blocks = BLOCK.findall(on_free_ports(f"{PAGE.read_text('utf-8')}\n```sh{more}```\n"))
    (config,) = [text for language, text in blocks if language == "toml"]
    lines = [line for language, text in blocks if language == "sh" for line in text.splitlines()]
    hub = make_hub(demo=False, config=config)
    # The shell function stands for what a reader has in his path; curl retries until the first values are there.
    prelude = (
        f'hardwire() {{ "{HARDWIRE}" "$@"; }}\n'
        'curl() { command curl -sS --fail-with-body --retry 10 --retry-delay 1 "$@"; }\n'
    )
    script = "\n".join(shown(line) for line in lines if not line.startswith(SERVE))
    done = subprocess.run(
        ["/bin/sh", "-e", "-c", prelude + script],
        cwd=hub.folder,
        env=environment({"HARDWIRE_DATA": str(hub.data)}),
        capture_output=True,
        timeout=180,
        check=False,
    )
    said = done.stdout.decode()
    assert done.returncode == 0, f"{said}\n{done.stderr.decode()}"
    found: list[str] = re.findall(r"<<<\n(.*?)\n?>>>\n", said, re.DOTALL)
    return found


def test_the_house_works_line_by_line(answers: list[str]) -> None:
    def told(number: int) -> Any:  # Any: what the product says in JSON
        return json.loads(answers[number])

    assert len(answers) == 22
    p1, solar, heat_pump, charger, balcony, kettle, water = (told(number) for number in range(7))
    assert p1["active_power_w"] == sum(p1[f"active_power_l{phase}_w"] for phase in (1, 2, 3))
    assert p1["external"][0]["type"] == "gas_meter"
    for three_phases in (solar, charger):
        assert {"active_power_l3_w", "active_power_factor_l2", "total_power_export_kwh"} <= three_phases.keys()
    assert solar["total_power_export_kwh"] > 1_000
    for one_phase in (heat_pump, balcony):
        assert {"active_power_w", "active_voltage_v", "active_power_factor"} <= one_phase.keys()
    assert kettle["active_power_w"] == pytest.approx(1_900, rel=0.03)
    assert water["total_liter_m3"] > 10
    assert answers[7].startswith("/HWR5")
    assert told(8) == {"power_on": False}
    assert told(9)["active_power_w"] == 0
    assert told(10) == {"switch_lock": True}
    assert (told(11)["power_on"], told(11)["switch_lock"]) == (True, True)
    assert told(12)["power_w"] == sum(told(12)[f"power_l{phase}_w"] for phase in (1, 2, 3))
    assert 38 < told(13)["state_of_charge_pct"] < 42
    assert (told(14)["battery_count"], told(14)["mode"], told(14)["max_consumption_w"]) == (1, "zero", 800)
    assert (told(15)["mode"], told(15)["target_power_w"]) == ("to_full", 800)
    assert told(16)["power_w"] == 800
    assert told(17)["power_w"] == sum(told(17)[f"power_l{phase}_w"] for phase in (1, 2, 3))
    assert told(17)["power_w"] > told(12)["power_w"] - 800, "the battery draws more than before, or as much"
    for number in range(18, 22):
        kwh = told(number)
        assert kwh["apparent_power_va"] >= abs(kwh["power_w"])
        assert {"energy_import_kwh", "energy_export_kwh", "reactive_current_a", "frequency_hz"} <= kwh.keys()
        assert ("power_l3_w" in kwh) != ("voltage_v" in kwh)


def test_every_product_that_can_be_shown_is_in_the_house() -> None:
    page = PAGE.read_text("utf-8")

    assert [product for product in CATALOGUE if f'product = "{product}"' not in page] == []
