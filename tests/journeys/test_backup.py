"""A hub that is backed up while it works, put back while it works, and killed in the middle of that."""

import asyncio
import contextlib
import random
import socket
import ssl
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from hardwire.app.backup.exchange import is_busy
from hardwire.app.backup.making import make
from hardwire.app.cli.reach import Reach
from hardwire.model.errors import HardwireError
from hardwire.server.tls.authority import Authority
from hardwire.storage.sqlite import SqliteStore
from tests.journeys.conftest import StartHub
from tests.journeys.hub import Hub

ROUNDS = 3
LONGEST_ROUND_S = 0.15
CONFIG = """
[devices.grid]
driver = "simulated"
kind = "meter"
homewizard = { serial = "5c2faf0a0b0c" }
"""


class Writer:
    """Makes keys, one after another, as fast as the hub acknowledges; goes on when the hub is there again."""

    def __init__(self, data: Path) -> None:
        self.acknowledged: list[str] = []
        self._reach = Reach(folder=data)
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def stop(self) -> None:
        """Make no more."""
        self._is_over.set()
        self._thread.join()

    def _run(self) -> None:
        for number in range(100_000):
            if self._is_over.is_set():
                return
            try:
                made = self._reach.call("POST", "/hub/v1/keys", {"kind": "ezeio", "name": f"key {number}"})
                self.acknowledged.append(made["id"])
            except (HardwireError, OSError, ValueError):
                self._is_over.wait(0.05)


def keys(hub: Hub) -> set[str]:
    """The ids of the ezeio keys that the hub knows."""
    return {key["id"] for key in Reach(folder=hub.data).call("GET", "/hub/v1/keys") if key["kind"] == "ezeio"}


def leaf(hub: Hub) -> bytes:
    """The certificate that the device shows."""
    context = ssl.create_default_context(cafile=str(hub.ca))
    context.check_hostname = False
    with (
        socket.create_connection(("127.0.0.1", hub.tls_port), timeout=10) as sock,
        context.wrap_socket(sock, server_hostname="appliance/p1dongle/5c2faf0a0b0c") as tls,
    ):
        return tls.getpeercert(binary_form=True) or b""


async def follow(url: str, token: str, closed: list[int], reopened: asyncio.Event) -> None:
    """Follow a device, again and again; notes with which codes the hub said goodbye."""
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as session:
        while not reopened.is_set():
            try:
                async with session.ws_connect(url) as ws:
                    if closed:
                        reopened.set()
                        return
                    async for _ in ws:
                        pass
                    closed.append(ws.close_code or 0)
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)


def test_a_hub_at_work_is_backed_up_and_put_back(make_hub: StartHub, tmp_path: Path) -> None:
    hub = make_hub(demo=False, config=CONFIG)
    file = tmp_path / "hub.backup"
    token = hub.cli("key", "create", "admin", "--name", "mine").split()[-1]
    certificate, address = leaf(hub), hub.http
    writer = Writer(hub.data)
    while len(writer.acknowledged) < 5:
        time.sleep(0.01)
    before = set(writer.acknowledged)
    hub.cli("backup", str(file))
    made = len(writer.acknowledged)
    while len(writer.acknowledged) < made + 5:
        time.sleep(0.01)
    writer.stop()
    after = set(writer.acknowledged[made:])
    closed: list[int] = []

    async def restore() -> str:
        reopened = asyncio.Event()
        url = f"{address}/hub/v1/devices/grid/tail"
        follower = asyncio.create_task(follow(url, token, closed, reopened))
        await asyncio.sleep(0.3)
        told = await asyncio.to_thread(hub.cli, "restore", str(file), "--yes")
        async with asyncio.timeout(20):
            await follower
        return told

    told = asyncio.run(restore())

    assert told.startswith("restored ")
    assert closed == [1001]
    known = keys(hub)
    assert before <= known
    assert not after & known
    assert leaf(hub) == certificate
    assert file.stat().st_mode & 0o777 == 0o600
    (kept,) = hub.data.glob("before-restore-*")
    assert (kept / "hardwire.db").exists()
    assert hub.is_running
    assert hub.http == address


def test_what_is_no_backup_changes_nothing_and_one_that_no_hub_starts_with_is_taken_back(
    make_hub: StartHub, tmp_path: Path
) -> None:
    hub = make_hub(demo=False, config=CONFIG)
    reach = Reach(folder=hub.data)
    reach.call("POST", "/hub/v1/keys", {"kind": "ezeio", "name": "one"})
    known, began = keys(hub), reach.call("GET", "/health")["began"]
    (tmp_path / "garbage").write_bytes(random.Random(4).randbytes(20_000))
    asyncio.run(make_house_of_garage(tmp_path / "other"))
    make(tmp_path / "other", tmp_path / "b", now=datetime.now(UTC), tell=lambda done, total: None)

    with pytest.raises(HardwireError, match="no backup"):
        reach.call("POST", "/hub/v1/restore", {"file": str(tmp_path / "garbage")})
    began_after = reach.call("GET", "/health")["began"]
    done = hub.cli_run("restore", str(tmp_path / "b"), "--yes")

    assert began_after == began
    assert done.returncode == 1
    assert "went back to what was there" in done.stderr
    assert "belongs to the device 'garage'" in done.stderr
    assert keys(hub) == known
    assert hub.is_running


def test_a_kill_in_the_middle_of_it_leaves_the_old_hub_or_the_new_one(make_hub: StartHub, tmp_path: Path) -> None:
    chance = random.Random(8)
    data = tmp_path / "data"
    hub = make_hub(demo=False, data=data)
    reach = Reach(folder=data)
    reach.call("POST", "/hub/v1/keys", {"kind": "ezeio", "name": "one"})
    old = keys(hub)
    make(data, tmp_path / "b", now=datetime.now(UTC), tell=lambda done, total: None)

    for _ in range(ROUNDS):
        reach.call("POST", "/hub/v1/keys", {"kind": "ezeio", "name": "later"})
        new = keys(hub)
        asking = threading.Thread(target=ask_for_restore, args=(reach, tmp_path / "b"))
        asking.start()
        while not is_busy(data) and asking.is_alive():
            time.sleep(0.0005)
        time.sleep(chance.uniform(0, LONGEST_ROUND_S))
        hub.kill()
        asking.join()
        hub = make_hub(demo=False, data=data)

        assert keys(hub) in (old, new)
        assert not is_busy(data)


def ask_for_restore(reach: Reach, file: Path) -> None:
    """Have the hub put a backup back; it may die meanwhile."""
    with contextlib.suppress(HardwireError, OSError, ValueError):
        reach.call("POST", "/hub/v1/restore", {"file": str(file)})


async def make_house_of_garage(folder: Path) -> None:
    """A hub's files in which the address of `grid` belongs to another device, for ever."""
    store = SqliteStore(folder)
    await store.open()
    await store.save_address("homewizard", "5c2faf0a0b0c", "garage")
    await store.close()
    Authority.open(folder, datetime.now(UTC))
