"""A backup is one private file that holds everything of a hub, and is never half there."""

import sqlite3
import tarfile
import threading
from pathlib import Path

import pytest

from hardwire.app.backup.archive import opened
from hardwire.app.backup.making import make
from hardwire.model.errors import CallerError, HubFaultError
from hardwire.storage.connections import connect_writer
from hardwire.storage.folder import FolderLock
from tests.app.backup.house import NOW, add_keys, backup_of, make_folder, quiet


def test_it_holds_the_store_the_keys_and_the_certificates_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "data", "1")
    (folder / "before-restore-x").mkdir()
    (folder / "notes.txt").write_text("not the hub's")

    file = backup_of(folder, tmp_path / "b.tar")

    with tarfile.open(file) as archive:
        names = archive.getnames()
    leaf = f"leaves/{'ab' * 32}.pem"
    assert names == ["manifest.json", "vault.key", "ca.key", "ca.pem", leaf, "hardwire.db"]
    assert file.stat().st_mode & 0o777 == 0o600
    with opened(file) as found:
        found.verify(quiet)
        assert found.manifest.made == NOW
        assert found.manifest.format == "hardwire-backup"


def test_a_hub_goes_on_writing_and_the_copy_is_of_one_instant(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "data", "1")
    writer = connect_writer(folder / "hardwire.db")
    writer.execute("CREATE TABLE pair (a INTEGER, b INTEGER, filling BLOB)")
    writer.execute("BEGIN")
    writer.executemany("INSERT INTO pair VALUES (0, 0, ?)", [(b"x" * 1000,)] * 6_000)
    writer.execute("COMMIT")
    # A hub holds its folder.
    lock = FolderLock(folder)
    rounds, is_over = 0, threading.Event()

    def write() -> None:
        nonlocal rounds
        while not is_over.is_set():
            rounds += 1
            writer.execute("BEGIN IMMEDIATE")
            writer.execute("UPDATE pair SET a = ? WHERE rowid % 100 = 0", (rounds,))
            writer.execute("UPDATE pair SET b = ? WHERE rowid % 100 = 0", (rounds,))
            writer.execute("COMMIT")

    thread = threading.Thread(target=write)
    thread.start()
    seen: list[int] = []
    make(folder, tmp_path / "b.tar", now=NOW, tell=lambda done, total: seen.append(rounds))
    is_over.set()
    thread.join()
    writer.close()
    lock.release()

    with tarfile.open(tmp_path / "b.tar") as archive:
        archive.extract("hardwire.db", tmp_path, filter="data")
    copy = sqlite3.connect(tmp_path / "hardwire.db")
    counted = copy.execute("SELECT count(DISTINCT a), count(*), sum(a = b) FROM pair WHERE rowid % 100 = 0").fetchone()
    copy.close()
    assert counted == (1, 60, 60)
    assert seen[-1] > seen[0]


def test_an_older_file_stays_unless_it_may_be_replaced(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "data", "1")
    file = tmp_path / "b.tar"
    file.write_text("last year's")

    with pytest.raises(CallerError, match="--force"):
        make(folder, file, now=NOW, tell=quiet)
    assert file.read_text() == "last year's"

    make(folder, file, now=NOW, tell=quiet, is_forced=True)
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_backup_that_is_broken_off_leaves_nothing(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "data", "1")

    def break_off(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(folder, tmp_path / "b.tar", now=NOW, tell=break_off)

    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_where_no_hub_has_ever_run_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(CallerError, match="no hub's data"):
        make(tmp_path / "none", tmp_path / "b.tar", now=NOW, tell=quiet)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", [None, b"x" * 32])
def test_a_store_whose_vault_key_is_lost_or_wrong_makes_no_backup_that_could_not_be_restored(
    tmp_path: Path, text: bytes | None
) -> None:
    folder = make_folder(tmp_path / "data", "1")
    (folder / "vault.key").unlink()
    if text is not None:
        (folder / "vault.key").write_bytes(text)

    with pytest.raises(HubFaultError, match=r"vault\.key"):
        make(folder, tmp_path / "b.tar", now=NOW, tell=quiet)

    assert not (tmp_path / "b.tar").exists()


def test_a_damaged_store_makes_none_either(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "data", *map(str, range(200)))
    pages = bytearray((folder / "hardwire.db").read_bytes())
    pages[5 * 4096 : 9 * 4096] = b"\x07" * 4 * 4096
    (folder / "hardwire.db").write_bytes(pages)

    with pytest.raises(HubFaultError, match="damaged"):
        make(folder, tmp_path / "b.tar", now=NOW, tell=quiet)


async def test_what_was_acknowledged_before_it_began_is_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    await add_keys(folder, "1", "2")
    (folder / "ca.key").write_text("a key")
    (folder / "ca.pem").write_text("a certificate")

    made = make(folder, tmp_path / "b.tar", now=NOW, tell=quiet)

    store = made.member("hardwire.db")
    assert store is not None
    assert store.size > 0
    assert made.member("hub.lock") is None
