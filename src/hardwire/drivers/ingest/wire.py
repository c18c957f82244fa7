"""The JSON of loggers: rows and confirmations in, receipts, commands and errors out."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct

from hardwire.drivers.ingest.batch import VALUES_LIMIT, Batch, Downlink, Number, Receipt, Refusal, Row, Wish
from hardwire.model.errors import (
    BadValueError,
    CallerError,
    DeviceError,
    HardwireError,
    HubFaultError,
    NotAllowedError,
    UnknownError,
)
from hardwire.model.fact import Log

# How many refusals an answer names; their number is told in any case.
REFUSALS_SHOWN = 20
TIME_FORMS = 'the time must be such as "2026-01-31T14:00:00Z", or seconds since 1970'

HUB_FAILED = "the hub failed, and its log says why: nothing of this call was kept, send it again later"

STATUSES: Sequence[tuple[type[HardwireError], int]] = (
    (UnknownError, 404),
    (NotAllowedError, 403),
    (CallerError, 400),
    (DeviceError, 503),
    (HubFaultError, 500),
)


class _Failure(Struct, frozen=True):
    """A command that failed, with whatever else the logger tells of it."""

    id: str


class _Posted(Struct, frozen=True, forbid_unknown_fields=True):
    """An object as a body: one row, or rows beside confirmations."""

    rows: list[Row] = []
    done: list[str] = []
    failed: list[str | _Failure] = []
    fields: dict[str, Number | None] | None = None
    time: datetime | int | float | None = None
    log: Log | None = None


_rows_decoder = msgspec.json.Decoder(list[Row])
_posted_decoder = msgspec.json.Decoder(_Posted)
_encode = msgspec.json.Encoder().encode


def batch_of(body: bytes, *, log: Log = Log.FAST, is_partial: bool = False, needs_times: bool = False) -> Batch:
    """Parse a body: a list of rows, one row, or `{"rows": [...], "done": [...], "failed": [...]}`.

    What is wrong with single rows is noted as refused. An empty body brings nothing: a sign of life.

    Raises:
        BadValueError: it is no such JSON, with code `bad-body`; or what does not fit has more than `VALUES_LIMIT`
            values or rows, with code `too-large`.
    """
    refused: Sequence[Refusal] = ()
    try:
        if not body.strip():
            posted = _Posted()
        elif body.lstrip()[:1] == b"[":
            posted = _Posted(rows=_rows_decoder.decode(body))
        else:
            posted = _joined(_posted_decoder.decode(body))
        rows = list(enumerate(posted.rows))
    except msgspec.ValidationError:
        posted, rows, refused = _judged(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise _unreadable(error) from error
    return Batch(
        rows=rows,
        refused=refused,
        done=posted.done,
        failed=[one if isinstance(one, str) else one.id for one in posted.failed],
        log=log,
        is_partial=is_partial,
        needs_times=needs_times,
    )


def receipt_body(receipt: Receipt) -> bytes:
    """Return what a logger is answered."""
    shown: dict[str, object] = {}
    if not receipt.is_kept:
        message = (
            "nothing of it was kept: mend or leave out what is refused, then send the rest again; with partial=1 what "
            "is good is kept"
        )
        shown["error"] = {"code": "refused", "message": message}
    shown |= {"time": instant(receipt.at), "accepted": receipt.accepted, "repeated": receipt.repeated}
    if receipt.expired:
        shown["expired"] = receipt.expired
    if receipt.refused:
        shown["refusals"] = len(receipt.refused)
        shown["refused"] = [
            {"row": one.row, "field": one.field, "reason": one.reason} for one in receipt.refused[:REFUSALS_SHOWN]
        ]
    return _encode(shown | _downlink(receipt.downlink))


def commands_body(downlink: Downlink) -> bytes:
    """Return what a logger is told without having asked."""
    return _encode(_downlink(downlink))


def error_body(error: HardwireError) -> tuple[int, bytes]:
    """Return the status and body of an error: `{"error":{"code":...,"message":...}}`."""
    status = next((status for kind, status in STATUSES if isinstance(error, kind)), 500)
    # What is wrong with the hub, and in which file, is its operator's to read.
    message = HUB_FAILED if isinstance(error, HubFaultError) else error.message
    return status, problem_body(error.code, message)


def problem_body(code: str, message: str) -> bytes:
    """Return the body of an error."""
    return _encode({"error": {"code": code, "message": message}})


def instant(at: datetime) -> str:
    """Return an instant in RFC 3339, UTC, whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _joined(posted: _Posted) -> _Posted:
    """An object with `fields` is one row."""
    if posted.fields is None:
        if posted.time is not None or posted.log is not None:
            raise msgspec.ValidationError("a row needs `fields`")
        return posted
    if posted.rows:
        raise msgspec.ValidationError("give either `rows` or `fields`")
    row = Row(fields=posted.fields, time=posted.time, log=posted.log)
    return _Posted(rows=[row], done=posted.done, failed=posted.failed)


def _judged(body: bytes) -> tuple[_Posted, list[tuple[int, Row]], Sequence[Refusal]]:
    """Take a body that does not fit apart, row by row and value by value, to name what is wrong."""
    try:
        found = msgspec.json.decode(body)
        if isinstance(found, Mapping):
            found = dict(found)
            listed = [{key: found.pop(key) for key in ("fields", "time", "log") if key in found}]
            if listed == [{}]:
                listed = found.pop("rows", [])
            # What stands beside the rows fits, or the whole body does not.
            posted = msgspec.convert(found, _Posted)
            if posted.rows:
                raise msgspec.ValidationError("give either `rows` or `fields`")
        else:
            posted, listed = _Posted(), found
        if not isinstance(listed, list):
            raise msgspec.ValidationError("the rows must be a list")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise _unreadable(error) from error
    if max(len(listed), sum(map(_length, listed))) > VALUES_LIMIT:
        # Before each of them is told what is wrong with it, which takes the time of them all.
        raise BadValueError(f"more than {VALUES_LIMIT} values or rows in one call: send several", code="too-large")
    rows: list[tuple[int, Row]] = []
    refused: list[Refusal] = []
    for number, one in enumerate(listed):
        row, faults = _row(number, one)
        refused += faults
        if row is not None:
            rows.append((number, row))
    return posted, rows, refused


def _length(found: object) -> int:
    """How many values a row has, whatever else is wrong with it."""
    fields = found.get("fields") if isinstance(found, Mapping) else None
    return len(fields) if isinstance(fields, Mapping) else 0


def _row(number: int, found: object) -> tuple[Row | None, Sequence[Refusal]]:
    if not isinstance(found, Mapping) or not isinstance(found.get("fields"), Mapping):
        return None, [Refusal(number, "", 'a row is an object such as {"time": "...Z", "fields": {"1": 73.4}}')]
    fields: dict[str, Number | None] = {}
    refused: list[Refusal] = []
    for field, value in found["fields"].items():
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
            if isinstance(value, int) and not -(2**63) <= value < 2**63:
                refused.append(Refusal(number, field, "the whole number is too large"))
            else:
                fields[field] = value
        else:
            refused.append(Refusal(number, field, "the value must be a number, or null where there is none"))
    try:
        return msgspec.convert({**found, "fields": fields}, Row), refused
    except msgspec.ValidationError as error:
        reason = TIME_FORMS if str(error).endswith("$.time`") else _plain(error)
        return None, [*refused, Refusal(number, "", reason)]


def _unreadable(error: Exception) -> BadValueError:
    text = _plain(error) if isinstance(error, msgspec.MsgspecError) else "it is no JSON in UTF-8"
    return BadValueError(f"the body does not fit: {text}", code="bad-body")


def _plain(error: Exception) -> str:
    return str(error).replace("`", "")


def _downlink(downlink: Downlink) -> dict[str, object]:
    return {"unbuffered": downlink.unbuffered_s, "commands": [_wish(wish) for wish in downlink.wishes]}


def _wish(wish: Wish) -> Mapping[str, Any]:  # Any: JSON
    shown: dict[str, object] = {"id": wish.id}
    if wish.is_flush:
        return {**shown, "flush": True}
    if wish.field is not None:
        shown["field"] = wish.field
    if wish.name:
        shown["name"] = wish.name
    if wish.output is not None:
        shown["output"] = wish.output
    if wish.register is not None:
        shown["register"] = list(wish.register)
    return {**shown, "value": wish.value}
