"""What a client wants of the link itself."""

from hypothesis import strategies as st

from hardwire.model.board.system import ResetWhenLeft
from tests.dialects.obniz.loss import Loss

COMMANDS = {ResetWhenLeft: st.builds(ResetWhenLeft, st.booleans())}
FRAME_LOSSES = {ResetWhenLeft: Loss("there is no frame for it", lambda word: None)}
