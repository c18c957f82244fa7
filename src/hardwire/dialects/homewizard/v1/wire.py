"""The JSON of the v1 API's errors."""

from collections.abc import Mapping

from msgspec import Struct

from hardwire.dialects.homewizard.errors import INVALID_JSON, INVALID_TYPE, NO_PARAMETERS
from hardwire.dialects.homewizard.wire import body
from hardwire.model.errors import BadValueError, CallerError, DeviceError, HardwireError, NotAllowedError


class RefusalV1(Struct, frozen=True):
    """What a v1 client is told instead of what it asked for.

    Source: HomeWizard reference, section 4.
    """

    status: int
    id: int
    description: str

    @property
    def body(self) -> bytes:
        """Its JSON."""
        return body({"error": {"id": self.id, "description": self.description}})


BAD_JSON = RefusalV1(400, 2, "Body contains invalid json")
NOT_ENABLED = RefusalV1(403, 202, "API not enabled")
NO_RECENT_DATA = RefusalV1(503, 901, "no recent data")
INTERNAL_ERROR = RefusalV1(500, 901, "internal error")
# Ours: v1 has no id for a path or a method that is not there, and clients look at the status alone.
NOT_FOUND_V1 = RefusalV1(404, 404, "not found")
METHOD_NOT_ALLOWED_V1 = RefusalV1(405, 405, "method not allowed")
TOO_LARGE_V1 = RefusalV1(413, 201, "request too large")
NOT_REACHABLE = RefusalV1(503, 901, "device not reachable")
NO_PARAMETER = RefusalV1(400, 7, "no parameter recognized")
BAD_BRIGHTNESS = RefusalV1(400, 7, "brightness value limited to 0-255")
NOT_MODIFIABLE = RefusalV1(400, 8, "parameter cannot be modified")
LOCKED = RefusalV1(400, 8, "power_on cannot be turned off when switch_lock is on")

# Codes that v2 has no use for.
OUT_OF_RANGE = "state:brightness-out-of-range"
SWITCH_LOCKED = "state:switch-locked"

_BY_CODE: Mapping[str, RefusalV1] = {
    INVALID_JSON: BAD_JSON,
    NO_PARAMETERS: NO_PARAMETER,
    OUT_OF_RANGE: BAD_BRIGHTNESS,
    SWITCH_LOCKED: LOCKED,
}


def refusal_v1(error: HardwireError) -> RefusalV1:
    """Return what a v1 client is told about an error, the hub's own errors included."""
    known = _BY_CODE.get(error.code)
    if known is not None:
        return known
    if error.code.startswith(INVALID_TYPE):
        return _invalid(error.code.removeprefix(INVALID_TYPE).strip(":"))
    match error:
        case BadValueError():
            return _invalid(error.path)
        case NotAllowedError():
            return NOT_ENABLED
        case DeviceError():
            return NOT_REACHABLE
        case CallerError(code="locked"):
            # A source that has the lock itself knows better than what it last told.
            return LOCKED
        case CallerError(code="not-writable" | "unsupported"):
            return NOT_MODIFIABLE
        case _:
            return INTERNAL_ERROR


def _invalid(parameter: str) -> RefusalV1:
    return RefusalV1(400, 7, f"{parameter} has an invalid value")
