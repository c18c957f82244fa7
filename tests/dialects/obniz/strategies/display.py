"""The display."""

from hypothesis import strategies as st

from hardwire.model.board.display import (
    ClearDisplay,
    Correction,
    DrawColumns,
    DrawPixels,
    NamePin,
    ShowPinStates,
    ShowQr,
    ShowText,
)
from tests.dialects.obniz.loss import Deviation, Loss
from tests.dialects.obniz.strategies.numbers import IO_PINS, OCTETS, TEXTS

# As labels are made of a program's two names: up to 4 characters, a space, up to 9 in all.
_CHARACTERS = st.characters(min_codepoint=32, max_codepoint=0x3FFF)
_LABELS = st.builds(
    lambda module, use: f"{(module or '?')[:4]} {use or '?'}"[:9].strip(),
    st.text(_CHARACTERS, max_size=6),
    st.text(_CHARACTERS, max_size=9),
) | st.text(_CHARACTERS, max_size=7).map(str.strip)

COMMANDS = {
    ClearDisplay: st.just(ClearDisplay()),
    ShowText: st.builds(ShowText, TEXTS),
    ShowQr: st.builds(ShowQr, TEXTS, st.sampled_from(Correction)),
    DrawPixels: st.builds(DrawPixels, OCTETS, st.sampled_from([1, 4, 16])),
    NamePin: st.builds(NamePin, IO_PINS, _LABELS),
    DrawColumns: st.builds(DrawColumns, OCTETS),
    ShowPinStates: st.builds(ShowPinStates, st.booleans()),
}
TEXT_LOSSES = {
    DrawColumns: Loss("JSON has no word for it", lambda word: None),
    ShowPinStates: Loss("JSON has no word for it", lambda word: None),
}
FRAME_LOSSES = {
    ShowQr: Loss("programs of the binary encoding draw the code themselves", lambda word: None),
}
VENDOR_DEVIATIONS = {
    ShowQr: Deviation("the vendor's encoder draws the code itself"),
    NamePin: Deviation(
        "the vendor's encoder leaves spaces at the ends of a label, and counts the two halves of a module",
        still_reads=True,
    ),
}
