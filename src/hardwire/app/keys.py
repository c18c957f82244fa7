"""Makes keys for the owner: a random text shown once, kept as its hash."""

import secrets
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from msgspec.structs import replace

from hardwire.app import parts
from hardwire.app.callbacks import check_callback
from hardwire.app.tables import nearest
from hardwire.contracts.dialect import DialectPart
from hardwire.contracts.question import CreateKey, IssueCredential, Question
from hardwire.drivers.simulated.unit.demo import KEY_ID as DEMO_KEY_ID
from hardwire.hub.desk import Desk
from hardwire.hub.hub import Hub
from hardwire.model.access import Credential, Right
from hardwire.model.audit import HUB, Asker
from hardwire.model.errors import BadValueError, CallerError, HardwireError, UnknownError

ADMIN = "admin"
# Key ids are what ezeio clients give as user name: a number (ezeio reference, section 3).
FIRST_KEY_NUMBER = 10001
# The store remembers the numbers of keys that are gone, and takes none of them twice.
TRIES = 20
STEP = 7


class Keys:
    """Answers `CreateKey`."""

    def __init__(self, hub: Hub, desk: Desk, settings: Mapping[str, Any]) -> None:  # Any: each dialect's own Settings
        self._hub = hub
        self._desk = desk
        self._settings = settings

    async def answer(self, question: Question, by: Asker = HUB) -> object:
        """Make a key and issue it.

        Raises:
            UnknownError: for a kind, a device or a function that is not there.
            BadValueError: for a callback that is no address, for what keys of that kind have not.
        """
        assert isinstance(question, CreateKey), "staffed for nothing else"
        part = parts.dialects().get(question.kind)
        if part is None and question.kind != ADMIN and not _is_door(question.kind):
            raise UnknownError(f"there are no keys of the kind {question.kind!r}")
        credential = Credential(
            id="",
            kind=question.kind,
            name=question.name,
            group=self._group_of(question),
            devices=question.devices,
            rights=_rights_of(question, part),
            expires=question.expires,
            functions=_functions_of(question, part),
            is_inherited=question.is_inherited,
            callback=question.callback,
        )
        tried = 0
        while True:
            id = self._free_id(question.kind, tried)
            text, secret_hash = self._made(part, id)
            wish = IssueCredential(replace(credential, id=id, secret_hash=secret_hash))
            issued = await self._desk.answer(wish, by)
            if not isinstance(issued, HardwireError):
                return issued, text
            tried += 1
            if issued.code != "id-taken" or tried == TRIES:
                raise issued

    def _made(self, part: DialectPart | None, id: str) -> tuple[str, bytes]:
        if part is not None and part.new_key is not None:
            return part.new_key(secrets.token_bytes, self._settings.get(part.name), id)
        text = secrets.token_hex(16)
        return text, sha256(text.encode()).digest()

    def _group_of(self, question: CreateKey) -> str:
        """The group of the devices that the key is for, whatever group was named: a key of another could reach none.

        Where one dialect shows a device to another group than its own, it is that one. A key that reaches subgroups
        may be of the group that is named, when the devices lie below it.
        """
        groups: dict[str, str] = {}
        for id in question.devices or ():
            device = self._hub.roster.device(id)
            if device is None:
                raise UnknownError(f"there is no device {id!r}")
            face = self._hub.roster.face(question.kind, id)
            groups[getattr(face, "group", "") or device.group] = id
        if question.is_inherited and all(self._hub.access.reaches(question.group, group) for group in groups):
            return question.group
        if len(groups) > 1:
            where = ", ".join(f"{id} is in {group}" for group, id in groups.items())
            raise CallerError(f"a key reaches devices of one group; {where}: make a key for each", code="two-groups")
        return next(iter(groups), question.group)

    def _free_id(self, kind: str, tried: int) -> str:
        """The next number for ezeio keys, which people type; random elsewhere. Each try looks twice as far."""
        if kind != "ezeio":
            return secrets.token_hex(8)
        # A random step: the number of a key that was revoked is not likely to come again.
        taken = {int(one.id) for one in self._hub.access.credentials(kind) if one.id.isdigit()}
        # A real key with the number of the demo's would give way to it whenever there is a demo.
        highest = max(taken.difference({int(DEMO_KEY_ID)}), default=FIRST_KEY_NUMBER)
        number = str(highest + 1 + secrets.randbelow(STEP << tried))
        return number if number != DEMO_KEY_ID else str(int(number) + 1)


def _is_door(kind: str) -> bool:
    """Whether a driver has a door that asks for keys of that kind: a part that bears the kind's name."""
    return kind in parts.driver_names() and parts.driver(kind).key_kind == kind


def _functions_of(question: CreateKey, part: DialectPart | None) -> tuple[str, ...] | None:
    known = {} if part is None else part.functions
    if not known and (question.functions is not None or question.is_inherited or question.callback):
        raise BadValueError(
            f"keys of the kind {question.kind!r} have no functions, reach no subgroups and call nobody back",
            path="kind",
        )
    if question.callback:
        check_callback(question.callback)
    if question.functions is None:
        return None
    for name in question.functions:
        if name not in known:
            raise UnknownError(f"there is no function {name!r}{nearest(name, known)}", path="functions")
        if known[name] not in question.rights:
            raise BadValueError(
                f"the function {name!r} needs a right that the key is not given: {_word(known[name])}",
                path="functions",
            )
    if not question.functions:
        raise BadValueError("name at least one function, or none at all for every function", path="functions")
    return tuple(name for name in known if name in question.functions)


def _rights_of(question: CreateKey, part: DialectPart | None) -> Right:
    """The rights that were asked for, less those that none of the key's functions needs."""
    if part is None or question.functions is None or not part.functions:
        return question.rights
    needed = Right.NONE
    for name in question.functions:
        needed |= part.functions.get(name, Right.NONE)
    return question.rights & needed


def _word(right: Right) -> str:
    return str(right.name).lower()
