"""Bluetooth's pairing."""

from hypothesis import strategies as st

from hardwire.model.board.ble_security import (
    Authentication,
    ForgetBonds,
    IndicateSecurityLevel,
    KeyType,
    SetAuthentication,
    SetKeySize,
    SetKeyTypes,
)
from tests.dialects.obniz.strategies.ble_numbers import sets

COMMANDS = {
    SetAuthentication: st.builds(SetAuthentication, sets(Authentication)),
    IndicateSecurityLevel: st.builds(IndicateSecurityLevel, st.integers(0, 4)),
    SetKeyTypes: st.builds(SetKeyTypes, sets(KeyType)),
    SetKeySize: st.builds(SetKeySize, st.integers(7, 16)),
    ForgetBonds: st.just(ForgetBonds()),
}
