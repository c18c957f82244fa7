"""Pulse width modulation."""

from hypothesis import strategies as st

from hardwire.model.board.pwm import ModulateAm, SetPwmFrequency, SetPwmPulse, StartPwm, StopPwm
from tests.dialects.obniz.loss import Loss
from tests.dialects.obniz.strategies.numbers import BITS, PINS, U32

_CHANNELS = st.integers(0, 5)

COMMANDS = {
    StartPwm: st.builds(StartPwm, _CHANNELS, PINS),
    StopPwm: st.builds(StopPwm, _CHANNELS),
    SetPwmFrequency: st.builds(SetPwmFrequency, _CHANNELS, st.integers(1, 80_000_000)),
    SetPwmPulse: st.builds(SetPwmPulse, _CHANNELS, U32),
    ModulateAm: st.builds(ModulateAm, _CHANNELS, st.integers(50, 1_000_000), BITS),
}


def padded(bits: bytes) -> bytes:
    """Bits as they come out of whole bytes."""
    return bits.ljust((len(bits) + 7) // 8 * 8, b"\0")


FRAME_LOSSES = {
    ModulateAm: Loss(
        "the last byte of bits is filled with 0",
        lambda word: (ModulateAm(word.channel, word.symbol_us, padded(word.bits)),),
    ),
}
