"""What clients know as a unit's outputs 1 to 4: those of a logger, or the switches of any other device."""

from collections.abc import Mapping

from hardwire.dialects.ezeio.unit.snapshot import whole
from hardwire.model.device import Device
from hardwire.model.point import Keeper, Point, PointKind
from hardwire.model.unit import OUTPUTS, output_name
from hardwire.model.value import Value

FULL = 100
ON_FROM = 50
"""An output that knows on and off only is on from here (ezeio reference, section 4)."""


def outputs_of(device: Device) -> Mapping[int, Point]:
    """Return a device's outputs by number.

    Without outputs of their names these are its first switches that clients may write, in the order in which the
    device tells of them: a socket's relay, pins of a board.
    """
    named = {number: device.point(output_name(number)) for number in range(1, OUTPUTS + 1)}
    found = {number: point for number, point in named.items() if point is not None}
    return found or dict(enumerate(_switches(device)[:OUTPUTS], 1))


def out_of(device: Device, values: Mapping[str, Value]) -> Mapping[str, int]:
    """Return the outputs `1` to `4`, 0 to 100; a switch is one or the other."""
    outputs = outputs_of(device)
    return {
        str(number): _level(values.get(outputs[number].name)) if number in outputs else 0
        for number in range(1, OUTPUTS + 1)
    }


def _switches(device: Device) -> list[Point]:
    return [
        point
        for point in device.points
        if point.kind is PointKind.FLAG and point.writable and point.keeper is Keeper.SOURCE and point.is_field
    ]


def _level(value: Value | None) -> int:
    return FULL * value if isinstance(value, bool) else whole(value)
