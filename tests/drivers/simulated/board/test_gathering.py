"""The queue mode: what is published is gathered and stamped, answers are not kept back."""

import pytest

from hardwire.drivers.simulated.board.gathering import MOST_GATHERED
from hardwire.model.board.pin import DrivePin, PinLevel, ReadPin, StreamPin
from hardwire.model.board.system import Batch, Reset, SetClock, SetQueueMode, Stamp, Timestamped
from hardwire.model.errors import BadValueError
from hardwire.model.fact import Happening
from tests.drivers.simulated.board.desk import Desk, analyzer, settings, wave

WIRED = settings(nets=(("io0", "io8"),))


def batches(happenings: list[Happening]) -> list[tuple[Happening, ...]]:
    return [one.happenings for one in happenings if isinstance(one, Batch)]


def test_what_happens_within_an_interval_is_told_in_one_batch() -> None:
    desk = Desk(WIRED)
    desk.do(SetQueueMode(100, Stamp.NONE), StreamPin(8), DrivePin(0, True))
    desk.pass_us(50_000)
    desk.do(DrivePin(0, False))
    early = list(desk.told)
    desk.pass_us(60_000)

    assert early == []
    assert desk.told == [Batch((PinLevel(8, False), PinLevel(8, True), PinLevel(8, False)))]


def test_a_batch_goes_on_time_and_the_next_begins_with_what_happens_next() -> None:
    desk = Desk(settings(generators=(wave(1, 10.0),)))
    desk.do(SetQueueMode(100, Stamp.NONE), StreamPin(1))

    desk.pass_us(1_000_000)

    assert all(isinstance(one, Batch) for one in desk.told)
    assert {len(batch) for batch in batches(desk.told)} <= {2, 3}
    assert [level for batch in batches(desk.told) for level in batch] == [
        PinLevel(1, index % 2 == 0) for index in range(sum(map(len, batches(desk.told))))
    ]


@pytest.mark.parametrize(("stamp", "time"), [(Stamp.SECONDS, 1_795_608_000), (Stamp.MILLISECONDS, 1_795_608_000_000)])
def test_without_interval_each_goes_at_once_with_its_time(stamp: Stamp, time: int) -> None:
    desk = Desk(WIRED)
    desk.do(SetQueueMode(0, stamp), StreamPin(8))
    answers = desk.do(ReadPin(3))

    assert desk.told == [Batch((Timestamped(time, stamp), PinLevel(8, False)))]
    assert answers == [Timestamped(time, stamp), PinLevel(3, False)]


def test_each_of_a_batch_bears_its_own_time_by_the_board_s_clock() -> None:
    desk = Desk(WIRED)
    desk.do(SetClock(1_000), SetQueueMode(100, Stamp.MILLISECONDS), StreamPin(8))
    desk.pass_us(50_000)
    desk.do(DrivePin(0, True))
    desk.pass_us(50_000)

    assert batches(desk.told) == [
        (
            Timestamped(1_000, Stamp.MILLISECONDS),
            PinLevel(8, False),
            Timestamped(1_050, Stamp.MILLISECONDS),
            PinLevel(8, True),
        )
    ]


def test_a_full_batch_goes_before_its_time() -> None:
    desk = Desk(WIRED)
    desk.do(SetQueueMode(3_600_000, Stamp.NONE))
    for _ in range(MOST_GATHERED):
        desk.do(StreamPin(8))

    assert list(map(len, batches(desk.told))) == [MOST_GATHERED]


def test_a_batch_that_holds_too_much_goes_before_its_time() -> None:
    desk = Desk(settings(generators=(wave(1, 100.0),)))
    desk.do(SetQueueMode(3_600_000, Stamp.NONE), analyzer(1, 1, 100_000))

    desk.pass_us(4_000_000)

    assert list(map(len, batches(desk.told))) == [3]


def test_what_was_gathered_goes_when_the_mode_ends() -> None:
    desk = Desk(WIRED)
    desk.do(SetQueueMode(100, Stamp.NONE), StreamPin(8), SetQueueMode(0, Stamp.NONE), DrivePin(0, True))

    assert desk.told == [Batch((PinLevel(8, False),)), PinLevel(8, True)]


def test_a_reset_ends_the_mode_and_what_was_gathered_is_lost() -> None:
    desk = Desk(WIRED)
    desk.do(SetQueueMode(100, Stamp.SECONDS), StreamPin(8), Reset())
    desk.pass_us(1_000_000)
    lost = list(desk.told)
    desk.do(StreamPin(8))

    assert (lost, desk.told) == ([], [PinLevel(8, False)])


@pytest.mark.parametrize("interval_ms", [-1, 3_600_001])
def test_an_interval_that_no_board_knows_is_refused(interval_ms: int) -> None:
    with pytest.raises(BadValueError):
        Desk().do(SetQueueMode(interval_ms, Stamp.NONE))
