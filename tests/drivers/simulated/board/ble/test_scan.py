"""Looking for Bluetooth devices in the board's own words."""

from hardwire.drivers.simulated.board.ble import advertisement
from hardwire.drivers.simulated.board.ble.air import Air
from hardwire.drivers.simulated.board.ble.gatt import constant
from hardwire.drivers.simulated.board.ble.peripheral import Advertising, Peripheral, Shape
from hardwire.drivers.simulated.board.ble.scan import BleScan
from hardwire.model.board.ble_scan import (
    AddressType,
    AdvertisementKind,
    BleScanEnded,
    BleScanned,
    ScanBle,
    StopBleScan,
)
from hardwire.model.fact import Happening
from tests.drivers.simulated.board.ble.paper import ADDRESS, SECOND, START_US, TURN, peripheral


class Rig:
    """A scan with its clock, and what it has told."""

    def __init__(self, *peripherals: Peripheral) -> None:
        self.now_us = START_US
        self.told: list[Happening] = []
        self.scan = BleScan(Air(peripherals), self.told.append)

    def start(self, duration_s: int = 1) -> None:
        """Begin to scan."""
        assert self.scan.carry_out(ScanBle(duration_s), self.now_us) == ()

    def run(self, duration_us: int) -> None:
        """Let time pass, from one change to the next."""
        end_us = self.now_us + duration_us
        while (change := self.scan.next_change_us(self.now_us)) is not None and change <= end_us:
            assert change > self.now_us
            self.now_us = change
            self.scan.advance(change)
        self.now_us = end_us
        self.scan.advance(end_us)


def heard(told: list[Happening]) -> list[tuple[str, AdvertisementKind]]:
    """The packets that were told, in short."""
    return [(one.address, one.kind) for one in told if isinstance(one, BleScanned)]


def test_a_scan_tells_each_peripheral_once_with_its_response_and_then_its_end() -> None:
    rig = Rig(peripheral(), peripheral("c4a0b1e000bb", Advertising.MUTE))

    rig.start()
    rig.run(3 * SECOND)

    assert sorted(heard(rig.told), key=str) == [
        (ADDRESS, AdvertisementKind.CONNECTABLE),
        (ADDRESS, AdvertisementKind.SCAN_RESPONSE),
        ("c4a0b1e000bb", AdvertisementKind.NON_CONNECTABLE),
    ]
    assert rig.told[-1] == BleScanEnded()
    assert rig.told.count(BleScanEnded()) == 1


def test_a_packet_says_what_is_advertised_and_the_response_says_it_too() -> None:
    rig = Rig(peripheral())

    rig.start()
    rig.run(2 * TURN)

    first, second = (one for one in rig.told if isinstance(one, BleScanned))
    assert (first.flags, first.advertisement, first.scan_response) == (6, advertisement.flags(), b"")
    assert (second.flags, second.advertisement, second.scan_response) == (
        6,
        advertisement.flags(),
        advertisement.name("Paper"),
    )
    assert first.address_type is AddressType.RANDOM
    assert -100 < first.rssi_dbm < 0


def test_a_public_address_and_missing_flags_are_told_as_such() -> None:
    plain = Shape(
        name="Plain",
        address="001122334455",
        is_random=False,
        advertising=Advertising.SCANNABLE,
        advertisement=constant(advertisement.name("Plain")),
        scan_response=constant(b""),
    )
    rig = Rig(Peripheral(plain))

    rig.start()
    rig.run(2 * TURN)

    first = rig.told[0]
    assert isinstance(first, BleScanned)
    assert (first.address_type, first.kind, first.flags) == (AddressType.PUBLIC, AdvertisementKind.SCANNABLE, 0)


def test_a_scan_that_is_stopped_ends_at_once_and_a_second_stop_says_nothing() -> None:
    rig = Rig(peripheral())
    rig.start(30)

    rig.scan.carry_out(StopBleScan(), rig.now_us)
    rig.scan.carry_out(StopBleScan(), rig.now_us)
    rig.run(SECOND)

    assert rig.told == [BleScanEnded()]


def test_a_scan_of_no_seconds_goes_on_until_it_is_stopped() -> None:
    rig = Rig(peripheral())

    rig.start(0)
    rig.run(60 * SECOND)

    assert BleScanEnded() not in rig.told
    assert rig.scan.next_change_us(rig.now_us) is None


def test_a_new_scan_tells_everybody_again() -> None:
    rig = Rig(peripheral())
    rig.start(30)
    rig.run(2 * TURN)

    rig.start(30)
    rig.run(2 * TURN)

    assert len(heard(rig.told)) == 4


def test_nobody_is_heard_who_is_connected() -> None:
    connected = peripheral()
    connected.connect()
    rig = Rig(connected)

    rig.start()
    rig.run(2 * SECOND)

    assert rig.told == [BleScanEnded()]


def test_power_on_ends_a_scan_without_a_word() -> None:
    rig = Rig(peripheral())
    rig.start()

    rig.scan.power_on()
    rig.run(2 * SECOND)

    assert rig.told == []
