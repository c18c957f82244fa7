"""The groups of the hub's own API: their tree, what a call adds to it or changes in it."""

from collections.abc import Mapping

from msgspec import UNSET, Struct, UnsetType

from hardwire.contracts.house import House
from hardwire.contracts.question import SaveGroup
from hardwire.dialects.hub import keys
from hardwire.dialects.hub.tree import group_of
from hardwire.model.access import Group
from hardwire.model.errors import CallerError


class NewGroup(Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `POST /hub/v1/groups`, and of PUT, where the id stands in the path."""

    id: str = ""
    name: str = ""
    description: str = ""
    number: int = 0
    parent: str | None = None
    is_account: bool = True
    history_days: int | None = None


class GroupChange(Struct, frozen=True, forbid_unknown_fields=True):
    """The body of PATCH: what it does not name stays as it is."""

    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    number: int | UnsetType = UNSET
    parent: str | UnsetType | None = UNSET
    is_account: bool | UnsetType = UNSET
    history_days: int | UnsetType | None = UNSET


def addition(wanted: NewGroup, house: House) -> SaveGroup:
    """Return what the hub is asked. Raises CallerError for a group that is there already."""
    if house.group(wanted.id) is not None:
        raise CallerError(f"there is already a group {wanted.id!r}; `hardwire group change` changes it", code="exists")
    return replacement(wanted.id, wanted)


def replacement(id: str, wanted: NewGroup) -> SaveGroup:
    """Return what the hub is asked for a group that is to be just so."""
    return SaveGroup(
        id=id,
        name=wanted.name,
        description=wanted.description,
        number=wanted.number,
        parent=wanted.parent,
        is_account=wanted.is_account,
        history_days=wanted.history_days,
    )


def change(id: str, wanted: GroupChange, house: House) -> SaveGroup:
    """Return what the hub is asked: the group as it is, with what is to change. Raises UnknownError."""
    known = group_of(house, id)
    return SaveGroup(
        id=known.id,
        name=known.name if wanted.name is UNSET else wanted.name,
        description=known.description if wanted.description is UNSET else wanted.description,
        number=known.number if wanted.number is UNSET else wanted.number,
        parent=known.parent if wanted.parent is UNSET else wanted.parent,
        is_account=known.is_account if wanted.is_account is UNSET else wanted.is_account,
        history_days=known.history_days if wanted.history_days is UNSET else wanted.history_days,
    )


def shown(house: House, group: Group) -> Mapping[str, object]:
    """Return a group with its account and how much is in it."""
    account = house.account(group.id)
    return {
        "id": group.id,
        "number": group.number,
        "name": group.name,
        "description": group.description,
        "parent": group.parent,
        "is_account": group.is_account,
        "account": None if account is None else account.id,
        "history_days": group.history_days,
        "devices": [one.id for one in house.devices() if one.group == group.id],
        "keys": [one.id for one in keys.known(house) if one.group == group.id and one.kind != "admin"],
    }
