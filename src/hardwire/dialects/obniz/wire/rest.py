"""The bodies of HTTP calls and of their answers (obniz reference, section 2)."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from msgspec import DecodeError, json

from hardwire.dialects.obniz.wire.message import MOST_TARGETS, SendMessage, addresses
from hardwire.dialects.obniz.wire.shape import Misfit, fields_of, needed

# The words of section 2: an unknown id and a wrong token look the same to whoever guesses.
NOT_FOUND = "obniz not found"
NOT_ONLINE = "obniz is not online"

JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"


def refusal(reason: str) -> bytes:
    """Return the body of every answer that is no success."""
    return json.encode({"error": reason})


def accepted(warnings: Sequence[str]) -> bytes:
    """Return the body of commands that were carried out, with what was wrong with the others."""
    return json.encode({"result": "ok", "warnings": warnings} if warnings else {"result": "ok"})


def state(*, is_online: bool) -> bytes:
    """Return whether a board can be reached now."""
    return json.encode({"state": "online" if is_online else "offline"})


def letter(query: Mapping[str, str], body: bytes, media_type: str) -> SendMessage:
    """Read a message to programs: `to` and `data` stand in the query, a form or a JSON object; the body wins.

    Raises:
        Misfit: one of the two is missing, `to` names no ids, or the body cannot be read.
    """
    fields: dict[str, Any] = {**query, **_fields(body, media_type)}  # Any: JSON
    to = needed(fields, "to")
    targets = [one.strip() for one in to.split(",")] if type(to) is str else to
    payload = needed(fields, "data")
    return SendMessage(addresses(targets), json.encode(payload).decode())


def text_to(address: str, text: str) -> SendMessage:
    """Return the message that a link carries: a text, to the programs of one board."""
    return SendMessage((address,), json.encode(text).decode())


def _fields(body: bytes, media_type: str) -> dict[str, Any]:  # Any: JSON
    try:
        if media_type == FORM_TYPE:
            return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_TARGETS))
        return fields_of(json.decode(body), "") if body else {}
    except (DecodeError, RecursionError, ValueError):
        raise Misfit("the body cannot be read") from None
