"""A whole examination, on a machine made of paper."""

from pathlib import Path

import pytest

from hardwire.app.doctor.examination import examine
from hardwire.app.doctor.finding import Finding, Grade

TCP = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000    33        0 4711 1 0000 100 0 0 10 0
"""
UDP = TCP.replace("0050", "14E9").replace(" 0A ", " 07 ").replace("4711", "4712")
CONFIG = """
[hub]
host = "0.0.0.0"
port = 80
tls_port = 8443
discovery = {discovery}

[devices.grid]
driver = "dsmr"
port = "/dev/ttyUSB0"
homewizard = {{ serial = "5c2faf0a0b0c", v1 = true, v1_allow = [] }}
"""


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A root folder with nginx on port 80, avahi on 5353 and a clock that is kept right."""
    for pid, name, inode in ((812, "nginx", 4711), (813, "avahi-daemon", 4712)):
        files = tmp_path / "proc" / str(pid) / "fd"
        files.mkdir(parents=True)
        (files / "6").symlink_to(f"socket:[{inode}]")
        (files.parent / "comm").write_text(f"{name}\n")
    (tmp_path / "proc/net").mkdir()
    (tmp_path / "proc/net/tcp").write_text(TCP)
    (tmp_path / "proc/net/udp").write_text(UDP)
    (tmp_path / "run/systemd/timesync").mkdir(parents=True)
    (tmp_path / "run/systemd/timesync/synchronized").write_text("")
    return tmp_path


def examined(machine: Path, discovery: str = "true") -> dict[str, Finding]:
    """What is found there, by what it is about."""
    file = machine / "hardwire.toml"
    file.write_text(CONFIG.format(discovery=discovery))
    return {one.about: one for one in examine(file, machine / "data", {}, machine)}


def test_everything_is_looked_at_in_one_go(machine: Path) -> None:
    found = examined(machine)

    assert {about: one.grade for about, one in found.items()} == {
        "configuration": Grade.GOOD,
        "folder": Grade.GOOD,
        "hub": Grade.GOOD,
        "hub.port": Grade.WRONG,
        "hub.tls_port": Grade.GOOD,
        "discovery": Grade.GOOD,
        "devices.grid.homewizard.v1_allow": Grade.HINT,
        "devices.grid.port": Grade.WRONG,
        "ca": Grade.GOOD,
        "clock": Grade.GOOD,
    }
    assert "nginx (process 812)" in found["hub.port"].text
    assert "avahi-daemon answers mDNS" in found["discovery"].text


def test_nothing_is_made_by_looking(machine: Path) -> None:
    before = sorted(machine.rglob("*"))

    examined(machine)

    assert sorted(machine.rglob("*")) == sorted([*before, machine / "hardwire.toml"])


def test_a_hub_that_is_not_to_be_discovered_is_told_nothing_of_it(machine: Path) -> None:
    assert "discovery" not in examined(machine, discovery="false")


def test_a_configuration_that_cannot_be_read_leaves_the_listeners_unjudged(machine: Path) -> None:
    found = {one.about: one for one in examine(machine / "none.toml", machine / "data", {}, machine)}

    assert found["configuration"].grade is Grade.WRONG
    assert "hub.port" not in found
    assert found["clock"].grade is Grade.GOOD
