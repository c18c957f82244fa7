"""Which boards can be simulated, with the pins, units and screen of each."""

from collections.abc import Collection

from msgspec import Struct
from msgspec.structs import replace

from hardwire.model.errors import UnknownError

FIRMWARE = "7.1.0"
"""New enough for every call of the vendor's client (obniz reference, section 5)."""


class Hardware(Struct, frozen=True, kw_only=True):
    """What a kind of board has: the numbers of its pins, channels and units; what else is built in.

    The screen is measured in pixels; a board without one has a screen of none.
    """

    pins: tuple[int, ...]
    channels: tuple[int, ...]
    pwm: tuple[int, ...] = tuple(range(6))
    uart: tuple[int, ...] = (0, 1)
    spi: tuple[int, ...] = (0, 1)
    i2c: tuple[int, ...] = (0,)
    tcp: tuple[int, ...] = tuple(range(8))
    canbus: tuple[int, ...] = ()
    screen_width: int = 0
    screen_height: int = 0
    screen_depths: tuple[int, ...] = ()
    """Bits a pixel that its pictures may have."""
    screen_is_paper: bool = False
    """Whether what is lit is dark on a white ground."""
    has_switch: bool = False
    has_wifi: bool = True
    has_ble: bool = True
    has_extended_ble: bool = False
    has_storage: bool = False
    has_motion: bool = False
    has_location: bool = False


def require(name: str, units: Collection[int], number: int) -> None:
    """See to it that the board has `uart0`, `pwm3` or the like, `units` being the numbers of those that it has.

    Raises:
        UnknownError: it has not; the text lists those that it has.
    """
    if number not in units:
        raise UnknownError(missing(name, units, number))


def missing(name: str, units: Collection[int], number: int) -> str:
    """Return the sentence about a unit that the board has not."""
    listed = ", ".join(f"{name}{one}" for one in units) or "none"
    return f"this board has no {name}{number}; it has {listed}"


def _numbers(*spans: int | tuple[int, int]) -> tuple[int, ...]:
    """Return the numbers of these spans, each with both its ends."""
    return tuple(
        number
        for span in spans
        for number in (range(span[0], span[1] + 1) if isinstance(span, tuple) else range(span, span + 1))
    )


_OBNIZ_BOARD = Hardware(
    pins=_numbers((0, 11)),
    channels=_numbers((0, 11)),
    screen_width=128,
    screen_height=64,
    screen_depths=(1,),
    has_switch=True,
)
_ESP32_C6 = Hardware(
    pins=_numbers((0, 13), 15, (18, 23)),
    channels=_numbers((0, 6)),
    spi=(0,),
    i2c=(0, 1),
    canbus=(0,),
    has_extended_ble=True,
    has_storage=True,
)
_IEKILO = replace(_ESP32_C6, has_motion=True, has_location=True)
_ENCORED_LTE = Hardware(pins=_numbers(0, 2, 4, (16, 19), 21, 25, 26, 33), channels=(), has_wifi=False)
_CC3235_PINS = _numbers((0, 17), (22, 25), (28, 30))

# obniz reference, section 5; storage on the C3 and the C6 as obniz.js 4.1.0 has it.
HARDWARE = {
    "obnizb1": _OBNIZ_BOARD,
    "obnizb2": replace(_OBNIZ_BOARD, screen_is_paper=True),
    "esp32w": Hardware(
        pins=_numbers(0, 2, 4, 5, (12, 19), (21, 23), (25, 27), (32, 39)),
        channels=_numbers((32, 36), 39),
    ),
    "esp32p": Hardware(
        pins=_numbers(0, 2, 4, 5, 9, 10, (12, 15), 18, 19, (21, 23), (25, 27), (32, 39)),
        channels=_numbers((32, 39)),
    ),
    "m5stickc": Hardware(
        pins=_numbers(0, 9, 10, 21, 22, 26, 27, (32, 37), 39),
        channels=_numbers((32, 36)),
        spi=(0,),
        i2c=(0, 1),
        screen_width=160,
        screen_height=80,
        screen_depths=(1, 4, 16),
    ),
    "m5stack_basic": Hardware(
        pins=_numbers(0, 2, 4, 5, 12, 13, (15, 19), (21, 23), 25, 26, (34, 39)),
        channels=_numbers((34, 36)),
        spi=(0,),
        i2c=(0, 1),
        screen_width=320,
        screen_height=240,
        screen_depths=(1, 4, 16),
        has_switch=True,
    ),
    "encored": Hardware(pins=_numbers(0, (25, 27)), channels=()),
    "encored_lte": _ENCORED_LTE,
    "cc3235mod": Hardware(pins=_CC3235_PINS, channels=_CC3235_PINS),
    "esp32c3": Hardware(
        pins=_numbers((0, 10), 18, 19),
        channels=_numbers((0, 4)),
        uart=(0,),
        spi=(0,),
        i2c=(0, 1),
        has_extended_ble=True,
        has_storage=True,
    ),
    "esp32c6": _ESP32_C6,
    "iemicro1": _IEKILO,
    "iekilo1": _IEKILO,
    "blewifi_gw2": Hardware(
        pins=(),
        channels=(),
        pwm=(),
        uart=(),
        spi=(),
        i2c=(),
        screen_width=200,
        screen_height=200,
        screen_depths=(1,),
        screen_is_paper=True,
        has_extended_ble=True,
        has_storage=True,
    ),
    "blelte_gw2": replace(_ENCORED_LTE, has_wifi=True, has_extended_ble=True, has_storage=True),
}
