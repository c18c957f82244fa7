"""The JSON of the v2 API: bodies, WebSocket messages and errors."""

from collections.abc import Mapping
from typing import TypeAlias

import msgspec

from hardwire.dialects.homewizard.errors import INVALID_JSON, INVALID_TYPE, MISSING, NO_PARAMETERS, refused

Shown: TypeAlias = Mapping[str, object]
"""A JSON object as clients see it, in the order of its keys."""

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder()


class Received(msgspec.Struct, frozen=True):
    """A WebSocket message of a client; `data` is None when it carries none."""

    type: str
    data: object = None


def body(shown: Shown | list[Shown]) -> bytes:
    """Return an answer's JSON, without spaces."""
    return _ENCODER.encode(shown)


def error_body(code: str, reason: str = "") -> bytes:
    """Return the JSON of a refused request; a sentence for people rides along where the code alone says too little.

    Source: HomeWizard reference, section 2.1.
    """
    return body({"error": code, "reason": reason} if reason else {"error": code})


def message(type: str, data: Shown | list[Shown] | None = None) -> str:
    """Return a WebSocket message."""
    return _ENCODER.encode({"type": type} if data is None else {"type": type, "data": data}).decode()


def error_message(code: str) -> str:
    """Return the WebSocket message that tells an error.

    Source: HomeWizard reference, section 3.4: the key is `message`, whatever the prose says.
    """
    return message("error", {"message": code})


def parameters(text: str | bytes) -> dict[str, object]:
    """Read the JSON object of a request.

    Raises:
        CallerError: `request:invalid-json`, or `json:no-parameters-recognized` when it is no object.
    """
    read = _decoded(text)
    if not isinstance(read, dict):
        raise refused(NO_PARAMETERS)
    return read


def received(text: str | bytes) -> Received:
    """Read a WebSocket message.

    Raises:
        CallerError: `request:invalid-json`, or `json:...` naming what is wrong with its `type`.
    """
    read = parameters(text)
    type = read.get("type")
    if type is None:
        raise refused(MISSING, "type")
    if not isinstance(type, str):
        raise refused(INVALID_TYPE, "type")
    return Received(type, read.get("data"))


def _decoded(text: str | bytes) -> object:
    try:
        return _DECODER.decode(text)
    # Broken JSON; text that is no UTF-8, numbers too long to read; nesting deeper than the stack.
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise refused(INVALID_JSON) from None
