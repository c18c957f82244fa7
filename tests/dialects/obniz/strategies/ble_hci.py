"""Bluetooth as a bare controller."""

from hypothesis import strategies as st

from hardwire.model.board.ble_hci import (
    AdvertisementFilter,
    FilterAdvertisements,
    HciRead,
    StartHci,
    StopHci,
    WriteHci,
)
from tests.dialects.obniz.strategies.numbers import OCTETS

_BYTES = st.integers(0, 255)
_FILTERS = st.builds(AdvertisementFilter, _BYTES, _BYTES, st.binary(max_size=255))

COMMANDS = {
    StartHci: st.just(StartHci()),
    StopHci: st.just(StopHci()),
    WriteHci: st.builds(WriteHci, OCTETS),
    FilterAdvertisements: st.builds(FilterAdvertisements, st.lists(_FILTERS, max_size=4).map(tuple)),
}
HAPPENINGS = {HciRead: st.builds(HciRead, OCTETS)}
