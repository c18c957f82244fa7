"""Connections, as a program of HCI sees them."""

from itertools import pairwise

import pytest

from hardwire.drivers.simulated.board.ble.connections import WAITING_LIMIT
from hardwire.drivers.simulated.board.ble.hci import address_octets, u16
from hardwire.drivers.simulated.board.ble.peripheral import Advertising
from hardwire.model.errors import CallerError
from tests.drivers.simulated.board.ble.paper import (
    ADDRESS,
    MS,
    SECOND,
    TURN,
    Rig,
    complete,
    creation,
    packet,
    peripheral,
    status,
)

OTHER = "c4a0b1e000ab"
INTERVAL_US = 10 * MS


def completed(handle: int) -> bytes:
    return b"\x04\x13\x05\x01" + u16(handle) + u16(1)


def test_a_connection_is_made_when_the_peripheral_is_heard() -> None:
    rig = Rig()
    began_us = rig.now_us

    at_once = rig.command(0x200D, creation())
    too_early = rig.told()
    (told,) = rig.run(TURN)

    assert (at_once, too_early) == ([status(0x200D)], [])
    peer = bytes((0, 1)) + address_octets(ADDRESS)
    assert told == bytes.fromhex("043e130100" + "4000") + peer + bytes.fromhex("0800" + "0100" + "9001" + "05")
    assert rig.now_us - began_us == TURN


def test_the_enhanced_event_is_told_to_who_wants_it() -> None:
    rig = Rig()
    rig.command(0x2001, bytes.fromhex("1f1a000000000000"))
    rig.command(0x200D, creation())

    (told,) = rig.run(TURN)

    peer = bytes((0, 1)) + address_octets(ADDRESS)
    assert told == bytes.fromhex("043e1f0a00" + "4000") + peer + bytes(12) + bytes.fromhex(
        "0800" + "0100" + "9001" + "05"
    )


def test_an_extended_creation_takes_the_first_phy_s_parameters() -> None:
    rig = Rig()
    phy = bytes((16, 0, 16, 0)) + u16(9) + u16(24) + u16(1) + u16(400) + bytes(4)
    peer = b"\x01" + address_octets(ADDRESS)

    at_once = rig.command(0x2043, b"\x00\x00" + peer + b"\x07" + 3 * phy)
    (told,) = rig.run(TURN)

    assert at_once == [status(0x2043)]
    assert told[-7:] == u16(9) + u16(1) + u16(400) + b"\x05"


def test_who_is_not_there_is_waited_for_until_the_program_gives_up() -> None:
    rig = Rig(peripheral(), peripheral(OTHER, Advertising.MUTE))

    outcomes = []
    for parameters in (creation("c4a0b1e000ff"), creation(kind=0), creation(OTHER)):
        outcomes.append(rig.command(0x200D, parameters))
        outcomes.append(rig.run(SECOND))
        outcomes.append(rig.command(0x200D, creation()))
        (cancelled, told) = rig.command(0x200E)
        outcomes.append([cancelled])
        assert told[:7].hex() == "043e1301020000"

    assert outcomes == 3 * [[status(0x200D)], [], [status(0x200D, 0x0C)], [complete(0x200E)]]
    assert rig.command(0x200E) == [complete(0x200E, 0x0C)]


def test_nobody_is_connected_to_twice() -> None:
    rig = Rig()
    rig.connect()

    assert rig.command(0x200D, creation()) == [status(0x200D, 0x0B)]


def test_who_is_connected_to_somebody_else_is_waited_for() -> None:
    taken = peripheral()
    taken.connect()
    rig = Rig(taken)
    rig.command(0x200D, creation())

    before = rig.run(SECOND)
    taken.disconnect()

    assert before == []
    assert len(rig.run(2 * TURN)) == 1


def test_several_connections_have_handles_of_their_own() -> None:
    rig = Rig(peripheral(), peripheral(OTHER))

    first, second = rig.connect(), rig.connect(OTHER)
    rig.command(0x0406, u16(first) + b"\x13")
    rig.run(SECOND)

    assert (first, second) == (0x40, 0x41)
    assert rig.connect() == 0x40
    assert rig.ask(second, b"\x0a\x0e\x00") == [b"\x0bs"]


def test_what_is_connected_advertises_no_longer() -> None:
    rig = Rig()
    handle = rig.connect()
    rig.command(0x200C, b"\x01\x00")

    while_connected = rig.run(SECOND)
    rig.command(0x0406, u16(handle) + b"\x13")

    assert while_connected == []
    assert len(rig.run(SECOND)) > 5


def test_the_program_ends_a_connection() -> None:
    rig = Rig()
    handle = rig.connect()
    rig.write(packet(handle, 4, b"\x0a\x03\x00"))

    at_once = rig.command(0x0406, u16(handle) + b"\x13")
    told = rig.run(SECOND)

    assert at_once == [status(0x0406)]
    assert [one.hex() for one in told] == ["04050400" + "4000" + "16"]
    rig.write(packet(handle, 4, b"\x0a\x03\x00"))
    assert rig.run(SECOND) == []
    assert rig.command(0x0406, u16(handle) + b"\x13") == [status(0x0406, 0x02)]


def test_a_request_is_answered_at_the_next_event_behind_the_report_that_it_was_sent() -> None:
    rig = Rig()
    handle = rig.connect(interval=8)
    rig.run(3 * MS)
    asked_us = rig.now_us

    rig.write(packet(handle, 4, b"\x0a\x0e\x00"))
    at_once = rig.told()
    due_us = rig.controller.next_change_us(rig.now_us)
    told = rig.run(INTERVAL_US)

    assert at_once == []
    assert due_us is not None
    assert asked_us < due_us <= asked_us + INTERVAL_US
    assert told == [completed(handle), packet(handle, 4, b"\x0bs", boundary=2)]


def test_a_message_may_come_in_pieces() -> None:
    rig = Rig()
    handle = rig.connect()
    whole = packet(handle, 4, b"\x12\x09\x00" + b"v" * 20)[5:]

    for boundary, piece in ((0, whole[:3]), (1, whole[3:10]), (1, whole[10:])):
        rig.write(b"\x02" + u16(handle | boundary << 12) + u16(len(piece)) + piece)
    told = rig.run(INTERVAL_US)

    assert told == 3 * [completed(handle)] + [packet(handle, 4, b"\x13", boundary=2)]


@pytest.mark.parametrize(
    ("boundary", "piece"),
    [
        (1, b"\x03\x00\x04\x00\x0a\x0e\x00"),
        (0, b"\x02\x00\x04\x00\x0a\x0e\x00"),
        (0, u16(1025) + b"\x04\x00\x0a\x0e\x00"),
        (0, b"\x03\x00\x04"),
        (0, b"\x03\x00\x07\x00\x0a\x0e\x00"),
        (0, b"\x02\x00\x05\x00\x12\x01"),
        (0, b"\x04\x00\x05\x00\x13\x01\x00\x00"),
        (0, b"\x01\x00\x06\x00\x03"),
        (0, b"\x00\x00\x04\x00"),
    ],
)
def test_what_is_no_message_for_anybody_is_only_reported_as_sent(boundary: int, piece: bytes) -> None:
    rig = Rig()
    handle = rig.connect()

    rig.write(b"\x02" + u16(handle | boundary << 12) + u16(len(piece)) + piece)

    assert rig.run(INTERVAL_US) == [completed(handle)]
    assert rig.ask(handle, b"\x0a\x0e\x00") == [b"\x0bs"]


def test_pairing_is_not_supported_and_signals_are_not_understood() -> None:
    rig = Rig()
    handle = rig.connect()

    rig.write(packet(handle, 6, bytes.fromhex("01030005100303")))
    rig.write(packet(handle, 5, bytes.fromhex("12070800" + "0600060000006400")))
    told = [one for one in rig.run(INTERVAL_US) if one[0] == 2]

    assert told == [
        packet(handle, 6, b"\x05\x05", boundary=2),
        packet(handle, 5, bytes.fromhex("010702000000"), boundary=2),
    ]


def test_a_subscriber_is_told_each_second_at_an_event() -> None:
    rig = Rig()
    handle = rig.connect()
    assert rig.ask(handle, bytes.fromhex("1204000100")) == [b"\x13"]

    told = rig.run(3 * SECOND)

    values = [one[12] for one in told]
    assert len(values) == 3
    assert {one[:12] for one in told} == {packet(handle, 4, b"\x1b\x03\x00\x00", boundary=2)[:12]}
    assert all((after - before) % 256 == 1 for before, after in pairwise(values))


def test_an_unconfirmed_indication_is_followed_by_none() -> None:
    rig = Rig()
    handle = rig.connect()
    rig.ask(handle, bytes.fromhex("120c000200"))

    told = rig.run(3 * SECOND)
    rig.ask(handle, b"\x1e")

    assert [one[9:12].hex() for one in told] == ["1d0b00"]
    assert len(rig.run(2 * SECOND)) == 1


def test_a_program_that_does_not_wait_for_its_packets_is_held_back() -> None:
    rig = Rig()
    handle = rig.connect()

    for _ in range(WAITING_LIMIT // 2):
        rig.write(packet(handle, 4, b"\x0a\x0e\x00"))
    with pytest.raises(CallerError, match="64 packets wait"):
        rig.write(packet(handle, 4, b"\x0a\x0e\x00"))

    assert len(rig.run(SECOND)) == WAITING_LIMIT
    assert rig.ask(handle, b"\x0a\x0e\x00") == [b"\x0bs"]


def test_commands_whose_events_find_no_room_are_refused() -> None:
    rig = Rig()
    handle = rig.connect()

    answers = [rig.command(0x041D, u16(handle)) for _ in range(WAITING_LIMIT + 1)]

    assert answers[-2:] == [[status(0x041D)], [status(0x041D, 0x07)]]
    assert rig.command(0x0406, u16(handle) + b"\x13") == [status(0x0406)]
    assert len(rig.run(SECOND)) == 1


def test_the_events_of_a_connection_can_be_put_further_apart() -> None:
    rig = Rig()
    handle = rig.connect()
    slow = u16(handle) + u16(80) + u16(80) + u16(0) + u16(500) + bytes(4)

    at_once = rig.command(0x2013, slow)
    rig.write(packet(handle, 4, b"\x0a\x0e\x00"))
    soon = rig.run(INTERVAL_US)
    rig.write(packet(handle, 4, b"\x0a\x0e\x00"))

    assert at_once == [status(0x2013)]
    assert soon[0].hex() == "043e0a0300" + "4000" + "5000" + "0000" + "f401"
    assert len(soon) == 3
    assert rig.run(80 * MS) == []
    assert len(rig.run(INTERVAL_US * 2)) == 2
    assert rig.command(0x2013, u16(handle) + bytes(12)) == [status(0x2013, 0x12)]


@pytest.mark.parametrize(
    ("opcode", "parameters", "told"),
    [
        (0x041D, "", "040c08004000" + "09ffff0000"),
        (0x2016, "", "043e0c04004000" + "2010000000000000"),
        (0x2019, "00" * 26, "040804064000" + "00"),
        (0x2032, "0007070000", "043e060c004000" + "0101"),
    ],
)
def test_what_needs_the_peripheral_is_told_at_the_next_event(opcode: int, parameters: str, told: str) -> None:
    rig = Rig()
    handle = rig.connect()

    at_once = rig.command(opcode, u16(handle) + bytes.fromhex(parameters))

    assert at_once == [status(opcode)]
    assert [one.hex() for one in rig.run(INTERVAL_US)] == [told]
    assert rig.command(opcode, u16(0x99) + bytes.fromhex(parameters)) == [status(opcode, 0x02)]


@pytest.mark.parametrize(
    ("opcode", "parameters", "code", "returned"),
    [
        (0x2015, "", 0, "ffffffff1f"),
        (0x201A, "00" * 16, 0x0C, ""),
        (0x201B, "", 0x0C, ""),
        (0x2022, "fb004808", 0, ""),
        (0x2030, "", 0, "0101"),
    ],
)
def test_what_the_controller_knows_itself_is_answered_at_once(
    opcode: int, parameters: str, code: int, returned: str
) -> None:
    rig = Rig()
    handle = rig.connect()

    told = rig.command(opcode, u16(handle) + bytes.fromhex(parameters))

    assert told == [complete(opcode, code, u16(handle) + bytes.fromhex(returned))]
    assert rig.command(opcode, u16(0x99) + bytes.fromhex(parameters)) == [complete(opcode, 0x02, u16(0x99))]


def test_the_loudness_of_a_connection_is_measured() -> None:
    rig = Rig()
    handle = rig.connect()

    (told,) = rig.command(0x1405, u16(handle))

    assert told[:9] == complete(0x1405, 0, u16(handle) + b"x")[:9]
    assert -66 <= int.from_bytes(told[9:], signed=True) <= -54
