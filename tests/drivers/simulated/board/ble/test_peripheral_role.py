"""The board as a Bluetooth peripheral, which it is not."""

import pytest

from hardwire.drivers.simulated.board.ble.peripheral_role import BlePeripheral
from hardwire.model.board.ble_peripheral import (
    AddCharacteristic,
    AddService,
    ReadOwnCharacteristic,
    SetAdvertisement,
    StartAdvertising,
    StartService,
    StopAdvertising,
    StopServices,
)
from hardwire.model.board.ble_security import ForgetBonds, SetKeySize
from hardwire.model.command import Command
from hardwire.model.errors import CallerError


@pytest.mark.parametrize(
    ("command", "what"),
    [
        (StartAdvertising(), "advertises nothing"),
        (AddService("fff0"), "offers no services"),
        (ReadOwnCharacteristic("fff0", "fff1"), "offers no services"),
        (SetKeySize(16), "pairs with nobody"),
    ],
)
def test_what_it_has_not_is_refused_in_words(command: Command, what: str) -> None:
    role = BlePeripheral()

    with pytest.raises(CallerError, match=what) as refused:
        role.carry_out(command, 0)

    assert refused.value.code == "unsupported"


@pytest.mark.parametrize(
    "command",
    [
        SetAdvertisement(b"\2\1\6"),
        AddCharacteristic(service="fff0", characteristic="fff1", octets=b""),
        StartService("fff0"),
        StopAdvertising(),
        StopServices(),
        ForgetBonds(),
    ],
)
def test_what_goes_with_a_refused_wish_or_ends_nothing_needs_no_word(command: Command) -> None:
    role = BlePeripheral()

    answers = role.carry_out(command, 0)
    role.power_on()

    assert answers == ()
