"""The relay of an Energy Socket with its lock and its light: what may be written, and what comes of it.

Source: HomeWizard reference, section 4.5.
"""

from collections.abc import Mapping
from math import isfinite

from msgspec import Struct

from hardwire.model.energy import energy_point
from hardwire.model.errors import BadValueError, CallerError, UnknownError
from hardwire.model.value import Value

HIGHEST_BRIGHTNESS = 255


class Relay(Struct, frozen=True):
    """Its state. A locked relay is on."""

    power_on: bool = True
    switch_lock: bool = False
    brightness: int = HIGHEST_BRIGHTNESS

    @property
    def points(self) -> Mapping[str, Value]:
        """The values of the points that show it."""
        return {"power_on": self.power_on, "switch_lock": self.switch_lock, "brightness": self.brightness}

    def written(self, values: Mapping[str, Value]) -> "Relay":
        """Return the state after a write of points: of all of them, or an error and none. Locking turns it on.

        Raises:
            UnknownError, CallerError: a socket has no such point, or it cannot be written (`not-writable`).
            BadValueError: a value has the wrong kind or is out of range; `path` names its point.
            CallerError: the relay is locked and would be turned off (`locked`).
        """
        for name in values:
            if name not in self.points:
                raise _stranger(name)
        is_locked = _flag(values, "switch_lock", self.switch_lock)
        is_on = _flag(values, "power_on", self.power_on or is_locked)
        brightness = _brightness(values["brightness"]) if "brightness" in values else self.brightness
        if is_locked and not is_on:
            raise CallerError(
                "power_on cannot be turned off while switch_lock is on: unlock the socket first",
                code="locked",
                path="power_on",
            )
        return Relay(is_on, is_locked, brightness)


def relay_kept(kept: Mapping[str, Value]) -> Relay:
    """Return the relay as it was kept; one that never was, or not as a relay can be, is on and unlocked."""
    relay = Relay()
    try:
        return relay.written({name: kept[name] for name in relay.points if name in kept})
    except CallerError:
        return relay


def _stranger(name: str) -> CallerError:
    if energy_point(name) is None:
        return UnknownError(f"a socket has no point {name!r}", path=name)
    return CallerError(f"{name} cannot be written", code="not-writable", path=name)


def _flag(values: Mapping[str, Value], name: str, otherwise: bool) -> bool:
    value = values.get(name, otherwise)
    if not isinstance(value, bool):
        raise BadValueError(f"{name} is true or false, not {value!r}", path=name)
    return value


def _brightness(value: Value) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise BadValueError(f"brightness is a number, not {value!r}", path="brightness")
    if not 0 <= value <= HIGHEST_BRIGHTNESS:
        raise BadValueError(f"brightness is limited to 0-{HIGHEST_BRIGHTNESS}", path="brightness")
    # Clients count in per cent and write 127.49999999999999 for half of it.
    return round(value)
