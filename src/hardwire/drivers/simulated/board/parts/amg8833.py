"""The thermal camera AMG8833, 8 x 8 pixels (Panasonic Grid-EYE data sheet)."""

from math import exp

from hardwire.drivers.simulated.board.parts import room

PCTL, RST, FPSC, INTC = 0x00, 0x01, 0x02, 0x03
THERMISTOR = 0x0E
PIXELS = 0x80
SIDE = 8

SLEEP = 0x10
RESET_INITIAL = 0x3F
FRAME_US = 100_000
PER_C = 4
THERMISTOR_PER_C = 16
HAND_C = 10.0


class Amg8833:
    """A camera before which a warm hand goes round."""

    def __init__(self) -> None:
        self._settings: dict[int, int] = {}

    def load(self, register: int, now_us: int) -> int:
        """Return a setting, or a byte of the thermistor or of a pixel, low byte first."""
        # One frame each tenth of a second: the two bytes of a pixel may be read one after the other.
        frame_us = now_us - now_us % FRAME_US
        if THERMISTOR <= register < THERMISTOR + 2:
            return _octet(room.temperature_c(frame_us) * THERMISTOR_PER_C, register)
        if register < PIXELS:
            return self._settings.get(register, 0)
        if self._settings.get(PCTL, 0) & SLEEP:
            return 0
        return _octet(_pixel_c((register - PIXELS) // 2, frame_us) * PER_C, register)

    def store(self, register: int, octet: int, now_us: int) -> None:
        """Write a setting; the initial reset forgets them all."""
        if register == RST:
            if octet == RESET_INITIAL:
                self._settings.clear()
        elif register < THERMISTOR:
            self._settings[register] = octet


def _pixel_c(pixel: int, now_us: int) -> float:
    y, x = divmod(pixel, SIDE)
    hand_x = 3.5 + 2.5 * room.swing(now_us, 20)
    hand_y = 3.5 + 2.5 * room.swing(now_us, 20, 0.25)
    distance = (x - hand_x) ** 2 + (y - hand_y) ** 2
    return room.temperature_c(now_us) + HAND_C * exp(-distance / 4)


def _octet(value: float, register: int) -> int:
    return (round(value) >> (8 * (register % 2))) & 0xFF
