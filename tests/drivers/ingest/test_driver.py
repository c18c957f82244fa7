"""The logger as a driver: batches in, wishes kept until they are confirmed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from inspect import isawaitable
from typing import Any

import msgspec
import pytest

from hardwire.drivers.ingest.batch import Batch, Row, Wish
from hardwire.drivers.ingest.driver import BATCHES_AT_ONCE, FIELDS, LOG_TOPIC, WISHES, Logger
from hardwire.drivers.ingest.settings import Settings
from hardwire.model.command import Command, Done, Failed, FlushLog, LogUnbuffered, Reply, WritePoints
from hardwire.model.errors import BadValueError, CallerError, DeviceError, HubFaultError
from hardwire.model.fact import Confirmation, Log, LogRow, Sample
from tests.fakes.paper_feed import NOON, PaperFeed

TABLE: dict[str, Any] = {  # Any: what TOML holds
    "fields": [{"name": "level"}, {"name": "setpoint", "writable": True}, {"name": "valve", "writable": True}],
    "outputs": [2],
    "registers": [[2, 34]],
}


def made(table: dict[str, Any] | None = None) -> Logger:
    settings = msgspec.convert(TABLE if table is None else table, Settings)
    return Logger("one", "owners", "UTC", settings)


@asynccontextmanager
async def running(logger: Logger, feed: PaperFeed) -> AsyncIterator[None]:
    task = asyncio.create_task(logger.run(feed))
    await feed.settle()
    yield
    task.cancel()
    await asyncio.wait([task])


def batch(*rows: dict[str, Any], seconds: float = 0, **more: Any) -> Batch:
    """Return a batch of rows a second apart."""
    dated = [Row(time=NOON + timedelta(seconds=seconds + place), fields=fields) for place, fields in enumerate(rows)]
    return Batch(rows=list(enumerate(dated)), **more)


async def replied(logger: Logger, command: Command) -> Reply:
    answer = logger.execute("one", command)
    return await answer if isawaitable(answer) else answer


async def asked(logger: Logger, command: Command) -> str:
    reply = await replied(logger, command)
    assert isinstance(reply, Done), reply
    return reply.pending


async def test_rows_are_submitted_as_log_rows_and_told_as_the_newest_values() -> None:
    logger, feed = made(), PaperFeed()

    async with running(logger, feed):
        receipt = await logger.receive("one", batch({"1": 1.5}, {"level": 2, "valve": 0}, seconds=1))

    assert (receipt.accepted, receipt.repeated, receipt.is_kept) == (3, 0, True)
    assert feed.rows == [
        LogRow("one", NOON + timedelta(seconds=1), Log.FAST, {"level": 1.5}),
        LogRow("one", NOON + timedelta(seconds=2), Log.FAST, {"level": 2, "valve": 0}),
    ]
    assert feed.samples == [Sample("one", row.at, row.values) for row in feed.rows]
    assert feed.alive_told == ["one"]


async def test_what_comes_again_is_counted_and_told_to_nobody() -> None:
    logger, feed = made(), PaperFeed()

    async with running(logger, feed):
        await logger.receive("one", batch({"1": 1}, seconds=1))
        told = len(feed.facts)
        receipt = await logger.receive("one", batch({"1": 1}, seconds=1))

    assert (receipt.accepted, receipt.repeated) == (0, 1)
    assert len(feed.facts) == told


async def test_what_is_older_than_the_hub_keeps_is_told_apart() -> None:
    logger, feed = made(), PaperFeed()
    feed.too_old = NOON - timedelta(days=31)

    async with running(logger, feed):
        receipt = await logger.receive("one", batch({"1": 1, "2": 2}, seconds=-86400 * 32))

    assert (receipt.accepted, receipt.repeated, receipt.expired) == (0, 0, 2)


async def test_a_batch_with_a_mistake_leaves_nothing_behind() -> None:
    logger, feed = made(), PaperFeed()

    async with running(logger, feed):
        receipt = await logger.receive("one", batch({"1": 1}, {"nothing": 2}, done=["a"]))

    assert not receipt.is_kept
    assert [(one.row, one.field) for one in receipt.refused] == [(1, "nothing")]
    assert (feed.facts, feed.alive_told, feed.disk) == ([], [], {})


async def test_a_batch_that_may_be_partial_keeps_what_is_good() -> None:
    logger, feed = made(), PaperFeed()

    async with running(logger, feed):
        receipt = await logger.receive("one", batch({"1": 1, "nothing": 2}, seconds=1, is_partial=True))

    assert (receipt.is_kept, receipt.accepted, len(receipt.refused)) == (True, 1, 1)
    assert [row.values for row in feed.rows] == [{"level": 1}]


async def test_a_disk_that_refuses_is_no_receipt() -> None:
    logger, feed = made(), PaperFeed()
    feed.keep_fault = HubFaultError("full")

    async with running(logger, feed):
        with pytest.raises(HubFaultError):
            await logger.receive("one", batch({"1": 1}))

    assert feed.alive_told == []


async def test_new_fields_are_kept_before_their_rows_and_are_there_after_a_restart() -> None:
    logger, feed = made({}), PaperFeed()

    async with running(logger, feed):
        receipt = await logger.receive("one", batch({"air": 1, "3": 2}))
    again, later = made({}), PaperFeed()
    later.disk = feed.disk
    async with running(again, later):
        repeat = await again.receive("one", batch({"3": 5, "air": 6}, seconds=1))

    assert (receipt.accepted, repeat.accepted) == (2, 2)
    assert feed.disk["one"][FIELDS] == ("-field_1", "-field_2", "field_3", "air")
    assert later.keeps == 0
    assert later.field_numbers("one") == {"field_1": 1, "field_2": 2, "field_3": 3, "air": 4}
    assert [point.name for point in later.declared[-1].points] == ["field_3", "air"]


async def test_new_fields_of_a_refused_batch_do_not_come_and_those_of_a_full_disk_may_come_later() -> None:
    logger, feed = made({}), PaperFeed()

    async with running(logger, feed):
        refused = await logger.receive("one", batch({"air": 1, "✓": 2}))
        feed.keep_fault = HubFaultError("full")
        with pytest.raises(HubFaultError):
            await logger.receive("one", batch({"air": 1}))
        feed.keep_fault = None
        receipt = await logger.receive("one", batch({"earth": 1}))

    assert (refused.is_kept, receipt.accepted > 0) == (False, True)
    assert feed.field_numbers("one") == {"earth": 1}


async def test_the_status_log_is_made_of_the_fast_one() -> None:
    logger, feed = made(), PaperFeed()

    async with running(logger, feed):
        receipt = await logger.receive("one", batch({"1": 1, "2": 2}, seconds=-1))
        await logger.receive("one", batch({"1": 3}, seconds=0))

    status = [row for row in feed.rows if row.log is Log.STATUS]
    assert receipt.accepted == 2
    assert status == [LogRow("one", NOON, Log.STATUS, {"level": 3, "setpoint": 2})]


async def test_a_logger_that_sends_its_own_status_rows_gets_no_others() -> None:
    logger, feed = made({**TABLE, "status": "sent"}), PaperFeed()

    async with running(logger, feed):
        await logger.receive("one", batch({"1": 1}, log=Log.STATUS))
        await logger.receive("one", batch({"1": 1}))

    assert [row.log for row in feed.rows] == [Log.STATUS, Log.FAST]


async def test_an_empty_batch_is_a_sign_of_life() -> None:
    logger, feed = made(), PaperFeed()

    async with running(logger, feed):
        receipt = await logger.receive("one", Batch())

    assert (receipt.is_kept, receipt.accepted, feed.alive_told, feed.facts) == (True, 0, ["one"], [])


async def test_a_wish_is_durable_told_and_confirmed_once() -> None:
    logger, feed = made(), PaperFeed()

    async with running(logger, feed):
        id = await asked(logger, WritePoints({"setpoint": 888}))
        told = (await logger.receive("one", Batch())).downlink
        kept = str(feed.disk["one"][WISHES])
        left = (await logger.receive("one", Batch(done=[id]))).downlink
        await logger.receive("one", Batch(done=[id]))

    assert list(told.wishes) == [Wish(id=id, field=2, name="setpoint", value=888)]
    assert id in kept
    assert list(left.wishes) == []
    assert feed.facts == [Confirmation("one", NOON, id, is_done=True)]


async def test_a_wish_waits_over_a_restart_and_a_failure_is_told() -> None:
    logger, feed = made(), PaperFeed()
    async with running(logger, feed):
        id = await asked(logger, WritePoints({"output_2": 100, "register_2_34": 5}))
    again, later = made(), PaperFeed()
    later.disk = feed.disk

    async with running(again, later):
        told = [wish.id for wish in again.downlink().wishes]
        await again.receive("one", Batch(done=[f"{id}.1"], failed=[f"{id}.2"]))

    assert told == [f"{id}.1", f"{id}.2"]
    assert later.facts == [Confirmation("one", NOON, id, is_done=False)]


async def test_an_output_that_was_set_is_told_with_its_confirmation() -> None:
    logger, feed = made(), PaperFeed()

    async with running(logger, feed):
        id = await asked(logger, WritePoints({"output_2": 50, "setpoint": 3}))
        await logger.receive("one", Batch(done=[id]))

    assert feed.facts == [Confirmation("one", NOON, id), Sample("one", NOON, {"output_2": 50})]


async def test_each_flush_is_confirmed_on_its_own() -> None:
    logger, feed = made(), PaperFeed()

    async with running(logger, feed):
        ids = [await asked(logger, FlushLog()), await asked(logger, FlushLog())]
        wishes = logger.downlink().wishes
        await logger.receive("one", Batch(done=ids[:1]))
        left = logger.downlink().wishes

    assert list(wishes) == [Wish(id=id, is_flush=True) for id in ids]
    assert [wish.id for wish in left] == ids[1:]
    assert feed.facts == [Confirmation("one", NOON, ids[0])]


async def test_a_wish_that_could_not_be_kept_is_none() -> None:
    logger, feed = made(), PaperFeed()

    async with running(logger, feed):
        feed.keep_fault = HubFaultError("full")
        with pytest.raises(HubFaultError):
            await replied(logger, WritePoints({"setpoint": 1}))

        assert not logger.downlink().wishes


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({"level": 1}, CallerError),
        ({"nothing": 1}, BadValueError),
        ({"setpoint": "1"}, BadValueError),
        ({"setpoint": True}, BadValueError),
        ({"setpoint": float("nan")}, BadValueError),
        ({"output_2": 101}, BadValueError),
        ({"output_3": 1}, BadValueError),
        ({"setpoint": 1, "level": 1}, CallerError),
    ],
)
async def test_a_write_that_does_not_fit_is_refused(values: dict[str, Any], kind: type[CallerError]) -> None:
    logger, feed = made(), PaperFeed()

    async with running(logger, feed):
        with pytest.raises(kind):
            await replied(logger, WritePoints(values))

    assert feed.keeps == 0


async def test_the_unbuffered_mode_is_told_with_the_seconds_left_and_ends_with_time_watchers_or_a_zero() -> None:
    logger, feed = made(), PaperFeed()

    async with running(logger, feed):
        await replied(logger, LogUnbuffered(1800))
        await feed.until(NOON + timedelta(seconds=60))
        told = (await logger.receive("one", batch({"1": 1}, seconds=59))).downlink.unbuffered_s
        logger.interest("one", "status", is_watched=False)
        still = logger.downlink().unbuffered_s
        logger.interest("one", LOG_TOPIC, is_watched=False)
        unwatched = logger.downlink().unbuffered_s
        await replied(logger, LogUnbuffered(5))
        await feed.until(NOON + timedelta(seconds=70))
        over = logger.downlink().unbuffered_s
        await replied(logger, LogUnbuffered(0))

    assert (told, still, unwatched, over) == (1740, 1740, 0, 0)
    assert feed.rows[0].unbuffered_s == 1740


async def test_before_it_runs_it_says_so() -> None:
    logger = made()

    replies = [await replied(logger, command) for command in (LogUnbuffered(5), FlushLog(), WritePoints({"valve": 1}))]
    with pytest.raises(DeviceError):
        await logger.receive("one", Batch())

    assert all(isinstance(reply, Failed) and reply.error.code == "offline" for reply in replies)
    assert logger.downlink().wishes == ()


async def test_a_logger_gone_mad_is_held_back() -> None:
    logger, feed = made(), PaperFeed()

    async with running(logger, feed):
        answers = await asyncio.gather(
            *(logger.receive("one", batch({"1": n}, seconds=-n)) for n in range(BATCHES_AT_ONCE + 1)),
            return_exceptions=True,
        )
        after = await logger.receive("one", Batch())

    refused = [answer for answer in answers if isinstance(answer, DeviceError)]
    assert [error.code for error in refused] == ["busy"]
    assert after.is_kept
