"""The logic analyzer."""

from hypothesis import strategies as st
from msgspec.structs import replace

from hardwire.model.board.logic_analyzer import LogicSampled, StartLogicAnalyzer, StopLogicAnalyzer
from tests.dialects.obniz.loss import Deviation, Loss
from tests.dialects.obniz.strategies.numbers import BITS, PINS
from tests.dialects.obniz.strategies.pwm import padded

COMMANDS = {
    StartLogicAnalyzer: st.builds(
        StartLogicAnalyzer,
        pin=PINS,
        interval_us=st.integers(1, 0xFFFFFFFF),
        duration_us=st.integers(1, 0xFFFFFFFF),
        trigger_level=st.booleans(),
        trigger_samples=st.integers(0, 255),
    ),
    StopLogicAnalyzer: st.just(StopLogicAnalyzer()),
}
HAPPENINGS = {LogicSampled: st.builds(LogicSampled, BITS)}
TEXT_LOSSES = {
    StartLogicAnalyzer: Loss(
        "JSON has whole milliseconds, at least one",
        lambda word: (replace(word, duration_us=max(1, word.duration_us // 1000) * 1000),),
    ),
}
FRAME_LOSSES = {
    LogicSampled: Loss("the last byte of bits is filled with 0", lambda word: (LogicSampled(padded(word.bits)),)),
}
VENDOR_DEVIATIONS = {
    StartLogicAnalyzer: Deviation(
        "the vendor's encoder writes the low level whatever the trigger's is", lambda word: word.trigger_level
    ),
}
