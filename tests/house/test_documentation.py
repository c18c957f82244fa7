"""The documentation is true: its tables, its links, the commands and configurations that it shows."""

import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from hardwire.app import config
from hardwire.app.entries import DeviceEntry
from hardwire.contracts.driver import Driver
from tests.house.tree import ROOT, SOURCE, modules, shown

BIN = Path(sys.executable).parent
FENCE = re.compile(r"^```(?:sh|console|bash)?\n(.*?)^```", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`((?:\.venv/bin/)?hardwire [^`]+|make [a-z][a-z-]*[^`]*)`")
TOML = re.compile(r"^```toml\n(.*?)^```", re.DOTALL | re.MULTILINE)
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def commands(page: Path) -> Iterator[str]:
    """Yield every line of a page that calls `hardwire` or make."""
    text = page.read_text("utf-8")
    lines = [line.strip() for block in FENCE.findall(text) for line in block.splitlines()]
    lines += [found.strip() for found in CODE.findall(FENCE.sub("", text))]
    for line in lines:
        # What stands before a pipe or a redirection is the call; `$ ` is a prompt.
        call = re.split(r"\s[|>#]|\s&&", line.removeprefix("$ "))[0].strip()
        if call.startswith((".venv/bin/hardwire ", "hardwire ", "make ")):
            yield call


SHOWN = sorted({(page, call) for page in PAGES for call in commands(page)})


CONFIGURED = [(page, text) for page in PAGES for text in TOML.findall(page.read_text("utf-8"))]


@cache
def help_text(words: tuple[str, ...]) -> "subprocess.CompletedProcess[str]":
    """Return what `hardwire WORDS --help` prints."""
    return subprocess.run(
        [str(BIN / "hardwire"), *words, "--help"], capture_output=True, text=True, timeout=60, check=False
    )


def test_tables_and_links_are_those_of_the_code() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "docs"), "--check"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def test_the_homewizard_description_is_that_of_the_code() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "openapi"), "--check"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("page", "call"), SHOWN, ids=[f"{shown(page)}: {call}" for page, call in SHOWN])
def test_a_command_that_a_page_shows_exists(page: Path, call: str) -> None:
    program, *words = shlex.split(call, comments=True)
    if program == "make":
        targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))

        assert words[0] in targets
        return
    options = [word.partition("=")[0] for word in words if word.startswith("--")]
    # The command's own words: all that is written in small letters, up to the first option or argument.
    path = []
    for word in words:
        if not re.fullmatch(r"[a-z]+", word):
            break
        path.append(word)

    done = help_text(tuple(path))

    assert done.returncode == 0, done.stderr
    missing = [option for option in options if option not in done.stdout and option not in ("--version", "--help")]
    assert not missing, f"{call}: no such option {missing}"


@pytest.mark.parametrize(("page", "text"), CONFIGURED, ids=[f"{shown(page)}: {text[:40]}" for page, text in CONFIGURED])
def test_a_configuration_that_a_page_shows_makes_its_devices(page: Path, text: str) -> None:
    found = config.parse(tomllib.loads(text), {})

    assert ([device for one in found.devices for device in made(one).devices] != []) is ("[devices." in text)


def made(entry: DeviceEntry) -> Driver:
    """Return the driver of an entry, as the hub makes it."""
    return entry.driver.make(entry.id, entry.group, entry.timezone, entry.settings)


def test_the_readme_shows_its_two_commands_and_every_dialect() -> None:
    text = (ROOT / "README.md").read_text("utf-8")

    assert {"make run", "make test"} <= set(re.findall(r"make [a-z]+", text))
    for word in ("obniz_server", "/api/v1/data", "/api/measurement", "/v1/subscribe/ticket", "not affiliated"):
        assert word in text


def test_the_changelog_has_a_place_for_what_comes() -> None:
    assert re.search(r"^## Unreleased$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)


def test_every_act_of_the_contract_is_explained() -> None:
    acts = re.findall(r"^class (\w+)\(Struct", (SOURCE / "contracts" / "act.py").read_text("utf-8"), re.MULTILINE)
    house = (ROOT / "docs" / "explain" / "house.md").read_text("utf-8")

    assert [act for act in acts if f"`{act}`" not in house] == []


def test_every_error_and_every_code_is_explained() -> None:
    classes = re.findall(r"^class (\w+)\(", (SOURCE / "model" / "errors.py").read_text("utf-8"), re.MULTILINE)
    codes = {code for path in modules() for code in re.findall(r'\bcode="([a-z-]+)"', path.read_text("utf-8"))}
    page = (ROOT / "docs" / "reference" / "errors.md").read_text("utf-8")

    assert sorted(word for word in {*classes, *codes} if f"`{word}`" not in page) == []
