"""`hardwire doctor` on this very machine: with a hub, without one, with somebody in its place."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.journeys.conftest import StartHub
from tests.journeys.hub import ANSWERED_WITHIN_S, HARDWIRE, environment

# It looks, and waits for nobody; the rest is the start of an interpreter on a busy machine.
DONE_WITHIN_S = 20

CONFIG = """
[hub]
port = {port}
tls_port = 0

[devices.grid]
driver = "simulated"
kind = "meter"
homewizard = {{ serial = "5c2faf0a0b0c" }}
"""


def doctor(*args: object, status: int) -> Any:  # Any: JSON
    """Return what `hardwire doctor --json` finds; it ends with this status."""
    began = time.monotonic()
    done = subprocess.run(
        [str(HARDWIRE), "doctor", "--json", *map(str, args)],
        capture_output=True,
        text=True,
        env=environment(),
        timeout=ANSWERED_WITHIN_S,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    assert done.stderr == ""
    assert time.monotonic() - began < DONE_WITHIN_S
    found = json.loads(done.stdout)
    assert found["ok"] is (status == 0)
    return found["findings"]


def about(findings: Any, place: str) -> list[tuple[str, str]]:  # Any: JSON
    """Return grade and text of what was found of one thing."""
    return [(one["grade"], one["text"]) for one in findings if one["about"] == place]


def told(config: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """What the doctor prints for people of a configuration, with no hub running."""
    return subprocess.run(
        [str(HARDWIRE), "doctor", "--config", str(config), "--data", str(folder / "data")],
        capture_output=True,
        text=True,
        env=environment({"HARDWIRE_PORT": "0", "HARDWIRE_TLS_PORT": "0"}),
        timeout=ANSWERED_WITHIN_S,
        check=False,
    )


def test_a_house_before_its_first_start_is_well_and_stays_untouched(tmp_path: Path) -> None:
    (tmp_path / "hardwire.toml").write_text(CONFIG.format(port=0))

    findings = doctor("--config", tmp_path / "hardwire.toml", "--data", tmp_path / "data", status=0)

    assert about(findings, "configuration")[0][1].endswith("is understood: 1 device")
    assert not (tmp_path / "data").exists()


def test_a_hub_that_runs_is_well_and_its_listeners_are_its_own(make_hub: StartHub) -> None:
    hub = make_hub(demo=False, config=CONFIG.format(port=0))
    hub.cli("device", "add", "bench", "driver=simulated", "kind=board", "obniz.id=2345-6789")
    config = hub.folder / "seen.toml"
    config.write_text(CONFIG.format(port=hub.port))

    findings = doctor("--config", config, "--data", hub.data, status=0)

    assert ("good", f"127.0.0.1:{hub.port} is this hub's") in about(findings, "hub.port")
    assert any(f"process {hub.pid}" in text for _, text in about(findings, "hub"))
    assert any(f"127.0.0.1:{hub.tls_port}" in text for _, text in about(findings, "hub"))
    assert about(findings, "configuration")[0][1].endswith("2 devices")
    assert about(findings, "ca")[0][0] == "good"


def test_who_holds_a_port_is_named_and_a_hub_that_wants_it_points_to_the_doctor(tmp_path: Path) -> None:
    script = (
        "import socket, sys; s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(); "
        "print(s.getsockname()[1], flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        port = int(holder.stdout.readline())
        config = tmp_path / "hardwire.toml"
        config.write_text(CONFIG.format(port=port))

        findings = doctor("--config", config, "--data", tmp_path / "data", status=1)
        refused = subprocess.run(
            [str(HARDWIRE), "serve", "--config", str(config), "--data", str(tmp_path / "data")],
            capture_output=True,
            text=True,
            env=environment(),
            timeout=ANSWERED_WITHIN_S,
            check=False,
        )
        holder.terminate()

    ((grade, text),) = about(findings, "hub.port")
    assert grade == "wrong"
    assert f"process {holder.pid}" in text
    assert refused.returncode == 1
    assert "`hardwire doctor`" in refused.stderr


def test_a_hub_that_hangs_is_found_out(make_hub: StartHub) -> None:
    hub = make_hub(demo=False)
    os.kill(hub.pid, signal.SIGSTOP)
    try:
        findings = doctor("--data", hub.data, status=1)
    finally:
        os.kill(hub.pid, signal.SIGCONT)

    ((grade, text),) = [one for one in about(findings, "hub") if "listens" not in one[1]]
    assert grade == "wrong"
    assert f"process {hub.pid}" in text


def test_what_people_read_is_one_line_a_finding_and_a_sum(tmp_path: Path) -> None:
    config = tmp_path / "hardwire.toml"
    config.write_text('[hub]\nprot = 1\n[devices.grid]\ndriver = "dsmr"\nport = "/dev/no-such-port"\n')

    done = told(config, tmp_path)

    lines = done.stdout.splitlines()
    assert done.returncode == 1
    assert lines[-1] == "2 things are wrong"
    assert any(line.startswith("wrong  configuration: ") and "did you mean 'port'?" in line for line in lines)
    assert any(line.startswith("wrong  devices.grid.port: there is no /dev/no-such-port") for line in lines)


def test_a_hub_tells_its_service_manager_when_it_is_ready(make_hub: StartHub, tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(address)
        ear.settimeout(ANSWERED_WITHIN_S)

        make_hub(demo=False, env={"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "200000"})

        assert [ear.recv(100) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]


def test_no_credential_is_written_into_the_journal(make_hub: StartHub, tmp_path: Path) -> None:
    # The file that the hub's standard error goes to stands for the journal's stream.
    stderr = tmp_path / "hub-1" / "stderr.txt"
    stderr.parent.mkdir()
    stderr.touch()
    status = stderr.stat()

    hub = make_hub(demo=False, env={"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"})

    assert "hardwire key create admin" in hub.logged
    assert "shown this once" not in hub.logged
    assert hub.cli("key", "create", "admin").startswith("id ")


def test_what_is_named_on_the_machine_commands_no_terminal(tmp_path: Path) -> None:
    config = tmp_path / "hardwire.toml"
    config.write_text('[devices.grid]\ndriver = "dsmr"\nport = "/dev/\\u001b[2J\\u009bport"\n')

    done = told(config, tmp_path)

    assert r"/dev/\x1b[2J\x9bport" in done.stdout
    assert all(line.isprintable() for line in done.stdout.split("\n"))
