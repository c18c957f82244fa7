"""What systemd hears of a hub, over a real socket."""

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hardwire.app.service import ServiceManager, is_journal


@contextmanager
def listening(address: str) -> Iterator[socket.socket]:
    """A service manager's ear."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(address)
        sock.settimeout(5)
        yield sock


async def test_a_service_manager_hears_that_the_hub_is_ready(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    with listening(address) as ear:
        ServiceManager({"NOTIFY_SOCKET": address}).ready()

        assert ear.recv(100) == b"READY=1"


async def test_a_service_manager_with_a_name_in_the_abstract_namespace_is_told_too() -> None:
    name = f"hardwire-test-{os.getpid()}"
    with listening("\0" + name) as ear:
        ServiceManager({"NOTIFY_SOCKET": "@" + name}).ready()

        assert ear.recv(100) == b"READY=1"


async def test_signs_of_life_come_twice_within_the_limit_while_the_loop_turns(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    given = {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "20000", "WATCHDOG_PID": str(os.getpid())}
    with listening(address) as ear:
        ServiceManager(given).ready()

        heard = [await asyncio.to_thread(ear.recv, 100) for _ in range(4)]

    assert heard == [b"READY=1", *[b"WATCHDOG=1"] * 3]


@pytest.mark.parametrize(
    "more",
    [{}, {"WATCHDOG_USEC": "soon"}, {"WATCHDOG_USEC": "20000", "WATCHDOG_PID": "1"}],
    ids=["no limit", "a limit that is none", "a limit for another process"],
)
async def test_no_signs_of_life_are_given_that_nobody_asked_for(tmp_path: Path, more: dict[str, str]) -> None:
    address = str(tmp_path / "notify")
    with listening(address) as ear:
        ServiceManager({"NOTIFY_SOCKET": address, **more}).ready()

        assert ear.recv(100) == b"READY=1"
        ear.setblocking(False)
        with pytest.raises(BlockingIOError):
            ear.recv(100)


async def test_a_hub_that_starts_anew_gives_its_signs_of_life_once(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    with listening(address) as ear:
        manager = ServiceManager({"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "60000000"})

        manager.ready()
        manager.ready()

        assert [ear.recv(100) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"READY=1"]
        ear.setblocking(False)
        with pytest.raises(BlockingIOError):
            ear.recv(100)


@pytest.mark.parametrize("given", [{}, {"NOTIFY_SOCKET": "/nowhere/at/all", "WATCHDOG_USEC": "60000000"}])
async def test_a_hub_that_nobody_listens_to_runs_all_the_same(given: dict[str, str]) -> None:
    ServiceManager(given).ready()


def test_the_journal_is_known_by_the_file_that_systemd_names(tmp_path: Path) -> None:
    with (tmp_path / "err").open("w") as file:
        status = os.fstat(file.fileno())

        assert is_journal(file.fileno(), {"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"})
        assert not is_journal(file.fileno(), {"JOURNAL_STREAM": f"{status.st_dev}:1"})
        assert not is_journal(file.fileno(), {})
    assert not is_journal(-1, {"JOURNAL_STREAM": "1:1"})
