"""The switch."""

from hypothesis import strategies as st

from hardwire.model.board.switch import ReadSwitch, SwitchMoved, SwitchPosition, SwitchRead

COMMANDS = {ReadSwitch: st.just(ReadSwitch())}
HAPPENINGS = {kind: st.builds(kind, st.sampled_from(SwitchPosition)) for kind in (SwitchRead, SwitchMoved)}
