"""What a source puts on a line, as a function of time: everything is worked out, nothing is stepped through."""

from typing import Protocol

from msgspec import Struct

SECOND_US = 1_000_000


class Signal(Protocol):
    """A level for every instant. Unit of all times: whole microseconds since 1970."""

    def level(self, at_us: int) -> bool:
        """Return the level at an instant."""
        ...

    def next_edge_us(self, after_us: int) -> int | None:
        """Return an instant after that one before which the level stays: the next edge, or earlier; None: no more."""
        ...


class Steady(Struct, frozen=True):
    """One level for ever."""

    is_high: bool

    def level(self, at_us: int) -> bool:
        """Return it."""
        return self.is_high

    def next_edge_us(self, after_us: int) -> int | None:
        """There is none."""
        return None


LOW, HIGH = Steady(False), Steady(True)


def steady(level: bool) -> Steady:
    """Return that level for ever."""
    return HIGH if level else LOW


class Square(Struct, frozen=True):
    """A square wave that goes up at `start_us`.

    A period is `period` small parts long; `rate` of them pass in a microsecond, and in the first `high` of them the
    level is high. So any frequency is exact: 80 MHz has a rate of 80,000,000 and a period of 1,000,000.
    """

    rate: int
    period: int
    high: int
    start_us: int = 0

    def level(self, at_us: int) -> bool:
        """Return the level at an instant; the wave has gone on for ever."""
        return (at_us - self.start_us) * self.rate % self.period < self.high

    def next_edge_us(self, after_us: int) -> int | None:
        """Return the next edge; a wave that is never, or always, high has none."""
        if not 0 < self.high < self.period:
            return None
        part = (after_us - self.start_us) * self.rate % self.period
        ahead = (self.high if part < self.high else self.period) - part
        # Rounded up: the edge lies within the microsecond before.
        return after_us - (-ahead // self.rate)


def wave(frequency_hz: int, high_us: int, start_us: int) -> Signal:
    """Return a square wave that is high for so long in each period, and always where that is all of it."""
    if high_us <= 0:
        return LOW
    if high_us * frequency_hz >= SECOND_US:
        return HIGH
    return Square(frequency_hz, SECOND_US, high_us * frequency_hz, start_us)


class Pulse(Struct, frozen=True):
    """One level from `start_us` up to `end_us`, the other before and after."""

    is_high: bool
    start_us: int
    end_us: int

    def level(self, at_us: int) -> bool:
        """Return the level at an instant."""
        return self.is_high is (self.start_us <= at_us < self.end_us)

    def next_edge_us(self, after_us: int) -> int | None:
        """Return the beginning or the end."""
        if after_us < self.start_us:
            return self.start_us
        return self.end_us if after_us < self.end_us else None


class Burst(Struct, frozen=True):
    """A carrier that is switched on and off bit by bit, and low when all bits are sent."""

    packed: bytes
    """The bits, eight a byte, the first one highest: lines remember many bursts."""
    count: int
    symbol_us: int
    carrier: Signal
    start_us: int

    def level(self, at_us: int) -> bool:
        """Return the level at an instant."""
        index = (at_us - self.start_us) // self.symbol_us
        return 0 <= index < self.count and self._is_on(index) and self.carrier.level(at_us)

    def next_edge_us(self, after_us: int) -> int | None:
        """Return the next edge of the carrier within a bit, or the bit's end."""
        index = (after_us - self.start_us) // self.symbol_us
        if index < 0:
            return self.start_us
        if index >= self.count:
            return None
        end_us = self.start_us + (index + 1) * self.symbol_us
        edge_us = self.carrier.next_edge_us(after_us) if self._is_on(index) else None
        return end_us if edge_us is None else min(edge_us, end_us)

    def _is_on(self, index: int) -> bool:
        return bool(self.packed[index >> 3] << (index & 7) & 0x80)


def burst(bits: bytes, symbol_us: int, carrier: Signal, start_us: int) -> Burst:
    """Return a burst of these bits, one byte, 0 or 1, for each."""
    octets = (bits[start : start + 8].ljust(8, b"\0") for start in range(0, len(bits), 8))
    packed = bytes(sum(bool(bit) << 7 - place for place, bit in enumerate(octet)) for octet in octets)
    return Burst(packed, len(bits), symbol_us, carrier, start_us)


class Lowest(Struct, frozen=True):
    """Several sources on one line, of which every one can pull it low."""

    signals: tuple[Signal, ...]

    def level(self, at_us: int) -> bool:
        """Return the level at an instant."""
        return all(signal.level(at_us) for signal in self.signals)

    def next_edge_us(self, after_us: int) -> int | None:
        """Return the next edge of any of them."""
        edges = [edge for signal in self.signals if (edge := signal.next_edge_us(after_us)) is not None]
        return min(edges, default=None)
