"""A newcomer copies the lines of the README, and those of the first hour, and they work."""

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.client import ROOT, Client
from tests.journeys.hub import HARDWIRE, Hub, environment

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
README = ROOT / "README.md"
FIRST_HOUR = ROOT / "docs" / "tutorial" / "first-hour.md"
# Lines that start a hub, or install from elsewhere.
NOT_HERE = ("make ", "npm ", ".venv/bin/hardwire serve")


def blocks(page: Path, language: str) -> list[str]:
    """Return a page's code blocks of a language."""
    return [text for word, text in BLOCK.findall(page.read_text("utf-8")) if word == language]


def at(hub: Hub, text: str) -> str:
    """Return a page's line as it is for a hub on other ports, with the command by its full path."""
    text = text.replace("127.0.0.1:8080", f"127.0.0.1:{hub.port}").replace(
        "127.0.0.1:8443", f"127.0.0.1:{hub.tls_port}"
    )
    return text.replace(".venv/bin/hardwire", str(HARDWIRE))


@pytest.mark.parametrize("page", [README, FIRST_HOUR], ids=["README", "first hour"])
def test_the_shell_lines_work_one_after_the_other(
    page: Path, demo_hub: Hub, tmp_path: Path, client: Callable[[str], Client]
) -> None:
    client("curl")
    lines = [line for block in blocks(page, "sh") for line in block.splitlines() if not line.startswith(NOT_HERE)]
    assert len(lines) >= 4
    answers = []

    for line in lines:
        # -f makes curl fail on an error status, so that a refusal is no success.
        done = subprocess.run(
            ["/bin/sh", "-c", at(demo_hub, line).replace("curl ", "curl -sSf ")],
            cwd=tmp_path,
            env=environment({"HARDWIRE_DATA": str(demo_hub.data)}),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        if line.startswith("curl "):
            answers.append(json.loads(done.stdout))

    assert all(answers)
    ticket = next(answer for answer in answers if "account" in answer)
    assert ticket["status"] == "OK"
    assert ticket["account"]["name"] == "Demo"


@pytest.mark.parametrize("page", [README, FIRST_HOUR], ids=["README", "first hour"])
def test_the_javascript_connects_with_the_vendors_library(
    page: Path, demo_hub: Hub, tmp_path: Path, client: Callable[[str], Client]
) -> None:
    node = client("obniz-js")
    script = tmp_path / "page.js"
    # The README's snippet stays connected, as a program would; here it says that it got there, and ends.
    ending = """
const then = board.onconnect;
board.onconnect = async () => { await then(); console.log("done"); process.exit(0); };
"""
    script.write_text(at(demo_hub, blocks(page, "js")[0]) + ending, "utf-8")

    done = node.call(script, timeout_s=60)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "done" in done.stdout.splitlines()


def test_the_hub_prints_a_line_to_copy_for_each_dialect_before_it_is_ready(demo_hub: Hub) -> None:
    guide = demo_hub.logged + demo_hub.printed

    for word in ("obniz_server", "/api/v1/data", "/api/measurement", "/v1/subscribe/ticket"):
        assert word in guide
    assert os.fspath(demo_hub.data) in guide
