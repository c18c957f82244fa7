"""A store made of paper: it keeps in memory what it is given, and fails when told to."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from hardwire.model.access import Credential, Group
from hardwire.model.fact import Sample
from hardwire.model.value import Value


class PaperStore:
    """`contracts.store.Store` on paper."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Value]] = {}
        self.saved: list[tuple[Credential, tuple[str, ...]]] = []
        self.revoked: list[str] = []
        self.audited: list[tuple[str, str]] = []
        self.recorded: list[Sample] = []
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

    async def save_group(self, group: Group) -> None:
        """Take it."""
        await self._write()

    async def credentials(self) -> Sequence[Credential]:
        """Those that were saved and not revoked."""
        return [credential for credential, _ in self.saved if credential.id not in self.revoked]

    async def save_credential(self, credential: Credential, *, replaces: Iterable[str] = ()) -> None:
        """Write it down with what it replaces."""
        await self._write()
        self.saved.append((credential, tuple(replaces)))

    async def revoke_credential(self, id: str, at: datetime) -> bool:
        """Write it down."""
        await self._write()
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
    ) -> None:
        """Take it."""
        await self._write()

    async def remove_device(self, id: str) -> bool:
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

    async def append(self, samples: Iterable[Sample]) -> int:
        """Take them."""
        await self._write()
        before = len(self.recorded)
        self.recorded.extend(samples)
        return len(self.recorded) - before

    def note(self, samples: Iterable[Sample]) -> None:
        """Take them."""
        self.recorded.extend(samples)

    async def samples(self, device: str, since: datetime, until: datetime, limit: int) -> Sequence[Sample]:
        """What was recorded of the device in that time."""
        return [one for one in self.recorded if one.device == device and since <= one.at < until][:limit]

    async def forget_samples(self, before: datetime) -> int:
        """There is nothing that old."""
        return 0

    async def audit(self, at: datetime, who: str, what: str) -> None:
        """Write it down."""
        self.audited.append((who, what))
