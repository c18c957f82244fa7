"""Measuring echoes."""

from hypothesis import strategies as st

from hardwire.model.board.measure import EchoMeasured, Edge, MeasureEcho
from tests.dialects.obniz.loss import Deviation
from tests.dialects.obniz.strategies.numbers import PINS, U32

_TIMES_US = st.integers(1, 1_000_000)

COMMANDS = {
    MeasureEcho: st.builds(
        MeasureEcho,
        pulse_pin=PINS,
        echo_pin=PINS,
        is_positive=st.booleans(),
        pulse_us=_TIMES_US,
        edges=st.integers(1, 4),
        timeout_us=_TIMES_US,
    ),
}
HAPPENINGS = {
    EchoMeasured: st.builds(EchoMeasured, st.lists(st.builds(Edge, st.booleans(), U32), max_size=4).map(tuple)),
}
VENDOR_DEVIATIONS = {
    EchoMeasured: Deviation(
        "the vendor's decoder takes a time from 2^31 us on for a negative one",
        lambda word: any(edge.after_us >> 31 for edge in word.edges),
    ),
}
