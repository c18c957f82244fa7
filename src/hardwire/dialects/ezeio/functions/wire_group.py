"""The JSON of `group`: groups with their units, as one, as a list or as a tree."""

from collections.abc import Mapping, Sequence

from msgspec import UNSET, Struct, UnsetType

from hardwire.dialects.ezeio.unit.wire_status import AlarmStatus, FieldStatus
from hardwire.dialects.ezeio.wire import Clocked, escaped


class ServicesEntry(Struct, frozen=True):
    """What the hub does for a unit."""

    history_days: int | None
    """How long its rows are kept; null means as long as the hub's own setting says."""


class GroupSystem(Struct, frozen=True, kw_only=True):
    """A unit of a group. Its serial has no dash here, and a note that is empty is null."""

    ezeid: str
    name: str
    note: str | None
    fields: Mapping[str, FieldStatus] | UnsetType = UNSET
    alarms: Mapping[str, AlarmStatus] | UnsetType = UNSET
    services: ServicesEntry | UnsetType = UNSET


class GroupEntry(Struct, frozen=True, kw_only=True):
    """A group; `id` and `is_account` are strings. What was not asked for has no key."""

    id: str
    name: str
    description: str
    is_account: str
    systems: Sequence[GroupSystem] | UnsetType = UNSET
    children: "Sequence[GroupEntry] | UnsetType" = UNSET


class _Groups(Struct, frozen=True):
    reqtime: str
    groups: Sequence[GroupEntry]
    status: str
    exec_time: float


def groups_body(clocked: Clocked, groups: Sequence[GroupEntry]) -> bytes:
    """Return the answer of `group`."""
    return escaped(_Groups(clocked.reqtime, groups, status="OK", exec_time=clocked.exec_time))
