"""The users of a device: names, tokens, who is who."""

import re
from hashlib import sha256

from hardwire.contracts.dialect import Entropy
from hardwire.contracts.house import House
from hardwire.dialects.homewizard.errors import (
    INVALID_PREFIX,
    INVALID_TYPE,
    MISSING,
    NAME_EMPTY,
    NAME_INVALID,
    NAME_TOO_LONG,
    refused,
)
from hardwire.dialects.homewizard.wire import Shown
from hardwire.model.access import Caller, Credential, Right
from hardwire.model.device import Device

KIND = "homewizard"
# The rules of a name: HomeWizard reference, section 2.3.
PREFIX = "local/"
NAME = re.compile(r"[a-zA-Z0-9\-_/\\# ]*")
NAME_LIMIT = 40
# 32 upper-case hex digits.
TOKEN_BYTES = 16
ID_BYTES = 8


def notices(device: str) -> str:
    """Return the topic on which the hub tells that the users of a device have changed."""
    return f"credentials:{KIND}:{device}"


def given_name(name: object) -> str:
    """Return the `name` of a request as text.

    Raises:
        CallerError: `json:parameter-missing:name` or `json:parameter-invalid-type:name`.
    """
    if name is None:
        raise refused(MISSING, "name")
    if not isinstance(name, str):
        raise refused(INVALID_TYPE, "name")
    return name


def local_name(name: object) -> str:
    """Return the name that a new user asks for.

    Raises:
        CallerError: as `given_name`, or `user:...` naming the rule that it breaks.
    """
    text = given_name(name)
    if text in ("", PREFIX):
        raise refused(NAME_EMPTY)
    if not text.startswith(PREFIX):
        raise refused(INVALID_PREFIX)
    if len(text) > len(PREFIX) + NAME_LIMIT:
        raise refused(NAME_TOO_LONG)
    if NAME.fullmatch(text) is None:
        raise refused(NAME_INVALID)
    return text


def new_user(name: str, device: Device, entropy: Entropy) -> tuple[Credential, str]:
    """Return the credential of a new user with its token, which is kept nowhere else."""
    token = entropy(TOKEN_BYTES).hex().upper()
    credential = Credential(
        id=f"{KIND}-{entropy(ID_BYTES).hex()}",
        kind=KIND,
        name=name,
        group=device.group,
        devices=(device.id,),
        rights=Right.READ | Right.CONTROL,
        secret_hash=sha256(token.encode()).digest(),
    )
    return credential, token


def holder(house: House, device: Device, token: str) -> Credential | None:
    """Return whose token this is, if its credential reaches the device."""
    credential = house.holder(KIND, token)
    return credential if credential is not None and _reaches(credential, device) else None


def find(house: House, device: Device, name: str) -> Credential | None:
    """Return the user of that name."""
    return next((user for user in _users(house, device) if user.name == name), None)


def shown(house: House, device: Device, current: str) -> list[Shown]:
    """Return the list of users; `current` is the id of the asker's own credential, and stands on its entry alone.

    Source: HomeWizard reference, section 2.3.
    """
    return [
        {"name": user.name, "current": True} if user.id == current else {"name": user.name}
        for user in _users(house, device)
    ]


def caller(credential: Credential, device: Device) -> Caller:
    """Return who asks when it shows this credential to this device."""
    return Caller(credential=credential.id, devices=(device.id,), rights=credential.rights)


def _users(house: House, device: Device) -> list[Credential]:
    return [user for user in house.credentials(KIND) if _reaches(user, device)]


def _reaches(credential: Credential, device: Device) -> bool:
    if credential.devices is None:
        return credential.group == device.group
    return device.id in credential.devices
