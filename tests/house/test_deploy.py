"""What runs the hub for good: the systemd unit and the container recipe are what the machinery takes, and safe."""

import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click
import pytest

from hardwire.app.cli.main import hardwire
from hardwire.app.cli.serve import serve
from hardwire.app.config import HubTable
from hardwire.app.environment import COMMAND_LINE_KEYS, overrides
from tests.house import recipe
from tests.house.tree import ROOT, shown, tracked

SYSTEMD = ROOT / "deploy" / "systemd"
UNIT = SYSTEMD / "hardwire.service"
HOWTOS = [
    ROOT / "docs" / "howto" / f"{name}.md" for name in ("ports-80-and-443", "run-as-a-service", "run-in-a-container")
]
INSTALLED = "/opt/hardwire/.venv/bin/hardwire"
HERE = Path(sys.executable).parent / "hardwire"
IS_CI = os.environ.get("CI", "") not in ("", "0", "false")
# systemd's own scale, 0 to 10; each release of it adds a little. What is left is mostly what a hub is for: network,
# serial ports, low ports.
EXPOSURE_AT_MOST = 2.5


def tool(name: str) -> str:
    """Return a program of systemd's; where there is none the test is skipped, in CI it fails."""
    found = shutil.which(name)
    if found is None and IS_CI:
        pytest.fail(f"CI needs {name}, of the package systemd")
    if found is None:
        pytest.skip(f"this machine has no {name}, so nothing here can check the unit")
    return found


def run(*command: object, env: Mapping[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    """Run a program to its end."""
    return subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, timeout=60, check=False, env=env
    )


def settings() -> Mapping[str, str]:
    """Return what the unit says of the service."""
    _, _, service = UNIT.read_text("utf-8").partition("[Service]\n")
    lines = service.partition("\n[")[0].splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit as it would be where the hub is installed in this very environment."""
    file = tmp_path / "hardwire.service"
    file.write_text(UNIT.read_text("utf-8").replace(INSTALLED, str(HERE)))
    return file


def test_systemd_takes_the_unit_without_a_warning(unit: Path) -> None:
    done = run(tool("systemd-analyze"), "verify", unit)

    assert done.returncode == 0, done.stderr
    assert "hardwire.service" not in done.stderr, done.stderr


def test_systemd_finds_the_service_little_exposed(unit: Path) -> None:
    done = run(tool("systemd-analyze"), "security", "--offline=yes", f"--threshold={EXPOSURE_AT_MOST * 10:.0f}", unit)

    found = re.search(r"Overall exposure level for hardwire\.service: ([\d.]+)", done.stdout)
    assert done.returncode == 0, done.stdout
    assert found is not None
    assert float(found[1]) <= EXPOSURE_AT_MOST
    assert f"below {EXPOSURE_AT_MOST}" in HOWTOS[1].read_text("utf-8")


def test_the_unit_starts_the_hub_as_the_command_line_has_it() -> None:
    service = settings()
    program, *words = shlex.split(service["ExecStart"])
    environment = dict(one.split("=", 1) for one in service["Environment"].split())

    assert program == INSTALLED
    assert starts(words)
    assert knows(environment)
    assert environment["HARDWIRE_DATA"] == f"/var/lib/{service['StateDirectory']}"


def test_the_unit_gives_low_ports_and_no_other_right() -> None:
    service = settings()

    assert service["AmbientCapabilities"] == service["CapabilityBoundingSet"] == "CAP_NET_BIND_SERVICE"
    assert service["NoNewPrivileges"] == "yes"
    assert service["User"] != "root"
    assert service["Type"] == "notify"


def test_the_users_file_is_one_that_systemd_takes(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()

    done = run(tool("systemd-sysusers"), "--dry-run", f"--root={tmp_path}", SYSTEMD / "sysusers.conf")

    assert done.returncode == 0, done.stderr
    assert not done.stderr.count("ignoring"), done.stderr


def test_the_folders_file_makes_the_folders_that_the_unit_names() -> None:
    lines = [line for line in (SYSTEMD / "tmpfiles.conf").read_text().splitlines() if not line.startswith("#")]
    service = settings()
    environment = dict(one.split("=", 1) for one in service["Environment"].split())

    (_, place, *configuration), (_, data, *files) = (line.split() for line in lines)

    assert (place, configuration) == ("/etc/hardwire", ["0750", "root", service["Group"]])
    assert environment["HARDWIRE_CONFIG"].startswith(f"{place}/")
    assert (data, files) == (environment["HARDWIRE_DATA"], ["0700", service["User"], service["Group"]])


def commands(page: Path) -> Iterator[Sequence[str]]:
    """Yield every command of a page that is called as the service's user, or inside a container."""
    for line in re.findall(
        r"(?:sudo -u hardwire|(?:podman|docker) exec hardwire) hardwire ([^`\n|>#]+)", page.read_text()
    ):
        yield shlex.split(line)


@pytest.mark.parametrize("page", HOWTOS, ids=lambda page: page.name)
def test_every_command_for_the_service_and_the_container_exists(page: Path) -> None:
    found = list(commands(page))

    assert found or page.name == "ports-80-and-443.md"
    for words in found:
        command: click.Command | None = hardwire
        rest = list(words)
        while isinstance(command, click.Group):
            command = command.get_command(click.Context(command), rest.pop(0))
        assert command is not None, f"hardwire {shlex.join(words)}"
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in rest if word.startswith("--")} <= known


@pytest.mark.parametrize("page", HOWTOS, ids=lambda page: page.name)
def test_every_file_that_a_page_tells_to_install_is_there(page: Path) -> None:
    named = re.findall(r"\b(?:deploy|requirements)/[\w./-]*\w", page.read_text())

    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_services_command_finds_the_services_files(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    seen.write_text('#!/bin/sh\necho "$HARDWIRE_DATA $HARDWIRE_CONFIG $*"\n')
    seen.chmod(0o755)
    script = tmp_path / "hardwire"
    script.write_text((SYSTEMD / "hardwire.sh").read_text("utf-8").replace(INSTALLED, str(seen)))

    plain = run("/bin/sh", script, "device", "list", env={})
    chosen = run("/bin/sh", script, "doctor", env={"HARDWIRE_DATA": "/srv/hub"})

    assert plain.stdout == "/var/lib/hardwire /etc/hardwire/hardwire.toml device list\n"
    assert chosen.stdout == "/srv/hub /etc/hardwire/hardwire.toml doctor\n"
    assert (SYSTEMD / "hardwire.sh").stat().st_mode & stat.S_IXUSR


def test_what_the_recipe_copies_is_there_and_nothing_else_is_let_in() -> None:
    known = {shown(path) for path in tracked()}

    for source in recipe.sources():
        inside = [path for path in known if path == source or path.startswith(source + "/")]
        assert inside, f"{source} is no file of the source tree"
        assert not [path for path in inside if recipe.is_left_out(path)]
    let_in = {path for path in known if not recipe.is_left_out(path)}
    assert {path for path in let_in if not path.startswith(tuple(recipe.sources()))} == set()
    assert recipe.is_left_out("src/hardwire/__pycache__/version.pyc")
    assert recipe.is_left_out(".git/config")


def test_the_recipe_installs_as_the_makefile_does_and_from_the_lock() -> None:
    installs = [shlex.split(one.text) for one in recipe.of("RUN") if " -m pip " in one.text]
    lines = re.findall(r"^\t\$\(PIP\) install -q (.*run\.lock|.*-e \.)$", (ROOT / "Makefile").read_text(), re.MULTILINE)

    wanted = [line.replace("-e .", ".").split() for line in lines]

    assert len(wanted) == 2
    assert [words[-len(made) :] for words, made in zip(installs, wanted, strict=True)] == wanted


def test_the_image_runs_the_hub_as_a_user_of_its_own() -> None:
    ((program, *rest),) = [one.words for one in recipe.of("ENTRYPOINT")]
    ((*words,),) = [one.words for one in recipe.of("CMD")]
    environment = dict(word.split("=", 1) for one in recipe.of("ENV") for word in one.words)

    assert program == "hardwire"
    assert starts([*rest, *words])
    assert knows({name: text for name, text in environment.items() if name.startswith("HARDWIRE_")})
    assert [one.text for one in recipe.of("USER")] == ["hardwire"]
    assert [one.text for one in recipe.of("VOLUME")] == [environment["HARDWIRE_DATA"]]
    assert recipe.of("EXPOSE")[0].words == [str(HubTable().port), str(HubTable().tls_port)]
    assert recipe.of("STOPSIGNAL")[0].text == "SIGTERM"


def test_the_base_image_is_a_python_that_the_project_knows() -> None:
    (given,) = [one.text for one in recipe.of("ARG")]

    assert (
        f'"Programming Language :: Python :: {given.removeprefix("PYTHON=")}"' in (ROOT / "pyproject.toml").read_text()
    )
    assert all("${PYTHON}" in one.text for one in recipe.of("FROM"))


def test_the_compose_file_builds_the_recipe_and_names_settings_that_exist() -> None:
    text = (ROOT / "deploy" / "container" / "compose.yaml").read_text()
    folder = ROOT / "deploy" / "container"
    context = re.search(r"context: (\S+)", text)
    file = re.search(r"dockerfile: (\S+)", text)

    assert context is not None
    assert file is not None
    assert (folder / context[1]).resolve() == ROOT
    assert (folder / context[1] / file[1]).resolve() == recipe.FILE
    assert knows(dict(re.findall(r"(HARDWIRE_\w+): (\S+)", text)))
    assert re.findall(r"- (\S+):/data", text) == ["hardwire-data"]


def starts(words: Sequence[str]) -> bool:
    """Whether the command line is one that starts a hub."""
    assert words[0] == "serve"
    with serve.make_context("serve", list(words[1:])) as context:
        return isinstance(context, click.Context)


def knows(environment: Mapping[str, str]) -> bool:
    """Whether every variable means something to the hub."""
    overrides(environment, HubTable)
    return all(name in COMMAND_LINE_KEYS or overrides({name: text}, HubTable) for name, text in environment.items())
