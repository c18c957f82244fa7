"""One hub after another in one process: what a restore changes, and what it leaves."""

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from hardwire.app.backup.renewal import Renewal
from hardwire.app.config import Config, HubTable
from hardwire.app.lives import Ready, live
from hardwire.contracts.question import Renew
from hardwire.model.errors import BadValueError, CallerError, HubFaultError
from hardwire.storage.folder import FolderLock
from hardwire.storage.sqlite import SqliteStore
from tests.app.backup.house import backup_of, keys_of, make_folder

FREE = Config(hub=HubTable(port=0, tls_port=0))
READY = Ready("http://127.0.0.1:4711", "https://127.0.0.1:4712", None)


class Begin:
    """Opens the store of a folder in place of a whole hub, and does in each life what the test says."""

    def __init__(self, folder: Path, *plan: Callable[[Renewal], object]) -> None:
        self.ports: list[tuple[int, int]] = []
        self.keys: list[list[str]] = []
        self._folder = folder
        self._plan = iter(plan)

    async def __call__(self, config: Config, stack: AsyncExitStack, renewal: Renewal) -> Ready:
        """Begin a life."""
        self.ports.append((config.hub.port, config.hub.tls_port))
        store = SqliteStore(self._folder)
        await store.open()
        stack.push_async_callback(store.close)
        self.keys.append([one.id for one in await store.credentials()])
        task = next(self._plan)(renewal)
        if isinstance(task, asyncio.Future):
            await task
        return READY


def end(renewal: Renewal) -> None:
    """The owner ends the hub."""
    os.kill(os.getpid(), signal.SIGTERM)


def fail(renewal: Renewal) -> None:
    """The hub cannot start."""
    raise HubFaultError("a port is taken")


def stumble(renewal: Renewal) -> None:
    """The hub has a fault."""
    raise ValueError("a fault")


def restore(file: Path) -> Callable[[Renewal], object]:
    """The owner puts a backup back."""
    return lambda renewal: asyncio.ensure_future(renewal.answer(Renew(str(file))))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A hub with the key `new`; a backup of another one lies beside it."""
    backup_of(make_folder(tmp_path / "other", "old"), tmp_path / "b.tar")
    return make_folder(tmp_path / "data", "new")


def run(begin: Begin, folder: Path) -> list[Ready]:
    """Run lives until the end; returns what was told."""
    told: list[Ready] = []
    asyncio.run(live(begin, FREE, folder, told.append))
    return told


def test_a_signal_ends_the_one_life_of_most_hubs(folder: Path) -> None:
    begin = Begin(folder, end)

    told = run(begin, folder)

    assert told == [READY]
    assert begin.ports == [(0, 0)]


def test_a_backup_begins_a_life_with_its_own_files_on_the_same_ports(folder: Path, tmp_path: Path) -> None:
    begin = Begin(folder, restore(tmp_path / "b.tar"), end)

    told = run(begin, folder)

    assert told == [READY, READY]
    assert begin.ports == [(0, 0), (4711, 4712)]
    assert begin.keys == [["new"], ["old"]]
    assert keys_of(folder) == ["old"]


@pytest.mark.parametrize("fault", [fail, stumble])
def test_a_backup_that_no_hub_can_start_with_goes_and_what_was_there_comes_back(
    folder: Path, tmp_path: Path, fault: Callable[[Renewal], object]
) -> None:
    begin = Begin(folder, restore(tmp_path / "b.tar"), fault, end)

    run(begin, folder)

    assert begin.keys == [["new"], ["old"], ["new"]]
    (failed,) = folder.glob("failed-restore-*")
    assert keys_of(failed) == ["old"]
    assert (failed / "why.txt").read_text().strip() in ("a port is taken", "ValueError('a fault')")
    assert list(folder.glob("before-restore-*")) == []


def test_a_command_that_looks_at_the_files_between_two_lives_is_waited_for(folder: Path, tmp_path: Path) -> None:
    def come_second(renewal: Renewal) -> None:
        raise HubFaultError("another process is here", code="folder-in-use")

    begin = Begin(folder, restore(tmp_path / "b.tar"), come_second, end)

    run(begin, folder)

    assert begin.keys == [["new"], ["old"], ["old"]]
    assert list(folder.glob("failed-restore-*")) == []


async def test_the_files_are_exchanged_as_soon_as_nobody_else_holds_them(folder: Path, tmp_path: Path) -> None:
    renewal = Renewal(folder)
    await renewal.answer(Renew(str(tmp_path / "b.tar")))
    lock = FolderLock(folder)
    asyncio.get_running_loop().call_later(0.15, lock.release)

    await renewal.perform()

    assert renewal.before is not None


def test_a_folder_that_another_hub_holds_from_the_beginning_is_told_at_once(folder: Path) -> None:
    lock = FolderLock(folder)

    with pytest.raises(HubFaultError, match="in use"):
        run(Begin(folder, end), folder)

    lock.release()


def test_a_hub_that_cannot_start_at_all_is_told(folder: Path) -> None:
    with pytest.raises(HubFaultError, match="a port is taken"):
        run(Begin(folder, fail), folder)


def test_a_file_of_no_use_leaves_the_hub_as_it_is(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "x.tar").write_bytes(b"x" * 5000)

    with pytest.raises(BadValueError, match="no backup of a hub"):
        run(Begin(folder, restore(tmp_path / "x.tar")), folder)

    assert keys_of(folder) == ["new"]


async def test_one_backup_is_put_back_at_a_time(folder: Path, tmp_path: Path) -> None:
    renewal = Renewal(folder)

    await renewal.answer(Renew(str(tmp_path / "b.tar")))

    with pytest.raises(CallerError, match="already"):
        await renewal.answer(Renew(str(tmp_path / "b.tar")))
    await renewal.perform()
    assert await renewal.answer(Renew(str(tmp_path / "b.tar"))) is True


async def test_after_a_file_of_no_use_the_next_one_is_heard(folder: Path, tmp_path: Path) -> None:
    renewal = Renewal(folder)

    with pytest.raises(BadValueError):
        await renewal.answer(Renew(str(tmp_path / "none")))

    assert await renewal.answer(Renew(str(tmp_path / "b.tar"))) is True


def test_an_exchange_that_cannot_be_carried_out_leaves_the_hub_to_go_on(folder: Path, tmp_path: Path) -> None:
    def lose(renewal: Renewal) -> object:
        # Somebody takes the unpacked files away at the last moment.
        async def work() -> None:
            await renewal.answer(Renew(str(tmp_path / "b.tar")))
            (folder / "restore.new").rename(tmp_path / "gone")

        return asyncio.ensure_future(work())

    begin = Begin(folder, lose, end)

    run(begin, folder)

    assert begin.keys == [["new"], ["new"]]
