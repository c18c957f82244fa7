"""Scanning, as a program of HCI sees it."""

import pytest

from hardwire.drivers.simulated.board.ble.peripheral import Advertising
from hardwire.model.board.ble_hci import AdvertisementFilter, FilterAdvertisements, StartHci, StopHci
from hardwire.model.errors import BadValueError
from tests.drivers.simulated.board.ble.paper import ADDRESS, MS, SECOND, TURN, Rig, complete, peripheral

ACTIVE = bytes((1, 16, 0, 16, 0, 0, 0))
PASSIVE = bytes((0, 16, 0, 16, 0, 0, 0))
EXTENDED_ACTIVE = bytes((0, 0, 1, 1, 16, 0, 16, 0))
EXTENDED_CODED = bytes((0, 0, 4, 1, 16, 0, 16, 0))
BACKWARDS = bytes.fromhex(ADDRESS)[::-1]


def scanning(rig: Rig, parameters: bytes = ACTIVE, *, is_without_duplicates: bool = False) -> Rig:
    assert rig.command(0x200B, parameters) == [complete(0x200B)]
    assert rig.command(0x200C, bytes((1, is_without_duplicates))) == [complete(0x200C)]
    return rig


def test_an_active_scan_reports_advertisement_and_scan_response_each_time() -> None:
    rig = scanning(Rig())

    told = rig.run(SECOND)

    advertisement, response = told[:2]
    assert len(told) == 20
    assert advertisement[:-1] == bytes.fromhex("043e0f0201" + "0001") + BACKWARDS + bytes.fromhex("03020106")
    assert response[:-1] == bytes.fromhex("043e130201" + "0401") + BACKWARDS + b"\x07\x06\x09Paper"
    assert -66 <= int.from_bytes(advertisement[-1:], signed=True) <= -54


def test_a_passive_scan_reports_advertisements_alone() -> None:
    rig = scanning(Rig(), PASSIVE)

    told = rig.run(SECOND)

    assert len(told) == 10
    assert {packet[5] for packet in told} == {0}


def test_who_takes_no_scan_requests_answers_none() -> None:
    rig = scanning(Rig(peripheral(advertising=Advertising.MUTE)))

    told = rig.run(TURN)

    assert [packet[5] for packet in told] == [3]


def test_without_duplicates_everybody_is_reported_once_a_scan() -> None:
    rig = scanning(Rig(), is_without_duplicates=True)

    first = rig.run(SECOND)
    again = [*rig.command(0x200C, b"\x00\x01"), *rig.command(0x200C, b"\x01\x01")]
    second = rig.run(SECOND)

    assert len(first) == len(second) == 2
    assert again == [complete(0x200C), complete(0x200C)]


def test_a_scan_that_is_over_reports_nothing_and_has_nothing_to_do() -> None:
    rig = scanning(Rig())
    rig.command(0x200C, bytes(2))

    assert rig.controller.next_change_us(rig.now_us) is None
    assert rig.run(SECOND) == []


def test_parameters_are_not_changed_while_a_scan_goes_on() -> None:
    rig = scanning(Rig())

    assert rig.command(0x200B, PASSIVE) == [complete(0x200B, 0x0C)]
    assert rig.command(0x2041, EXTENDED_ACTIVE) == [complete(0x2041, 0x0C)]


def test_what_was_missed_is_reported_once_as_it_is_now() -> None:
    rig = scanning(Rig())
    rig.now_us += 60 * SECOND

    assert len(rig.told()) == 2


def test_the_reports_of_several_keep_their_own_pace() -> None:
    rig = scanning(Rig(peripheral("c4a0b1e000aa"), peripheral("c4a0b1e000ab"), peripheral("c4a0b1e000ac")), PASSIVE)

    told = rig.run(SECOND)

    assert len(told) == 30
    assert len({packet[7] for packet in told[:3]}) == 3


@pytest.mark.parametrize(
    ("filters", "reports"),
    [
        ((), 2),
        ((AdvertisementFilter(9, 255, b"\x09Paper"),), 2),
        ((AdvertisementFilter(9, 255, b"\x09Pape"),), 2),
        ((AdvertisementFilter(9, 255, b"\x08Paper"), AdvertisementFilter(2, 6, BACKWARDS)), 2),
        ((AdvertisementFilter(9, 255, b"\x09Other"),), 0),
        ((AdvertisementFilter(3, 6, BACKWARDS),), 0),
        ((AdvertisementFilter(9, 2, b"\x09Paper"),), 0),
    ],
)
def test_filters_let_through_what_holds_their_bytes_in_their_range(
    filters: tuple[AdvertisementFilter, ...], reports: int
) -> None:
    rig = scanning(Rig())
    rig.controller.carry_out(FilterAdvertisements(filters), rig.now_us)

    assert len(rig.run(TURN)) == reports


def test_too_many_filters_are_refused_and_the_old_ones_stay() -> None:
    rig = scanning(Rig())
    rig.controller.carry_out(FilterAdvertisements((AdvertisementFilter(0, 1, b"\xff"),)), rig.now_us)

    with pytest.raises(BadValueError, match="room for 100 filters"):
        rig.controller.carry_out(FilterAdvertisements(101 * (AdvertisementFilter(0, 1, b"\x00"),)), rig.now_us)

    assert rig.run(SECOND) == []


def test_a_name_in_a_scan_response_is_not_seen_by_a_passive_scan() -> None:
    rig = scanning(Rig(), PASSIVE)
    rig.controller.carry_out(FilterAdvertisements((AdvertisementFilter(9, 255, b"Paper"),)), rig.now_us)

    assert rig.run(SECOND) == []


@pytest.mark.parametrize("command", [StartHci(), StopHci()])
def test_switching_the_controller_on_or_off_ends_scan_and_filters(command: StartHci | StopHci) -> None:
    rig = scanning(Rig())
    rig.controller.carry_out(FilterAdvertisements((AdvertisementFilter(0, 1, b"\xff"),)), rig.now_us)

    rig.controller.carry_out(command, rig.now_us)

    assert rig.run(SECOND) == []
    assert len(scanning(rig).run(TURN)) == 2


@pytest.mark.parametrize(
    ("advertising", "types"),
    [(Advertising.CONNECTABLE, [0x13, 0x1B]), (Advertising.SCANNABLE, [0x12, 0x1A]), (Advertising.MUTE, [0x10])],
)
def test_an_extended_scan_reports_the_same_in_its_own_form(advertising: Advertising, types: list[int]) -> None:
    rig = Rig(peripheral(advertising=advertising))
    assert rig.command(0x2041, EXTENDED_ACTIVE) == [complete(0x2041)]
    assert rig.command(0x2042, bytes(6)) == [complete(0x2042)]
    assert rig.command(0x2042, bytes((1, 1, 0, 0, 0, 0))) == [complete(0x2042)]

    told = rig.run(SECOND)

    assert [packet[5] for packet in told] == types
    first = told[0]
    assert first[:5].hex() == "043e1d0d01"
    assert first[6:8] == b"\x00\x01"
    assert first[8:14] == BACKWARDS
    assert first[14:18].hex() == "0100ff7f"
    assert first[19:28] == bytes(9)
    assert first[28:].hex() == "03020106"


def test_an_extended_scan_may_have_an_end() -> None:
    rig = Rig()
    rig.command(0x2041, EXTENDED_ACTIVE)
    rig.command(0x2042, bytes((1, 0, 25, 0, 0, 0)))

    told = rig.run(SECOND)

    assert told[-1].hex() == "043e0111"
    assert 4 <= len(told) - 1 <= 6


def test_a_scan_of_the_coded_phy_alone_hears_nobody_but_its_end() -> None:
    rig = Rig()
    rig.command(0x2041, EXTENDED_CODED)
    rig.command(0x2042, bytes((1, 0, 0, 0, 0, 0)))

    assert rig.controller.next_change_us(rig.now_us) is None
    assert rig.run(SECOND) == []
    rig.command(0x2042, bytes((1, 0, 1, 0, 0, 0)))
    assert [packet.hex() for packet in rig.run(10 * MS)] == ["043e0111"]
