"""The program on the board: any words to and from it."""

from hypothesis import strategies as st

from hardwire.model.board.plugin import (
    AnswerTransaction,
    CallPlugin,
    PluginCalled,
    PluginFailed,
    PluginFrameBegan,
    PluginFrameEnded,
    PluginReceived,
    ReloadPlugin,
    RunLua,
    SendToPlugin,
    TransactionAsked,
)
from tests.dialects.obniz.loss import Loss

IDS = st.integers(0, 0xFFFF_FFFF)
OCTETS = st.binary(max_size=80)
TEXTS = st.text(max_size=30)

COMMANDS = {
    SendToPlugin: st.builds(SendToPlugin, OCTETS),
    RunLua: st.builds(RunLua, TEXTS),
    ReloadPlugin: st.just(ReloadPlugin()),
    CallPlugin: st.builds(CallPlugin, IDS, TEXTS),
    AnswerTransaction: st.builds(AnswerTransaction, IDS, st.booleans(), TEXTS),
}
HAPPENINGS = {
    PluginReceived: st.builds(PluginReceived, OCTETS),
    PluginFrameBegan: st.builds(PluginFrameBegan, st.integers(0, 255) | IDS, IDS),
    PluginFrameEnded: st.just(PluginFrameEnded()),
    PluginFailed: st.builds(PluginFailed, TEXTS),
    PluginCalled: st.builds(PluginCalled, IDS, TEXTS, st.booleans()),
    TransactionAsked: st.builds(TransactionAsked, IDS, OCTETS),
}
FRAME_LOSSES = {
    PluginFrameBegan: Loss("its id is one byte", lambda word: (word,) if word.id < 256 else None),
}
