"""The virtual board as a whole: screen, switch, system commands and points, with the time as an argument."""

from datetime import datetime, timedelta

import pytest

from hardwire.drivers.simulated.board.board import Board
from hardwire.drivers.simulated.board.settings import Settings
from hardwire.model.board.analog import ReadAnalog, StopAnalog, StreamAnalog
from hardwire.model.board.display import ClearDisplay, DrawPixels, NamePin, ShowText
from hardwire.model.board.pin import Drive, DrivePin, Pull, ReadPin, ReleasePin, SetDrive, SetPull, StreamPin
from hardwire.model.board.switch import ReadSwitch, SwitchMoved, SwitchPosition, SwitchRead
from hardwire.model.board.system import EndVisit, PingBoard, Pong, Reset, ResetWhenLeft
from hardwire.model.command import Command, Identify, LogUnbuffered, Reboot, WritePoints
from hardwire.model.errors import BadValueError, CallerError, UnknownError
from tests.fakes.paper_feed import NOON

LOW = NOON + timedelta(milliseconds=250)
"""An instant at which the square wave is low."""


def board() -> Board:
    return Board(Settings())


def ms(count: int) -> timedelta:
    return timedelta(milliseconds=count)


def carry_out_all(one: Board, *commands: Command, now: datetime = NOON) -> None:
    for command in commands:
        one.carry_out(command, now)


def test_a_ping_carries_its_key_back_with_the_board_s_time() -> None:
    answers = board().carry_out(PingBoard(b"\x01\x02"), NOON + ms(5))

    assert answers == (Pong(b"\x01\x02", 1_795_608_000_005),)


def test_the_switch_moves_by_hand_and_tells_only_moves() -> None:
    one = board()
    carry_out_all(one, WritePoints({"switch": "push"}), WritePoints({"switch": "push"}))

    told = one.advance(NOON)

    assert told == (SwitchMoved(SwitchPosition.PUSH),)
    assert one.carry_out(ReadSwitch(), NOON) == (SwitchRead(SwitchPosition.PUSH),)
    assert one.changed_points(NOON)["switch"] == "push"


def test_writing_an_io_point_drives_the_pin() -> None:
    one = board()
    carry_out_all(one, WritePoints({"io1": True, "io2": True}))

    points = one.changed_points(LOW)

    assert (points["io1"], points["io2"]) == (True, True)


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"io0": True, "switch": "up"}, "switch"),
        ({"io0": True, "switch": True}, "switch"),
        ({"io0": True, "io2": 1}, "io2"),
        ({"io0": True, "ad3": 1.0}, "ad3"),
        ({"io0": True, "io12": True}, "io12"),
        ({"io0": True, "display_text": "x"}, "display_text"),
    ],
)
def test_one_wrong_value_keeps_all_from_being_written(values: dict[str, bool | float | str], path: str) -> None:
    one = board()

    with pytest.raises(CallerError) as refusal:
        one.carry_out(WritePoints(values), NOON)

    assert refusal.value.path == path
    assert one.changed_points(NOON)["io0"] is False


def test_text_names_and_clear_are_seen_on_the_screen() -> None:
    one = board()
    carry_out_all(one, ShowText("Hello"), NamePin(3, "LED anode too long"))

    shown = one.changed_points(NOON)
    carry_out_all(one, ClearDisplay())
    cleared = one.changed_points(NOON)

    assert (shown["display_text"], shown["display_labels"]) == ("Hello", ("io3: LED anode",))
    assert cleared == {"display_text": ""}


def test_a_picture_takes_the_place_of_the_text() -> None:
    one = board()
    carry_out_all(one, ShowText("Hello"))

    carry_out_all(one, DrawPixels(b"\xff" * 100))

    assert one.changed_points(NOON)["display_text"] == ""


@pytest.mark.parametrize(("pixels", "depth", "path"), [(b"\0" * 1_025, 1, "pixels"), (b"\0" * 1_024, 16, "depth")])
def test_a_picture_that_the_screen_cannot_show_is_refused(pixels: bytes, depth: int, path: str) -> None:
    one = board()
    carry_out_all(one, ShowText("Hello"))

    with pytest.raises(BadValueError) as refusal:
        one.carry_out(DrawPixels(pixels, depth), NOON)

    assert refusal.value.path == path
    assert one.changed_points(NOON)["display_text"] == "Hello"


@pytest.mark.parametrize(
    "command",
    [
        DrivePin(12, True),
        ReadPin(12),
        StreamPin(-1),
        SetDrive(12, Drive.OPEN_DRAIN),
        SetPull(12, Pull.DOWN),
        ReleasePin(39),
        ReadAnalog(12),
        StreamAnalog(12),
        StopAnalog(12),
    ],
)
def test_a_pin_or_channel_that_the_board_has_not_is_refused_with_those_it_has(command: Command) -> None:
    with pytest.raises(UnknownError, match=r"it has (io0, .*, io11|ad0, .*, ad11)"):
        board().carry_out(command, NOON)


def test_a_label_beside_a_pin_that_the_board_has_not_is_shown_nowhere() -> None:
    one = board()

    answers = one.carry_out(NamePin(0x50, "24LC address"), NOON)

    assert answers == ()
    assert one.changed_points(NOON)["display_labels"] == ()


def test_a_command_of_another_kind_of_device_is_unsupported() -> None:
    with pytest.raises(CallerError) as refusal:
        board().carry_out(LogUnbuffered(60), NOON)

    assert refusal.value.code == "unsupported"


def test_identifying_a_board_needs_no_more_than_saying_yes() -> None:
    assert board().carry_out(Identify(), NOON) == ()


@pytest.mark.parametrize("command", [Reset(), Reboot()])
def test_a_reset_brings_everything_back_but_the_switch_that_a_hand_holds(command: Command) -> None:
    one = board()
    carry_out_all(one, DrivePin(3, True), SetPull(4, Pull.UP_5V), StreamAnalog(5), StreamPin(6))
    carry_out_all(one, ShowText("Hello"), NamePin(3, "led"), WritePoints({"switch": "left"}))
    one.advance(NOON)
    one.changed_points(NOON)

    carry_out_all(one, command)

    assert one.advance(NOON + ms(100)) == ()
    assert one.changed_points(NOON) == {"io3": False, "io4": False, "display_text": "", "display_labels": ()}


def test_a_reboot_takes_a_second() -> None:
    one = board()
    carry_out_all(one, Reboot())

    assert one.is_offline(NOON + ms(999))
    assert not one.is_offline(NOON + ms(1_000))
    assert one.next_change(NOON) == NOON + ms(1_000)
    assert one.next_change(NOON + ms(1_000)) == NOON + ms(1_250)


def test_the_last_client_s_leaving_resets_the_board_once_where_it_was_wanted() -> None:
    one = board()
    carry_out_all(one, ResetWhenLeft(True), DrivePin(3, True))
    one.changed_points(NOON)

    one.leave(NOON)
    after_first = one.changed_points(NOON)
    carry_out_all(one, DrivePin(3, True))
    one.changed_points(NOON)
    one.leave(NOON)

    assert after_first == {"io3": False}
    assert one.changed_points(NOON) == {}


def test_what_a_gone_client_had_still_waiting_is_reset_behind_it() -> None:
    one = board()
    carry_out_all(one, ResetWhenLeft(True))
    one.leave(NOON)

    carry_out_all(one, DrivePin(3, True), EndVisit())

    assert one.changed_points(NOON)["io3"] is False


def test_a_gone_client_s_wish_for_a_reset_may_itself_have_been_waiting() -> None:
    one = board()
    one.leave(NOON)

    carry_out_all(one, ResetWhenLeft(True), DrivePin(3, True), EndVisit())

    assert one.changed_points(NOON)["io3"] is False


@pytest.mark.parametrize("is_wanted", [True, False])
def test_the_end_of_a_visit_resets_nothing_where_others_are_or_nobody_wanted_it(is_wanted: bool) -> None:
    one = board()
    carry_out_all(one, ResetWhenLeft(is_wanted))
    one.leave(NOON)
    if is_wanted:
        one.meet()

    carry_out_all(one, DrivePin(3, True), EndVisit())

    assert one.changed_points(NOON)["io3"] is True


def test_the_wish_for_a_reset_can_be_taken_back() -> None:
    one = board()
    carry_out_all(one, ResetWhenLeft(True), DrivePin(3, True), ResetWhenLeft(False))

    one.leave(NOON)

    assert one.changed_points(NOON)["io3"] is True


def test_points_of_the_channels_are_news_once_a_second_and_others_when_they_change() -> None:
    one = board()

    first = one.changed_points(NOON)
    edge = one.changed_points(NOON + ms(250))
    second = one.changed_points(NOON + ms(1_000))

    assert {f"ad{channel}" for channel in range(12)} < set(first)
    assert edge == {"io1": False, "io6": False}
    assert {"ad0", "io1"} < set(second)
    assert "io0" not in second


def test_a_board_without_waves_is_looked_at_once_a_second() -> None:
    one = board()

    carry_out_all(one, DrivePin(1, True), DrivePin(6, True))

    assert one.next_change(NOON) == NOON + ms(1_000)
