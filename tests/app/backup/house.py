"""A data folder as a hub leaves it, and what can be told of it: which of two states it is in."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from hardwire.app.backup.making import make
from hardwire.model.access import Credential
from hardwire.server.tls.authority import Authority
from hardwire.storage.sqlite import SqliteStore

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def quiet(done: int, total: int) -> None:
    """Nobody looks at how far it is."""


def make_folder(folder: Path, *keys: str) -> Path:
    """A data folder whose store has sealed keys of these ids, an authority and one certificate."""
    folder.mkdir(mode=0o700, exist_ok=True)
    asyncio.run(add_keys(folder, *keys))
    Authority.open(folder, datetime.now(UTC))
    leaves = folder / "leaves"
    leaves.mkdir(mode=0o700)
    (leaves / f"{'ab' * 32}.pem").write_text(f"a certificate of the hub with {keys}")
    return folder


async def add_keys(folder: Path, *keys: str) -> None:
    """Add sealed keys of these ids."""
    store = SqliteStore(folder)
    await store.open()
    for id in keys:
        await store.save_credential(Credential(id=id, kind="ezeio", secret_hash=b"a secret of " + id.encode()))
    await store.close()


def keys_of(folder: Path) -> list[str]:
    """The ids of the keys that the store of a folder has, each opened with its vault key."""
    return asyncio.run(_keys_of(folder))


async def _keys_of(folder: Path) -> list[str]:
    store = SqliteStore(folder)
    await store.open()
    try:
        found = [one for one in await store.credentials() if one.secret_hash == b"a secret of " + one.id.encode()]
        return [one.id for one in found]
    finally:
        await store.close()


def state_of(folder: Path) -> tuple[list[str], str, str]:
    """Its keys, its authority, its certificate: three signs that have to come from one and the same hub."""
    leaf = next((folder / "leaves").glob("*.pem")).read_text()
    return keys_of(folder), Authority.open(folder, datetime.now(UTC)).fingerprint, leaf


def backup_of(folder: Path, file: Path) -> Path:
    """A backup of the folder in that file."""
    make(folder, file, now=NOW, tell=quiet)
    return file
