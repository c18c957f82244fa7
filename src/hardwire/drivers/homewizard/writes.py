"""Which requests a write of points becomes."""

from collections.abc import Mapping, Sequence
from math import isfinite

from msgspec import Struct

from hardwire.drivers.homewizard.settings_told import MODE, MODE_BEFORE
from hardwire.drivers.homewizard.wire import Refused
from hardwire.model.energy import energy_point
from hardwire.model.errors import BadValueError, CallerError, DeviceError, HardwireError
from hardwire.model.point import PointKind
from hardwire.model.value import Value

# In the order in which they are sent: first what has rules of its own and so may refuse (the state of the batteries,
# the lock of the relay), then what takes any good value. Point -> field.
V2: Mapping[str, Mapping[str, str]] = {
    "/api/batteries": {MODE: "mode", "batteries_permissions": "permissions"},
    "/api/system": {"cloud_enabled": "cloud_enabled", "status_led_brightness_pct": "status_led_brightness_pct"},
}
V1: Mapping[str, Mapping[str, str]] = {
    "/api/v1/state": {"power_on": "power_on", "switch_lock": "switch_lock", "brightness": "brightness"},
    "/api/v1/system": {"cloud_enabled": "cloud_enabled"},
}
KEPT_HERE = frozenset({MODE_BEFORE})
"""What the device takes no write of: the driver remembers it."""

# HomeWizard reference, section 4: a parameter that cannot be modified, such as the relay of a locked socket.
_NOT_MODIFIABLE = 8


class Put(Struct, frozen=True):
    """One request; `points` are those that it writes, by the field that carries each."""

    path: str
    body: Mapping[str, Value]
    points: Mapping[str, str]


def puts(values: Mapping[str, Value], paths: Mapping[str, Mapping[str, str]], known: frozenset[str]) -> Sequence[Put]:
    """Return the requests that write these points, in order. `known` are the points that the device can be written.

    Raises:
        CallerError: a point cannot be written (code `not-writable`).
        BadValueError: a value has the wrong type; `path` names the point.
    """
    for name, value in values.items():
        if name not in known:
            raise CallerError(f"{name} cannot be written", code="not-writable", path=name)
        _check(name, value)
    return [
        Put(path, {fields[name]: values[name] for name in chosen}, {fields[name]: name for name in chosen})
        for path, fields in paths.items()
        if (chosen := [name for name in fields if name in values])
    ]


def refusal(status: int, refused: Refused, put: Put) -> HardwireError:
    """Return the error that an answer stands for.

    Source: HomeWizard reference, sections 2.1 and 4.
    """
    match status:
        case 400:
            return _bad_request(refused, put)
        case 404 | 405:
            return CallerError("The device does not have that.", code="unsupported")
        case 401:
            return DeviceError("The device does not know the token any more: pair it again with `hardwire pair`.")
        case 403:
            return DeviceError("The device does not let this hub in: its local API is off, or the token may only read.")
        case _:
            return DeviceError(f"The device answers {status}.")


def _bad_request(refused: Refused, put: Put) -> CallerError:
    scope, _, parameter = refused.code.rpartition(":")
    if scope == "json:parameter-invalid-type":
        point = put.points.get(parameter, parameter)
        return BadValueError(f"The device refuses this value of {point}.", path=point)
    if refused.code:
        return CallerError(f"The device refuses: {refused.code}.", code=refused.code)
    first = next(iter(put.points.values()), "")
    if refused.id == _NOT_MODIFIABLE:
        return CallerError(f"{first} cannot be written as things are.", code="not-writable", path=first)
    return BadValueError(f"The device refuses this value of {', '.join(put.points.values())}.", path=first)


def _check(name: str, value: Value) -> None:
    point = energy_point(name)
    assert point is not None, "the driver's points are those of the vocabulary"
    fits = {
        PointKind.NUMBER: isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value),
        PointKind.TEXT: isinstance(value, str),
        PointKind.FLAG: isinstance(value, bool),
        PointKind.TEXTS: isinstance(value, tuple),
    }[point.kind]
    if not fits:
        raise BadValueError(f"{name} takes a {point.kind.value}", path=name)
