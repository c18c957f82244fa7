"""The store's file while it is open: its lock, its key, the thread that writes and those that read."""

import sqlite3
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from msgspec import Struct

from hardwire.model.errors import HubFaultError
from hardwire.storage import connections, credential_rows, device_rows
from hardwire.storage.faults import explain
from hardwire.storage.folder import FolderLock, make_private_file, make_private_folder
from hardwire.storage.migrations import migrate, shipped_migrations
from hardwire.storage.readers import Readers
from hardwire.storage.vault import Vault
from hardwire.storage.writer import Writer

Explain = Callable[[sqlite3.Error], HubFaultError]


class Opened(Struct, frozen=True):
    """What an open store works with."""

    lock: FolderLock
    vault: Vault
    writer: Writer
    readers: Readers

    def close(self) -> None:
        """Write what is pending and let go of everything. It waits: call it off the event loop."""
        # The writer's connection is the last one to close: that one folds the write-ahead log into the file.
        self.readers.close()
        self.writer.close()
        self.lock.release()


def open_file(folder: Path, file: Path, make_writer: Callable[[sqlite3.Connection, Explain], Writer]) -> Opened:
    """Open the store's file in a data folder, which is made where there is none, and bring its schema to this version.

    Raises:
        HubFaultError: the folder is in use by another hub, or cannot be used; the file is newer or damaged.
    """
    with ExitStack() as undo:
        make_private_folder(folder)
        lock = FolderLock(folder)
        undo.callback(lock.release)
        make_private_file(file)
        try:
            connection = connections.connect_writer(file)
            undo.callback(connection.close)
            migrate(connection, file, shipped_migrations())
            is_in_use = credential_rows.has_sealed(connection) or device_rows.has_sealed(connection)
        except sqlite3.Error as error:
            raise explain(error, file) from error
        vault = Vault(folder, is_in_use=is_in_use)
        undo.pop_all()

    def explain_here(error: sqlite3.Error) -> HubFaultError:
        return explain(error, file)

    readers = Readers(lambda: connections.connect_reader(file), explain_here)
    return Opened(lock, vault, make_writer(connection, explain_here), readers)
