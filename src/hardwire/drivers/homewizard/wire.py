"""What a device sends as JSON, read with care: it may be broken, or no HomeWizard device at all."""

import re
from collections.abc import Mapping
from typing import TypeAlias

import msgspec
from msgspec import Struct

from hardwire.model.errors import DeviceError
from hardwire.model.value import Value

Table: TypeAlias = Mapping[str, object]
"""A JSON object, not checked any further."""

# ioBroker takes as much (HomeWizard reference, section 3.5).
MESSAGE_LIMIT_BYTES = 1024 * 1024
TEXT_LIMIT = 256
# Beyond it JSON numbers lose digits on their way (RFC 8259, section 6).
WHOLE_LIMIT = 2**53

_CODE = re.compile(r"[a-z0-9_-]{1,40}(:[a-z0-9_-]{1,40}){1,3}", re.ASCII)
_SERIAL = re.compile(r"[0-9A-Za-z]{1,32}", re.ASCII)
_DECODER = msgspec.json.Decoder()
_ENCODER = msgspec.json.Encoder()


class UnreadableError(DeviceError):
    """What came is not what a HomeWizard device sends."""

    code = "unreadable"


class Identity(Struct, frozen=True):
    """Which device this is.

    Source: HomeWizard reference, section 2.2.
    """

    product_type: str
    product_name: str
    serial: str
    firmware_version: str
    api_version: str


class Push(Struct, frozen=True):
    """A WebSocket message; `data` is None when it carries none."""

    type: str
    data: object = None


class Refused(Struct, frozen=True):
    """What a device says instead of an answer: v2 has a code, v1 a number."""

    code: str = ""
    id: int = 0


def table_of(octets: bytes | str) -> Table:
    """Read a JSON object.

    Raises:
        UnreadableError: it is none.
    """
    try:
        # Texts of a message that msgspec skips are not checked by it: they are here.
        read = _DECODER.decode(octets.decode() if isinstance(octets, bytes) else octets)
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise UnreadableError("The device sends what is no JSON.") from None
    if not isinstance(read, dict):
        raise UnreadableError("The device sends JSON that is no object.")
    return read


def identity_of(read: Table) -> Identity:
    """Read the answer to `GET /api`, or what a push of the device itself carries.

    Raises:
        UnreadableError: it is none; no product and no serial are told.
    """
    told = {name: text if (text := text_of(read.get(name))) else "" for name in Identity.__struct_fields__}
    if not told["product_type"] or _SERIAL.fullmatch(told["serial"]) is None:
        raise UnreadableError("What answers there is no HomeWizard device: it tells no product and serial.")
    return Identity(**told)


def push_of(octets: bytes | str) -> Push:
    """Read a WebSocket message.

    Raises:
        UnreadableError: it is none.
    """
    read = table_of(octets)
    type = read.get("type")
    if not isinstance(type, str):
        raise UnreadableError("The device sends a message without a type.")
    return Push(type, read.get("data"))


def push_refusal(data: object) -> str:
    """Return the code in an `error` message's data; empty when it holds none.

    Source: HomeWizard reference, section 3.4.
    """
    return _code(data.get("message")) if isinstance(data, dict) else ""


def refusal_of(octets: bytes) -> Refused:
    """Read the body of an answer with another status than 200 and 204; what cannot be read says nothing.

    Source: HomeWizard reference, sections 2.1 and 4.
    """
    try:
        error = table_of(octets).get("error")
    except UnreadableError:
        return Refused()
    if isinstance(error, dict):
        id = error.get("id")
        return Refused(_code(error.get("code")), id if type(id) is int else 0)
    return Refused(_code(error))


def token_of(octets: bytes) -> str:
    """Read the token in the answer to `POST /api/user`.

    Raises:
        UnreadableError: there is none.
    """
    token = table_of(octets).get("token")
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not 0 < len(token) <= TEXT_LIMIT:
        raise UnreadableError("The device gave no token.")
    return token


def encoded(table: Table) -> bytes:
    """Return JSON."""
    return _ENCODER.encode(table)


def message(type: str, data: object = None) -> str:
    """Return a WebSocket message."""
    return _ENCODER.encode({"type": type} if data is None else {"type": type, "data": data}).decode()


def number_of(value: object) -> int | float | None:
    """Return a JSON number that fits a point; None for everything else."""
    # By exact type: a flag is an int in Python.
    if type(value) is int or type(value) is float:
        # Whole numbers come with any count of digits, and some are too large to be made a float. What is no number, or
        # infinite, is never between the limits.
        return value if -WHOLE_LIMIT < value < WHOLE_LIMIT else None
    return None


def text_of(value: object) -> str | None:
    """Return a short text that can be shown; None for everything else."""
    return value if isinstance(value, str) and len(value) <= TEXT_LIMIT and value.isprintable() else None


def flag_of(value: object) -> bool | None:
    """Return true or false; None for everything else."""
    return value if isinstance(value, bool) else None


def texts_of(value: object) -> tuple[str, ...] | None:
    """Return a short list of short texts; None for everything else."""
    if not isinstance(value, list) or len(value) > 16:
        return None
    texts = [text for each in value if (text := text_of(each)) is not None]
    return tuple(texts) if len(texts) == len(value) else None


def without_nothing(values: Mapping[str, Value | None]) -> dict[str, Value]:
    """Return the values that are there."""
    return {name: value for name, value in values.items() if value is not None}


def _code(value: object) -> str:
    return value if isinstance(value, str) and _CODE.fullmatch(value) else ""
