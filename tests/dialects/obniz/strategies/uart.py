"""Serial ports: any that the reference allows."""

from hypothesis import strategies as st
from msgspec.structs import replace

from hardwire.model.board.uart import (
    FlowControl,
    Parity,
    SetUartDirection,
    StartUart,
    StopBits,
    StopUart,
    UartReceived,
    WriteUart,
)
from tests.dialects.obniz.loss import Deviation, Loss

PORTS = st.integers(0, 2)
PINS = st.integers(0, 40)
OCTETS = st.binary(max_size=80)


@st.composite
def starts(draw: st.DrawFn) -> StartUart:
    """A port on two to four pins, or with one of its two lines missing."""
    rx, tx, rts, cts = draw(st.lists(PINS, min_size=4, max_size=4, unique=True))
    missing = draw(st.sampled_from(["", "", "rx", "tx"]))
    return StartUart(
        channel=draw(PORTS),
        rx=None if missing == "rx" else rx,
        tx=None if missing == "tx" else tx,
        baud=draw(st.integers(1, 5_000_000)),
        stop=draw(st.sampled_from(StopBits)),
        bits=draw(st.integers(5, 8)),
        parity=draw(st.sampled_from(Parity)),
        flow=draw(st.sampled_from(FlowControl)),
        rts=draw(st.sampled_from([None, rts])),
        cts=draw(st.sampled_from([None, cts])),
    )


def _lines_left(start: StartUart) -> tuple[StartUart]:
    """What 0 leaves of the two lines: the pin where it is used and free, else nothing."""
    has_rts = start.flow in (FlowControl.RTS, FlowControl.RTS_CTS)
    has_cts = start.flow in (FlowControl.CTS, FlowControl.RTS_CTS)
    taken = {start.rx, start.tx}
    rts = start.rts or (0 if has_rts and 0 not in taken else None)
    cts = start.cts or (0 if has_cts and 0 not in {*taken, rts} else None)
    return (replace(start, rts=rts, cts=cts),)


COMMANDS = {
    StartUart: starts(),
    SetUartDirection: st.builds(SetUartDirection, PORTS, PINS),
    WriteUart: st.builds(WriteUart, PORTS, OCTETS),
    StopUart: st.builds(StopUart, PORTS),
}
HAPPENINGS = {UartReceived: st.builds(UartReceived, PORTS, OCTETS)}
FRAME_LOSSES = {
    StartUart: Loss("0 says pin 0 and absent of rts and cts alike", _lines_left),
    UartReceived: Loss("a frame without bytes is none", lambda word: (word,) if word.octets else None),
}
VENDOR_DEVIATIONS = {
    StartUart: Deviation(
        "its schema refuses null for a pin that is not used",
        lambda word: None in (word.rx, word.tx),
    ),
}
