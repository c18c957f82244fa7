"""The parts of a store that hold what happened, made of paper."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from hardwire.contracts.errand import Errand
from hardwire.contracts.post import Post
from hardwire.model.audit import AuditEntry
from hardwire.model.fact import Incident
from hardwire.model.history import Export


class PaperExports:
    """`contracts.records.Exports` on paper."""

    def __init__(self) -> None:
        self.epoch = 0
        self.noted: list[Export] = []

    async def begin_epoch(self, now: datetime) -> int:
        """The next one."""
        self.epoch += 1
        return self.epoch

    def note(self, exports: Iterable[Export]) -> None:
        """Take them."""
        self.noted.extend(exports)

    async def read(
        self, account: str, *, after: tuple[int, int] | None = None, since: datetime | None = None, limit: int = 1000
    ) -> Sequence[Export]:
        """What followed."""
        return [
            one
            for one in sorted(self.noted, key=_place)
            if one.account == account
            and (after is None or (one.epoch, one.number) > after)
            and (since is None or one.arrived >= since)
        ][:limit]

    async def oldest(self, account: str) -> tuple[int, int] | None:
        """The first that is there."""
        return min(((one.epoch, one.number) for one in self.noted if one.account == account), default=None)

    async def forget(self, before: datetime) -> int:
        """Forget what arrived earlier, save the newest of it in each account."""
        marks = {one.account: one for one in sorted(self.noted, key=_place) if one.arrived < before}
        kept = [one for one in self.noted if one.arrived >= before or one is marks[one.account]]
        gone = len(self.noted) - len(kept)
        self.noted = kept
        return gone


class PaperIncidents:
    """`contracts.records.Incidents` on paper."""

    def __init__(self) -> None:
        self.saved: list[Incident] = []

    async def save(self, incident: Incident) -> int:
        """Take it."""
        self.saved.append(incident)
        return len(self.saved)

    async def read(self, device: str, since: datetime, until: datetime, limit: int) -> Sequence[tuple[int, Incident]]:
        """Those of the device in that time."""
        numbered = enumerate(self.saved, 1)
        return [(number, one) for number, one in numbered if one.device == device and since <= one.at < until][-limit:]

    async def forget(self, before: datetime, devices: Iterable[str] | None = None) -> int:
        """There is nothing that old."""
        return 0


class PaperPosts:
    """`contracts.records.Posts` on paper."""

    def __init__(self) -> None:
        self.kept: dict[str, Post] = {}

    async def save(self, post: Post) -> None:
        """Keep it."""
        self.kept[post.id] = post

    async def read(self) -> Sequence[Post]:
        """Those that are kept."""
        return tuple(self.kept.values())

    async def remove(self, id: str) -> None:
        """Forget it."""
        self.kept.pop(id, None)


class PaperErrands:
    """`contracts.records.Errands` on paper."""

    def __init__(self, audited: list[AuditEntry]) -> None:
        self.kept: dict[str, Errand] = {}
        self._audited = audited

    async def save(self, errand: Errand, *, audit: Iterable[AuditEntry] = ()) -> None:
        """Keep it."""
        self._audited.extend(audit)
        self.kept[errand.id] = errand

    async def read(self) -> Sequence[Errand]:
        """Those that are kept."""
        return tuple(self.kept.values())

    async def remove(self, id: str) -> None:
        """Forget it."""
        self.kept.pop(id, None)


class PaperCalls:
    """`contracts.records.Calls` on paper."""

    def __init__(self) -> None:
        self.saved: dict[str, tuple[datetime, int]] = {}

    async def read(self) -> Mapping[str, tuple[datetime, int]]:
        """What was saved."""
        return self.saved

    async def save(self, calls: Mapping[str, tuple[datetime, int]]) -> None:
        """Keep it."""
        self.saved.update(calls)


def _place(export: Export) -> tuple[int, int]:
    return export.epoch, export.number
