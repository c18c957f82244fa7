"""Analog inputs and their voltages."""

from hypothesis import strategies as st

from hardwire.model.board.analog import AnalogValue, ReadAnalog, StopAnalog, StreamAnalog
from tests.dialects.obniz.strategies.numbers import IO_PINS

# What one of the three forms of a frame says exactly; other voltages become the nearest of these.
VOLTAGES = (
    st.integers(0, 500).map(lambda step: step / 100)
    | st.integers(0, 1023).map(lambda step: round(step * 5 / 1023, 3))
    | st.integers(0, 4095).map(lambda step: round(step * 3.3 / 4095, 3))
)

COMMANDS = {kind: st.builds(kind, IO_PINS) for kind in (ReadAnalog, StreamAnalog, StopAnalog)}
HAPPENINGS = {AnalogValue: st.builds(AnalogValue, IO_PINS, VOLTAGES)}
