"""Positions, with numbers that both encodings can say."""

from hypothesis import strategies as st

from hardwire.model.board.location import Located, StartLocation, StopLocation
from tests.dialects.obniz.loss import Deviation

FLOATS = st.floats(-(2.0**30), 2.0**30, width=32)

COMMANDS = {StartLocation: st.just(StartLocation()), StopLocation: st.just(StopLocation())}
HAPPENINGS = {Located: st.builds(Located, FLOATS, FLOATS, FLOATS, FLOATS, FLOATS)}
VENDOR_DEVIATIONS = {StopLocation: Deviation("it sends null as text")}
