"""The embedded store: one SQLite file in the data folder."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from hardwire.model.access import Credential, Group
from hardwire.model.audit import AuditEntry
from hardwire.model.errors import HubFaultError
from hardwire.model.fact import LogRow, Sample
from hardwire.model.history import Export, HistoryRow, HistoryWish
from hardwire.model.value import Value
from hardwire.storage import (
    audit_rows,
    credential_rows,
    device_rows,
    fixed_rows,
    group_rows,
    history_rows,
    retention,
    sample_rows,
)
from hardwire.storage.audit_rows import with_lines
from hardwire.storage.call_rows import CallRows
from hardwire.storage.errand_rows import ErrandRows
from hardwire.storage.export_rows import ExportRows
from hardwire.storage.figures import StoreFigures
from hardwire.storage.incident_rows import IncidentRows
from hardwire.storage.instants import from_ms, to_ms
from hardwire.storage.news import news
from hardwire.storage.noted import NOTED_LIMIT_ROWS
from hardwire.storage.opening import Explain, Opened, open_file
from hardwire.storage.post_rows import PostRows
from hardwire.storage.readers import READERS
from hardwire.storage.wire import settings_to_text, value_to_text
from hardwire.storage.writer import Writer

T = TypeVar("T")

STORE_FILE = "hardwire.db"

# Telemetry that nobody was promised waits so long for company, to spare SD cards.
FLUSH_S = 10.0

# Questions about the past that are read at once: one thread less than there are, so that loggers' rows, whose news is
# read too, and keys never wait behind long ones.
HISTORIES_AT_ONCE = READERS - 1

# Deleting goes in steps, so that other writes get their turn between two.
FORGET_STEP_ROWS = 20_000


class SqliteStore:
    """The hub's memory in `hardwire.db`; implements `contracts.store.Store`."""

    def __init__(
        self,
        folder: Path,
        *,
        flush_s: float = FLUSH_S,
        noted_limit_rows: int = NOTED_LIMIT_ROWS,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`folder` is the data folder; nothing is touched before `open`."""
        self.file = folder / STORE_FILE
        self._folder = folder
        self._flush_s = flush_s
        self._noted_limit_rows = noted_limit_rows
        self._now = now
        self._parts: Opened | None = None
        self._histories = asyncio.Semaphore(HISTORIES_AT_ONCE)
        self.exports = ExportRows(self)
        self.incidents = IncidentRows(self)
        self.posts = PostRows(self)
        self.errands = ErrandRows(self)
        self.calls = CallRows(self)

    @property
    def figures(self) -> StoreFigures:
        """What was counted since `open`."""
        return self._opened.writer.figures

    def waiting(self) -> tuple[int, int]:
        """How many writes wait for a transaction, and how many noted rows."""
        return self._opened.writer.waiting()

    @property
    def commits(self) -> int:
        """How many transactions were committed since `open`."""
        return self.figures.commits

    @property
    def repeated_rows(self) -> int:
        """How many values came for a (device, point, log, at) that had one already, or too late, since `open`."""
        return self.figures.repeated_rows

    @property
    def dropped_rows(self) -> int:
        """How many noted values were lost since `open`, because the disk did not take them in time."""
        return self._opened.writer.dropped_rows

    async def open(self) -> None:
        """Open, and bring the schema to this version.

        Raises:
            HubFaultError: the folder is in use by another hub, or cannot be used; the file is newer or damaged.
        """
        if self._parts is None:
            self._parts = await asyncio.to_thread(open_file, self._folder, self.file, self._make_writer)

    async def close(self) -> None:
        """Write what is pending, then close."""
        parts, self._parts = self._parts, None
        if parts is not None:
            await asyncio.to_thread(parts.close)

    async def groups(self) -> Sequence[Group]:
        """Every group."""
        return await self.read(group_rows.read_groups)

    async def save_group(self, group: Group, *, audit: Iterable[AuditEntry] = ()) -> None:
        """Add or replace a group. CallerError when another group has its number."""
        await self.write(with_lines(lambda connection: group_rows.save_group(connection, group), audit))

    async def remove_group(self, id: str, *, audit: Iterable[AuditEntry] = ()) -> bool:
        """Forget a group; False when there is none."""
        return await self.write(with_lines(lambda connection: group_rows.remove_group(connection, id), audit))

    async def credentials(self) -> Sequence[Credential]:
        """Every credential that is neither revoked nor expired long ago, oldest first."""
        vault, now = self._opened.vault, self._now()
        return await self.read(lambda connection: credential_rows.read_credentials(connection, vault, now))

    async def save_credential(
        self, credential: Credential, *, replaces: Iterable[str] = (), audit: Iterable[AuditEntry] = ()
    ) -> None:
        """Add a credential and revoke those it replaces, in one step. CallerError when its id was given before."""
        add, vault, replaced, now = credential_rows.add_credential, self._opened.vault, tuple(replaces), self._now()
        await self.write(with_lines(lambda connection: add(connection, vault, credential, replaced, now), audit))

    async def revoke_credential(self, id: str, at: datetime, *, audit: Iterable[AuditEntry] = ()) -> bool:
        """Mark it revoked; False when there is none."""
        return await self.write(with_lines(lambda connection: credential_rows.revoke(connection, id, at), audit))

    async def devices(self) -> Mapping[str, Mapping[str, Any]]:  # Any: TOML-like settings
        """The devices that were added by command, with their settings."""
        vault = self._opened.vault
        return await self.read(lambda connection: device_rows.read_devices(connection, vault))

    async def save_device(
        self,
        id: str,
        settings: Mapping[str, Any],  # Any: TOML-like settings
        *,
        is_secret: bool = False,
        audit: Iterable[AuditEntry] = (),
    ) -> None:
        """Add or replace a device; secret settings are encrypted. BadValueError when they cannot be kept."""
        text, vault = settings_to_text(settings), self._opened.vault
        if is_secret:
            await self.write(with_lines(lambda file: device_rows.save_sealed_device(file, vault, id, text), audit))
        else:
            await self.write(with_lines(lambda file: device_rows.save_device(file, id, text), audit))

    async def remove_device(self, id: str, *, audit: Iterable[AuditEntry] = ()) -> bool:
        """Forget a device that was added, with its kept values; its addresses and field numbers stay taken for ever."""
        return await self.write(with_lines(lambda connection: device_rows.remove_device(connection, id), audit))

    async def addresses(self) -> Mapping[tuple[str, str], str]:
        """Every (dialect, text) -> device that was ever given."""
        return await self.read(device_rows.read_addresses)

    async def save_address(self, dialect: str, text: str, device: str) -> None:
        """Give an address for ever. Raises CallerError when another device has or had it."""
        await self.write(lambda connection: device_rows.give_address(connection, dialect, text, device))

    async def field_numbers(self) -> Mapping[str, Mapping[str, int]]:
        """Device -> point -> number."""
        return await self.read(device_rows.read_field_numbers)

    async def save_field_numbers(self, device: str, numbers: Mapping[str, int]) -> None:
        """Give numbers to points for ever, all or none. CallerError when a point or a number is given otherwise."""
        wanted = dict(numbers)
        await self.write(lambda connection: device_rows.give_field_numbers(connection, device, wanted))

    async def kept_values(self) -> Mapping[str, Mapping[str, Value]]:
        """Device -> name -> value."""
        return await self.read(device_rows.read_kept_values)

    async def save_kept_values(self, device: str, values: Mapping[str, Value]) -> None:
        """Keep values of a device, all or none. BadValueError for NaN and infinity."""
        texts = {point: value_to_text(value, point) for point, value in values.items()}
        await self.write(lambda connection: device_rows.keep_values(connection, device, texts))

    async def forget_kept_values(self, device: str) -> None:
        """Forget all that was kept of a device."""
        await self.write(lambda connection: device_rows.forget_values(connection, device))

    async def append(self, facts: Iterable[Sample | LogRow], exports: Iterable[Export] = ()) -> int:
        """Write samples and log rows durably, with the messages made of them; returns how many values were new.

        On the same (device, point, log, at) the first value wins; repeats are counted in `repeated_rows`. Numbers and
        flags are recorded, texts are not, nor what is older than the device's rows that were forgotten.
        """
        return await self._opened.writer.append(sample_rows.rows_of(facts), tuple(exports))

    def note(self, facts: Iterable[Sample | LogRow]) -> None:
        """Take telemetry that nobody was promised: written with the next commit, at the latest after the flush time."""
        self._opened.writer.note(sample_rows.rows_of(facts))

    async def news(self, rows: Sequence[Sample | LogRow]) -> Sequence[Sample | LogRow]:
        """Return those of the rows of which something was not recorded or noted yet."""
        facts = tuple(rows)
        noted = [row for device in {fact.device for fact in facts} for row in self._opened.writer.noted(device)]
        return await self.read(lambda connection: news(connection, facts, noted))

    async def history(self, wish: HistoryWish) -> Sequence[HistoryRow]:
        """Rows of a log, or of what was recorded on change; what is only noted included."""
        async with self._histories:
            noted = self._opened.writer.noted(wish.device)
            return await self.read(lambda connection: history_rows.read_history(connection, wish, noted))

    async def samples(self, device: str, since: datetime, until: datetime, limit: int) -> Sequence[Sample]:
        """What was recorded in [since, until), oldest first, at most `limit`; not yet what is only noted."""
        return await self.read(lambda connection: sample_rows.read_samples(connection, device, since, until, limit))

    async def forget_samples(self, before: datetime, devices: Iterable[str] | None = None) -> int:
        """Delete rows of whole ten minutes that are older, in steps; returns how many went.

        From now on no row that old is taken of these devices: it could not be told from one that was counted before.
        """
        wanted, end = None if devices is None else tuple(devices), retention.steady(to_ms(before))
        await self._opened.writer.draw_horizon(end, wanted)
        return await self._in_steps(lambda connection: retention.forget_rows(connection, end, wanted, FORGET_STEP_ROWS))

    async def horizon(self, device: str) -> datetime | None:
        """Before which instant rows of a device were forgotten and are taken no more; None while there is none."""
        before = await self.read(lambda connection: retention.read_horizon(connection, device))
        return None if before is None else from_ms(before)

    async def forget_rollups(self, before: datetime, devices: Iterable[str] | None = None) -> int:
        """Delete roll-ups of whole days that are older, in steps, save those of rows that are there still."""
        wanted, end = None if devices is None else tuple(devices), to_ms(before)
        return await self._in_steps(
            lambda connection: retention.forget_rollups(connection, end, wanted, FORGET_STEP_ROWS)
        )

    async def _in_steps(self, step: Callable[[sqlite3.Connection], int]) -> int:
        forgotten = 0
        while went := await self.write(step):
            forgotten += went
        return forgotten

    async def fixed(self) -> Mapping[str, str]:
        """What was fixed for this installation, by name."""
        return await self.read(fixed_rows.read_fixed)

    async def fix(self, name: str, text: str) -> None:
        """Fix something for this installation."""
        await self.write(lambda connection: fixed_rows.fix(connection, name, text))

    async def audit(self, entry: AuditEntry) -> None:
        """Append one line to the audit log."""
        await self.write(lambda connection: audit_rows.add(connection, [entry]))

    def note_audit(self, entry: AuditEntry) -> None:
        """Append a line with the next commit; nobody waits for it."""
        self.write_soon(lambda connection: audit_rows.add(connection, [entry]))

    async def audits(
        self, *, since: datetime | None = None, action: str = "", limit: int = 100
    ) -> Sequence[tuple[int, AuditEntry]]:
        """The newest lines, oldest first, each with its number; not yet those that are only noted."""
        return await self.read(lambda connection: audit_rows.read(connection, since, action, limit))

    @property
    def _opened(self) -> Opened:
        if self._parts is None:
            raise HubFaultError("The store is not open.", code="store-closed")
        return self._parts

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do work in the next transaction, for a part of the store (`storage.file.File`)."""
        return await self._opened.writer.write(work)

    def write_soon(self, work: Callable[[sqlite3.Connection], object]) -> None:
        """Do work in the next transaction; nobody waits for it."""
        self._opened.writer.write_soon(work)

    async def read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        """Return a query's answer, for a part of the store."""
        return await self._opened.readers.read(query)

    def _make_writer(self, connection: sqlite3.Connection, explain: Explain) -> Writer:
        return Writer(connection, explain, flush_s=self._flush_s, noted_limit_rows=self._noted_limit_rows)
