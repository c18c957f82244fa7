"""A process that writes without end and prints each promise once it was given; it is there to be killed.

Usage: python promising_writer.py FOLDER ROUND. One line a promise, written at once:
`sample DEVICE FIRST COUNT`, `row DEVICE FIRST COUNT` (with as many messages), `credential ID`, `device ID`,
`audit TEXT`.
"""

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from hardwire.model.access import Credential
from hardwire.model.audit import AuditEntry
from hardwire.model.fact import Log, LogRow, Sample
from hardwire.model.history import Export
from hardwire.storage import fold, sample_rows
from hardwire.storage.sqlite import SqliteStore

START = datetime(2026, 6, 1, tzinfo=UTC)
WRITERS = 6


def power(device: str, n: int) -> float:
    """The value that this device's nth sample must have."""
    return n + len(device) / 100


def sample(device: str, n: int) -> Sample:
    """The nth sample of a device."""
    return Sample(device, START + timedelta(milliseconds=n), {"power": power(device, n)})


def promise(*words: object) -> None:
    """Print one line; a single write reaches the pipe whole or not at all."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


async def append_without_end(store: SqliteStore, device: str) -> None:
    first = 0
    for size in count(1):
        length = size % 40 + 1
        new = await store.append(sample(device, n) for n in range(first, first + length))
        assert new == length, f"{new} of {length} were new"
        promise("sample", device, first, length)
        first += length


def row(device: str, n: int) -> LogRow:
    """The nth row of a logger: now and then one comes ten minutes late."""
    late_s = 600.5 if n % 7 == 0 else 0
    return LogRow(device, START + timedelta(seconds=n - late_s), Log.FAST, {"power": power(device, n)})


def message(device: str, n: int) -> Export:
    """The message that is made of the nth row."""
    return Export(device, 1, n + 1, device, START, str(n))


async def log_without_end(store: SqliteStore, device: str) -> None:
    first = 0
    for size in count(1):
        numbers = range(first, first + size % 40 + 1)
        await store.append([row(device, n) for n in numbers], [message(device, n) for n in numbers])
        promise("row", device, first, len(numbers))
        first += len(numbers)


async def save_without_end(store: SqliteStore, round_: str) -> None:
    for n in count():
        name = f"{round_}-{n}"
        replaced = [f"{round_}-{n - 1}"] if n % 3 == 2 else []
        kind = "ezeio" if n % 2 else "admin"
        line = AuditEntry(at=START, actor="writer", action="key.issued", subject=name)
        made = Credential(id=name, kind=kind, secret_hash=name.encode())
        await store.save_credential(made, replaces=replaced, audit=[line])
        promise("credential", name)
        await store.save_device(f"device-{name}", {"n": n})
        promise("device", f"device-{name}")
        await store.audit(AuditEntry(at=START, actor="writer", action="other.noted", subject=name))
        promise("audit", name)


async def note_without_end(store: SqliteStore, device: str) -> None:
    for n in count():
        store.note([sample(device, n)])
        await asyncio.sleep(0.001)


async def main(folder: Path, round_: str) -> None:
    # So that many of the kills fall into a fold.
    sample_rows.FOLD_ROWS = 500
    fold.SLICE_ROWS = 100
    store = SqliteStore(folder, flush_s=0.05)
    await store.open()
    async with asyncio.TaskGroup() as tasks:
        for writer in range(WRITERS):
            tasks.create_task(append_without_end(store, f"kept-{round_}-{writer}"))
        tasks.create_task(log_without_end(store, f"logged-{round_}"))
        tasks.create_task(save_without_end(store, round_))
        tasks.create_task(note_without_end(store, f"noted-{round_}"))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
