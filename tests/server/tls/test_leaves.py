"""Leaves outlive a restart of the hub, and nothing else than good ones do."""

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from hardwire.server.tls.authority import Authority
from hardwire.server.tls.leaves import FOLDER, Leaves, Wanted

START = datetime(2026, 6, 1, tzinfo=UTC)
METER = "appliance/p1dongle/5c2fafaabbcc"
WANTED = Wanted(METER, (), (IPv4Address("127.0.0.1"), IPv4Address("192.168.1.50")))


@pytest.fixture
def authority() -> Authority:
    return Authority.create(START - timedelta(days=60))


def kept_file(folder: Path) -> Path:
    (file,) = (folder / FOLDER).iterdir()
    return file


def test_a_leaf_outlives_a_restart_readable_by_the_hub_alone(authority: Authority, tmp_path: Path) -> None:
    first = Leaves(authority, tmp_path).leaf(WANTED, START)
    after_restart = Leaves(authority, tmp_path).leaf(WANTED, START + timedelta(days=360))

    assert after_restart == first
    assert kept_file(tmp_path).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / FOLDER).stat().st_mode & 0o777 == 0o700


def test_an_address_that_was_left_changes_nothing(authority: Authority, tmp_path: Path) -> None:
    first = Leaves(authority, tmp_path).leaf(WANTED, START)

    assert Leaves(authority, tmp_path).leaf(Wanted(METER, (), WANTED.addresses[:1]), START) == first


@pytest.mark.parametrize(
    ("wanted", "later"),
    [
        (WANTED, timedelta(days=370)),
        (WANTED, timedelta(days=-30)),
        (Wanted(METER, (), (IPv4Address("192.168.1.51"),)), timedelta()),
        (Wanted(METER, ("hub.local",), WANTED.addresses), timedelta()),
    ],
    ids=["near its end", "a clock set back", "another address", "another host"],
)
def test_a_leaf_that_holds_good_no_more_is_signed_anew(
    authority: Authority, tmp_path: Path, wanted: Wanted, later: timedelta
) -> None:
    first = Leaves(authority, tmp_path).leaf(WANTED, START)

    second = Leaves(authority, tmp_path).leaf(wanted, START + later)

    assert second.certificate_pem != first.certificate_pem
    assert Leaves(authority, tmp_path).leaf(wanted, START + later) == second


def test_names_have_leaves_of_their_own(authority: Authority, tmp_path: Path) -> None:
    leaves = Leaves(authority, tmp_path)

    assert leaves.leaf(WANTED, START) != leaves.leaf(Wanted("appliance/battery/5c2faf000001", (), ()), START)
    assert len(list((tmp_path / FOLDER).iterdir())) == 2


def test_a_leaf_of_another_authority_is_signed_anew(authority: Authority, tmp_path: Path) -> None:
    foreign = Leaves(Authority.create(START), tmp_path).leaf(WANTED, START)

    assert Leaves(authority, tmp_path).leaf(WANTED, START) != foreign


@pytest.mark.parametrize("damage", [b"", b"no PEM", b"-----BEGIN CERTIFICATE-----\n"])
def test_a_damaged_file_is_written_anew(authority: Authority, tmp_path: Path, damage: bytes) -> None:
    Leaves(authority, tmp_path).leaf(WANTED, START)
    kept_file(tmp_path).write_bytes(damage)

    again = Leaves(authority, tmp_path).leaf(WANTED, START)

    assert Leaves(authority, tmp_path).leaf(WANTED, START) == again


def test_a_leaf_without_its_key_is_signed_anew(authority: Authority, tmp_path: Path) -> None:
    first = Leaves(authority, tmp_path).leaf(WANTED, START)
    kept_file(tmp_path).write_bytes(first.certificate_pem)

    assert Leaves(authority, tmp_path).leaf(WANTED, START) != first


def test_a_folder_that_cannot_be_used_costs_a_line_in_the_log(authority: Authority, tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("in the way")

    with capture_logs() as logs:
        leaf = Leaves(authority, tmp_path).leaf(WANTED, START)

    assert leaf.certificate_pem
    assert [line["log_level"] for line in logs] == ["warning"]


def test_without_a_folder_nothing_is_kept(authority: Authority) -> None:
    leaves = Leaves(authority, None)

    assert leaves.leaf(WANTED, START) != leaves.leaf(WANTED, START)
