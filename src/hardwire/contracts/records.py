"""The parts of the store that hold what happened: exported messages, incidents, posts, counted calls.

What an awaited call promised is durable when it returns.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from hardwire.contracts.errand import Errand
from hardwire.contracts.post import Post
from hardwire.model.audit import AuditEntry
from hardwire.model.fact import Incident
from hardwire.model.history import Export


class Exports(Protocol):
    """Messages as they were sent, numbered per account."""

    async def begin_epoch(self, now: datetime) -> int:
        """Begin the next epoch; returns its number, greater than any before: seconds since 1970 where they are."""
        ...

    def note(self, exports: Iterable[Export]) -> None:
        """Have messages written at once; nobody waits for it."""
        ...

    async def read(
        self, account: str, *, after: tuple[int, int] | None = None, since: datetime | None = None, limit: int = 1000
    ) -> Sequence[Export]:
        """What followed a number, or arrived at or after a time, oldest first; noted ones included."""
        ...

    async def oldest(self, account: str) -> tuple[int, int] | None:
        """Epoch and number of the oldest message that is still there."""
        ...

    async def forget(self, before: datetime) -> int:
        """Delete messages that arrived earlier; returns how many went.

        The newest of them stays, account by account: it tells up to which number others may be missing.
        """
        ...


class Incidents(Protocol):
    """The event log."""

    async def save(self, incident: Incident) -> int:
        """Append an incident; returns its number, for ever."""
        ...

    async def read(self, device: str, since: datetime, until: datetime, limit: int) -> Sequence[tuple[int, Incident]]:
        """The newest of [since, until), at most `limit`, oldest first."""
        ...

    async def forget(self, before: datetime, devices: Iterable[str] | None = None) -> int:
        """Delete what is older, of these devices or of all; returns how many went."""
        ...


class Posts(Protocol):
    """Messages on their way to somebody's web address."""

    async def save(self, post: Post) -> None:
        """Keep a message, or what has become of it."""
        ...

    async def read(self) -> Sequence[Post]:
        """Those that are still to be posted, oldest first."""
        ...

    async def remove(self, id: str) -> None:
        """Forget one: it arrived, or was given up."""
        ...


class Errands(Protocol):
    """What the hub has taken on for devices."""

    async def save(self, errand: Errand, *, audit: Iterable[AuditEntry] = ()) -> None:
        """Keep one, or what has become of it; lines of the audit log with it, in one step."""
        ...

    async def read(self) -> Sequence[Errand]:
        """Those that are not over, oldest first."""
        ...

    async def remove(self, id: str) -> None:
        """Forget one: it is done, or was given up."""
        ...


class Calls(Protocol):
    """How many calls credentials have made in a day that began at a time."""

    async def read(self) -> Mapping[str, tuple[datetime, int]]:
        """Credential -> when its day began, how many calls since."""
        ...

    async def save(self, calls: Mapping[str, tuple[datetime, int]]) -> None:
        """Keep counts; what stood there for a credential is replaced."""
        ...
