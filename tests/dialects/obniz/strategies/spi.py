"""Buses of SPI: any that the reference allows."""

from hypothesis import strategies as st

from hardwire.model.board.spi import SpiRead, StartSpi, StopSpi, TransferSpi
from tests.dialects.obniz.loss import Loss

BUSES = st.integers(0, 1)
PINS = st.integers(0, 40)
OCTETS = st.binary(max_size=80) | st.just(bytes(range(256)) * 4)


@st.composite
def starts(draw: st.DrawFn) -> StartSpi:
    """A bus with one to three lines; cs may share a pin with one of them."""
    pins = draw(st.lists(PINS, min_size=3, max_size=3, unique=True))
    are_used = draw(st.lists(st.booleans(), min_size=3, max_size=3).filter(any))
    clk, mosi, miso = (pin if is_used else None for pin, is_used in zip(pins, are_used, strict=True))
    return StartSpi(
        channel=draw(BUSES),
        clock_hz=draw(st.integers(1, 26_000_000)),
        clk=clk,
        mosi=mosi,
        miso=miso,
        cs=draw(st.none() | PINS),
    )


COMMANDS = {
    StartSpi: starts(),
    TransferSpi: st.builds(TransferSpi, BUSES, OCTETS, st.booleans()),
    StopSpi: st.builds(StopSpi, BUSES),
}
HAPPENINGS = {SpiRead: st.builds(SpiRead, BUSES, OCTETS)}
FRAME_LOSSES = {SpiRead: Loss("a frame without bytes is none", lambda word: (word,) if word.octets else None)}
