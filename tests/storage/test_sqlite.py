"""The store's file and folder: private, held by one hub, and clear about what is wrong with them."""

import asyncio
import os
import sqlite3
import stat
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hardwire.model.access import Credential
from hardwire.model.audit import AuditEntry
from hardwire.model.errors import HubFaultError
from hardwire.model.fact import Sample
from hardwire.model.history import HistoryRow, HistoryWish
from hardwire.storage import history_rows, sample_rows
from hardwire.storage import sqlite as sqlite_store
from hardwire.storage.folder import LOCK_FILE
from hardwire.storage.readers import READERS
from hardwire.storage.sqlite import STORE_FILE, SqliteStore
from hardwire.storage.vault import KEY_FILE

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
NOBODY_UID = 65534


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def set_mode(path: Path, wanted: int) -> None:
    path.chmod(wanted)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def look(file: Path, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(file)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


@contextmanager
def common_user() -> Iterator[None]:
    """Act as a user whom permissions bind, since they do not bind root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY_UID)
    try:
        yield
    finally:
        os.seteuid(0)


# Permissions


async def test_what_the_store_keeps_is_its_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "data"
    store = SqliteStore(folder)
    await store.open()

    await store.append([Sample("meter", NOON, {"power": 1})])

    modes = {path.name: mode(path) for path in folder.iterdir()}
    await store.close()
    assert mode(folder) == 0o700
    assert {STORE_FILE, f"{STORE_FILE}-wal", LOCK_FILE, KEY_FILE} <= modes.keys()
    assert set(modes.values()) == {0o600}


async def test_an_empty_folder_and_an_open_file_are_made_private(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    await _open_and_close(folder)
    (folder / STORE_FILE).chmod(0o644)

    await _open_and_close(folder)

    assert mode(folder) == 0o700
    assert mode(folder / STORE_FILE) == 0o600


async def test_a_folder_that_holds_other_things_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear")
    set_mode(tmp_path, 0o755)

    await _open_and_close(tmp_path)

    assert mode(tmp_path) == 0o755
    assert mode(tmp_path / STORE_FILE) == 0o600


async def test_an_ezeio_secret_is_not_readable_in_any_file(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    await store.open()
    await store.save_credential(Credential(id="e", kind="ezeio", secret_hash=b"HA1-of-the-key"))
    await store.save_credential(Credential(id="h", kind="homewizard", secret_hash=b"SHA-of-the-token"))

    files = b"".join(contents(tmp_path).values())
    secrets = {credential.id: credential.secret_hash for credential in await store.credentials()}
    await store.close()

    assert b"HA1-of-the-key" not in files
    assert b"SHA-of-the-token" in files
    assert secrets == {"e": b"HA1-of-the-key", "h": b"SHA-of-the-token"}


async def test_a_lost_vault_key_is_told_before_anything_is_sealed_with_another(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    await store.open()
    await store.save_credential(Credential(id="e", kind="ezeio", secret_hash=b"HA1"))
    await store.close()
    (tmp_path / KEY_FILE).unlink()

    with pytest.raises(HubFaultError, match=r"vault\.key"):
        await SqliteStore(tmp_path).open()

    assert not (tmp_path / KEY_FILE).exists()


# One hub at a time


async def test_two_hubs_cannot_use_one_data_folder(tmp_path: Path) -> None:
    first, second = SqliteStore(tmp_path), SqliteStore(tmp_path)
    await first.open()

    with pytest.raises(HubFaultError, match="another hub") as caught:
        await second.open()
    await first.close()
    await second.open()
    await second.close()

    assert caught.value.code == "folder-in-use"
    assert str(os.getpid()) in caught.value.message


async def test_a_hub_of_another_process_is_told_by_its_number(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    await store.open()
    script = (
        "import asyncio, pathlib, sys\n"
        "from hardwire.model.errors import HubFaultError\n"
        "from hardwire.storage.sqlite import SqliteStore\n"
        "try:\n"
        "    asyncio.run(SqliteStore(pathlib.Path(sys.argv[1])).open())\n"
        "except HubFaultError as error:\n"
        "    print(error.code, error.message)\n"
    )

    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(60):
        printed, _ = await other.communicate()

    await store.close()
    assert printed.startswith(b"folder-in-use")
    assert f"process {os.getpid()}" in printed.decode()


async def test_a_hub_that_could_not_open_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / STORE_FILE).write_bytes(b"This is no database. " * 500)
    with pytest.raises(HubFaultError):
        await SqliteStore(tmp_path).open()
    (tmp_path / STORE_FILE).unlink()

    await _open_and_close(tmp_path)


# What can be wrong


async def test_a_file_that_is_no_database_is_called_damaged_and_left_alone(tmp_path: Path) -> None:
    letter = b"This is no database. " * 500
    (tmp_path / STORE_FILE).write_bytes(letter)

    with pytest.raises(HubFaultError, match="damaged") as caught:
        await SqliteStore(tmp_path).open()

    assert caught.value.code == "damaged"
    assert (tmp_path / STORE_FILE).read_bytes() == letter


async def test_a_page_that_is_damaged_is_told_to_whoever_reads_it(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    await store.open()
    await store.append([Sample("meter", NOON + timedelta(seconds=n), {"power": n}) for n in range(20_000)])
    await store.close()
    file = tmp_path / STORE_FILE
    content = bytearray(file.read_bytes())
    # The last page but a few holds samples; the schema's pages come first and stay whole.
    content[-40_960:-20_480] = bytes(20_480)
    file.write_bytes(content)
    await store.open()

    with pytest.raises(HubFaultError, match="damaged"):
        await store.samples("meter", NOON, NOON + timedelta(days=1), 100_000)

    assert await store.devices() == {}
    await store.close()


async def test_a_store_of_a_newer_hub_is_not_opened(tmp_path: Path) -> None:
    await _open_and_close(tmp_path)
    look(tmp_path / STORE_FILE, "PRAGMA user_version = 99")

    with pytest.raises(HubFaultError, match="newer hub"):
        await SqliteStore(tmp_path).open()


async def test_a_folder_where_a_file_is_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")

    with pytest.raises(HubFaultError, match="cannot be used"):
        await SqliteStore(tmp_path / "data").open()


async def test_a_folder_in_the_place_of_the_file_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / STORE_FILE).mkdir()

    with pytest.raises(HubFaultError, match=r"hardwire\.db"):
        await SqliteStore(tmp_path).open()


@pytest.fixture(params=["missing", "there"])
def closed_folder(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A data folder that cannot be made, or not be written."""
    # pytest's own folders are closed to other users, so this one is made outside of them.
    with tempfile.TemporaryDirectory() as outside:
        folder = Path(outside) / "data"
        if request.param == "there":
            folder.mkdir()
            (folder / "letter.txt").write_text("Dear")
            folder.chmod(0o555)
        Path(outside).chmod(0o555)
        yield folder
        for path in Path(outside), folder:
            if path.exists():
                path.chmod(0o755)


async def test_a_folder_that_may_not_be_written_is_named(closed_folder: Path) -> None:
    with common_user(), pytest.raises(HubFaultError, match=r"data.* cannot be used: Permission denied"):
        await SqliteStore(closed_folder).open()


async def test_a_store_that_is_not_open_says_so(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)

    with pytest.raises(HubFaultError, match="not open"):
        await store.append([Sample("meter", NOON, {"power": 1})])
    with pytest.raises(HubFaultError, match="not open"):
        await store.devices()
    with pytest.raises(HubFaultError, match="not open"):
        store.note([])

    assert contents(tmp_path) == {}


# The rest


async def test_repeats_and_commits_are_counted(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    await store.open()

    for _ in range(3):
        await store.append([Sample("meter", NOON, {"power": 1, "volts": 2})])

    counts = (store.commits, store.repeated_rows, store.dropped_rows)
    await store.close()
    assert counts == (3, 4, 0)


async def test_forgetting_goes_in_steps_and_comes_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_store, "FORGET_STEP_ROWS", 3)
    monkeypatch.setattr(sample_rows, "FOLD_ROWS", 1)
    store = SqliteStore(tmp_path)
    await store.open()
    await store.append([Sample("meter", NOON + timedelta(minutes=10 * n), {"power": n, "volts": n}) for n in range(10)])
    for _ in range(3):
        await store.audit(AuditEntry(at=NOON, actor="test", action="other.noted", detail="after the fold"))
    commits = store.commits

    forgotten = await store.forget_samples(NOON + timedelta(minutes=80))

    left = await store.samples("meter", NOON, NOON + timedelta(days=1), 10)
    steps = store.commits - commits
    await store.close()
    assert forgotten == 16
    assert [sample.values["power"] for sample in left] == [8, 9]
    # The horizon, three rows a step, and a last one that finds nothing.
    assert steps == 8


async def test_a_folder_with_odd_letters_in_its_name_is_a_folder_like_any_other(tmp_path: Path) -> None:
    folder = tmp_path / "a b?mode=ro#c%20\N{SNOWMAN}"

    await _open_and_close(folder)

    assert (folder / STORE_FILE).exists()


async def _open_and_close(folder: Path) -> None:
    store = SqliteStore(folder)
    await store.open()
    await store.close()


async def test_the_sealed_settings_of_a_device_open_for_no_other_and_without_the_key_not_at_all(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    await store.open()
    await store.save_device("grid", {"token": "secret"}, is_secret=True)
    await store.close()
    connection = sqlite3.connect(tmp_path / STORE_FILE)
    connection.execute("UPDATE device SET id = 'moved'")
    connection.commit()
    connection.close()

    moved = SqliteStore(tmp_path)
    await moved.open()
    with pytest.raises(HubFaultError, match="a token") as caught:
        await moved.devices()
    await moved.close()
    (tmp_path / KEY_FILE).unlink()

    assert caught.value.code == "vault"
    with pytest.raises(HubFaultError, match=r"vault\.key"):
        await SqliteStore(tmp_path).open()


async def test_long_questions_about_the_past_leave_a_thread_to_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_answer = threading.Event()

    def slow(*_: object) -> list[HistoryRow]:
        may_answer.wait(20)
        return []

    monkeypatch.setattr(history_rows, "read_history", slow)
    store = SqliteStore(tmp_path)
    await store.open()
    wish = HistoryWish(device="unit", since=NOON, until=NOON + timedelta(days=1))
    asking = [asyncio.create_task(store.history(wish)) for _ in range(2 * READERS)]

    async with asyncio.timeout(10):
        fixed = await store.fixed()
    still_asking = [one for one in asking if not one.done()]
    may_answer.set()
    answers = await asyncio.gather(*asking)
    await store.close()

    assert fixed == {}
    assert len(still_asking) == 2 * READERS
    assert answers == [[]] * (2 * READERS)
