"""The keys of the hub's own API: how one is asked for, what is shown of it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct

from hardwire.contracts.house import House
from hardwire.contracts.question import CreateKey
from hardwire.dialects.hub.tree import group_of
from hardwire.dialects.hub.wire import instant
from hardwire.model.access import Credential, Right
from hardwire.model.errors import BadValueError, UnknownError

KINDS = ("admin", "ezeio", "homewizard", "ingest", "obniz")

# A year, as in the cloud (ezeio reference, section 3, "Key settings").
DAYS = 365


class NewKey(Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `POST /hub/v1/keys`."""

    kind: str
    name: Annotated[str, Meta(max_length=100)] = ""
    group: str = "home"
    devices: tuple[str, ...] | None = None
    rights: tuple[str, ...] = ("read", "control")
    days: Annotated[int, Meta(ge=0, le=36500)] | None = DAYS
    """How long it lives; 0 or null: for ever."""
    functions: tuple[str, ...] | None = None
    is_inherited: bool = False
    callback: str = ""


def wish(wanted: NewKey, devices: tuple[str, ...] | None, house: House, now: datetime) -> CreateKey:
    """Return what the hub is asked; `devices` are the ids of those that the body names.

    Raises:
        BadValueError: a name that is not one line, a right that there is not.
        UnknownError: no such kind or group.
    """
    if wanted.kind not in KINDS:
        raise UnknownError(f"there are no keys of the kind {wanted.kind!r}; known are {', '.join(KINDS)}")
    if not wanted.name.isprintable():
        # `key list` prints it: it may not steer a terminal.
        raise BadValueError("a key's name is one line of printable characters", path="name")
    return CreateKey(
        kind=wanted.kind,
        name=wanted.name,
        group=group_of(house, wanted.group).id,
        devices=devices,
        rights=_flags(wanted.rights),
        expires=now + timedelta(days=wanted.days) if wanted.days else None,
        functions=wanted.functions,
        is_inherited=wanted.is_inherited,
        callback=wanted.callback,
    )


def shown(credential: Credential) -> Mapping[str, object]:
    """Return what may be shown of a credential: everything but its secret."""
    return {
        "id": credential.id,
        "kind": credential.kind,
        "name": credential.name,
        "group": credential.group,
        "devices": credential.devices,
        "rights": [right.name.lower() for right in Right if right in credential.rights and right.name is not None],
        "expires": None if credential.expires is None else instant(credential.expires),
        "functions": credential.functions,
        "is_inherited": credential.is_inherited,
        "callback": credential.callback,
    }


def known(house: House) -> Iterable[Credential]:
    """Return every valid credential, by kind."""
    return [one for kind in KINDS for one in house.credentials(kind)]


def found(house: House, id: str) -> Credential:
    """Return the valid credential of that id. Raises UnknownError."""
    credential = house.credential(id)
    if credential is None:
        raise UnknownError(f"there is no key {id!r}; `hardwire key list` shows what there is")
    return credential


def _flags(words: Iterable[str]) -> Right:
    flags = Right.NONE
    for word in words:
        if word.upper() not in Right.__members__:
            raise BadValueError(f"there is no right {word!r}; known are read, control, admin", path="rights")
        flags |= Right[word.upper()]
    return flags
