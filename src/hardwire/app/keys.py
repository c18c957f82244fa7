"""Makes keys for the owner: a random text shown once, kept as its hash."""

import secrets
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from hardwire.app import parts
from hardwire.contracts.question import CreateKey, IssueCredential, Question
from hardwire.hub.desk import Desk
from hardwire.hub.hub import Hub
from hardwire.model.access import Credential
from hardwire.model.errors import CallerError, HardwireError, UnknownError

ADMIN = "admin"
# Key ids are what ezeio clients give as user name: a number (ezeio reference, section 3).
FIRST_KEY_NUMBER = 10001


class Keys:
    """Answers `CreateKey`."""

    def __init__(self, hub: Hub, desk: Desk, settings: Mapping[str, Any]) -> None:  # Any: each dialect's own Settings
        self._hub = hub
        self._desk = desk
        self._settings = settings

    async def answer(self, question: Question) -> object:
        """Make a key and issue it. Raises UnknownError for a kind or a device that is not there."""
        assert isinstance(question, CreateKey), "staffed for nothing else"
        part = parts.dialects().get(question.kind)
        if part is None and question.kind != ADMIN and not parts.asks_for_keys(question.kind):
            raise UnknownError(f"there are no keys of the kind {question.kind!r}")
        group = self._group_of(question)
        id = self._free_id(question.kind)
        if part is not None and part.new_key is not None:
            text, secret_hash = part.new_key(secrets.token_bytes, self._settings.get(question.kind), id)
        else:
            text = secrets.token_hex(16)
            secret_hash = sha256(text.encode()).digest()
        credential = Credential(
            id=id,
            kind=question.kind,
            name=question.name,
            group=group,
            devices=question.devices,
            rights=question.rights,
            expires=question.expires,
            secret_hash=secret_hash,
        )
        issued = await self._desk.answer(IssueCredential(credential))
        if isinstance(issued, HardwireError):
            raise issued
        return issued, text

    def _group_of(self, question: CreateKey) -> str:
        """The group of the devices that the key is for, whatever group was named: a key of another could reach none."""
        groups: dict[str, str] = {}
        for id in question.devices or ():
            device = self._hub.roster.device(id)
            if device is None:
                raise UnknownError(f"there is no device {id!r}")
            groups[device.group] = id
        if len(groups) > 1:
            where = ", ".join(f"{id} is in {group}" for group, id in groups.items())
            raise CallerError(f"a key reaches devices of one group; {where}: make a key for each", code="two-groups")
        return next(iter(groups), question.group)

    def _free_id(self, kind: str) -> str:
        """The next number for ezeio keys, which people type; random elsewhere."""
        if kind != "ezeio":
            return secrets.token_hex(8)
        # A random step: the number of a key that was revoked is not likely to come again.
        taken = {int(one.id) for one in self._hub.access.credentials(kind) if one.id.isdigit()}
        return str(max(taken, default=FIRST_KEY_NUMBER) + 1 + secrets.randbelow(7))
