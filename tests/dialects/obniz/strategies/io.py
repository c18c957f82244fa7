"""Digital pins and what they tell."""

from hypothesis import strategies as st

from hardwire.model.board.pin import (
    Drive,
    DrivePin,
    PinFailed,
    PinLevel,
    PinOwner,
    PinTaken,
    PinWarned,
    Pull,
    ReadPin,
    ReleasePin,
    SetDrive,
    SetPull,
    StreamPin,
)
from hardwire.model.board.system import BoardWarned
from tests.dialects.obniz.loss import Deviation, Loss
from tests.dialects.obniz.strategies.numbers import IO_PINS, TEXTS

COMMANDS = {
    DrivePin: st.builds(DrivePin, IO_PINS, st.booleans()),
    ReadPin: st.builds(ReadPin, IO_PINS),
    StreamPin: st.builds(StreamPin, IO_PINS),
    SetDrive: st.builds(SetDrive, IO_PINS, st.sampled_from(Drive)),
    SetPull: st.builds(SetPull, IO_PINS, st.sampled_from(Pull)),
    ReleasePin: st.builds(ReleasePin, IO_PINS),
}
HAPPENINGS = {
    PinLevel: st.builds(PinLevel, IO_PINS, st.booleans()),
    PinTaken: st.builds(PinTaken, IO_PINS, st.sampled_from(PinOwner), st.sampled_from(PinOwner)),
    PinWarned: st.builds(PinWarned, IO_PINS, TEXTS, st.booleans()),
    PinFailed: st.builds(PinFailed, IO_PINS, TEXTS, st.booleans()),
}

_WORDS = {
    PinOwner.NOBODY: "nobody",
    PinOwner.INPUT: "io.input",
    PinOwner.OUTPUT: "io.output",
    PinOwner.LOGIC_ANALYZER: "logic_analyzer",
    PinOwner.CAN: "canbus",
}


def _word(owner: PinOwner) -> str:
    return _WORDS.get(owner, owner.name.lower())


def _taken(happening: PinTaken) -> tuple[BoardWarned]:
    old, new = _word(happening.old), _word(happening.new)
    return (BoardWarned(f"io{happening.pin} was used by {old} and is taken by {new} now"),)


def _level(happening: PinWarned | PinFailed) -> str:
    return "high" if happening.level else "low"


TEXT_LOSSES = {
    PinTaken: Loss("JSON knows a warning in words only", _taken),
    PinWarned: Loss("JSON says the level in words only", lambda word: (PinWarned(word.pin, word.message),)),
    PinFailed: Loss("JSON says the level in words only", lambda word: (PinFailed(word.pin, word.message),)),
}
FRAME_LOSSES = {
    PinTaken: Loss(
        "the CAN bus has no number among the owners",
        lambda word: None if PinOwner.CAN in (word.old, word.new) else (word,),
    ),
    PinWarned: Loss(
        "frames have numbers, no sentences",
        lambda word: (PinWarned(word.pin, f"the load is too heavy for the {_level(word)} level", word.level),),
    ),
    PinFailed: Loss(
        "frames have numbers, no sentences",
        lambda word: (
            PinFailed(
                word.pin, f"the load is too heavy for the {_level(word)} level; the pin is an input now", word.level
            ),
        ),
    ),
}
VENDOR_DEVIATIONS = {
    PinTaken: Deviation("the vendor's decoder makes a sentence of its own of the numbers"),
    PinWarned: Deviation("the vendor's decoder makes a sentence of its own of the numbers"),
    PinFailed: Deviation("the vendor's decoder makes a sentence of its own of the numbers"),
}
