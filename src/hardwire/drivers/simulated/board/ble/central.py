"""The board as a Bluetooth central, in its own words instead of HCI packets: it connects, looks, reads and writes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hardwire.drivers.simulated.board.ble.air import Air
from hardwire.drivers.simulated.board.ble.gatt import (
    CLIENT_CONFIGURATION,
    AttError,
    Characteristic,
    Descriptor,
    RefusedError,
    Service,
)
from hardwire.drivers.simulated.board.ble.peripheral import Peripheral, Subscription
from hardwire.drivers.simulated.board.ble.uuids import uuid_of
from hardwire.drivers.simulated.board.function import Tell
from hardwire.model.board.ble_central import (
    BleError,
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
    Property,
    ReadCharacteristic,
    ReadDescriptor,
    RegisterNotify,
    ServiceFound,
    ServicesEnded,
    UnregisterNotify,
    WriteCharacteristic,
    WriteDescriptor,
)
from hardwire.model.command import Command
from hardwire.model.errors import BadValueError
from hardwire.model.fact import Happening

# As on the binary wire: a failure tells which of them it was (obniz reference, section 6.3).
_FUNCTIONS: Mapping[type[Command], int] = {
    ConnectBle: 7,
    DisconnectBle: 7,
    ListServices: 8,
    ListCharacteristics: 9,
    WriteCharacteristic: 10,
    ReadCharacteristic: 11,
    RegisterNotify: 12,
    UnregisterNotify: 13,
    ListDescriptors: 14,
    WriteDescriptor: 15,
    ReadDescriptor: 16,
}

_ANSWERS: Mapping[type[Command], Callable[..., Happening]] = {
    ReadCharacteristic: CharacteristicRead,
    WriteCharacteristic: CharacteristicWritten,
    RegisterNotify: NotifyRegistered,
    UnregisterNotify: NotifyUnregistered,
    ReadDescriptor: DescriptorRead,
    WriteDescriptor: DescriptorWritten,
}


class _MissingError(Exception):
    """What a command names is not there."""

    def __init__(self, error: BleError) -> None:
        super().__init__(error.name)
        self.error = error


class BleCentral:
    """The connections that programs make in these words, apart from those of the controller.

    What a peripheral refuses or has not is the usual answer without success, where there is such an answer; else,
    and where there is no such peripheral at all, a `BleFailed`.
    """

    commands: Sequence[type[Command]] = tuple(_FUNCTIONS)

    def __init__(self, air: Air, tell: Tell) -> None:
        self._air = air
        self._tell = tell
        self._links: dict[str, Peripheral] = {}

    def power_on(self) -> None:
        """Drop every connection without a word."""
        for peripheral in self._links.values():
            peripheral.disconnect()
        self._links.clear()

    def carry_out(self, command: Any, now_us: int) -> Sequence[Happening]:  # Any: each of them has an address
        """Carry it out; what fails is an answer too."""
        try:
            return self._carry_out(command, now_us)
        except RefusedError:
            return (_answer(command, False),)
        except _MissingError as missing:
            # A failure ends the receive loop of obniz.py 0.7.0 where it knows the device, an answer does not.
            if type(command) in _ANSWERS and missing.error is not BleError.DEVICE_NOT_FOUND:
                return (_answer(command, False),)
            return (_failed(command, missing.error),)

    def advance(self, now_us: int) -> None:
        """Tell what the peripherals have told until now."""
        for address, peripheral in self._links.items():
            for one in peripheral.notifications(now_us):
                self._tell(CharacteristicNotified(address, one.service.uuid, one.characteristic.uuid, one.octets))

    def next_change_us(self, now_us: int) -> int | None:
        """Return when a peripheral tells something."""
        moments = [one.next_notification_us(now_us) for one in self._links.values()]
        return min((moment for moment in moments if moment is not None), default=None)

    def _carry_out(self, command: Command, now_us: int) -> Sequence[Happening]:
        match command:
            case ConnectBle(address):
                self._connect(address)
                return ()
            case DisconnectBle(address):
                self._disconnect(address)
                return ()
            case ListServices(address):
                services = self._linked(address).shape.services
                return (*(ServiceFound(address, one.uuid) for one in services), ServicesEnded(address))
            case ListCharacteristics(address, service):
                return (*self._characteristics(address, service), CharacteristicsEnded(address, service))
            case ListDescriptors(address, service, uuid):
                found = self._descriptors(address, service, uuid)
                return (*found, DescriptorsEnded(address, service, uuid))
            case ReadDescriptor() | WriteDescriptor():
                return (self._use_descriptor(command, now_us),)
            case _:
                return (self._use(command, now_us),)

    def _connect(self, address: str) -> None:
        peripheral = self._air.find(address)
        if peripheral is None:
            raise _MissingError(BleError.DEVICE_NOT_FOUND)
        # One that takes no connection, or has one already, is told to be not connected: so the attempt ends.
        if address in self._links or peripheral.connect():
            self._links[address] = peripheral
        self._tell(BleLinkChanged(address, address in self._links))

    def _disconnect(self, address: str) -> None:
        if self._air.find(address) is None:
            raise _MissingError(BleError.DEVICE_NOT_FOUND)
        peripheral = self._links.pop(address, None)
        if peripheral is not None:
            peripheral.disconnect()
        self._tell(BleLinkChanged(address, False))

    def _characteristics(self, address: str, uuid: str) -> Sequence[Happening]:
        service = self._service(address, uuid)
        return [
            CharacteristicFound(address, uuid, one.uuid, Property(one.properties.value))
            for one in service.characteristics
        ]

    def _descriptors(self, address: str, service: str, uuid: str) -> Sequence[Happening]:
        _, characteristic = self._characteristic(address, service, uuid)
        uuids = [one.uuid for one in characteristic.descriptors]
        if characteristic.is_told:
            uuids.insert(0, CLIENT_CONFIGURATION)
        return [DescriptorFound(address, service, uuid, one) for one in uuids]

    def _use(self, command: Any, now_us: int) -> Happening:  # Any: a command that names a characteristic
        service, characteristic = self._characteristic(command.address, command.service, command.characteristic)
        peripheral = self._links[command.address]
        match command:
            case ReadCharacteristic():
                return _answer(command, True, peripheral.read(characteristic, now_us))
            case WriteCharacteristic():
                peripheral.write(characteristic, command.octets)
            case RegisterNotify():
                peripheral.subscribe(service, characteristic, _best(characteristic), now_us)
            case _:
                peripheral.subscribe(service, characteristic, Subscription.NONE, now_us)
        return _answer(command, True)

    def _use_descriptor(self, command: ReadDescriptor | WriteDescriptor, now_us: int) -> Happening:
        service, characteristic = self._characteristic(command.address, command.service, command.characteristic)
        peripheral = self._links[command.address]
        descriptor = _descriptor(characteristic, command.descriptor)
        if isinstance(command, ReadDescriptor):
            if descriptor is None:
                return _answer(command, True, peripheral.subscription(characteristic).to_bytes(2, "little"))
            return _answer(command, True, peripheral.read(descriptor, now_us))
        if descriptor is None:
            peripheral.subscribe(service, characteristic, _mode(command.octets), now_us)
        else:
            peripheral.write(descriptor, command.octets)
        return _answer(command, True)

    def _linked(self, address: str) -> Peripheral:
        peripheral = self._links.get(address)
        if peripheral is None:
            is_there = self._air.find(address) is not None
            raise _MissingError(BleError.NOT_CONNECTED if is_there else BleError.DEVICE_NOT_FOUND)
        return peripheral

    def _service(self, address: str, uuid: str) -> Service:
        service = self._linked(address).service(_short(uuid))
        if service is None:
            raise _MissingError(BleError.SERVICE_NOT_FOUND)
        return service

    def _characteristic(self, address: str, service_uuid: str, uuid: str) -> tuple[Service, Characteristic]:
        service = self._service(address, service_uuid)
        wanted = _short(uuid)
        for characteristic in service.characteristics:
            if characteristic.uuid == wanted:
                return service, characteristic
        raise _MissingError(BleError.CHARACTERISTIC_NOT_FOUND)


def _short(uuid: str) -> str:
    """Return a UUID as peripherals write it; one of a length that they do not know stays as it is, and is not found."""
    try:
        return uuid_of(uuid)
    except BadValueError:
        return uuid


def _best(characteristic: Characteristic) -> Subscription:
    """Return how a characteristic is best subscribed to: without confirmation where it does that."""
    able = Subscription(characteristic.properties.value >> 4 & 0b11)
    return Subscription.INDICATE if able is Subscription.INDICATE else Subscription.NOTIFY


def _descriptor(characteristic: Characteristic, uuid: str) -> Descriptor | None:
    """Return a descriptor, None for the one by which a client subscribes."""
    wanted = _short(uuid)
    if wanted == CLIENT_CONFIGURATION and characteristic.is_told:
        return None
    for descriptor in characteristic.descriptors:
        if descriptor.uuid == wanted:
            return descriptor
    raise _MissingError(BleError.DESCRIPTOR_NOT_FOUND)


def _mode(octets: bytes) -> Subscription:
    if len(octets) != 2:
        raise RefusedError(AttError.INVALID_ATTRIBUTE_LENGTH)
    return Subscription(int.from_bytes(octets, "little") & 0b11)


def _answer(command: Any, is_success: bool, *octets: bytes) -> Happening:  # Any: one of those that have an answer
    place = [command.address, command.service, command.characteristic]
    if isinstance(command, ReadDescriptor | WriteDescriptor):
        place.append(command.descriptor)
    return _ANSWERS[type(command)](*place, is_success, *octets)


def _failed(command: Any, error: BleError) -> BleFailed:  # Any: each of them has an address
    return BleFailed(
        error=error,
        function=_FUNCTIONS[type(command)],
        address=command.address,
        service=getattr(command, "service", ""),
        characteristic=getattr(command, "characteristic", ""),
        descriptor=getattr(command, "descriptor", ""),
    )
