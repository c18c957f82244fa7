"""The how-to of the P1 cable, followed line by line: its configuration file, its commands, a meter on the other end."""

import json
import re
import subprocess
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from tests.fakes import telegrams
from tests.fakes.p1_port import SerialLine, meter_on
from tests.journeys.client import ROOT, Client
from tests.journeys.conftest import StartHub
from tests.journeys.hub import HARDWIRE, environment

PAGE = ROOT / "docs" / "howto" / "p1-cable.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
# The packages are there already, and the hub is started by the test, with the page's own file and on ports of its own;
# what the doctor says of the page's ports depends on this machine (tests/journeys/test_doctor.py).
NOT_HERE = ("python -m pip install", "hardwire serve", "hardwire doctor")


def blocks(language: str) -> list[str]:
    """Return the page's code blocks of a language."""
    return [text for word, text in BLOCK.findall(PAGE.read_text("utf-8")) if word == language]


def shown(command: str) -> str:
    """Return a command with a mark around what it prints, where a reader sees an answer."""
    return f"echo '<<<'; {command}; echo '>>>'" if command.startswith("curl ") and ">" not in command else command


def spoken_now() -> bytes:
    """Return a telegram of this second."""
    return telegrams.three_phases_with_gas(datetime.now(AMSTERDAM).replace(microsecond=0))


def test_the_how_to_works_line_by_line(make_hub: StartHub, client: Callable[[str], Client]) -> None:
    client("curl")
    (config,) = blocks("toml")
    commands = [line for block in blocks("sh") for line in block.splitlines() if not line.startswith(NOT_HERE)]
    line = SerialLine()
    with meter_on(line, spoken_now):
        hub = make_hub(demo=False, config=config.replace("/dev/ttyUSB0", line.address).replace("0.0.0.0", "127.0.0.1"))
        script = (
            "\n".join(shown(command) for command in commands)
            .replace("127.0.0.1:8080", f"127.0.0.1:{hub.port}")
            .replace("127.0.0.1:8443", f"127.0.0.1:{hub.tls_port}")
        )
        # The shell functions stand for what a reader has in his path; curl retries until the first telegram is there.
        prelude = (
            f'hardwire() {{ "{HARDWIRE}" "$@"; }}\n'
            'curl() { command curl -sSf --retry 20 --retry-delay 1 --retry-all-errors "$@"; }\n'
        )
        done = subprocess.run(
            ["/bin/sh", "-e", "-c", prelude + script],
            cwd=hub.folder,
            env=environment({"HARDWIRE_DATA": str(hub.data)}),
            capture_output=True,
            timeout=120,
            check=False,
        )

    said = done.stdout.decode()
    assert done.returncode == 0, f"{said}\n{done.stderr.decode()}"
    assert len(commands) >= 9
    v1, v1_telegram, v2, telegram = re.findall(r"<<<\n(.*?)>>>\n", said, re.DOTALL)
    assert json.loads(v1)["active_power_w"] == 1193
    assert json.loads(v2)["power_w"] == 1193
    for text in (v1_telegram, telegram):
        assert text.startswith("/ISK5")
    assert re.search(r"[A-Za-z0-9]{24}", said), "the ezeio key is shown"


def test_the_how_to_uses_settings_that_exist() -> None:
    prose = PAGE.read_text("utf-8")

    for setting in ("v1_allow", "http = ", "bytesize", "parity", "version"):
        assert setting in prose
