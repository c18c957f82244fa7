"""The attribute server, request by request (Bluetooth Core, volume 3, part F, section 3.4)."""

from itertools import pairwise

import pytest

from hardwire.drivers.simulated.board.ble.att import LARGEST_MTU, PREPARED_LIMIT, AttServer
from hardwire.drivers.simulated.board.ble.peripheral import Peripheral
from hardwire.drivers.simulated.board.ble.uuids import uuid_octets
from tests.drivers.simulated.board.ble.paper import LEVEL, SECOND, SECRET, START_US, half_readable, peripheral

NOW_LEVEL = START_US // SECOND % 256
LONG_SERVICE = "b0" * 16


class Asked:
    """A server on paper, asked in hex and answering in hex."""

    def __init__(self, one: Peripheral | None = None) -> None:
        self.peripheral = one or peripheral()
        self.server = AttServer(self.peripheral)

    def __call__(self, request: str, now_us: int = START_US) -> str | None:
        answer = self.server.answer(bytes.fromhex(request), now_us)
        return None if answer is None else answer.hex()

    def told(self, now_us: int) -> list[str | None]:
        """What it sends to its subscriber by itself."""
        notifications = self.peripheral.notifications(now_us)
        packets = [self.server.told(notification) for notification in notifications]
        return [None if packet is None else packet.hex() for packet in packets]


def error(opcode: int, handle: int, code: int) -> str:
    return bytes((1, opcode, handle & 0xFF, handle >> 8, code)).hex()


@pytest.mark.parametrize(
    ("asked", "agreed"), [(23, 23), (10, 23), (100, 100), (256, LARGEST_MTU), (65_535, LARGEST_MTU)]
)
def test_both_agree_on_the_smaller_packets(asked: int, agreed: int) -> None:
    answer = Asked()("02" + asked.to_bytes(2, "little").hex())

    assert answer == "03" + agreed.to_bytes(2, "little").hex()


def test_services_are_found_group_by_group_of_one_length() -> None:
    ask = Asked()

    assert ask("100100ffff0028") == "1106" + "010006000f18"
    assert ask("100700ffff0028") == "1114" + "07000e00" + LONG_SERVICE
    assert ask("100f00ffff0028") == error(0x10, 15, 0x0A)


def test_there_are_no_secondary_services() -> None:
    assert Asked()("100100ffff0128") == error(0x10, 1, 0x10)
    assert Asked()("100100ffff01") == error(0x10, 1, 0x10)


def test_a_service_is_found_by_its_uuid() -> None:
    ask = Asked()

    assert ask("060100ffff00280f18") == "0701000600"
    assert ask("060100ffff0028" + LONG_SERVICE) == "0707000e00"
    assert ask("060100ffff00280d18") == error(0x06, 1, 0x0A)
    assert ask("060100ffff192a" + f"{NOW_LEVEL:02x}") == "0703000300"
    assert ask("060100ffff1c2a00") == error(0x06, 1, 0x0A)
    assert ask("060100ffff00") == error(0x06, 0, 0x04)


def test_characteristics_are_found_as_many_as_fit_and_are_alike() -> None:
    ask = Asked()

    assert ask("0801000600" + "0328") == "0907" + "0200" + "12" + "0300" + "192a"
    assert ask("0807000e00" + "0328") == "0907" + "0800" + "0e" + "0900" + "392a" + "0a00" + "20" + "0b00" + "1c2a"
    assert ask("080d000e00" + "0328") == "0915" + "0d00" + "02" + "0e00" + SECRET
    assert ask("080e000e00" + "0328") == error(0x08, 14, 0x0A)


def test_a_value_is_read_by_its_type_too() -> None:
    ask = Asked()

    assert ask("080100ffff" + uuid_octets(SECRET).hex()) == "0903" + "0e0073"
    assert ask("080100ffff" + uuid_octets(LEVEL).hex()) == "0903" + "0300" + f"{NOW_LEVEL:02x}"
    assert ask("080100ffff392a") == "0915" + "0900" + "30" * 19
    assert ask("080100ffff1c2a") == error(0x08, 11, 0x02)


def test_reading_by_type_stops_before_what_cannot_be_read() -> None:
    ask = Asked(half_readable())

    assert ask("080100ffff192a") == "0903" + "030061"
    assert ask("080400ffff192a") == error(0x08, 5, 0x02)


def test_descriptors_are_found_between_two_handles() -> None:
    ask = Asked()

    assert ask("0404000600") == "0501" + "04000229" + "05000129" + "06000429"
    assert ask("040e00ffff") == "0502" + "0e00" + SECRET
    assert ask("040d000e00") == "0501" + "0d000328"
    assert ask("040f00ffff") == error(0x04, 15, 0x0A)


def test_a_value_is_read_in_one_piece_or_in_several() -> None:
    ask = Asked()

    assert ask("0a0300") == "0b" + f"{NOW_LEVEL:02x}"
    assert ask("0a0900") == "0b" + "30" * 22
    assert ask("0c09001600") == "0d" + "30" * 18
    assert ask("0c09002800") == "0d"
    assert ask("0c09002900") == error(0x0C, 9, 0x07)
    assert ask("0e03000e00") == "0f" + f"{NOW_LEVEL:02x}" + "73"


def test_every_kind_of_attribute_can_be_read_by_its_handle() -> None:
    ask = Asked()

    assert ask("0a0100") == "0b0f18"
    assert ask("0a0200") == "0b12" + "0300" + "192a"
    assert ask("0a0400") == "0b0000"
    assert ask("0a0500") == "0b" + b"Level".hex()


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        ("0a0000", error(0x0A, 0, 0x01)),
        ("0a0f00", error(0x0A, 15, 0x01)),
        ("0a0b00", error(0x0A, 11, 0x02)),
        ("0a03", error(0x0A, 0, 0x04)),
        ("0e0300", error(0x0E, 0, 0x04)),
        ("0e030003", error(0x0E, 0, 0x04)),
        ("100000ffff0028", error(0x10, 0, 0x01)),
        ("08050004000328", error(0x08, 5, 0x01)),
        ("0801000500", error(0x08, 0, 0x04)),
        ("120300ff", error(0x12, 3, 0x03)),
        ("120100ff", error(0x12, 1, 0x03)),
        ("12", error(0x12, 0, 0x04)),
        ("120400ff", error(0x12, 4, 0x0D)),
        ("1204000200", error(0x12, 4, 0xFD)),
        ("120900" + "00" * 513, error(0x12, 9, 0x0D)),
        ("16630000000a", error(0x16, 0x63, 0x01)),
        ("160900", error(0x16, 0, 0x04)),
        ("1802", error(0x18, 0, 0x04)),
        ("2001000200", error(0x20, 0, 0x06)),
    ],
)
def test_what_is_not_done_is_answered_with_its_reason(request_: str, answer: str) -> None:
    assert Asked()(request_) == answer


@pytest.mark.parametrize("pdu", ["", "0317", "d20900ff", "1e", "52", "52ff00ff", "520300ff"])
def test_what_wants_no_answer_gets_none(pdu: str) -> None:
    assert Asked()(pdu) is None


def test_a_value_is_written_with_and_without_an_answer() -> None:
    ask = Asked()

    assert ask("1209002a") == "13"
    assert ask("0a0900") == "0b2a"
    assert ask("5209002b2c") is None
    assert ask("0a0900") == "0b2b2c"
    assert ask("12060079") == "13"
    assert ask("0a0600") == "0b79"


def test_a_long_value_is_prepared_and_then_written_at_once() -> None:
    ask = Asked()

    assert ask("1609000000" + "61" * 18) == "1709000000" + "61" * 18
    assert ask("1609001200" + "62" * 5) == "1709001200" + "62" * 5
    assert ask("0a0900") == "0b" + "30" * 22
    assert ask("1801") == "19"
    assert ask("0a0900") == "0b" + "61" * 18 + "62" * 4
    assert ask("0c09001600") == "0d62"


def test_prepared_writes_can_be_cancelled_and_must_follow_each_other() -> None:
    ask = Asked()

    assert ask("160900000061") == "170900000061"
    assert ask("1800") == "19"
    assert ask("1801") == "19"
    assert ask("160900050061") == "170900050061"
    assert ask("1801") == error(0x18, 9, 0x07)
    assert ask("0a0900") == "0b" + "30" * 22


def test_only_so_many_writes_can_be_prepared_until_the_value_is_begun_anew() -> None:
    ask = Asked()

    answers = [ask(f"160900{number:02x}0061") for number in range(PREPARED_LIMIT + 1)]

    assert answers[-2:] == [f"170900{PREPARED_LIMIT - 1:02x}0061", error(0x16, 9, 0x09)]
    assert ask("160900000062") == "170900000062"
    assert ask("1801") == "19"
    assert ask("0a0900") == "0b62"


def test_a_subscriber_is_told_the_value_cut_to_a_packet() -> None:
    ask = Asked()

    assert ask("1204000100") == "13"
    assert ask("0a0400") == "0b0100"
    told = ask.told(START_US + SECOND)

    assert told == ["1b0300" + f"{(NOW_LEVEL + 1) % 256:02x}"]


def test_an_indication_waits_until_the_last_one_is_confirmed() -> None:
    ask = Asked()
    assert ask("120c000200") == "13"

    first, second = ask.told(START_US + SECOND), ask.told(START_US + 2 * SECOND)
    assert ask("1e") is None
    third = ask.told(START_US + 3 * SECOND)

    cut = "1d0b00" + (b"ring" * 5).hex()
    assert (first, second, third) == ([cut], [None], [cut])


def test_the_value_of_a_second_is_that_second_s() -> None:
    ask = Asked()

    read = [ask("0a0300", START_US + second * SECOND) for second in range(3)]

    assert all(int(after[2:], 16) - int(before[2:], 16) in (1, -255) for before, after in pairwise(map(str, read)))
