"""CAN buses: any that the reference allows."""

from hypothesis import strategies as st

from hardwire.model.board.can import CanMode, CanReceived, SendCan, StartCan, StopCan
from tests.dialects.obniz.loss import Deviation

BUSES = st.integers(0, 1)
PINS = st.lists(st.integers(0, 40), min_size=2, max_size=2, unique=True)
U32 = st.integers(0, 0xFFFF_FFFF)
OCTETS = st.binary(max_size=8) | st.just(bytes(range(256)) * 4)

COMMANDS = {
    StartCan: st.builds(
        lambda bus, mode, pins, kbps, code, mask: StartCan(
            channel=bus, mode=mode, tx=pins[0], rx=pins[1], rate_kbps=kbps, filter_code=code, filter_mask=mask
        ),
        BUSES,
        st.sampled_from(CanMode),
        PINS,
        st.integers(1, 1000),
        U32,
        U32,
    ),
    SendCan: st.builds(
        SendCan,
        channel=BUSES,
        id=U32,
        octets=OCTETS,
        is_extended=st.booleans(),
        is_remote=st.booleans(),
        is_single_shot=st.booleans(),
        is_self_received=st.booleans(),
    ),
    StopCan: st.builds(StopCan, BUSES),
}
HAPPENINGS = {
    CanReceived: st.builds(
        CanReceived, channel=BUSES, id=U32, octets=OCTETS, is_extended=st.booleans(), is_remote=st.booleans()
    )
}

_SECOND = Deviation("its codec of requests knows canbus0 only", lambda word: word.channel != 0)

VENDOR_DEVIATIONS = {
    StartCan: _SECOND,
    SendCan: _SECOND,
    StopCan: _SECOND,
    CanReceived: Deviation("it takes an id from 2^31 on for a negative one", lambda word: word.id >> 31),
}
