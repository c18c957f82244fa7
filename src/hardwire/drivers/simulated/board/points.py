"""The points of a simulated board: its pins, channels, switch and screen."""

from hardwire.drivers.simulated.board.hardware import Hardware
from hardwire.model.point import Point, PointKind

POINTS_US = 250_000
"""How often the points of what moves by itself get new values."""

_SCREEN = (
    Point(name="display_text", kind=PointKind.TEXT, label="Text on the screen"),
    Point(name="display_labels", kind=PointKind.TEXTS, label="Names beside the pins"),
)


def board_points(hardware: Hardware) -> tuple[Point, ...]:
    """Return the points of a kind of board. Writing an io point makes the pin an output."""
    return (
        *(Point(name=f"io{number}", kind=PointKind.FLAG, writable=True) for number in hardware.pins),
        *(Point(name=f"ad{channel}", unit="V", decimals=3) for channel in hardware.channels),
        *((Point(name="switch", kind=PointKind.TEXT, label="Switch", writable=True),) if hardware.has_switch else ()),
        *(_SCREEN if hardware.screen_width else ()),
    )
