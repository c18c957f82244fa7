"""The board's own motion sensor, with numbers that both encodings can say."""

from hypothesis import strategies as st
from msgspec.structs import replace

from hardwire.model.board.motion import (
    AccelerationMeasured,
    MotionRecognized,
    Sense,
    SenseMode,
    SenseMotion,
    StopMotion,
    TemperatureMeasured,
)
from tests.dialects.obniz.loss import Deviation, Loss

FLOATS = st.floats(-(2.0**30), 2.0**30, width=32)
PERCENT = st.integers(0, 100).map(lambda percent: percent / 100)
SENSES = st.none() | st.builds(Sense, st.sampled_from(SenseMode), PERCENT)


def _sense_left(sense: Sense | None) -> Sense | None:
    return replace(sense, sensitivity=0.0) if sense is not None and sense.mode is SenseMode.ONE_SHOT else sense


def _senses_left(wish: SenseMotion) -> tuple[SenseMotion]:
    return (SenseMotion(_sense_left(wish.temperature), _sense_left(wish.acceleration), _sense_left(wish.recognition)),)


def _is_cut(wish: SenseMotion) -> bool:
    senses = (wish.temperature, wish.acceleration, wish.recognition)
    return any(
        one is not None
        and one.mode is SenseMode.SENSITIVE
        and int(one.sensitivity * 100) != round(one.sensitivity * 100)
        for one in senses
    )


COMMANDS = {SenseMotion: st.builds(SenseMotion, SENSES, SENSES, SENSES), StopMotion: st.just(StopMotion())}
HAPPENINGS = {
    TemperatureMeasured: st.builds(TemperatureMeasured, FLOATS),
    AccelerationMeasured: st.builds(AccelerationMeasured, FLOATS, FLOATS, FLOATS),
    MotionRecognized: st.builds(MotionRecognized, st.booleans(), PERCENT),
}
FRAME_LOSSES = {SenseMotion: Loss("a value told once has no sensitivity in frames", _senses_left)}
VENDOR_DEVIATIONS = {
    SenseMotion: Deviation(
        "it cuts 0.29 to 28 percent",
        _is_cut,
    ),
    StopMotion: Deviation("it sends null as text"),
}
