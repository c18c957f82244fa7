"""The three peripherals of the demo: who they say they are, and that their values are plausible."""

import pytest

from hardwire.drivers.simulated.board.ble import demo
from hardwire.drivers.simulated.board.ble.gatt import RefusedError
from hardwire.drivers.simulated.board.ble.peripheral import Advertising, Peripheral, Shape
from hardwire.drivers.simulated.board.parts import room
from tests.drivers.simulated.board.ble.paper import SECOND, START_US


def shapes() -> list[Shape]:
    return list(demo.demo_shapes())


@pytest.mark.parametrize("hour", range(0, 200, 7))
def test_advertisements_fit_and_values_are_plausible_at_any_hour(hour: int) -> None:
    now_us = START_US + hour * demo.HOUR_US + hour * SECOND

    for shape in shapes():
        assert len(shape.advertisement(now_us)) <= 31
        assert len(shape.scan_response(now_us)) <= 31
    assert 20 <= int.from_bytes(demo.measured_temperature(now_us)[1:4], "little") / 100 <= 24
    assert 64 <= demo.heart_bpm(now_us) <= 88
    assert 40 < demo.battery_percent(now_us) <= 100


def test_the_thermometer_is_an_ibs03t_tag_too_and_says_the_same_in_every_form() -> None:
    thermometer = shapes()[0]
    hundredths = round(room.temperature_c(START_US, demo.PLACE) * 100).to_bytes(2, "little", signed=True)

    tag = thermometer.advertisement(START_US)[9:]

    assert tag[:6].hex() == "12ff0d0083bc"
    assert tag[9:11] == hundredths
    assert tag[15] == 0x15
    assert demo.measured_temperature(START_US) == b"\x00" + hundredths + b"\x00\xfe"
    assert demo.measured_heart_rate(START_US)[0] == 0


def test_every_value_of_the_demo_can_be_read_or_subscribed_to() -> None:
    for peripheral in map(Peripheral, shapes()):
        for service in peripheral.shape.services:
            for characteristic in service.characteristics:
                try:
                    octets = peripheral.read(characteristic, START_US)
                except RefusedError:
                    octets = characteristic.reading(START_US)

                assert octets or characteristic.is_writable


def test_the_heart_rate_belt_takes_one_control_alone() -> None:
    belt = Peripheral(shapes()[1])
    service = belt.service(demo.HEART_RATE)
    assert service is not None
    control = service.characteristics[2]

    belt.write(control, b"\x01")

    with pytest.raises(RefusedError):
        belt.write(control, b"\x02")


def test_the_beacon_takes_no_connections() -> None:
    beacon = Peripheral(shapes()[2])

    assert beacon.shape.advertising is Advertising.MUTE
    assert not beacon.connect()
    assert beacon.advertisement(START_US)[3:9].hex() == "1aff4c000215"
