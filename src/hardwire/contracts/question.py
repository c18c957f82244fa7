"""What sessions ask of the hub because it needs disk, other hubs or the composition root."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

from msgspec import Struct

from hardwire.model.access import Credential, Right


class Question(Struct, frozen=True):
    """The base of every question. Each names what `Session.reply` is given; an error comes as a HardwireError."""


class IssueCredential(Question, frozen=True):
    """Make a credential durable and valid. Answer: the Credential.

    A credential of the same kind, name and device scope dies with it and its sockets are closed.
    `pressed` names a device whose button must have been pressed in the last 30 s; the press is used up.

    Errors: NotAllowedError with code `not-pressed`; CallerError with code `no-storage` (too many of its kind).
    """

    credential: Credential
    pressed: str | None = None


class CreateKey(Question, frozen=True, kw_only=True):
    """Make a key that its owner is shown once. Answer: (Credential, the key's text).

    `kind` is a dialect's name or `admin`. Errors: UnknownError for a kind or device that is not there.
    """

    kind: str
    name: str = ""
    group: str = "home"
    devices: tuple[str, ...] | None = None
    rights: Right = Right.READ | Right.CONTROL
    expires: datetime | None = None


class RevokeCredential(Question, frozen=True):
    """End a credential durably and close its sockets everywhere. Answer: the Credential that died.

    Errors: UnknownError.
    """

    id: str


class IssueTicket(Question, frozen=True):
    """Keep `grant` under `ticket` for one redemption within `life_s`. Answer: True."""

    ticket: str
    grant: bytes
    life_s: float


class RedeemTicket(Question, frozen=True):
    """Use a ticket up. Answer: its grant (bytes), or None when unknown, expired or used.

    The ticket stays known to `LookUpTicket` until it is dropped.
    """

    ticket: str


class LookUpTicket(Question, frozen=True):
    """Answer: the grant of a ticket that is redeemable or in use, else None."""

    ticket: str


class DropTicket(Question, frozen=True):
    """Forget a ticket: its socket is closed. Answer: True."""

    ticket: str


class CountNonce(Question, frozen=True):
    """Register one use of a nonce. Answer: True when this (nonce, count) is new within a 64-wide window."""

    nonce: str
    count: int
    life_s: float


class PressButton(Question, frozen=True):
    """Press a device's button: for 30 s one credential may be issued. Answer: True. Errors: UnknownError."""

    device: str


class AddDevice(Question, frozen=True):
    """Declare a device durably and start its driver. Answer: the device's id.

    Errors: BadValueError naming the setting; CallerError when the id is taken.
    """

    id: str
    settings: Mapping[str, Any]  # Any: a driver's own settings, checked by its Settings class


class RemoveDevice(Question, frozen=True):
    """Stop and forget a device that was added. Answer: its id.

    Errors: UnknownError; CallerError when the configuration file declares it.
    """

    id: str


class ReadSamples(Question, frozen=True):
    """Read back what was recorded. Answer: tuple of Sample, oldest first."""

    device: str
    since: datetime
    until: datetime
    limit: int = 1000


Answer: TypeAlias = object
"""What a question names as its answer, or the HardwireError that kept it from being answered."""
