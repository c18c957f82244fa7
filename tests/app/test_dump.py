"""What SIGUSR1 writes: figures, tasks by where they wait, threads; and that it costs a hub nothing else."""

import asyncio
import os
import signal
import threading
from collections.abc import Sequence
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from hardwire.app.dump import PLACES, Dump

Lines = Sequence[Any]  # Any: what capture_logs gives back


@pytest.fixture(autouse=True)
def plain_log() -> None:
    """Let lines be captured, whatever a test before has configured."""
    structlog.reset_defaults()


def named(lines: Lines, event: str) -> Lines:
    """Return the lines of one event."""
    return [line for line in lines if line["event"] == event]


async def test_tasks_are_told_by_where_they_wait() -> None:
    dump = Dump(asyncio.get_running_loop(), lambda: {"posts_waiting": 2}, has_watchdog=False)

    async def wait_for_ever() -> None:
        await asyncio.Event().wait()

    tasks = [asyncio.create_task(wait_for_ever(), name=f"waiter {number}") for number in range(5)]
    await asyncio.sleep(0)
    with capture_logs() as lines:
        await dump.tell()
    for task in tasks:
        task.cancel()

    assert named(lines, "dump: figures")[0]["posts_waiting"] == 2
    (told,) = [line for line in named(lines, "dump: task") if "waiter" in line["names"]]
    assert told["count"] == 5
    assert told["names"].count("waiter") == 3
    assert "wait_for_ever" in told["waits"]
    assert "locks.py" in told["waits"]
    assert lines[-1]["event"] == "dump: end"


async def test_threads_are_told_with_what_they_do() -> None:
    dump = Dump(asyncio.get_running_loop(), dict, has_watchdog=False)

    with capture_logs() as lines:
        await dump.tell()

    stacks = {line["thread"]: line["stack"] for line in named(lines, "dump: thread")}
    assert threading.main_thread().name in stacks
    assert "dump.py" in stacks[threading.main_thread().name]


async def test_the_dump_of_a_busy_hub_is_bounded_and_lets_others_work() -> None:
    dump = Dump(asyncio.get_running_loop(), dict, has_watchdog=False)
    names: dict[str, Any] = {}  # Any: functions made by exec
    for number in range(PLACES + 20):
        exec(f"async def waits_{number}(event): await event.wait()", names)
    event, turns = asyncio.Event(), 0
    tasks = [asyncio.create_task(names[f"waits_{number}"](event)) for number in range(PLACES + 20) for _ in range(10)]
    await asyncio.sleep(0)

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    with capture_logs() as lines:
        await dump.tell()
    counting.cancel()
    event.set()
    await asyncio.gather(*tasks)

    assert len(named(lines, "dump: task")) == PLACES
    assert named(lines, "dump: more tasks")
    assert turns >= 3


async def test_figures_that_fail_end_the_dump_and_nothing_else() -> None:
    def broken() -> dict[str, object]:
        raise ValueError("no figures")

    with capture_logs() as lines:
        await Dump(asyncio.get_running_loop(), broken, has_watchdog=False).tell()

    assert [line["event"] for line in lines] == ["the dump failed"]


async def test_the_signal_is_answered_and_twice_at_once_is_once() -> None:
    before = signal.getsignal(signal.SIGUSR1)
    stop = Dump(asyncio.get_running_loop(), dict).listen()

    with capture_logs() as lines:
        os.kill(os.getpid(), signal.SIGUSR1)
        os.kill(os.getpid(), signal.SIGUSR1)
        async with asyncio.timeout(10):
            while not named(lines, "dump: end"):  # noqa: ASYNC110 (what is waited for is a line of the log)
                await asyncio.sleep(0.01)
    stop()

    assert len(named(lines, "dump: end")) == 1
    assert signal.getsignal(signal.SIGUSR1) is before


async def test_a_thread_that_gets_no_signals_listens_to_none() -> None:
    loop = asyncio.get_running_loop()

    stop = await asyncio.to_thread(lambda: Dump(loop, dict).listen())
    stop()

    assert signal.getsignal(signal.SIGUSR1) is signal.SIG_DFL
