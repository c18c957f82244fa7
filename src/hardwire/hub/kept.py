"""The points that the hub keeps on a device's behalf: which of a write concern them, and what fits them."""

from collections.abc import Mapping

from hardwire.model.command import Command, WritePoints
from hardwire.model.device import Device
from hardwire.model.errors import BadValueError, CallerError
from hardwire.model.point import Keeper, PointKind
from hardwire.model.value import Value


def kept_values(device: Device, command: Command) -> Mapping[str, Value]:
    """Return those values of a write that the hub keeps; empty for every other command.

    Raises:
        CallerError: one of them cannot be written (code `not-writable`).
        BadValueError: one has the wrong kind; `path` names its point.
    """
    if not isinstance(command, WritePoints):
        return {}
    return {name: value for name, value in command.values.items() if _is_kept(device, name, value)}


def _is_kept(device: Device, name: str, value: Value) -> bool:
    point = device.point(name)
    if point is None or point.keeper is not Keeper.HUB:
        return False
    if not point.writable:
        raise CallerError(f"{name} cannot be written", code="not-writable", path=name)
    fits, wanted = {
        PointKind.NUMBER: (isinstance(value, int | float) and not isinstance(value, bool), "a number"),
        PointKind.TEXT: (isinstance(value, str), "a text"),
        PointKind.FLAG: (isinstance(value, bool), "true or false"),
        PointKind.TEXTS: (isinstance(value, tuple), "a list of texts"),
    }[point.kind]
    if not fits:
        raise BadValueError(f"{name} takes {wanted}", path=name)
    return True
