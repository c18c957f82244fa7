"""The order of a device."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import pairwise

import pytest

from hardwire.hub import execution
from hardwire.hub.execution import LEFT_BEHIND_S, DeviceQueue, Visit
from hardwire.model.board.measure import MeasureEcho
from hardwire.model.board.system import Wait
from hardwire.model.command import Command, Done, Failed, Identify, LogUnbuffered, Reply
from hardwire.model.errors import BadValueError, DeviceError, HubFaultError
from tests.fakes.paper_driver import PaperDriver
from tests.fakes.still_clock import StillClock


class Replies:
    """Replies by the number of their command, in the order of their arrival."""

    def __init__(self) -> None:
        self.seen: list[tuple[int, Reply]] = []

    def take(self, number: int) -> Callable[[Reply], None]:
        return lambda reply: self.seen.append((number, reply))

    def order(self) -> list[int]:
        return [number for number, _ in self.seen]

    def codes(self) -> list[str]:
        return [reply.error.code if isinstance(reply, Failed) else "done" for _, reply in self.seen]


def wish(number: int) -> Command:
    return LogUnbuffered(number)


def queue(driver: PaperDriver, *, timeout_s: float = 5) -> tuple[DeviceQueue, list[BaseException]]:
    faults: list[BaseException] = []
    return DeviceQueue("board", driver, lambda device, fault: faults.append(fault), timeout_s=timeout_s), faults


async def rest() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_what_a_driver_answers_at_once_is_answered_before_submit_returns() -> None:
    replies = Replies()
    commands, _ = queue(PaperDriver())

    commands.submit(wish(1), replies.take(1))

    assert replies.seen == [(1, Done())]


async def test_commands_wait_for_the_one_before_them() -> None:
    replies = Replies()
    first: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
    driver = PaperDriver(answer=lambda command: first if command == wish(1) else Done())
    commands, _ = queue(driver)
    for number in (1, 2, 3):
        commands.submit(wish(number), replies.take(number))
    await rest()
    begun = list(driver.commands)

    first.set_result(Done())
    await rest()

    assert begun == [wish(1)]
    assert driver.commands == [wish(1), wish(2), wish(3)]
    assert replies.order() == [1, 2, 3]


async def test_drivers_that_wait_and_drivers_that_do_not_keep_the_order() -> None:
    replies = Replies()

    async def later() -> Reply:
        await asyncio.sleep(0)
        return Done()

    def answer(command: Command) -> Reply | Awaitable[Reply]:
        return later() if isinstance(command, LogUnbuffered) and command.seconds % 3 == 0 else Done()

    commands, _ = queue(PaperDriver(answer=answer))
    for number in range(20):
        commands.submit(wish(number), replies.take(number))

    while len(replies.seen) < 20:  # noqa: ASYNC110 (it counts turns of the loop)
        await asyncio.sleep(0)

    assert replies.order() == list(range(20))


async def test_a_driver_that_does_not_answer_in_time_fails_and_the_next_has_its_turn() -> None:
    replies = Replies()
    done = asyncio.Event()

    async def never() -> Reply:
        await asyncio.Event().wait()
        return Done()

    commands, faults = queue(
        PaperDriver(answer=lambda command: never() if command == wish(1) else Done()), timeout_s=0.01
    )
    commands.submit(wish(1), replies.take(1))

    commands.submit(wish(2), lambda reply: done.set())
    await asyncio.wait_for(done.wait(), 5)

    assert replies.codes() == ["timeout"]
    assert faults == []


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize(
    ("fault", "error", "is_told"),
    [
        (BadValueError("no such pin"), BadValueError, False),
        (DeviceError("offline"), DeviceError, False),
        (ZeroDivisionError("a bug"), HubFaultError, True),
    ],
)
async def test_a_drivers_fault_is_an_answer_and_only_its_own_faults_are_told(
    fault: Exception, error: type[Exception], *, is_told: bool, is_async: bool
) -> None:
    replies = Replies()

    async def fail_later() -> Reply:
        raise fault

    def answer(command: Command) -> Reply | Awaitable[Reply]:
        if is_async:
            return fail_later()
        raise fault

    commands, faults = queue(PaperDriver(answer=answer))

    commands.submit(wish(1), replies.take(1))
    commands.submit(wish(2), replies.take(2))
    await rest()

    assert replies.order() == [1, 2]
    assert all(isinstance(reply, Failed) and isinstance(reply.error, error) for _, reply in replies.seen)
    assert faults == ([fault, fault] if is_told else [])


async def test_a_driver_that_cancels_what_it_waited_for_blocks_nobody() -> None:
    replies = Replies()
    inner: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
    commands, _ = queue(PaperDriver(answer=lambda command: inner if command == wish(1) else Done()))
    commands.submit(wish(1), replies.take(1))
    commands.submit(wish(2), replies.take(2))
    await rest()

    inner.cancel()
    await rest()

    assert replies.codes() == ["offline", "done"]


async def test_closing_answers_what_runs_and_what_waits() -> None:
    replies = Replies()
    stopped = asyncio.Event()

    async def never() -> Reply:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()
        return Done()

    commands, _ = queue(PaperDriver(answer=lambda command: never()))
    commands.submit(wish(1), replies.take(1))
    commands.submit(wish(2), replies.take(2))
    await rest()

    commands.close()
    await rest()

    assert replies.codes() == ["offline", "offline"]
    assert stopped.is_set()


async def test_closing_an_idle_queue_is_quiet() -> None:
    commands, faults = queue(PaperDriver())

    commands.close()

    assert faults == []


async def test_a_device_that_is_removed_by_its_own_command_answers_once() -> None:
    replies = Replies()
    driver = PaperDriver()
    commands, _ = queue(driver)

    def remove(command: Command) -> Reply:
        commands.close()
        return Done()

    driver.answer = remove

    commands.submit(wish(1), replies.take(1))

    assert replies.codes() == ["offline"]


async def test_no_driver_sees_a_second_command_while_it_answers_the_first() -> None:
    replies = Replies()
    depth = 0
    deepest = 0
    driver = PaperDriver()
    commands, _ = queue(driver)

    def answer(command: Command) -> Reply:
        nonlocal depth, deepest
        depth += 1
        deepest = max(deepest, depth)
        if command == wish(1):
            commands.submit(wish(2), replies.take(2))
        depth -= 1
        return Done()

    driver.answer = answer

    commands.submit(wish(1), replies.take(1))

    assert deepest == 1
    assert replies.order() == [1, 2]


async def test_a_chain_of_commands_of_any_length_needs_no_stack() -> None:
    count = 0
    finished = asyncio.Event()
    commands, _ = queue(PaperDriver())

    def next_one(reply: Reply) -> None:
        nonlocal count
        count += 1
        if count < 5000:
            commands.submit(wish(count), next_one)
        else:
            finished.set()

    commands.submit(Identify(), next_one)
    await asyncio.wait_for(finished.wait(), 10)

    assert count == 5000


async def test_a_long_queue_lets_others_have_their_turn() -> None:
    replies = Replies()
    gate: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
    commands, _ = queue(PaperDriver(answer=lambda command: gate if command == wish(0) else Done()))
    for number in range(1000):
        commands.submit(wish(number), replies.take(number))
    await rest()

    gate.set_result(Done())
    steps = []
    while len(replies.seen) < 1000:
        await asyncio.sleep(0)
        steps.append(len(replies.seen))

    assert max(after - before for before, after in pairwise(steps)) <= execution.COMMANDS_PER_TURN + 1
    assert replies.order() == list(range(1000))


async def test_a_few_commands_that_take_long_let_others_have_their_turn() -> None:
    replies = Replies()
    gate: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
    clock = StillClock()

    def answer(command: Command) -> Reply | Awaitable[Reply]:
        clock.pass_s(0.003)
        return gate if command == wish(0) else Done()

    driver = PaperDriver(answer=answer)
    commands = DeviceQueue("board", driver, lambda device, fault: None, now=clock)
    for number in range(20):
        commands.submit(wish(number), replies.take(number))
    await rest()

    gate.set_result(Done())
    steps = []
    while len(replies.seen) < 20:
        await asyncio.sleep(0)
        steps.append(len(replies.seen))

    # The one whose end was waited for, and two of 3 ms each.
    assert max(after - before for before, after in pairwise(steps)) <= 3
    assert replies.order() == list(range(20))


async def test_pauses_that_a_client_leaves_behind_hold_the_device_for_a_minute_at_most() -> None:
    replies = Replies()
    gate: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
    driver = PaperDriver(answer=lambda command: gate if command == wish(0) else Done())
    commands, _ = queue(driver)
    visit = Visit()
    sent = [wish(0), Wait(40_000), wish(1), Wait(30_000), wish(2), Wait(20_000), wish(3), Wait(1), wish(4)]
    for number, command in enumerate(sent):
        commands.submit(command, replies.take(number), visit)

    visit.end()
    gate.set_result(Done())
    await rest()

    assert LEFT_BEHIND_S == 60
    # The second one would have been too much, the third one fills the minute to the full, and the last one is over it.
    assert driver.commands == [wish(0), Wait(40_000), wish(1), wish(2), Wait(20_000), wish(3), wish(4)]
    assert replies.seen == [(number, Done()) for number in range(len(sent))]


async def test_all_clients_that_are_gone_share_that_minute_until_the_device_has_rested() -> None:
    replies = Replies()
    gate: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
    driver = PaperDriver(answer=lambda command: gate if command == wish(0) else Done())
    commands, _ = queue(driver)
    commands.submit(wish(0), replies.take(0))
    for number in range(1, 101):
        visit = Visit()
        commands.submit(Wait(50_000), replies.take(number), visit)
        visit.end()

    gate.set_result(Done())
    await rest()
    visit = Visit()
    visit.end()
    commands.submit(Wait(50_000), replies.take(101), visit)

    assert driver.commands == [wish(0), Wait(50_000), Wait(50_000)]
    assert replies.order() == list(range(102))


async def test_pauses_of_clients_that_are_there_are_kept_whatever_others_left_behind() -> None:
    replies = Replies()
    gate: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
    driver = PaperDriver(answer=lambda command: gate if command == wish(0) else Done())
    commands, _ = queue(driver)
    gone, there = Visit(), Visit()
    measurement = MeasureEcho(pulse_pin=0, echo_pin=1, is_positive=True, pulse_us=10)
    commands.submit(wish(0), replies.take(0), gone)
    commands.submit(Wait(65_535), replies.take(1), gone)
    commands.submit(Wait(65_535), replies.take(2), there)
    commands.submit(Wait(65_535), replies.take(3))
    commands.submit(measurement, replies.take(4), there)
    for number in range(5, 100):
        commands.submit(measurement, replies.take(number), gone)

    gone.end()
    gate.set_result(Done())
    await rest()

    assert driver.commands == [wish(0), Wait(65_535), Wait(65_535), measurement, *[measurement] * 60]
    assert replies.order() == list(range(100))
