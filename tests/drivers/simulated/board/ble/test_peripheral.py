"""A peripheral by itself: when it is heard, how loud, what it lets read, written and subscribed to."""

from itertools import pairwise

import pytest

from hardwire.drivers.simulated.board.ble.air import Air
from hardwire.drivers.simulated.board.ble.gatt import (
    AttError,
    Characteristic,
    Property,
    RefusedError,
    Service,
    constant,
)
from hardwire.drivers.simulated.board.ble.peripheral import Advertising, Notification, Peripheral, Shape, Subscription
from tests.drivers.simulated.board.ble.paper import MS, SECOND, START_US, TURN, peripheral


def test_it_advertises_every_tenth_of_a_second_at_an_instant_of_its_own() -> None:
    one, other = peripheral("c4a0b1e000aa"), peripheral("c4a0b1e000ab")

    moments = [one.next_turn_us(START_US)]
    moments += [one.next_turn_us(moments[0]), one.next_turn_us(moments[0] + TURN)]

    assert [later - before for before, later in pairwise(moments)] == [TURN, TURN]
    assert one.turn(moments[0]) == one.turn(moments[0] - 1) + 1
    assert other.next_turn_us(START_US) != moments[0]


def test_it_is_heard_now_louder_now_softer_around_its_average() -> None:
    one = peripheral()

    heard = [one.rssi_dbm(START_US + second * SECOND) for second in range(60)]

    assert -66 <= min(heard) < -60 < max(heard) <= -54


def test_the_air_knows_who_was_heard_since() -> None:
    one, other = peripheral("c4a0b1e000aa"), peripheral("c4a0b1e000ab")
    air = Air((one, other))
    since = air.next_heard_us(START_US)
    assert since is not None

    first = air.heard(since - 1, since)
    both = air.heard(START_US, START_US + TURN)
    other.connect()
    left = air.heard(START_US, START_US + 10 * TURN)
    one.connect()

    assert len(first) == 1
    assert set(both) == {one, other}
    assert left == [one]
    assert air.next_heard_us(START_US) is None
    assert air.find("c4a0b1e000ab") is other
    assert air.find("c4a0b1e000ac") is None


def test_it_takes_one_connection_and_none_where_it_takes_none() -> None:
    one = peripheral()
    mute = peripheral(advertising=Advertising.MUTE)

    assert (one.connect(), one.connect()) == (True, False)
    one.disconnect()
    assert one.connect()
    assert not mute.connect()
    assert mute.scan_response(START_US) is None


def test_a_service_is_found_by_its_uuid() -> None:
    one = peripheral()

    assert one.service("180f") is one.shape.services[0]
    assert one.service("180d") is None


def test_what_is_written_is_read_from_then_on_also_by_the_next_client() -> None:
    one = peripheral()
    knob = one.shape.services[1].characteristics[0]
    named, writable = one.shape.services[0].characteristics[0].descriptors

    one.write(knob, b"42")
    one.write(writable, b"y")
    one.disconnect()

    assert one.read(knob, START_US) == b"42"
    assert one.read(writable, START_US) == b"y"
    assert one.read(named, START_US) == b"Level"


def test_what_cannot_be_read_or_written_is_refused_with_its_reason() -> None:
    def refuse(octets: bytes) -> None:
        raise RefusedError(AttError.CONTROL_POINT_NOT_SUPPORTED)

    picky = Characteristic(uuid="2a39", properties=Property.WRITE, size_limit=2, accept=refuse)
    level = Characteristic(uuid="2a19", properties=Property.READ)
    shape = peripheral().shape
    one = Peripheral(
        Shape(
            name="Picky",
            address=shape.address,
            advertisement=shape.advertisement,
            scan_response=shape.scan_response,
            services=(Service("180d", (picky, level)),),
        )
    )

    reasons = []
    for attempt in (
        lambda: one.read(picky, START_US),
        lambda: one.write(level, b"1"),
        lambda: one.write(picky, b"123"),
        lambda: one.write(picky, b"12"),
    ):
        with pytest.raises(RefusedError) as refused:
            attempt()
        reasons.append(refused.value.error)

    assert reasons == [
        AttError.READ_NOT_PERMITTED,
        AttError.WRITE_NOT_PERMITTED,
        AttError.INVALID_ATTRIBUTE_LENGTH,
        AttError.CONTROL_POINT_NOT_SUPPORTED,
    ]


def test_a_subscriber_hears_the_value_each_period_and_what_it_missed_once() -> None:
    one = peripheral()
    service = one.shape.services[0]
    (level,) = service.characteristics
    one.subscribe(service, level, Subscription.NOTIFY, START_US)

    told = [
        one.notifications(START_US + 999 * MS),
        one.notifications(START_US + SECOND),
        one.notifications(START_US + SECOND + MS),
        one.notifications(START_US + 5 * SECOND),
    ]

    heard = bytes(((START_US + SECOND) // SECOND % 256,))
    assert told[:3] == [(), (Notification(service, level, heard),), ()]
    assert len(told[3]) == 1
    assert one.next_notification_us(START_US + 5 * SECOND) == START_US + 6 * SECOND
    assert one.subscription(level) is Subscription.NOTIFY
    one.subscribe(service, level, Subscription.NONE, START_US)
    assert one.next_notification_us(START_US) is None
    assert one.subscription(level) is Subscription.NONE


def test_a_subscription_ends_with_the_connection_and_is_of_a_kind_that_there_is() -> None:
    one = peripheral()
    service = one.shape.services[1]
    knob, alarm, _ = service.characteristics
    one.subscribe(service, alarm, Subscription.INDICATE, START_US)

    (told,) = one.notifications(START_US + SECOND)
    one.disconnect()

    assert told.is_confirmed
    assert one.notifications(START_US + 2 * SECOND) == ()
    with pytest.raises(RefusedError):
        one.subscribe(service, alarm, Subscription.NOTIFY, START_US)
    with pytest.raises(RefusedError):
        one.subscribe(service, knob, Subscription.NOTIFY, START_US)


def test_a_constant_is_the_same_at_any_time() -> None:
    assert constant(b"x")(0) == constant(b"x")(START_US) == b"x"
