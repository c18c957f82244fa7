"""What sessions ask of the hub because it needs disk, other hubs or the composition root."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

from msgspec import Struct

from hardwire.model.access import Credential, Right
from hardwire.model.audit import Action
from hardwire.model.history import HistoryWish
from hardwire.model.value import Value


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
    functions: tuple[str, ...] | None = None
    is_inherited: bool = False
    callback: str = ""


class SaveGroup(Question, frozen=True, kw_only=True):
    """Add a group, or change one that was added by command. Answer: the Group.

    `number` 0 gives the next free one. Errors: UnknownError for a parent that is not there; CallerError for a circle,
    a number that is taken, a group of the configuration file.
    """

    id: str
    name: str = ""
    description: str = ""
    number: int = 0
    parent: str | None = None
    is_account: bool = True
    history_days: int | None = None


class RemoveGroup(Question, frozen=True):
    """Forget a group that was added by command. Answer: its id.

    Errors: UnknownError; CallerError while it has devices, subgroups or keys, and for one of the configuration file.
    """

    id: str


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


class ReadHistory(Question, frozen=True):
    """Read rows of a log, or what was recorded on change. Answer: tuple of HistoryRow, oldest first."""

    wish: HistoryWish


class ReadExports(Question, frozen=True, kw_only=True):
    """Read messages as they were sent, what has just been numbered included. Answer: tuple of Export, oldest first.

    After `after` (epoch, number), or those that arrived at or after `since`.
    """

    account: str
    after: tuple[int, int] | None = None
    since: datetime | None = None
    limit: int = 1000


class ReadIncidents(Question, frozen=True, kw_only=True):
    """Read the event log of a device. Answer: tuple of (number, Incident), oldest first.

    Of a range with more than `limit` the newest are told. The number is the incident's own for ever.
    """

    device: str
    since: datetime
    until: datetime
    limit: int = 300


class Order(Question, frozen=True, kw_only=True):
    """Have a device carry out what nobody waits for. Answer: True as soon as that is durable.

    When the device has confirmed all of it, `credential`'s callback is told (CONTROL_ACK) and the event log too. A
    device that cannot now is tried again for a bounded time. Errors: UnknownError for a device that is not there;
    CallerError for points that it has not or that cannot be written, and with code `too-many` for a device that was
    given too many of late; HubFaultError.
    """

    device: str
    steps: tuple[Mapping[str, Value], ...]
    """The points to write, one step after another; an empty step sends the log rows that are buffered."""
    credential: str
    actions: tuple[str, ...] = ()
    """What was asked, in the caller's words: `Set field 12 to 888`."""


class Handover(Question, frozen=True):
    """Give a device's driver what somebody has brought for it (`contracts.driver.Receiver`). Answer: the driver's.

    Errors: UnknownError when the device's driver takes nothing; what the driver raises.
    """

    device: str
    parcel: object


class Renew(Question, frozen=True):
    """Put a backup in place of everything that the hub keeps, then start anew. Answer: True before it goes.

    `file` is on the hub's own machine. Errors: BadValueError, with a sentence, for what is no whole backup.
    """

    file: str


class CutClient(Question, frozen=True):
    """Close a client's WebSocket: with 1013, or at once where it does not read and is cut a second time.

    Answer: the ClientState that it had. Errors: UnknownError.
    """

    client: int
    actor: str = ""
    """Who has it cut, for the audit log."""


class ReadAudit(Question, frozen=True, kw_only=True):
    """Read the audit log. Answer: tuple of (number, AuditEntry), oldest first, the newest `limit` of what fits."""

    since: datetime | None = None
    action: str = ""
    """The beginning of an action's name: `key`, `key.revoked`; empty means all."""
    limit: int = 100


class Record(Question, frozen=True):
    """Write a line into the audit log, of what is done elsewhere. Answer: True once it is durable."""

    action: Action
    subject: str = ""
    detail: str = ""


class ReadMetrics(Question, frozen=True):
    """Read the hub's figures. Answer: bytes, in the text format of Prometheus 0.0.4."""


class ReadHealth(Question, frozen=True):
    """Ask how well the hub is. Answer: Health."""


Answer: TypeAlias = object
"""What a question names as its answer, or the HardwireError that kept it from being answered."""
