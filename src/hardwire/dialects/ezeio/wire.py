"""The JSON of the ezeio dialect: answers and stream messages, byte-shaped as clients know them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import msgspec
from msgspec import Struct

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class FieldEntry(Struct, frozen=True):
    """What a ticket tells of a field: all strings, numbers included (ezeio reference, section 1.1)."""

    fieldno: str
    name: str
    unit: str
    decimals: str
    assettag: str
    loginterval: str


class SystemEntry(Struct, frozen=True):
    """What a ticket tells of a unit."""

    serial: str
    name: str
    note: str
    lastseen: str
    fields: tuple[FieldEntry, ...]


class AccountEntry(Struct, frozen=True):
    """What a ticket tells of the account; `id` is a string."""

    id: str
    name: str
    description: str


class _Ticket(Struct, frozen=True):
    reqtime: str
    ws: str
    api: str
    account: AccountEntry
    systems: tuple[SystemEntry, ...]
    status: str
    exec_time: float


class _Actions(Struct, frozen=True):
    reqtime: str
    actions: tuple[str, ...]
    status: str
    exec_time: float


class _Plain(Struct, frozen=True):
    reqtime: str
    status: str
    exec_time: float


class Clocked(Struct, frozen=True):
    """When a call came and when it was answered: the envelope's `reqtime` and `exec_time`."""

    began: datetime
    ended: datetime

    @property
    def reqtime(self) -> str:
        """The instant of the call, as text."""
        return utc_text(self.began)

    @property
    def exec_time(self) -> float:
        """How long the answer took, in seconds; never negative although clocks are set back at times."""
        return max(0.0, round((self.ended - self.began).total_seconds(), 3))


def utc_text(at: datetime) -> str:
    """Return an instant in UTC, whole seconds: `2021-01-31T14:15:16Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def ticket_body(
    clocked: Clocked,
    *,
    ws: str,
    api: str,
    account: AccountEntry,
    systems: Iterable[SystemEntry],
) -> bytes:
    """Return the answer of `/v1/subscribe/ticket`."""
    return escaped(
        _Ticket(clocked.reqtime, ws, api, account, tuple(systems), status="OK", exec_time=clocked.exec_time),
    )


def actions_body(clocked: Clocked, actions: Iterable[str], status: str) -> bytes:
    """Return the answer to subscription commands: what became of each serial."""
    return escaped(_Actions(clocked.reqtime, tuple(actions), status, clocked.exec_time))


def plain_body(clocked: Clocked, status: str) -> bytes:
    """Return the envelope alone: an error text as `status`."""
    return escaped(_Plain(clocked.reqtime, status, clocked.exec_time))


def status_message(account: int, serial: str, at: datetime, fields: Mapping[int, float]) -> str:
    """Return a STATUS message: a row of the ten-minute log (ezeio reference, section 1.3)."""
    return _message(
        account,
        {"type": "STATUS", "serial": serial, "time": utc_text(at), "fields": _one_by_one(fields)},
    )


def log_message(account: int, serial: str, at: datetime, timeout_s: int, fields: Mapping[int, float]) -> str:
    """Return a LOGDATA message: a row of the fast log, with what is left of the unbuffered mode."""
    return _message(
        account,
        {
            "type": "LOGDATA",
            "serial": serial,
            "time": utc_text(at),
            "timeout": timeout_s,
            "fields": _one_by_one(fields),
        },
    )


def _one_by_one(fields: Mapping[int, float]) -> list[dict[str, float]]:
    # An array of one-key objects, the key a string, the value a number (ezeio reference, section 1.3).
    return [{str(number): fields[number]} for number in sorted(fields)]


def _message(account: int, content: Mapping[str, object]) -> str:
    return msgspec.json.encode({"channel": f"export:{account}", "data": content}).decode()


def escaped(answer: Struct) -> bytes:
    """Return an answer as JSON, byte-shaped as clients know it: compact, each slash escaped."""
    # Slashes stand in strings only.
    return msgspec.json.encode(answer).replace(b"/", rb"\/")
