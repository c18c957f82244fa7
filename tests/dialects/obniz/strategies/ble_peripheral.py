"""Bluetooth as a peripheral."""

from hypothesis import strategies as st

from hardwire.model.board.ble_peripheral import (
    AddCharacteristic,
    AddDescriptor,
    AddService,
    CentralLinkChanged,
    CharacteristicReadByCentral,
    CharacteristicWrittenByCentral,
    DescriptorReadByCentral,
    DescriptorWrittenByCentral,
    NotifyOwnCharacteristic,
    OwnCharacteristicRead,
    OwnCharacteristicWritten,
    OwnDescriptorRead,
    OwnDescriptorWritten,
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
from hardwire.model.command import Command
from hardwire.model.fact import Happening
from tests.dialects.obniz.loss import Loss
from tests.dialects.obniz.strategies.ble_numbers import (
    ADVERTISED,
    CHARACTERISTIC,
    DESCRIPTOR,
    DEVICE,
    OWN_CHARACTERISTIC,
    OWN_DESCRIPTOR,
    OWN_SERVICE,
    PERMISSIONS,
    PROPERTIES,
    SUCCESSES,
    UUIDS,
    VALUES,
)

COMMANDS: dict[type[Command], st.SearchStrategy[Command]] = {
    SetAdvertisement: st.builds(SetAdvertisement, ADVERTISED),
    SetScanResponse: st.builds(SetScanResponse, ADVERTISED),
    **{kind: st.just(kind()) for kind in (StartAdvertising, StopAdvertising, StopServices)},
    **{kind: st.builds(kind, *OWN_SERVICE) for kind in (AddService, StartService, StopService)},
    AddCharacteristic: st.builds(
        AddCharacteristic,
        service=UUIDS,
        characteristic=UUIDS,
        permissions=PERMISSIONS,
        properties=PROPERTIES,
        octets=VALUES,
    ),
    AddDescriptor: st.builds(
        AddDescriptor,
        service=UUIDS,
        characteristic=UUIDS,
        descriptor=UUIDS,
        permissions=PERMISSIONS,
        octets=VALUES,
    ),
    ReadOwnCharacteristic: st.builds(ReadOwnCharacteristic, *OWN_CHARACTERISTIC),
    WriteOwnCharacteristic: st.builds(WriteOwnCharacteristic, *OWN_CHARACTERISTIC, VALUES),
    NotifyOwnCharacteristic: st.builds(NotifyOwnCharacteristic, *OWN_CHARACTERISTIC),
    ReadOwnDescriptor: st.builds(ReadOwnDescriptor, *OWN_DESCRIPTOR),
    WriteOwnDescriptor: st.builds(WriteOwnDescriptor, *OWN_DESCRIPTOR, VALUES),
}
HAPPENINGS: dict[type[Happening], st.SearchStrategy[Happening]] = {
    CentralLinkChanged: st.builds(CentralLinkChanged, *DEVICE, st.booleans()),
    OwnCharacteristicRead: st.builds(OwnCharacteristicRead, *OWN_CHARACTERISTIC, SUCCESSES, VALUES),
    OwnCharacteristicWritten: st.builds(OwnCharacteristicWritten, *OWN_CHARACTERISTIC, SUCCESSES),
    OwnDescriptorRead: st.builds(OwnDescriptorRead, *OWN_DESCRIPTOR, SUCCESSES, VALUES),
    OwnDescriptorWritten: st.builds(OwnDescriptorWritten, *OWN_DESCRIPTOR, SUCCESSES),
    CharacteristicReadByCentral: st.builds(CharacteristicReadByCentral, *CHARACTERISTIC),
    CharacteristicWrittenByCentral: st.builds(CharacteristicWrittenByCentral, *CHARACTERISTIC, VALUES),
    DescriptorReadByCentral: st.builds(DescriptorReadByCentral, *DESCRIPTOR),
    DescriptorWrittenByCentral: st.builds(DescriptorWrittenByCentral, *DESCRIPTOR, VALUES),
}

_IS_PIECE = Loss("JSON has one object for all pieces together", lambda word: None)
_HAS_NO_FAILURE = Loss(
    "frames have the value of a successful read only", lambda word: (word,) if word.is_success else None
)

TEXT_LOSSES = dict.fromkeys(
    (SetAdvertisement, SetScanResponse, StartAdvertising, AddService, AddCharacteristic, AddDescriptor, StartService),
    _IS_PIECE,
)
FRAME_LOSSES = {OwnCharacteristicRead: _HAS_NO_FAILURE, OwnDescriptorRead: _HAS_NO_FAILURE}
