"""The board as a whole."""

from hypothesis import strategies as st

from hardwire.model.board.system import (
    Batch,
    BoardFailed,
    BoardWarned,
    KeepWorkingOffline,
    PingBoard,
    Pong,
    Reset,
    ResetWhenLeft,
    SelfCheck,
    SetClock,
    SetPingInterval,
    SetQueueMode,
    SleepMinutes,
    SleepSeconds,
    Stamp,
    SupplyLow,
    Timestamped,
    Wait,
    WakeOnEdge,
)
from hardwire.model.command import Reboot
from tests.dialects.obniz.loss import Deviation, Loss
from tests.dialects.obniz.strategies import ad, switch
from tests.dialects.obniz.strategies.numbers import OCTETS, TEXTS, U16, U32, UNIX_MS

_SLEEPS = st.integers(1, 0xFFFF)

COMMANDS = {
    Reboot: st.just(Reboot()),
    Reset: st.just(Reset()),
    SelfCheck: st.just(SelfCheck()),
    Wait: st.builds(Wait, U16),
    KeepWorkingOffline: st.builds(KeepWorkingOffline, st.booleans()),
    PingBoard: st.builds(PingBoard, OCTETS, UNIX_MS),
    SleepSeconds: st.builds(SleepSeconds, _SLEEPS),
    SleepMinutes: st.builds(SleepMinutes, _SLEEPS),
    WakeOnEdge: st.builds(WakeOnEdge, st.booleans()),
    SetPingInterval: st.builds(SetPingInterval, U32),
    SetQueueMode: st.builds(SetQueueMode, U32, st.sampled_from(Stamp)),
    SetClock: st.builds(SetClock, UNIX_MS),
    ResetWhenLeft: st.builds(ResetWhenLeft, st.booleans()),
}

_TIMES = st.builds(Timestamped, UNIX_MS, st.just(Stamp.MILLISECONDS))

HAPPENINGS = {
    Pong: st.builds(Pong, OCTETS, UNIX_MS, UNIX_MS),
    Timestamped: _TIMES | st.builds(Timestamped, U32, st.just(Stamp.SECONDS)),
    SupplyLow: st.builds(SupplyLow, st.integers(0, 0xFFFF).map(lambda step: step / 100)),
    BoardWarned: st.builds(BoardWarned, TEXTS),
    BoardFailed: st.builds(BoardFailed, TEXTS),
    # What both encodings carry whole.
    Batch: st.builds(
        Batch,
        st.lists(
            _TIMES | st.one_of([*ad.HAPPENINGS.values(), *switch.HAPPENINGS.values()]), min_size=1, max_size=6
        ).map(tuple),
    ),
}

TEXT_LOSSES = {
    PingBoard: Loss("JSON has no place for the program's clock", lambda word: (PingBoard(word.key),)),
    SetPingInterval: Loss("JSON has no word for it", lambda word: None),
    Timestamped: Loss(
        "JSON has milliseconds, whatever was chosen",
        lambda word: (Timestamped(word.time * (1000 if word.stamp is Stamp.SECONDS else 1), Stamp.MILLISECONDS),),
    ),
    SupplyLow: Loss(
        "JSON knows a warning in words only",
        lambda word: (BoardWarned(f"the supply voltage is low: {word.voltage_v:.2f} V"),),
    ),
    Batch: Loss("it is the message itself", lambda word: word.happenings),
}
FRAME_LOSSES = {
    ResetWhenLeft: Loss("it is a matter of the link, which has text only", lambda word: None),
    BoardWarned: Loss("frames have no sentences", lambda word: None),
    BoardFailed: Loss("frames have no sentences", lambda word: None),
    Batch: Loss("it is the message itself", lambda word: word.happenings),
}
VENDOR_DEVIATIONS = {
    PingBoard: Deviation("the vendor's encoder puts its own clock before the key"),
    Pong: Deviation("the vendor's decoder puts its own clock where JSON has the server's"),
    SupplyLow: Deviation("the vendor's decoder makes a sentence of its own of the voltage"),
}
