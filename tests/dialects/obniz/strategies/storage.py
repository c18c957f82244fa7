"""Files on the board, of any name that fits."""

from hypothesis import strategies as st

from hardwire.model.board.storage import FileRead, ReadFile, SaveFile
from tests.dialects.obniz.loss import Loss

NAMES = st.just("plua") | st.text(max_size=20) | st.just("は" * 85)
OCTETS = st.binary(max_size=80)

COMMANDS = {SaveFile: st.builds(SaveFile, NAMES, OCTETS), ReadFile: st.builds(ReadFile, NAMES)}
HAPPENINGS = {FileRead: st.builds(FileRead, NAMES, OCTETS)}
TEXT_LOSSES = {FileRead: Loss("JSON does not say of which file", lambda word: (FileRead("", word.octets),))}
