"""What the store knows of devices, looked at without changing a file of it."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct

from hardwire.app.tables import Table
from hardwire.model.errors import HubFaultError
from hardwire.storage.connections import connect_reader
from hardwire.storage.device_rows import has_sealed, read_addresses, read_devices
from hardwire.storage.sqlite import STORE_FILE
from hardwire.storage.vault import Vault
from hardwire.storage.wire import settings_from_text


class Kept(Struct, frozen=True, kw_only=True):
    """What lies in the store's file."""

    devices: Mapping[str, Table] = {}
    """The settings of those that were added by command."""
    addresses: Mapping[tuple[str, str], str] = {}
    """Dialect and address, and the device that has it for ever."""
    fault: str = ""
    """Why it cannot be read."""


def gather(folder: Path, *, is_hub_running: bool) -> Kept:
    """Read it; a folder without a store has nothing."""
    file = folder / STORE_FILE
    try:
        if not file.exists():
            return Kept()
        with closing(_connection(file, is_hub_running=is_hub_running)) as connection:
            return Kept(devices=_devices(connection, folder), addresses=read_addresses(connection))
    except HubFaultError as error:
        return Kept(fault=error.message)
    except (OSError, sqlite3.Error) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        return Kept(fault=f"{file} cannot be read: {reason}")


def _connection(file: Path, *, is_hub_running: bool) -> sqlite3.Connection:
    """Open the file so that nothing is made beside it, which a plain reader does where no hub has it open."""
    log = file.with_name(file.name + "-wal")
    if is_hub_running or (log.exists() and log.stat().st_size):
        return connect_reader(file)
    return sqlite3.connect(f"file:{quote(str(file.absolute()))}?mode=ro&immutable=1", uri=True)


def _devices(connection: sqlite3.Connection, folder: Path) -> Mapping[str, Table]:
    """Read the settings; the key is only looked for where some of them are sealed."""
    if has_sealed(connection):
        return read_devices(connection, Vault(folder, is_in_use=True, is_mended=False))
    rows = connection.execute("SELECT id, settings FROM device ORDER BY id")
    return {id: settings_from_text(settings) for id, settings in rows}
