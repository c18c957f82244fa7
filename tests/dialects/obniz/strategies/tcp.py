"""TCP connections of a board: any that the reference allows."""

from hypothesis import strategies as st

from hardwire.model.board.tcp import (
    CloseTcp,
    ConnectTcp,
    TcpAnswered,
    TcpConnected,
    TcpReceived,
    TcpResult,
    WriteTcp,
)

CHANNELS = st.integers(0, 7)
OCTETS = st.binary(max_size=80)

COMMANDS = {
    ConnectTcp: st.builds(ConnectTcp, CHANNELS, st.integers(0, 65535), st.just("example.test") | st.text(max_size=30)),
    WriteTcp: st.builds(WriteTcp, CHANNELS, OCTETS),
    CloseTcp: st.builds(CloseTcp, CHANNELS),
}
HAPPENINGS = {
    TcpConnected: st.builds(TcpConnected, CHANNELS, st.booleans()),
    TcpAnswered: st.builds(TcpAnswered, CHANNELS, st.sampled_from(TcpResult)),
    TcpReceived: st.builds(TcpReceived, CHANNELS, OCTETS),
}
