"""One set of files in the place of another: at every moment of it a power cut leaves the one or the other."""

import os
import sqlite3
from pathlib import Path

import pytest

from hardwire.app.backup import exchange
from hardwire.app.backup.exchange import exchange as put_in_place
from hardwire.app.backup.exchange import go_back, is_busy, mend, steps
from hardwire.app.backup.gathering import gather
from hardwire.model.errors import BadValueError, HubFaultError
from hardwire.storage.folder import FolderLock
from hardwire.storage.migrations import migrate, shipped_migrations
from tests.app.backup.house import NOW, backup_of, keys_of, make_folder, state_of
from tests.app.backup.tars import contents, listed, packed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A hub with the key `new`; a backup of another one lies beside it."""
    backup_of(make_folder(tmp_path / "other", "old"), tmp_path / "b.tar")
    return make_folder(tmp_path / "data", "new")


def test_what_was_there_is_kept_whole_and_can_be_put_back(folder: Path, tmp_path: Path) -> None:
    before = state_of(folder)
    gather(folder, tmp_path / "b.tar")

    kept = put_in_place(folder, NOW)

    assert kept == folder / "before-restore-2026-06-01T12-00-00Z"
    assert state_of(folder) == state_of(tmp_path / "other")
    assert (folder / "leaves").stat().st_mode & 0o777 == 0o700

    failed = go_back(folder, kept, "a port is taken", NOW)

    assert state_of(folder) == before
    assert keys_of(failed) == ["old"]
    assert (failed / "why.txt").read_text() == "a port is taken\n"
    assert not kept.exists()


def test_two_in_one_second_are_kept_apart(folder: Path, tmp_path: Path) -> None:
    for _ in range(2):
        gather(folder, tmp_path / "b.tar")
        put_in_place(folder, NOW)

    assert keys_of(folder / "before-restore-2026-06-01T12-00-00Z") == ["new"]
    assert keys_of(folder / "before-restore-2026-06-01T12-00-00Z-2") == ["old"]


def test_an_empty_folder_has_nothing_to_keep(folder: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    gather(empty, tmp_path / "b.tar")

    assert put_in_place(empty, NOW) is None
    assert keys_of(empty) == ["old"]
    assert list(empty.glob("before-*")) == []


def test_a_power_cut_at_any_moment_leaves_the_old_hub_or_the_new_one(tmp_path: Path) -> None:
    backup_of(make_folder(tmp_path / "other", "old"), tmp_path / "b.tar")
    other = state_of(tmp_path / "other")
    count = 0
    while True:
        folder = make_folder(tmp_path / f"data-{count}", "new")
        gather(folder, tmp_path / "b.tar")
        # The log of a hub that was killed: it belongs to its store and to no other.
        (folder / "hardwire.db-wal").write_bytes(b"")
        (folder / exchange.NEW / exchange.GOES_TO).write_text("before-restore-x")
        (folder / exchange.NEW).rename(folder / exchange.READY)
        left = steps(folder)
        is_over = sum(1 for _ in zip(left, range(count), strict=False)) < count
        left.close()

        mend(folder)

        assert state_of(folder) == other
        assert keys_of(folder / "before-restore-x") == ["new"]
        assert not is_busy(folder)
        if is_over:
            break
        count += 1
    assert count >= 10


def test_a_power_cut_before_the_decision_leaves_the_old_hub(folder: Path, tmp_path: Path) -> None:
    before = state_of(folder)
    gather(folder, tmp_path / "b.tar")
    (folder / exchange.NEW / exchange.GOES_TO).write_text("before-restore-x")

    mend(folder)

    assert state_of(folder) == before
    assert not is_busy(folder)


def test_a_hub_that_runs_is_not_mended(folder: Path, tmp_path: Path) -> None:
    gather(folder, tmp_path / "b.tar")
    lock = FolderLock(folder)

    with pytest.raises(HubFaultError, match="in use"):
        mend(folder)

    lock.release()


def test_a_copy_that_was_brought_goes_at_the_next_start(folder: Path) -> None:
    (folder / exchange.COPY).write_text("a backup")

    mend(folder)

    assert not (folder / exchange.COPY).exists()


def test_what_root_unpacks_is_for_the_hubs_own_user(folder: Path, tmp_path: Path) -> None:
    # Others than root cannot give files away; for them all is theirs already.
    owner = 65_534 if os.geteuid() == 0 else os.geteuid()
    empty = tmp_path / "empty"
    empty.mkdir()
    os.chown(empty, owner, -1)

    lock = FolderLock(empty)
    gather(empty, tmp_path / "b.tar")
    put_in_place(empty, NOW)
    lock.release()

    assert {path.stat().st_uid for path in empty.rglob("*")} == {owner}


def test_a_note_that_no_hub_wrote_moves_nothing(folder: Path) -> None:
    (folder / exchange.READY).mkdir()
    for name in ("../elsewhere", "before-restore-/../../x", "elsewhere"):
        (folder / exchange.READY / exchange.GOES_TO).write_text(name)

        with pytest.raises(HubFaultError, match="not written by a hub"):
            mend(folder)


def test_a_file_of_no_use_changes_nothing(folder: Path, tmp_path: Path) -> None:
    before = state_of(folder)
    (tmp_path / "b.tar").write_bytes(b"garbage" * 1000)

    with pytest.raises(BadValueError, match="nothing was changed"):
        gather(folder, tmp_path / "b.tar")

    assert state_of(folder) == before
    assert not is_busy(folder)


def test_a_backup_whose_parts_are_of_two_hubs_is_of_no_use(tmp_path: Path) -> None:
    one, two = make_folder(tmp_path / "one", "1"), make_folder(tmp_path / "two", "2")
    before = state_of(two)
    backup_of(one, tmp_path / "b.tar")
    text = (tmp_path / "b.tar").read_bytes()
    for name, reason in (("vault.key", "vault.key"), ("ca.key", "do not belong together")):
        (tmp_path / "mixed.tar").write_bytes(_with(text, name, (two / name).read_bytes()))

        with pytest.raises(BadValueError, match=reason):
            gather(two, tmp_path / "mixed.tar")

    assert state_of(two) == before


def test_an_older_store_is_brought_to_this_version_first(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "data")
    (folder / "hardwire.db").unlink()
    store = sqlite3.connect(folder / "hardwire.db", isolation_level=None)
    migrate(store, folder / "hardwire.db", shipped_migrations()[:-1])
    store.close()
    backup_of(folder, tmp_path / "b.tar")

    gather(folder, tmp_path / "b.tar")

    found = sqlite3.connect(folder / exchange.NEW / "hardwire.db")
    assert found.execute("PRAGMA user_version").fetchone() == (len(shipped_migrations()),)
    found.close()
    names = sorted(path.name for path in (folder / exchange.NEW).iterdir())
    assert names == ["ca.key", "ca.pem", "hardwire.db", "leaves", "vault.key"]


def _with(text: bytes, name: str, content: bytes) -> bytes:
    return packed(listed({**contents(text), name: content}))
