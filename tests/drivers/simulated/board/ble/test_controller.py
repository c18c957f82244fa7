"""The controller's commands that have to do with nobody else, and packets that are none."""

import pytest
from msgspec import convert

from hardwire.drivers.simulated.board.ble.fixed import FIXED
from hardwire.drivers.simulated.board.ble.scanner import STARTING_US
from hardwire.drivers.simulated.board.board import Board
from hardwire.drivers.simulated.board.instants import at_us
from hardwire.drivers.simulated.board.settings import Bench, Settings
from hardwire.model.board.ble_hci import HciRead, WriteHci
from hardwire.model.board.system import Reset
from hardwire.model.errors import BadValueError
from tests.drivers.simulated.board.ble.paper import ADDRESS, SECOND, START_US, TURN, Rig, complete, creation, status


def test_the_first_steps_of_the_vendor_s_client_are_answered_as_it_needs_them() -> None:
    rig = Rig()

    answers = [
        rig.command(opcode, parameters)
        for opcode, parameters in (
            (0x0C03, b""),
            (0x0C01, bytes(8)),
            (0x2001, bytes.fromhex("1f1a000000000000")),
            (0x1001, b""),
            (0x0C6D, b"\x01\x00"),
            (0x0C6C, b""),
            (0x1009, b""),
            (0x2002, b""),
            (0x200C, b"\x00\x01"),
            (0x200B, bytes(7)),
        )
    ]

    assert all(len(told) == 1 and told[0][:2] == b"\x04\x0e" and told[0][6] == 0 for told in answers)
    assert answers[0] == [bytes.fromhex("040e0401030c00")]
    version, address, buffers = answers[3][0], answers[6][0], answers[7][0]
    assert (version[7] >= 6, len(version)) == (True, 15)
    assert address[7:].hex() == "0000e0b1a002"
    assert buffers[7:].hex() == "fb0008"


@pytest.mark.parametrize("opcode", FIXED)
def test_every_fixed_answer_is_an_event_that_fits(opcode: int) -> None:
    (told,) = Rig().command(opcode, bytes(16))

    assert told == complete(opcode, 0, FIXED[opcode])
    assert told[2] == len(told) - 3


@pytest.mark.parametrize("opcode", [0x2017, 0x0401, 0xFC01, 0xFFFF])
def test_a_command_that_it_does_not_know_is_said_to_be_unknown(opcode: int) -> None:
    assert Rig().command(opcode) == [complete(opcode, 0x01)]


@pytest.mark.parametrize("opcode", [0x1004, 0x2001, 0x200B, 0x200C, 0x2041, 0x2042, 0x1405, 0x2030])
def test_a_command_without_its_parameters_is_refused(opcode: int) -> None:
    assert Rig().command(opcode) == [complete(opcode, 0x12)]


@pytest.mark.parametrize("opcode", [0x0406, 0x041D, 0x200D, 0x2013, 0x2016, 0x2019, 0x2032, 0x2043])
def test_a_command_that_takes_longer_is_refused_in_its_own_form(opcode: int) -> None:
    assert Rig().command(opcode) == [status(opcode, 0x12)]


def test_extended_features_have_one_page() -> None:
    rig = Rig()

    assert rig.command(0x1004, b"\x00") == [complete(0x1004, 0, bytes.fromhex("0000" + "0000000060000000"))]
    assert rig.command(0x1004, b"\x01") == [complete(0x1004, 0, bytes.fromhex("0100" + "00" * 8))]


def test_numbers_of_chance_come_from_the_time() -> None:
    rig = Rig()

    (first,) = rig.command(0x2018)
    rig.now_us += 1
    (second,) = rig.command(0x2018)

    assert len(first[7:]) == 8
    assert first != second


@pytest.mark.parametrize(
    "packet", ["", "00", "04", "01030c", "01030c01", "03000000", "0240", "0240000100", "02400002000f"]
)
def test_what_is_no_packet_is_refused_and_changes_nothing(packet: str) -> None:
    rig = Rig()

    with pytest.raises(BadValueError) as refused:
        rig.write(bytes.fromhex(packet))

    assert refused.value.path == "packet"
    assert rig.told() == []


def test_a_command_may_hold_more_than_it_says() -> None:
    rig = Rig()

    rig.write(bytes.fromhex("01052000" + "fe75aefb8a15"))

    assert rig.told() == [complete(0x2005)]


def test_a_reset_of_the_controller_drops_what_was_going_on() -> None:
    rig = Rig()
    handle = rig.connect()
    rig.command(0x200D, creation("c4a0b1e000ab"))
    rig.command(0x200C, b"\x01\x00")

    assert rig.command(0x0C03) == [complete(0x0C03)]
    assert rig.run(SECOND) == []
    assert rig.controller.next_change_us(rig.now_us) is None
    assert rig.connect() == handle
    assert rig.controller.values(rig.now_us) == {}


def test_a_board_hears_its_demo_peripherals_and_a_reset_silences_it() -> None:
    board = Board(Settings())
    start = [bytes.fromhex("010b2007" + "01100010000000"), bytes.fromhex("010c2002" + "0100")]

    for packet in start:
        assert board.carry_out(WriteHci(packet), at_us(START_US)) == ()
    board.advance(at_us(START_US))
    heard = board.advance(at_us(START_US + STARTING_US + TURN))
    board.carry_out(Reset(), at_us(START_US + STARTING_US + TURN))
    board.advance(at_us(START_US + STARTING_US + TURN))

    reports = [one for one in heard if isinstance(one, HciRead)]
    assert len(reports) == 5
    assert not [one for one in board.advance(at_us(START_US + SECOND)) if isinstance(one, HciRead)]


def test_an_empty_bench_has_nobody_but_those_that_were_set() -> None:
    settings = convert(
        {"kind": "board", "bench": "empty", "peripherals": [{"name": "Mine", "address": ADDRESS}]}, Settings
    )
    board = Board(settings)
    board.carry_out(WriteHci(bytes.fromhex("010c20020100")), at_us(START_US))
    board.advance(at_us(START_US))

    heard = board.advance(at_us(START_US + TURN))

    assert settings.bench is Bench.EMPTY
    assert [one.packet[7:13] for one in heard if isinstance(one, HciRead)] == [bytes.fromhex(ADDRESS)[::-1]]


def test_nothing_is_heard_while_the_radio_begins_to_listen() -> None:
    rig = Rig()
    rig.command(0x200B, bytes.fromhex("01100010000000"))
    rig.command(0x200C, b"\x01\x00")

    early = rig.run(STARTING_US)

    assert early == []
    assert rig.run(TURN) != []
