"""The virtual board as a driver: what it publishes, when it wakes, and how it reboots."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from inspect import isawaitable

import pytest

from hardwire.drivers.simulated.board.driver import SimulatedBoard, make, pause_until
from hardwire.drivers.simulated.board.settings import Settings
from hardwire.model.board.display import DisplayShown, ReadDisplay, ShowQr
from hardwire.model.board.measure import EchoMeasured, MeasureEcho
from hardwire.model.board.pin import DrivePin, PinLevel, ReadPin, StreamPin
from hardwire.model.board.pwm import SetPwmFrequency, SetPwmPulse, StartPwm
from hardwire.model.board.switch import ReadSwitch, SwitchMoved, SwitchPosition, SwitchRead
from hardwire.model.board.system import EndVisit, PingBoard, Pong, ResetWhenLeft, SleepSeconds, Wait
from hardwire.model.command import Command, Done, Failed, Reboot, Reply, WritePoints
from hardwire.model.errors import BadValueError, DeviceError, UnknownError
from hardwire.model.fact import Happening, Sample
from hardwire.model.value import Value
from tests.fakes.paper_feed import NOON, PaperFeed


@asynccontextmanager
async def running(feed: PaperFeed) -> AsyncIterator[SimulatedBoard]:
    board = SimulatedBoard("bench", "home", "UTC", Settings(), sleep=feed.sleep, pause=feed.pause)
    task = asyncio.create_task(board.run(feed))
    await feed.settle()
    yield board
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def carried_out(board: SimulatedBoard, command: Command) -> Reply:
    reply = board.execute("bench", command)
    return await reply if isawaitable(reply) else reply


def answers_of(reply: object) -> tuple[Happening, ...]:
    assert isinstance(reply, Done)
    return reply.happenings


def last_values(feed: PaperFeed) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for sample in feed.samples:
        values.update(sample.values)
    return values


def test_a_board_declares_its_hardware_and_that_it_is_virtual() -> None:
    (device,) = make("bench", "home", "Europe/Amsterdam", Settings()).devices

    assert (device.kind, device.profile, device.firmware, device.is_virtual) == ("board", "obnizb1", "7.1.0", True)
    assert device.timezone == "Europe/Amsterdam"
    assert [point.name for point in device.points if point.writable] == [*(f"io{pin}" for pin in range(12)), "switch"]


@pytest.mark.parametrize(
    ("name", "advice"), [("obniz1", "did you mean 'obnizb1'"), ("toaster", "choose one of obnizb1")]
)
def test_an_unknown_board_is_refused_with_the_nearest_known_one(name: str, advice: str) -> None:
    with pytest.raises(BadValueError, match=advice) as refusal:
        make("bench", "home", "UTC", Settings(hardware=name))

    assert refusal.value.path == "hardware"


async def test_a_board_tells_all_its_points_when_it_starts() -> None:
    feed = PaperFeed()

    async with running(feed) as board:
        declared = {point.name for point in board.devices[0].points}

    assert set(last_values(feed)) == declared
    assert feed.alive_told == ["bench"]


async def test_an_idle_board_wakes_four_times_a_second_for_its_square_waves() -> None:
    feed = PaperFeed()

    async with running(feed):
        await feed.until(NOON + timedelta(seconds=10))

    assert len(feed.samples) == 41
    assert [sample.values.get("io6") for sample in feed.samples[:4]] == [True, False, True, False]
    assert len(feed.happenings) == 0


async def test_a_command_is_answered_at_once_and_its_point_told() -> None:
    feed = PaperFeed()

    async with running(feed) as board:
        reply = board.execute("bench", DrivePin(3, True))

        assert reply == Done()
        assert feed.facts[-1] == Sample("bench", NOON, {"io3": True})


async def test_a_one_shot_answer_goes_to_the_asker_alone() -> None:
    feed = PaperFeed()

    async with running(feed) as board:
        reply = board.execute("bench", ReadPin(4))

        assert reply == Done((PinLevel(4, False),))
        assert feed.happenings == []


async def test_a_stream_goes_to_all_with_the_present_level_before_the_command_is_done() -> None:
    feed = PaperFeed()

    async with running(feed) as board:
        reply = board.execute("bench", StreamPin(4))

        assert reply == Done()
        assert feed.happenings == [PinLevel(4, False)]


async def test_a_streamed_wave_is_told_edge_by_edge() -> None:
    feed = PaperFeed()

    async with running(feed) as board:
        board.execute("bench", StreamPin(1))
        await feed.until(NOON + timedelta(seconds=1))

    assert feed.happenings[:4] == [PinLevel(1, level) for level in (True, False, True, False)]


async def test_what_happened_before_a_command_is_told_before_what_it_brings_about() -> None:
    feed = PaperFeed()

    async with running(feed) as board:
        board.execute("bench", StreamPin(1))
        feed.leap(0.250)
        board.execute("bench", StreamPin(4))

    assert feed.happenings == [PinLevel(1, True), PinLevel(1, False), PinLevel(4, False)]


async def test_questions_tell_nobody_anything() -> None:
    feed = PaperFeed()

    async with running(feed) as board:
        told = len(feed.facts)

        assert board.execute("bench", PingBoard(b"key")) == Done((Pong(b"key", 1_795_608_000_000),))
        assert board.execute("bench", ReadSwitch()) == Done((SwitchRead(SwitchPosition.NONE),))
        assert len(feed.facts) == told


async def test_a_wrong_command_fails_and_the_board_works_on() -> None:
    feed = PaperFeed()

    async with running(feed) as board:
        wrong = board.execute("bench", ReadPin(12))
        right = board.execute("bench", ReadPin(11))

    assert isinstance(wrong, Failed)
    assert isinstance(wrong.error, UnknownError)
    assert right == Done((PinLevel(11, False),))


async def test_a_wait_is_done_when_its_time_is_over_and_the_waves_go_on_meanwhile() -> None:
    feed = PaperFeed()

    async with running(feed) as board:
        before = len(feed.samples)
        reply = asyncio.create_task(carried_out(board, Wait(2_000)))
        await feed.until(NOON + timedelta(seconds=1.9))
        is_early = reply.done()
        await feed.until(NOON + timedelta(seconds=2))

        assert not is_early
        assert reply.result() == Done()
        assert len(feed.samples) == before + 8


@pytest.mark.parametrize("duration_ms", [-1, 65_536])
async def test_a_wait_that_no_board_can_do_is_refused_at_once(duration_ms: int) -> None:
    feed = PaperFeed()

    async with running(feed) as board:
        reply = await carried_out(board, Wait(duration_ms))

    assert isinstance(reply, Failed)
    assert isinstance(reply.error, BadValueError)


async def test_a_reboot_is_answered_first_then_the_board_is_away_for_a_second() -> None:
    feed = PaperFeed()

    async with running(feed) as board:
        board.execute("bench", DrivePin(3, True))
        told = len(feed.facts)

        reply = board.execute("bench", Reboot())
        lost_at_reply = list(feed.lost_told)
        await feed.settle()
        refused = board.execute("bench", ReadPin(3))
        silent = len(feed.facts) == told
        await feed.until(NOON + timedelta(seconds=2))
        back = board.execute("bench", ReadPin(3))

    assert (reply, lost_at_reply, silent) == (Done(), [], True)
    assert feed.lost_told == [("bench", "the board reboots")]
    assert isinstance(refused, Failed)
    assert isinstance(refused.error, DeviceError)
    assert refused.error.code == "offline"
    assert back == Done((PinLevel(3, False),))
    assert last_values(feed)["io3"] is False


async def test_the_last_client_s_leaving_resets_the_board_and_the_page_sees_it() -> None:
    feed = PaperFeed()

    async with running(feed) as board:
        board.execute("bench", ResetWhenLeft(True))
        board.execute("bench", DrivePin(3, True))
        board.interest("bench", "events", is_watched=False)
        await feed.until(NOON + timedelta(seconds=1))

    assert last_values(feed)["io3"] is False


async def test_who_comes_after_a_reset_finds_the_pins_as_later_commands_left_them() -> None:
    feed = PaperFeed()

    async with running(feed) as board:
        board.execute("bench", ResetWhenLeft(True))
        board.interest("bench", "events", is_watched=False)
        board.interest("bench", "events", is_watched=True)
        board.execute("bench", DrivePin(3, True))
        board.execute("bench", EndVisit())
        await feed.until(NOON + timedelta(seconds=1))

    assert last_values(feed)["io3"] is True


@pytest.mark.parametrize(("topic", "is_watched"), [("points", False), ("events", True)])
async def test_other_comings_and_goings_reset_nothing(topic: str, is_watched: bool) -> None:
    feed = PaperFeed()

    async with running(feed) as board:
        board.execute("bench", ResetWhenLeft(True))
        board.execute("bench", DrivePin(3, True))
        board.interest("bench", topic, is_watched=is_watched)
        await feed.until(NOON + timedelta(seconds=1))

    assert last_values(feed)["io3"] is True


async def test_a_client_that_leaves_a_rebooting_board_does_not_bring_it_back_early() -> None:
    feed = PaperFeed()

    async with running(feed) as board:
        board.execute("bench", ResetWhenLeft(True))
        board.execute("bench", Reboot())
        await feed.settle()
        told = len(feed.facts)
        board.interest("bench", "events", is_watched=False)
        await feed.settle()

        assert len(feed.lost_told) == 1
        assert len(feed.facts) == told


async def test_the_switch_is_pressed_from_outside() -> None:
    feed = PaperFeed()

    async with running(feed) as board:
        board.execute("bench", WritePoints({"switch": "push"}))

    assert last_values(feed)["switch"] == "push"


async def test_commands_behind_a_wait_happen_when_it_was_over_however_late_the_loop_is() -> None:
    feed = PaperFeed()

    async with running(feed) as board:
        reply = asyncio.create_task(carried_out(board, Wait(100)))
        await feed.settle()
        feed.leap(0.150)
        for _ in range(10):
            if reply.done():
                break
            await asyncio.sleep(0)
        (behind,) = answers_of(board.execute("bench", PingBoard(b"behind")))
        await feed.settle()
        (caught_up,) = answers_of(board.execute("bench", PingBoard(b"caught up")))

    assert (behind, caught_up) == (Pong(b"behind", 1_795_608_000_100), Pong(b"caught up", 1_795_608_000_150))


async def test_a_measurement_answers_when_its_edges_are_there() -> None:
    feed = PaperFeed()
    command = MeasureEcho(pulse_pin=0, echo_pin=2, is_positive=True, pulse_us=11, edges=2, timeout_us=30_000)

    async with running(feed) as board:
        reply = asyncio.create_task(carried_out(board, command))
        await feed.until(NOON + timedelta(milliseconds=6))
        is_early = reply.done()
        await feed.until(NOON + timedelta(milliseconds=7))

        assert not is_early
        assert [type(one) for one in answers_of(reply.result())] == [EchoMeasured]


async def test_a_picture_is_made_aside_and_answered_when_it_is_ready() -> None:
    feed = PaperFeed()

    async with running(feed) as board:
        shown = await carried_out(board, ReadDisplay())

    assert [type(one) for one in answers_of(shown)] == [DisplayShown]


async def test_work_aside_that_fails_is_the_command_s_failure() -> None:
    feed = PaperFeed()

    async with running(feed) as board:
        refused = await carried_out(board, ShowQr("x" * 3_000))

    assert isinstance(refused, Failed)
    assert isinstance(refused.error, BadValueError)


async def test_a_failure_at_the_end_is_the_command_s_too() -> None:
    feed = PaperFeed()

    def fail(now_us: int) -> tuple[()]:
        raise UnknownError("gone in the meantime")

    async with running(feed) as board:
        reply = board._end(fail, feed)

    assert isinstance(reply, Failed)


async def test_work_beside_the_board_wakes_it_and_ends_with_it() -> None:
    feed = PaperFeed()
    ended = []

    async def work(board: SimulatedBoard) -> None:
        try:
            board._board._tell(SwitchMoved(SwitchPosition.LEFT))
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    async with running(feed) as board:
        board._start(work(board))
        await feed.settle()

        assert feed.happenings == [SwitchMoved(SwitchPosition.LEFT)]

    board._start(work(board))
    assert ended == [True]


async def test_what_had_happened_before_a_wrong_command_is_told_all_the_same() -> None:
    feed = PaperFeed()

    async with running(feed) as board:
        board.execute("bench", StreamPin(1))
        feed.leap(0.250)
        board.execute("bench", ReadPin(12))
        await feed.settle()

    assert feed.happenings == [PinLevel(1, True), PinLevel(1, False)]


async def test_a_sleeping_board_is_lost_until_it_wakes() -> None:
    feed = PaperFeed()

    async with running(feed) as board:
        board.execute("bench", SleepSeconds(10))
        await feed.until(NOON + timedelta(seconds=9))
        asleep = board.execute("bench", ReadPin(3))
        await feed.until(NOON + timedelta(seconds=10))
        awake = board.execute("bench", ReadPin(3))

    assert feed.lost_told == [("bench", "the board sleeps")]
    assert isinstance(asleep, Failed)
    assert awake == Done((PinLevel(3, False),))


async def test_a_thousand_commands_a_second_are_a_few_samples_of_their_points() -> None:
    feed = PaperFeed()

    async with running(feed) as board:
        before = len(feed.samples)
        for index in range(1_000):
            board.execute("bench", DrivePin(3, index % 2 == 0))
            await feed.until(NOON + timedelta(milliseconds=index))
        await feed.until(NOON + timedelta(seconds=2))

    assert 20 <= len(feed.samples) - before <= 80
    assert last_values(feed)["io3"] is False


async def test_a_fast_wave_is_a_few_samples_a_second() -> None:
    feed = PaperFeed()

    async with running(feed) as board:
        board.execute("bench", StartPwm(0, 3))
        board.execute("bench", SetPwmFrequency(0, 77))
        board.execute("bench", SetPwmPulse(0, 6_000))
        before = len(feed.samples)
        await feed.until(NOON + timedelta(seconds=10))

    assert len(feed.samples) - before <= 41


async def test_a_board_that_does_not_run_is_offline() -> None:
    board = make("bench", "home", "UTC", Settings())

    reply = await carried_out(board, ReadPin(0))

    assert isinstance(reply, Failed)
    assert isinstance(reply.error, DeviceError)


async def test_a_pause_ends_when_it_is_woken_or_when_its_time_is_over() -> None:
    woken = asyncio.Event()

    await pause_until(woken, 0.001)
    timed_out = not woken.is_set()
    woken.set()
    await pause_until(woken, 600)

    assert timed_out
