"""What the hub keeps on disk. What an awaited call promised is durable when it returns."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from hardwire.contracts.records import Calls, Errands, Exports, Incidents, Posts
from hardwire.model.access import Credential, Group
from hardwire.model.audit import AuditEntry
from hardwire.model.fact import LogRow, Sample
from hardwire.model.history import Export, HistoryRow, HistoryWish
from hardwire.model.value import Value


class Store(Protocol):
    """The hub's memory. Every `async` call is acknowledged by its return: kill -9 then loses nothing of it.

    Where a call takes lines of the audit log (`audit`), they are written with the change in one step: both or neither.
    """

    @property
    def exports(self) -> Exports:
        """Messages as they were sent."""
        ...

    @property
    def incidents(self) -> Incidents:
        """The event log."""
        ...

    @property
    def posts(self) -> Posts:
        """What is on its way to web addresses."""
        ...

    @property
    def errands(self) -> Errands:
        """What the hub has taken on for devices."""
        ...

    @property
    def calls(self) -> Calls:
        """How many calls credentials have made."""
        ...

    async def open(self) -> None:
        """Open, and bring the schema to this version. Raises HubFaultError when the file is newer or damaged."""
        ...

    async def close(self) -> None:
        """Write what is pending, then close."""
        ...

    async def groups(self) -> Sequence[Group]:
        """Every group."""
        ...

    async def save_group(self, group: Group, *, audit: Iterable[AuditEntry] = ()) -> None:
        """Add or replace a group."""
        ...

    async def credentials(self) -> Sequence[Credential]:
        """Every credential that is neither revoked nor expired long ago, oldest first."""
        ...

    async def save_credential(
        self, credential: Credential, *, replaces: Iterable[str] = (), audit: Iterable[AuditEntry] = ()
    ) -> None:
        """Add a credential and revoke those it replaces, in one step."""
        ...

    async def revoke_credential(self, id: str, at: datetime, *, audit: Iterable[AuditEntry] = ()) -> bool:
        """Mark it revoked; False when there is none."""
        ...

    async def devices(self) -> Mapping[str, Mapping[str, Any]]:  # Any: TOML-like settings
        """The devices that were added by command, with their settings."""
        ...

    async def save_device(
        self,
        id: str,
        settings: Mapping[str, Any],  # Any: TOML-like settings
        *,
        is_secret: bool = False,
        audit: Iterable[AuditEntry] = (),
    ) -> None:
        """Add or replace a device. Settings that are secret are no plain text on the disk."""
        ...

    async def remove_device(self, id: str, *, audit: Iterable[AuditEntry] = ()) -> bool:
        """Forget a device that was added; its addresses stay taken for ever. False when there is none."""
        ...

    async def addresses(self) -> Mapping[tuple[str, str], str]:
        """Every (dialect, text) -> device that was ever given."""
        ...

    async def save_address(self, dialect: str, text: str, device: str) -> None:
        """Give an address for ever. Raises CallerError when another device has or had it."""
        ...

    async def field_numbers(self) -> Mapping[str, Mapping[str, int]]:
        """Device -> point -> number."""
        ...

    async def save_field_numbers(self, device: str, numbers: Mapping[str, int]) -> None:
        """Give numbers to points for ever."""
        ...

    async def kept_values(self) -> Mapping[str, Mapping[str, Value]]:
        """Device -> name -> value: hub-kept points, and what drivers keep."""
        ...

    async def save_kept_values(self, device: str, values: Mapping[str, Value]) -> None:
        """Keep values of a device, all or none; those of other names stay."""
        ...

    async def forget_kept_values(self, device: str) -> None:
        """Forget all that was kept of a device, writes that are on their way included."""
        ...

    async def append(self, facts: Iterable[Sample | LogRow], exports: Iterable[Export] = ()) -> int:
        """Write samples and log rows durably, with the messages made of them, all in one step.

        Returns how many (device, point, log, at) were new. The first wins, repeats are counted; what is older than the
        device's rows that were forgotten is neither taken nor new.
        """
        ...

    def note(self, facts: Iterable[Sample | LogRow]) -> None:
        """Take telemetry that nobody was promised: written with the next commit, at the latest after 10 s."""
        ...

    async def news(self, rows: Sequence[LogRow | Sample]) -> Sequence[LogRow | Sample]:
        """Return those of the rows of which something was not recorded or noted yet, nor told by a row before it.

        A text, which is never recorded, is always news; what is too old to be taken never is.
        """
        ...

    async def history(self, wish: HistoryWish) -> Sequence[HistoryRow]:
        """Rows of a log, or of what was recorded on change, what is only noted included."""
        ...

    async def samples(self, device: str, since: datetime, until: datetime, limit: int) -> Sequence[Sample]:
        """What was recorded in [since, until), oldest first, at most `limit`."""
        ...

    async def forget_samples(self, before: datetime, devices: Iterable[str] | None = None) -> int:
        """Delete rows of whole ten minutes (UTC) that are older, of these devices or of all; returns how many went.

        Roll-ups stay. Rows of these devices that are that old are not taken any more, however late they come.
        """
        ...

    async def horizon(self, device: str) -> datetime | None:
        """Before which instant rows of a device were forgotten and are taken no more; None while there is none."""
        ...

    async def forget_rollups(self, before: datetime, devices: Iterable[str] | None = None) -> int:
        """Delete roll-ups of whole days that are older; returns how many went. Those of rows that are kept stay."""
        ...

    async def remove_group(self, id: str, *, audit: Iterable[AuditEntry] = ()) -> bool:
        """Forget a group; False when there is none."""
        ...

    async def fixed(self) -> Mapping[str, str]:
        """What was fixed for this installation, by name."""
        ...

    async def fix(self, name: str, text: str) -> None:
        """Fix something for this installation; what stood there is replaced."""
        ...

    async def audit(self, entry: AuditEntry) -> None:
        """Append one line to the audit log."""
        ...

    def note_audit(self, entry: AuditEntry) -> None:
        """Append a line with the next commit; nobody waits for it."""
        ...

    async def audits(
        self, *, since: datetime | None = None, action: str = "", limit: int = 100
    ) -> Sequence[tuple[int, AuditEntry]]:
        """The newest lines since then of actions that begin so, at most `limit`, oldest first, each with its number."""
        ...
