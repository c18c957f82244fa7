"""Which boards can be simulated, with the pins, channels and screen of each."""

from msgspec import Struct

FIRMWARE = "7.1.0"
"""New enough for every call of the vendor's client (obniz reference, section 5)."""


class Hardware(Struct, frozen=True):
    """What a kind of board has. The screen is measured in pixels."""

    pins: tuple[int, ...]
    channels: tuple[int, ...]
    screen_width: int
    screen_height: int


TWELVE = tuple(range(12))

# obniz reference, section 5.
HARDWARE = {
    "obnizb1": Hardware(pins=TWELVE, channels=TWELVE, screen_width=128, screen_height=64),
    "obnizb2": Hardware(pins=TWELVE, channels=TWELVE, screen_width=128, screen_height=64),
}
