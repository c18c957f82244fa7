"""The board as a Bluetooth peripheral, and its pairing: a simulated board has neither, and says so."""

from collections.abc import Sequence

from hardwire.model.board.ble_peripheral import (
    AddCharacteristic,
    AddDescriptor,
    AddService,
    NotifyOwnCharacteristic,
    ReadOwnCharacteristic,
    ReadOwnDescriptor,
    SetAdvertisement,
    SetScanResponse,
    StartAdvertising,
    StartService,
    StopAdvertising,
    StopService,
    StopServices,
    WriteOwnCharacteristic,
    WriteOwnDescriptor,
)
from hardwire.model.board.ble_security import (
    ForgetBonds,
    IndicateSecurityLevel,
    SetAuthentication,
    SetKeySize,
    SetKeyTypes,
)
from hardwire.model.command import Command
from hardwire.model.errors import CallerError
from hardwire.model.fact import Happening

# Programs send these together with one that is refused, or to end what there is not: one warning is enough.
_IDLE = (
    SetAdvertisement,
    SetScanResponse,
    StopAdvertising,
    AddCharacteristic,
    AddDescriptor,
    StartService,
    StopService,
    StopServices,
    ForgetBonds,
)
_ADVERTISING = (StartAdvertising,)
_SERVICES = (
    AddService,
    ReadOwnCharacteristic,
    WriteOwnCharacteristic,
    NotifyOwnCharacteristic,
    ReadOwnDescriptor,
    WriteOwnDescriptor,
)
_PAIRING = (SetAuthentication, IndicateSecurityLevel, SetKeyTypes, SetKeySize)


class BlePeripheral:
    """It advertises nothing, offers nothing and pairs with nobody."""

    commands: Sequence[type[Command]] = (*_IDLE, *_ADVERTISING, *_SERVICES, *_PAIRING)

    def power_on(self) -> None:
        """There is nothing."""

    def carry_out(self, command: Command, now_us: int) -> Sequence[Happening]:
        """Refuse, or do nothing where that is all that is asked.

        Raises:
            CallerError: code `unsupported`.
        """
        if isinstance(command, _ADVERTISING):
            raise _unsupported("advertises nothing")
        if isinstance(command, _SERVICES):
            raise _unsupported("offers no services of its own")
        if isinstance(command, _PAIRING):
            raise _unsupported("pairs with nobody, so there is nothing to be chosen about it")
        return ()


def _unsupported(what: str) -> CallerError:
    return CallerError(f"a simulated board is a Bluetooth central only; it {what}", code="unsupported")
