"""What a virtual part must be: a chip on an I2C bus, a chip on an SPI bus, a module on a serial port."""

from typing import Protocol


class NotAcknowledgedError(Exception):
    """A part does not acknowledge a transfer: it has nothing to say, or does not know what it is told."""


class I2cPart(Protocol):
    """A chip on an I2C bus. Pure: what it measures depends on the time alone.

    Patient: a transfer that comes while it would still measure or write is answered as if it came right after that.
    Unit of times: whole microseconds since 1970.
    """

    def write(self, octets: bytes, now_us: int) -> None:
        """Take what a master writes to its address in one transfer.

        Raises:
            NotAcknowledgedError: it does not know what it is told.
        """
        ...

    def read(self, count: int, now_us: int) -> bytes:
        """Return what a master that reads `count` bytes from its address sees.

        Raises:
            NotAcknowledgedError: it has nothing to say.
        """
        ...


class SpiPart(Protocol):
    """A chip on an SPI bus. Pure, as an `I2cPart` is."""

    def transfer(self, octets: bytes, now_us: int) -> bytes:
        """Take what the master sends and return as many bytes; the chip stays selected."""
        ...

    def deselect(self) -> None:
        """Learn that its select line has gone high: what comes next begins a new message."""
        ...


class UartPart(Protocol):
    """A module on a serial port. Pure, as an `I2cPart` is."""

    baud: int
    """The speed at which it talks; a port at another one hears nothing of it. Unit: bits a second."""

    def hear(self, octets: bytes, now_us: int) -> bytes:
        """Take what the board sends and return what the module says to it at once."""
        ...

    def say(self, now_us: int) -> bytes:
        """Return what it says by itself at this very mark."""
        ...

    def next_mark_us(self, now_us: int) -> int | None:
        """Return the first mark after `now_us` at which it says something by itself; None: it never does."""
        ...
