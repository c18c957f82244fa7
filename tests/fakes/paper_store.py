"""A store made of paper: it keeps in memory what it is given, and fails when told to."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from hardwire.model.access import Credential, Group
from hardwire.model.audit import AuditEntry
from hardwire.model.fact import LogRow, Sample
from hardwire.model.history import Export, HistoryRow, HistoryWish
from hardwire.model.value import Value
from tests.fakes.paper_records import PaperCalls, PaperErrands, PaperExports, PaperIncidents, PaperPosts


class PaperStore:
    """`contracts.store.Store` on paper."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Value]] = {}
        self.held: dict[str, str] = {}
        self.saved: list[tuple[Credential, tuple[str, ...]]] = []
        self.revoked: list[str] = []
        self.audited: list[AuditEntry] = []
        self.recorded: list[Sample | LogRow] = []
        self.exports = PaperExports()
        self.incidents = PaperIncidents()
        self.posts = PaperPosts()
        self.errands = PaperErrands(self.audited)
        self.calls = PaperCalls()
        self.fault: Exception | None = None
        """What every write raises from now on."""
        self.may_write = asyncio.Event()
        """Cleared by a test that wants to look while the disk is slow."""
        self.may_write.set()

    async def _write(self) -> None:
        await asyncio.sleep(0)
        await self.may_write.wait()
        if self.fault is not None:
            raise self.fault

    async def open(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close."""

    async def groups(self) -> Sequence[Group]:
        """None."""
        return ()

    async def save_group(self, group: Group, *, audit: Iterable[AuditEntry] = ()) -> None:
        """Take it."""
        await self._write()
        self.audited.extend(audit)

    async def remove_group(self, id: str, *, audit: Iterable[AuditEntry] = ()) -> bool:
        """There is none."""
        return False

    async def credentials(self) -> Sequence[Credential]:
        """Those that were saved and not revoked."""
        return [credential for credential, _ in self.saved if credential.id not in self.revoked]

    async def save_credential(
        self, credential: Credential, *, replaces: Iterable[str] = (), audit: Iterable[AuditEntry] = ()
    ) -> None:
        """Write it down with what it replaces."""
        await self._write()
        self.audited.extend(audit)
        self.saved.append((credential, tuple(replaces)))

    async def revoke_credential(self, id: str, at: datetime, *, audit: Iterable[AuditEntry] = ()) -> bool:
        """Write it down."""
        await self._write()
        self.audited.extend(audit)
        self.revoked.append(id)
        return True

    async def devices(self) -> Mapping[str, Mapping[str, Any]]:  # Any: as the contract
        """None."""
        return {}

    async def save_device(
        self,
        id: str,
        settings: Mapping[str, Any],  # Any: as the contract
        *,
        is_secret: bool = False,
        audit: Iterable[AuditEntry] = (),
    ) -> None:
        """Take it."""
        await self._write()
        self.audited.extend(audit)

    async def remove_device(self, id: str, *, audit: Iterable[AuditEntry] = ()) -> bool:
        """There is none."""
        return False

    async def addresses(self) -> Mapping[tuple[str, str], str]:
        """None."""
        return {}

    async def save_address(self, dialect: str, text: str, device: str) -> None:
        """Take it."""
        await self._write()

    async def field_numbers(self) -> Mapping[str, Mapping[str, int]]:
        """None."""
        return {}

    async def save_field_numbers(self, device: str, numbers: Mapping[str, int]) -> None:
        """Take them."""
        await self._write()

    async def kept_values(self) -> Mapping[str, Mapping[str, Value]]:
        """What was kept."""
        return self.kept

    async def save_kept_values(self, device: str, values: Mapping[str, Value]) -> None:
        """Keep them."""
        await self._write()
        self.kept.setdefault(device, {}).update(values)

    async def forget_kept_values(self, device: str) -> None:
        """Forget them."""
        await self._write()
        self.kept.pop(device, None)

    async def append(self, facts: Iterable[Sample | LogRow], exports: Iterable[Export] = ()) -> int:
        """Take them."""
        await self._write()
        told = list(facts)
        new = {key for fact in told for key in _keys(fact)} - self._known()
        self.recorded.extend(told)
        self.exports.noted.extend(exports)
        return len(new)

    def note(self, facts: Iterable[Sample | LogRow]) -> None:
        """Take them."""
        self.recorded.extend(facts)

    async def news(self, rows: Sequence[Sample | LogRow]) -> Sequence[Sample | LogRow]:
        """Those of which a value is not there yet."""
        known, told = self._known(), []
        for row in rows:
            if not known.issuperset(_keys(row)):
                told.append(row)
                known.update(_keys(row))
        return told

    async def history(self, wish: HistoryWish) -> Sequence[HistoryRow]:
        """The rows of that log as they are, whatever the interval; the first value of an instant wins."""
        rows: dict[datetime, dict[str, float]] = {}
        for one in self.recorded:
            log = one.log if isinstance(one, LogRow) else None
            if one.device == wish.device and log is wish.log and wish.since <= one.at < wish.until:
                values = rows.setdefault(one.at, {})
                for name, value in one.values.items():
                    if isinstance(value, int | float) and (wish.points is None or name in wish.points):
                        values.setdefault(name, value)
        return [HistoryRow(at, rows[at]) for at in sorted(rows)][: wish.limit]

    def _known(self) -> set[tuple[object, ...]]:
        return {key for fact in self.recorded for key in _keys(fact)}

    async def samples(self, device: str, since: datetime, until: datetime, limit: int) -> Sequence[Sample]:
        """What was recorded of the device in that time."""
        samples = [one for one in self.recorded if isinstance(one, Sample)]
        return [one for one in samples if one.device == device and since <= one.at < until][:limit]

    async def forget_samples(self, before: datetime, devices: Iterable[str] | None = None) -> int:
        """There is nothing that old."""
        return 0

    async def horizon(self, device: str) -> datetime | None:
        """Nothing is too old."""
        return None

    async def forget_rollups(self, before: datetime, devices: Iterable[str] | None = None) -> int:
        """There is nothing that old."""
        return 0

    async def fixed(self) -> Mapping[str, str]:
        """What was fixed."""
        return self.held

    async def fix(self, name: str, text: str) -> None:
        """Fix it."""
        await self._write()
        self.held[name] = text

    async def audit(self, entry: AuditEntry) -> None:
        """Write it down."""
        await self._write()
        self.audited.append(entry)

    def note_audit(self, entry: AuditEntry) -> None:
        """Write it down."""
        self.audited.append(entry)

    async def audits(
        self, *, since: datetime | None = None, action: str = "", limit: int = 100
    ) -> Sequence[tuple[int, AuditEntry]]:
        """What was written down."""
        lines = enumerate(self.audited, 1)
        return [(no, one) for no, one in lines if one.action.startswith(action) and (since is None or one.at >= since)][
            -limit:
        ]


def _keys(fact: Sample | LogRow) -> Iterator[tuple[object, ...]]:
    """What of a fact is recorded once: a row of a log, or of what is told on change."""
    log = fact.log if isinstance(fact, LogRow) else None
    for name, value in fact.values.items():
        if isinstance(value, int | float):
            yield fact.device, name, log, fact.at
