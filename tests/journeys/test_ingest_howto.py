"""The how-to of a logger of one's own, followed line by line: configuration, commands, ten lines of Python."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable

from tests.journeys.client import ROOT, Client
from tests.journeys.conftest import StartHub
from tests.journeys.hub import HARDWIRE, Hub, environment

PAGE = ROOT / "docs" / "howto" / "bring-your-own-logger.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
WITHIN_S = 30
# The hub is started by the test, and the logger runs for ever.
NOT_HERE = ("hardwire serve", "python3 logger.py")


def blocks(language: str) -> list[str]:
    """Return the page's code blocks of a language."""
    return [text for word, text in BLOCK.findall(PAGE.read_text("utf-8")) if word == language]


def ran(hub: Hub, line: str) -> str:
    """Run a line as a reader would, with the command in the path; return what it prints."""
    prelude = f'hardwire() {{ "{HARDWIRE}" "$@"; }}\ncurl() {{ command curl -sSf "$@"; }}\n'
    done = subprocess.run(
        ["/bin/sh", "-e", "-c", prelude + line],
        cwd=hub.folder,
        env=environment({"HARDWIRE_DATA": str(hub.data)}),
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )
    assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_how_to_works_line_by_line(make_hub: StartHub, client: Callable[[str], Client]) -> None:
    client("curl")
    lines = [line for block in blocks("sh") for line in block.splitlines() if not line.startswith(NOT_HERE)]
    hub = make_hub(demo=False, config=blocks("toml")[0])
    key = dict(line.split() for line in ran(hub, lines.pop(0)).splitlines())["key"]
    answers = []

    for line in lines:
        said = ran(hub, line.replace("KEY", key).replace("127.0.0.1:8080", f"127.0.0.1:{hub.port}"))
        if "curl " in line:
            answers.append(json.loads(said))
    wish = followed(hub, key)

    assert [one["accepted"] for one in answers] == [2, 2]
    assert (wish["field"], wish["name"], wish["value"]) == (3, "setpoint", 22.5)
    greenhouse = json.loads(hub.cli("device", "show", "greenhouse", "--json"))
    assert greenhouse["values"]["air_temperature"]["value"] == 20.1


def followed(hub: Hub, key: str) -> dict[str, object]:
    """Run the page's logger until it has been told the command; return that."""
    (program,) = blocks("python")
    assert len([line for line in program.splitlines() if line]) == 10
    script = hub.folder / "logger.py"
    script.write_text(program)
    url = f"{hub.http}/ingest/v1/GRN-001"
    logger = subprocess.Popen([sys.executable, str(script), url, key], stdout=subprocess.PIPE, text=True)
    watch = threading.Timer(WITHIN_S, logger.kill)
    watch.start()
    try:
        assert logger.stdout is not None
        told: list[dict[str, object]] = json.loads(logger.stdout.readline().replace("'", '"'))
        return told[0]
    finally:
        watch.cancel()
        logger.kill()
        logger.wait(WITHIN_S)
        if logger.stdout is not None:
            logger.stdout.close()
