"""Error codes of the v2 API, with the HTTP status that each is answered with."""

from collections.abc import Mapping

from msgspec import Struct

from hardwire.model.errors import (
    BadValueError,
    CallerError,
    DeviceError,
    HardwireError,
    NotAllowedError,
    UnknownError,
)

UNAUTHORIZED = "user:unauthorized"
CREATION_NOT_ENABLED = "user:creation-not-enabled"
NAME_EMPTY = "user:name-empty"
NAME_INVALID = "user:name-invalid"
NAME_TOO_LONG = "user:name-too-long"
INVALID_PREFIX = "user:invalid-prefix"
NO_STORAGE = "user:no-storage"
USER_NOT_FOUND = "user:not-found"
INVALID_JSON = "request:invalid-json"
TOO_LARGE = "request:too-large"
VERSION_NOT_SUPPORTED = "request:api-version-not-supported"
INTERNAL = "request:internal-server-error"
UNKNOWN_SUBSCRIPTION = "request:unknown-subscription"
UNKNOWN_TYPE = "request:unknown-type"
NO_PARAMETERS = "json:no-parameters-recognized"
INVALID_TYPE = "json:parameter-invalid-type"
MISSING = "json:parameter-missing"
NOT_EXCLUSIVE = "json:parameter-not-exclusive"
NO_TELEGRAM = "telegram:no-telegram-received"
# These three are ours: the documentation has no code for them, and clients look at the status alone.
NOT_FOUND = "request:not-found"
METHOD_NOT_ALLOWED = "request:method-not-allowed"
UPGRADE_REQUIRED = "request:upgrade-required"

STATUS: Mapping[str, int] = {
    UNAUTHORIZED: 401,
    CREATION_NOT_ENABLED: 403,
    NOT_FOUND: 404,
    USER_NOT_FOUND: 404,
    METHOD_NOT_ALLOWED: 405,
    TOO_LARGE: 413,
    UPGRADE_REQUIRED: 426,
    INTERNAL: 500,
    NO_TELEGRAM: 503,
}
"""What is not here is 400."""


class Refusal(Struct, frozen=True):
    """What a client is told instead of what it asked for."""

    status: int
    code: str


def refused(code: str, parameter: str = "") -> CallerError:
    """Return the error that answers a request with this code, and with the parameter it is about."""
    full = f"{code}:{parameter}" if parameter else code
    return CallerError(f"the request is refused: {full}", code=full)


def refusal(error: HardwireError) -> Refusal:
    """Return what a client is told about an error, the hub's own errors included."""
    match error:
        case BadValueError():
            return Refusal(400, f"{INVALID_TYPE}:{error.path}")
        case NotAllowedError(code="not-pressed"):
            return Refusal(403, CREATION_NOT_ENABLED)
        case NotAllowedError():
            # A token without this right. 401 would make clients throw a good token away and pair again.
            return Refusal(403, UNAUTHORIZED)
        case UnknownError():
            return Refusal(404, NOT_FOUND)
        case CallerError(code="no-storage"):
            return Refusal(400, NO_STORAGE)
        case CallerError() if ":" in error.code:
            return Refusal(STATUS.get(error.code, 400), error.code)
        case CallerError():
            # The source does not take what its points promise: nothing of the request can be used.
            return Refusal(400, NO_PARAMETERS)
        case DeviceError():
            return Refusal(503, INTERNAL)
        case _:
            return Refusal(500, INTERNAL)
