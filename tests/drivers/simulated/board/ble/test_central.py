"""The board as a Bluetooth central, in its own words."""

import pytest

from hardwire.drivers.simulated.board.ble.air import Air
from hardwire.drivers.simulated.board.ble.central import BleCentral
from hardwire.drivers.simulated.board.ble.peripheral import Advertising
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
from hardwire.model.fact import Happening
from tests.drivers.simulated.board.ble.paper import (
    ADDRESS,
    ALARM,
    KNOB,
    LEVEL,
    SECOND,
    SECRET,
    START_US,
    peripheral,
)

BATTERY, OWN = "180f", "b0" * 16
BEACON, NOBODY = "c4a0b1e000bb", "000000000001"
TIME = bytes((START_US // SECOND % 256,))


class Rig:
    """A central with a clock that stands still, and what it has told."""

    def __init__(self) -> None:
        self.now_us = START_US
        self.told: list[Happening] = []
        self.peripheral = peripheral()
        air = Air((self.peripheral, peripheral(BEACON, Advertising.MUTE)))
        self.central = BleCentral(air, self.told.append)

    def ask(self, command: Command) -> list[Happening]:
        """Carry out a command; return its answers."""
        return [*self.central.carry_out(command, self.now_us)]

    def wait(self, duration_us: int) -> list[Happening]:
        """Let time pass, from one change to the next; return what was told."""
        self.told.clear()
        end_us = self.now_us + duration_us
        while (change := self.central.next_change_us(self.now_us)) is not None and change <= end_us:
            assert change > self.now_us
            self.now_us = change
            self.central.advance(change)
        self.now_us = end_us
        return self.told


@pytest.fixture
def rig() -> Rig:
    """A central that is connected to the paper peripheral."""
    connected = Rig()
    assert connected.ask(ConnectBle(ADDRESS)) == []
    return connected


def test_a_connection_is_told_and_its_end_too(rig: Rig) -> None:
    assert rig.peripheral.is_connected

    rig.ask(DisconnectBle(ADDRESS))

    assert rig.told == [BleLinkChanged(ADDRESS, True), BleLinkChanged(ADDRESS, False)]
    assert not rig.peripheral.is_connected


def test_who_asks_again_for_what_is_so_already_is_told_that_it_is_so(rig: Rig) -> None:
    rig.ask(ConnectBle(ADDRESS))
    rig.ask(DisconnectBle(ADDRESS))
    rig.ask(DisconnectBle(ADDRESS))

    assert [one.is_connected for one in rig.told if isinstance(one, BleLinkChanged)] == [True, True, False, False]


def test_a_beacon_takes_no_connection(rig: Rig) -> None:
    rig.ask(ConnectBle(BEACON))

    assert rig.told[-1] == BleLinkChanged(BEACON, False)


def test_a_peripheral_that_somebody_else_is_connected_to_takes_none(rig: Rig) -> None:
    told: list[Happening] = []
    other = BleCentral(Air((rig.peripheral,)), told.append)

    other.carry_out(ConnectBle(ADDRESS), rig.now_us)

    assert told == [BleLinkChanged(ADDRESS, False)]
    assert rig.peripheral.is_connected


def test_everything_that_a_peripheral_offers_can_be_listed(rig: Rig) -> None:
    services = rig.ask(ListServices(ADDRESS))
    characteristics = rig.ask(ListCharacteristics(ADDRESS, OWN))
    descriptors = rig.ask(ListDescriptors(ADDRESS, BATTERY, LEVEL))

    assert services == [ServiceFound(ADDRESS, BATTERY), ServiceFound(ADDRESS, OWN), ServicesEnded(ADDRESS)]
    assert characteristics == [
        CharacteristicFound(ADDRESS, OWN, KNOB, Property.READ | Property.WRITE | Property.WRITE_WITHOUT_RESPONSE),
        CharacteristicFound(ADDRESS, OWN, ALARM, Property.INDICATE),
        CharacteristicFound(ADDRESS, OWN, SECRET, Property.READ),
        CharacteristicsEnded(ADDRESS, OWN),
    ]
    assert descriptors == [
        *(DescriptorFound(ADDRESS, BATTERY, LEVEL, uuid) for uuid in ("2902", "2901", "2904")),
        DescriptorsEnded(ADDRESS, BATTERY, LEVEL),
    ]


def test_a_characteristic_that_tells_nothing_has_no_descriptor_to_subscribe_by(rig: Rig) -> None:
    assert rig.ask(ListDescriptors(ADDRESS, OWN, KNOB)) == [DescriptorsEnded(ADDRESS, OWN, KNOB)]


def test_what_was_written_is_read_again(rig: Rig) -> None:
    written = rig.ask(WriteCharacteristic(ADDRESS, OWN, KNOB, b"\1\2"))
    read = rig.ask(ReadCharacteristic(ADDRESS, OWN, KNOB))

    assert written == [CharacteristicWritten(ADDRESS, OWN, KNOB, True)]
    assert read == [CharacteristicRead(ADDRESS, OWN, KNOB, True, b"\1\2")]


def test_what_a_peripheral_refuses_is_answered_without_success(rig: Rig) -> None:
    read = rig.ask(ReadCharacteristic(ADDRESS, OWN, ALARM))
    written = rig.ask(WriteCharacteristic(ADDRESS, OWN, SECRET, b"x"))
    registered = rig.ask(RegisterNotify(ADDRESS, OWN, SECRET))
    described = rig.ask(WriteDescriptor(ADDRESS, BATTERY, LEVEL, "2901", b"x"))
    configured = rig.ask(WriteDescriptor(ADDRESS, BATTERY, LEVEL, "2902", b"x"))

    assert read == [CharacteristicRead(ADDRESS, OWN, ALARM, False)]
    assert written == [CharacteristicWritten(ADDRESS, OWN, SECRET, False)]
    assert registered == [NotifyRegistered(ADDRESS, OWN, SECRET, False)]
    assert described == [DescriptorWritten(ADDRESS, BATTERY, LEVEL, "2901", False)]
    assert configured == [DescriptorWritten(ADDRESS, BATTERY, LEVEL, "2902", False)]


def test_a_short_uuid_may_be_asked_for_in_its_long_form_and_is_answered_in_it(rig: Rig) -> None:
    long_service = "0000180f00001000800000805f9b34fb"

    answers = rig.ask(ReadCharacteristic(ADDRESS, long_service, LEVEL))

    assert answers == [CharacteristicRead(ADDRESS, long_service, LEVEL, True, TIME)]


def test_a_value_is_told_from_registering_to_unregistering(rig: Rig) -> None:
    registered = rig.ask(RegisterNotify(ADDRESS, BATTERY, LEVEL))
    told = [*rig.wait(2 * SECOND)]
    unregistered = rig.ask(UnregisterNotify(ADDRESS, BATTERY, LEVEL))
    silence = rig.wait(2 * SECOND)

    assert registered == [NotifyRegistered(ADDRESS, BATTERY, LEVEL, True)]
    assert told == [
        CharacteristicNotified(ADDRESS, BATTERY, LEVEL, bytes((TIME[0] + after & 0xFF,))) for after in (1, 2)
    ]
    assert unregistered == [NotifyUnregistered(ADDRESS, BATTERY, LEVEL, True)]
    assert silence == []


def test_a_value_that_is_only_told_with_confirmation_can_be_registered_for_as_well(rig: Rig) -> None:
    rig.ask(RegisterNotify(ADDRESS, OWN, ALARM))

    assert rig.wait(SECOND) == [CharacteristicNotified(ADDRESS, OWN, ALARM, b"ring" * 10)]


def test_a_client_may_subscribe_by_the_descriptor_too(rig: Rig) -> None:
    before = rig.ask(ReadDescriptor(ADDRESS, BATTERY, LEVEL, "2902"))
    written = rig.ask(WriteDescriptor(ADDRESS, BATTERY, LEVEL, "2902", b"\1\0"))
    after = rig.ask(ReadDescriptor(ADDRESS, BATTERY, LEVEL, "2902"))

    assert before == [DescriptorRead(ADDRESS, BATTERY, LEVEL, "2902", True, b"\0\0")]
    assert written == [DescriptorWritten(ADDRESS, BATTERY, LEVEL, "2902", True)]
    assert after == [DescriptorRead(ADDRESS, BATTERY, LEVEL, "2902", True, b"\1\0")]
    assert len(rig.wait(SECOND)) == 1


def test_a_descriptor_is_written_and_read(rig: Rig) -> None:
    rig.ask(WriteDescriptor(ADDRESS, BATTERY, LEVEL, "2904", b"new"))

    assert rig.ask(ReadDescriptor(ADDRESS, BATTERY, LEVEL, "2904")) == [
        DescriptorRead(ADDRESS, BATTERY, LEVEL, "2904", True, b"new")
    ]


@pytest.mark.parametrize(
    ("command", "failed"),
    [
        (ConnectBle(NOBODY), BleFailed(error=BleError.DEVICE_NOT_FOUND, function=7, address=NOBODY)),
        (DisconnectBle(NOBODY), BleFailed(error=BleError.DEVICE_NOT_FOUND, function=7, address=NOBODY)),
        (ListServices(NOBODY), BleFailed(error=BleError.DEVICE_NOT_FOUND, function=8, address=NOBODY)),
        (ListServices(BEACON), BleFailed(error=BleError.NOT_CONNECTED, function=8, address=BEACON)),
        (
            ListCharacteristics(ADDRESS, "1800"),
            BleFailed(error=BleError.SERVICE_NOT_FOUND, function=9, address=ADDRESS, service="1800"),
        ),
        (
            ListCharacteristics(ADDRESS, "12345678"),
            BleFailed(error=BleError.SERVICE_NOT_FOUND, function=9, address=ADDRESS, service="12345678"),
        ),
        (
            ListDescriptors(ADDRESS, OWN, LEVEL),
            BleFailed(
                error=BleError.CHARACTERISTIC_NOT_FOUND,
                function=14,
                address=ADDRESS,
                service=OWN,
                characteristic=LEVEL,
            ),
        ),
        (
            ReadDescriptor(NOBODY, OWN, KNOB, "2902"),
            BleFailed(
                error=BleError.DEVICE_NOT_FOUND,
                function=16,
                address=NOBODY,
                service=OWN,
                characteristic=KNOB,
                descriptor="2902",
            ),
        ),
    ],
)
def test_what_is_not_there_is_a_failure_that_names_it(rig: Rig, command: Command, failed: BleFailed) -> None:
    assert rig.ask(command) == [failed]


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        (ReadCharacteristic(BEACON, OWN, KNOB), CharacteristicRead(BEACON, OWN, KNOB, False)),
        (ReadCharacteristic(ADDRESS, OWN, LEVEL), CharacteristicRead(ADDRESS, OWN, LEVEL, False)),
        (UnregisterNotify(ADDRESS, "1800", LEVEL), NotifyUnregistered(ADDRESS, "1800", LEVEL, False)),
        (ReadDescriptor(ADDRESS, OWN, KNOB, "2902"), DescriptorRead(ADDRESS, OWN, KNOB, "2902", False)),
        (
            WriteDescriptor(ADDRESS, BATTERY, LEVEL, "2905", b""),
            DescriptorWritten(ADDRESS, BATTERY, LEVEL, "2905", False),
        ),
    ],
)
def test_what_a_peripheral_has_not_is_answered_without_success(rig: Rig, command: Command, answer: Happening) -> None:
    assert rig.ask(command) == [answer]


def test_power_on_drops_every_connection_without_a_word(rig: Rig) -> None:
    rig.ask(RegisterNotify(ADDRESS, BATTERY, LEVEL))
    rig.told.clear()

    rig.central.power_on()

    assert not rig.peripheral.is_connected
    assert rig.wait(2 * SECOND) == []
    assert rig.ask(ListServices(ADDRESS)) == [BleFailed(error=BleError.NOT_CONNECTED, function=8, address=ADDRESS)]
