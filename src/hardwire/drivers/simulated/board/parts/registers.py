"""A part's registers behind a pointer: the first written byte sets it, every later byte moves it on."""

from typing import Protocol


class Chip(Protocol):
    """What stands behind the pointer. Registers are numbered 0 to 255."""

    def load(self, register: int, now_us: int) -> int:
        """Return what a register holds, 0 to 255; 0 where there is none."""
        ...

    def store(self, register: int, octet: int, now_us: int) -> None:
        """Write a register; one that cannot be written stays as it is."""
        ...


class Registers:
    """A chip on an I2C bus whose registers are read and written in rows."""

    def __init__(self, chip: Chip, *, is_paired: bool = False, is_held: bool = False) -> None:
        """`is_paired`: a write names the register before each byte; `is_held`: each read begins where a write said."""
        self._chip = chip
        self._pointer = 0
        self._is_paired = is_paired
        self._is_held = is_held

    def write(self, octets: bytes, now_us: int) -> None:
        """Set the pointer, then write what follows."""
        if not octets:
            return
        self._pointer = octets[0]
        if self._is_paired:
            for register, octet in zip(octets[::2], octets[1::2], strict=False):
                self._chip.store(register, octet, now_us)
            return
        for index, octet in enumerate(octets[1:]):
            self._chip.store((octets[0] + index) & 0xFF, octet, now_us)

    def read(self, count: int, now_us: int) -> bytes:
        """Read on from the pointer."""
        first = self._pointer
        if not self._is_held:
            self._pointer = (first + count) & 0xFF
        return bytes(self._chip.load((first + index) & 0xFF, now_us) for index in range(count))


def word(value: float) -> bytes:
    """Return a value, rounded and kept within 16 bits with a sign, high byte first."""
    return max(-0x8000, min(0x7FFF, round(value))).to_bytes(2, "big", signed=True)


def small_word(value: float) -> bytes:
    """Return a value, rounded and kept within 16 bits with a sign, low byte first."""
    return word(value)[::-1]
