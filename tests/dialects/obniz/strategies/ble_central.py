"""Bluetooth as a central."""

from hypothesis import strategies as st

from hardwire.model.board.ble_central import (
    BleFailed,
    BleLinkChanged,
    CharacteristicFound,
    CharacteristicNotified,
    CharacteristicRead,
    CharacteristicsEnded,
    CharacteristicWritten,
    ConnectBle,
    DescriptorFound,
    DescriptorRead,
    DescriptorsEnded,
    DescriptorWritten,
    DisconnectBle,
    ListCharacteristics,
    ListDescriptors,
    ListServices,
    NotifyRegistered,
    NotifyUnregistered,
    ReadCharacteristic,
    ReadDescriptor,
    RegisterNotify,
    ServiceFound,
    ServicesEnded,
    UnregisterNotify,
    WriteCharacteristic,
    WriteDescriptor,
)
from hardwire.model.board.ble_scan import (
    AddressType,
    AdvertisementKind,
    BleScanEnded,
    BleScanned,
    DeviceType,
    ScanBle,
    StopBleScan,
)
from hardwire.model.command import Command
from hardwire.model.fact import Happening
from tests.dialects.obniz.loss import Deviation
from tests.dialects.obniz.strategies.ble_numbers import (
    ADDRESSES,
    ADVERTISED,
    CHARACTERISTIC,
    DESCRIPTOR,
    DEVICE,
    PROPERTIES,
    SERVICE,
    SUCCESSES,
    UUIDS,
    VALUES,
)
from tests.dialects.obniz.strategies.numbers import U32

COMMANDS: dict[type[Command], st.SearchStrategy[Command]] = {
    ScanBle: st.builds(ScanBle, U32),
    StopBleScan: st.just(StopBleScan()),
    **{kind: st.builds(kind, *DEVICE) for kind in (ConnectBle, DisconnectBle, ListServices)},
    ListCharacteristics: st.builds(ListCharacteristics, *SERVICE),
    **{
        kind: st.builds(kind, *CHARACTERISTIC)
        for kind in (ReadCharacteristic, RegisterNotify, UnregisterNotify, ListDescriptors)
    },
    WriteCharacteristic: st.builds(WriteCharacteristic, *CHARACTERISTIC, VALUES, st.booleans()),
    ReadDescriptor: st.builds(ReadDescriptor, *DESCRIPTOR),
    WriteDescriptor: st.builds(WriteDescriptor, *DESCRIPTOR, VALUES, st.booleans()),
}

_BYTES = st.integers(0, 255)

HAPPENINGS: dict[type[Happening], st.SearchStrategy[Happening]] = {
    BleScanned: st.builds(
        BleScanned,
        address=ADDRESSES,
        device_type=st.sampled_from(DeviceType),
        address_type=st.sampled_from(AddressType),
        kind=st.sampled_from(AdvertisementKind),
        flags=U32,
        rssi_dbm=st.integers(-128, 0),
        advertisement=ADVERTISED,
        scan_response=ADVERTISED,
    ),
    BleScanEnded: st.just(BleScanEnded()),
    BleLinkChanged: st.builds(BleLinkChanged, *DEVICE, st.booleans()),
    ServiceFound: st.builds(ServiceFound, *SERVICE),
    ServicesEnded: st.builds(ServicesEnded, *DEVICE),
    CharacteristicFound: st.builds(CharacteristicFound, *CHARACTERISTIC, PROPERTIES),
    CharacteristicsEnded: st.builds(CharacteristicsEnded, *SERVICE),
    DescriptorFound: st.builds(DescriptorFound, *DESCRIPTOR),
    DescriptorsEnded: st.builds(DescriptorsEnded, *CHARACTERISTIC),
    CharacteristicRead: st.builds(CharacteristicRead, *CHARACTERISTIC, SUCCESSES, VALUES),
    **{
        kind: st.builds(kind, *CHARACTERISTIC, SUCCESSES)
        for kind in (CharacteristicWritten, NotifyRegistered, NotifyUnregistered)
    },
    CharacteristicNotified: st.builds(CharacteristicNotified, *CHARACTERISTIC, VALUES),
    DescriptorRead: st.builds(DescriptorRead, *DESCRIPTOR, SUCCESSES, VALUES),
    DescriptorWritten: st.builds(DescriptorWritten, *DESCRIPTOR, SUCCESSES),
    BleFailed: st.builds(
        BleFailed,
        error=_BYTES,
        module_error=_BYTES,
        function=_BYTES,
        # Frames have zeros where there is no address.
        address=ADDRESSES.filter(lambda address: address != "0" * 12) | st.just(""),
        service=UUIDS | st.just(""),
        characteristic=UUIDS | st.just(""),
        descriptor=UUIDS | st.just(""),
    ),
}
VENDOR_DEVIATIONS = {
    CharacteristicNotified: Deviation("JSON has both spellings of the key; the vendor's decoder adds `is_notify`"),
    NotifyRegistered: Deviation("JSON has the schema's key as well as the one that the vendor's decoder makes"),
    BleFailed: Deviation("the vendor's decoder has a sentence of its own, and null or zeros where nothing was named"),
}
