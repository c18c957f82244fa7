"""What the doctor says of the house itself: data folder, hub, authority, clock, cables, who is let in."""

import fcntl
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import msgspec
import pytest

from hardwire.app.doctor import authority, clock, folder, hub, products, serial, v1
from hardwire.app.doctor.addresses import Addresses
from hardwire.app.doctor.clock import Clock
from hardwire.app.doctor.finding import Grade
from hardwire.app.doctor.folder import Folder
from hardwire.app.doctor.holders import Holder
from hardwire.app.doctor.hub import Hub, State
from hardwire.app.doctor.listeners import Wanted
from hardwire.app.doctor.serial import SerialPort
from hardwire.app.entries import DeviceEntry, device_entry
from hardwire.server.tls.authority import Authority
from hardwire.version import VERSION

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
LAN = Addresses(frozenset(), ip_address("192.168.7.4"), "eth0")
METER = {"driver": "simulated", "kind": "meter"}
OPEN = [Wanted("hub.port", "0.0.0.0", 8080)]
NO_HUB = Hub(State.ABSENT)
PORT = SerialPort(setting="devices.grid.port", path="/dev/ttyUSB0", group="dialout", user="ann")


def meter(**face: object) -> DeviceEntry:
    """A meter with a HomeWizard face."""
    return device_entry("grid", {**METER, "homewizard": {"serial": "5c2faf0a0b0c", **face}}, "UTC")


@contextmanager
def answering(path: Path, answer: bytes) -> Iterator[None]:
    """A process that answers one request on a Unix socket."""
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(path))
        sock.listen()

        def serve() -> None:
            peer, _ = sock.accept()
            with peer:
                peer.recv(1000)
                peer.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield
        thread.join(10)


@contextmanager
def dribbling(path: Path) -> Iterator[None]:
    """A process that answers one request letter by letter, without end."""
    done = threading.Event()
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(path))
        sock.listen()

        def serve() -> None:
            peer, _ = sock.accept()
            with peer, suppress(OSError):
                while not done.wait(0.05):
                    peer.sendall(b"H")

        thread = threading.Thread(target=serve)
        thread.start()
        yield
        done.set()
        thread.join(10)


def test_a_folder_is_looked_at_where_it_is_and_where_it_will_be(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    user = folder.user_name(os.geteuid())

    there = folder.gather(tmp_path, user)
    coming = folder.gather(tmp_path / "a" / "b", user)

    assert (there.exists, there.is_writable, there.mode, there.owner) == (True, True, 0o700, user)
    assert (coming.exists, coming.is_folder, coming.is_writable) == (False, True, True)
    assert [one.grade for one in (*folder.check(there), *folder.check(coming))] == [Grade.GOOD, Grade.GOOD]


def test_secrets_that_others_may_read_are_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    for name, mode in (("ca.key", 0o644), ("hardwire.db", 0o600)):
        (tmp_path / name).write_text("")
        (tmp_path / name).chmod(mode)

    *_, found = folder.check(folder.gather(tmp_path, folder.user_name(os.geteuid())))

    assert found.grade is Grade.WRONG
    assert f"`chmod 600 {tmp_path}/ca.key`" in found.text


def test_a_file_in_the_folders_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")

    (found,) = folder.check(folder.gather(tmp_path / "data", "ann"))

    assert "is no folder" in found.text


@pytest.mark.parametrize(
    ("change", "grade", "words"),
    [
        ({"is_writable": False, "owner": "hardwire"}, Grade.WRONG, "`sudo -u hardwire hardwire doctor`"),
        ({"is_writable": False}, Grade.WRONG, "ann may not write"),
        ({"is_writable": False, "exists": False, "owner": "root"}, Grade.WRONG, "ann may not make /srv/hub"),
        ({"owner": "hardwire"}, Grade.HINT, "`sudo -u hardwire hardwire ...`"),
        ({"mode": 0o755}, Grade.HINT, "`chmod 700"),
        ({"free_bytes": 50 * 2**20}, Grade.HINT, "50 MB left"),
        ({"free_bytes": 2**20}, Grade.WRONG, "is full (1 MB left)"),
    ],
)
def test_a_folder_that_is_not_as_it_should_be_is_told(change: dict[str, object], grade: Grade, words: str) -> None:
    fine = Folder(path=Path("/srv/hub"), exists=True, owner="ann", user="ann", free_bytes=2**40)

    found = [one for one in folder.check(msgspec.structs.replace(fine, **change)) if words in one.text]

    assert [one.grade for one in found] == [grade]


def test_users_and_groups_without_a_name_are_numbers() -> None:
    assert folder.user_name(4_000_000) == "4000000"
    assert folder.group_name(4_000_000) == "4000000"


def test_a_hub_that_answers_is_known_with_its_process_and_version(tmp_path: Path) -> None:
    body = b'{"status":"ok","version":"%s"}' % VERSION.encode()
    with answering(tmp_path / "hub.sock", b"HTTP/1.0 200 OK\r\n\r\n" + body):
        found = hub.gather(tmp_path, {}, tmp_path)

    assert found == Hub(State.RUNS, os.getpid(), os.geteuid(), VERSION)
    assert [one.grade for one in hub.check(found, tmp_path)] == [Grade.GOOD]


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.0 503 No\r\n\r\n{}",
        b"HTTP/1.0 200 OK\r\n\r\nno json",
        b"HTTP/1.0 200 OK\r\n\r\n" + b"[" * 60_000,
        b"",
    ],
    ids=["ill", "no hub", "deep", "nothing"],
)
def test_a_hub_that_does_not_answer_well_is_silent(tmp_path: Path, answer: bytes) -> None:
    with answering(tmp_path / "hub.sock", answer):
        found = hub.gather(tmp_path, {}, tmp_path)

    assert found.state is State.SILENT
    assert [one.grade for one in hub.check(found, tmp_path)] == [Grade.WRONG]


def test_a_hub_that_answers_without_end_is_silent(tmp_path: Path) -> None:
    began = time.monotonic()
    with dribbling(tmp_path / "hub.sock"):
        found = hub.gather(tmp_path, {}, tmp_path)

    assert found.state is State.SILENT
    assert time.monotonic() - began < 10 * hub.ANSWER_WITHIN_S


def test_what_a_killed_hub_left_behind_is_no_hub(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(tmp_path / "hub.sock"))

    assert hub.gather(tmp_path, {}, tmp_path) == NO_HUB
    assert [one.grade for one in hub.check(NO_HUB, tmp_path)] == [Grade.GOOD]


def test_a_hub_that_holds_the_folder_and_has_no_socket_yet_is_silent(tmp_path: Path) -> None:
    with (tmp_path / "hub.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        found = hub.gather(tmp_path, {}, Path("/"))

    assert found.state is State.SILENT
    assert hub.gather(tmp_path, {}, Path("/")) == NO_HUB


def test_another_users_hub_and_an_older_one_are_told(tmp_path: Path) -> None:
    (hidden,) = hub.check(Hub(State.HIDDEN), tmp_path)
    (older,) = hub.check(Hub(State.RUNS, 7, 1, "0.0.1"), tmp_path)

    assert hidden.grade is Grade.WRONG
    assert older.grade is Grade.HINT
    assert "version 0.0.1 runs (process 7)" in older.text


def test_an_authority_that_is_whole_is_good_and_one_that_is_not_made_yet_too(tmp_path: Path) -> None:
    (coming,) = authority.check(authority.gather(tmp_path), NOW)
    Authority.open(tmp_path, NOW)

    (found,) = authority.check(authority.gather(tmp_path), NOW)

    assert coming.grade is found.grade is Grade.GOOD
    assert "good until 2036" in found.text


@pytest.mark.parametrize(
    ("after", "grade", "words"),
    [
        (timedelta(days=-10), Grade.WRONG, "is the clock right?"),
        (timedelta(days=3600), Grade.HINT, "plan a day"),
        (timedelta(days=4000), Grade.WRONG, "it ended on"),
    ],
)
def test_an_authority_near_or_past_its_end_is_told(tmp_path: Path, after: timedelta, grade: Grade, words: str) -> None:
    Authority.open(tmp_path, NOW)

    (found,) = authority.check(authority.gather(tmp_path), NOW + after)

    assert found.grade is grade
    assert words in found.text


def test_an_authority_without_key_damaged_or_unreadable_is_told(tmp_path: Path) -> None:
    Authority.open(tmp_path, NOW)
    (tmp_path / "ca.key").unlink()
    (keyless,) = authority.check(authority.gather(tmp_path), NOW)
    (tmp_path / "ca.pem").write_text("nothing")
    (damaged,) = authority.check(authority.gather(tmp_path), NOW)
    (tmp_path / "ca.pem").unlink()
    (tmp_path / "ca.pem").mkdir()
    (unreadable,) = authority.check(authority.gather(tmp_path), NOW)

    assert "has lost its key" in keyless.text
    assert "it is damaged" in damaged.text
    assert "Is a directory" in unreadable.text


def test_a_clock_is_judged_by_its_year_and_by_who_keeps_it(tmp_path: Path) -> None:
    (tmp_path / "run/systemd/timesync").mkdir(parents=True)
    (tmp_path / "run/systemd/timesync/synchronized").write_text("")

    kept = clock.gather(tmp_path, NOW)

    assert kept == Clock(NOW, True)
    assert clock.gather(tmp_path / "nowhere", NOW).is_set in (True, False, None)
    grades = [
        next(clock.check(one)).grade for one in (kept, Clock(NOW, False), Clock(datetime(1970, 1, 1, tzinfo=UTC), None))
    ]
    assert grades == [Grade.GOOD, Grade.HINT, Grade.WRONG]


@pytest.mark.parametrize(
    ("change", "grade", "words"),
    [
        ({}, Grade.GOOD, "may be used"),
        ({"exists": False}, Grade.WRONG, "is the cable in?"),
        ({"exists": False, "others": ("/dev/ttyACM0",)}, Grade.WRONG, "the machine has /dev/ttyACM0"),
        ({"is_serial": False}, Grade.WRONG, "is no serial port"),
        ({"may_use": False}, Grade.WRONG, "`sudo usermod -aG dialout ann`"),
        ({"holder": Holder(5, "ser2net")}, Grade.WRONG, "in use by ser2net (process 5)"),
    ],
)
def test_what_keeps_a_driver_from_its_port_is_told(change: dict[str, object], grade: Grade, words: str) -> None:
    found = serial.check(msgspec.structs.replace(PORT, **change))

    assert found.grade is grade
    assert words in found.text


def test_ports_of_devices_are_looked_at_and_not_opened(tmp_path: Path) -> None:
    (tmp_path / "dev/serial/by-id").mkdir(parents=True)
    (tmp_path / "dev/serial/by-id/usb-P1").write_text("")
    (tmp_path / "dev/ttyUSB1").write_text("")
    entries = [
        device_entry(id, {"driver": "dsmr", "port": port}, "UTC")
        for id, port in (("a", "/dev/ttyUSB0"), ("b", "/dev/ttyUSB1"), ("c", "tcp://192.168.1.9:2001"))
    ]

    files = {str(tmp_path / "dev/ttyUSB1"): 4_000_000}
    missing, plain = serial.gather(tmp_path, entries, files, NO_HUB, "ann")

    assert (missing.exists, missing.others) == (False, ("/dev/serial/by-id/usb-P1",))
    assert (plain.setting, plain.exists, plain.is_serial) == ("devices.b.port", True, False)
    assert plain.holder == Holder(4_000_000, "a program")


def test_a_port_that_the_hub_itself_has_open_is_good() -> None:
    entry = device_entry("grid", {"driver": "dsmr", "port": "/dev/null"}, "UTC")

    (port,) = serial.gather(Path("/"), [entry], {"/dev/null": 99}, Hub(State.RUNS, 99), "ann")

    assert port.is_serial
    assert port.holder is None


@pytest.mark.parametrize(
    ("allow", "words"),
    [
        ([], "lets nobody in"),
        (["0.0.0.0/0"], "0.0.0.0/0 lets in whoever finds a way"),
        (["127.0.0.0/8", "::1/128"], "programs of this machine alone"),
    ],
)
def test_an_allow_list_that_does_not_serve_a_home_is_a_hint(allow: list[str], words: str) -> None:
    (found,) = v1.check([meter(v1=True, v1_allow=allow)], OPEN, LAN)

    assert found.grade is Grade.HINT
    assert found.about == "devices.grid.homewizard.v1_allow"
    assert words in found.text
    assert 'v1_allow = ["192.168.7.0/24"]' in found.text


def test_an_allow_list_for_a_home_and_a_v1_that_is_off_are_nothing_to_tell() -> None:
    nowhere = Addresses(frozenset())

    assert list(v1.check([meter(v1=True, v1_allow=["192.168.1.0/24"]), meter()], OPEN, LAN)) == []
    assert list(v1.check([meter(v1=True)], [Wanted("hub.port", "127.0.0.1", 8080)], LAN)) == []
    assert "192.168.1.0/24" in next(v1.check([meter(v1=True, v1_allow=[])], OPEN, nowhere)).text


@pytest.mark.parametrize(
    ("table", "product", "words"),
    [
        ({"kind": "socket"}, "HWE-P1", ["it is HWE-SKT and is shown as HWE-P1: unless you mean that, write product"]),
        ({"kind": "socket"}, "HWE-SKT", []),
        ({"kind": "kwh_meter", "profile": "HWE-KWH3"}, "HWE-KWH1", ["it is HWE-KWH3 and is shown as HWE-KWH1"]),
        ({"kind": "unit", "fields": [{"name": "level"}]}, "HWE-WTR", []),
        ({"driver": "dsmr", "port": "ttyUSB0"}, "HWE-P1", []),
    ],
)
def test_a_device_that_is_shown_as_what_it_is_not_is_a_hint(
    table: dict[str, object], product: str, words: list[str]
) -> None:
    face = {"serial": "5c2faf0a0b0c", "product": product}
    entry = device_entry("it", {"driver": "simulated", **table, "homewizard": face}, "UTC")

    found = list(products.check([entry]))

    assert [one.about for one in found] == ["devices.it.homewizard.product"] * len(words)
    assert all(one.text.startswith(start) for one, start in zip(found, words, strict=True))


def test_a_device_without_a_homewizard_face_is_not_judged() -> None:
    board = device_entry("it", {"driver": "simulated", "kind": "board", "obniz": {"id": "2345-6789"}}, "UTC")

    assert list(products.check([board])) == []
