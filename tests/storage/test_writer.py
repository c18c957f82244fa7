"""One thread writes: what shares a commit, what one failure spares, what is lost and counted."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hardwire.model.errors import CallerError, HubFaultError
from hardwire.storage.connections import connect_writer
from hardwire.storage.faults import explain
from hardwire.storage.folder import make_private_file
from hardwire.storage.migrations import migrate, shipped_migrations
from hardwire.storage.sample_rows import Row
from hardwire.storage.writer import Writer

LONG_S = 3600.0


class Desk:
    """A writer on a file, with a second look at that file."""

    def __init__(self, file: Path, *, flush_s: float = LONG_S, noted_limit_rows: int = 1000) -> None:
        self.file = file
        make_private_file(file)
        self.connection = connect_writer(file)
        migrate(self.connection, file, shipped_migrations())
        self.writer = Writer(
            self.connection, lambda error: explain(error, file), flush_s=flush_s, noted_limit_rows=noted_limit_rows
        )

    def count(self, table: str = "recorded") -> int:
        """Count the rows that another connection sees: those that are committed."""
        connection = sqlite3.connect(self.file)
        try:
            (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        finally:
            connection.close()
        return int(count)

    def counted(self, wanted: int) -> int:
        """Count the samples once so many are there, or when that has taken too long."""
        deadline = time.monotonic() + 30
        while self.count() < wanted and time.monotonic() < deadline:
            time.sleep(0.02)
        return self.count()


MakeDesk = Callable[..., Desk]


@pytest.fixture
def make_desk(tmp_path: Path) -> Iterator[MakeDesk]:
    desks: list[Desk] = []

    def make(*, flush_s: float = LONG_S, noted_limit_rows: int = 1000) -> Desk:
        desks.append(Desk(tmp_path / "hardwire.db", flush_s=flush_s, noted_limit_rows=noted_limit_rows))
        return desks[-1]

    yield make
    for desk in desks:
        desk.writer.close()


def rows(count: int, device: str = "meter", first: int = 0) -> list[Row]:
    return [(device, "power", "", at, 1.5) for at in range(first, first + count)]


def say(text: str) -> Callable[[sqlite3.Connection], object]:
    sql = "INSERT INTO audit (at, actor, action, subject, detail, peer) VALUES (0, 'x', 'x.y', ?, '', '')"
    return lambda connection: connection.execute(sql, (text,))


class Hold:
    """A write that keeps the writer busy until it is let go."""

    def __init__(self, desk: Desk) -> None:
        self._has_begun, self._may_end = threading.Event(), threading.Event()
        self._task = asyncio.create_task(desk.writer.write(self._wait))

    def _wait(self, connection: sqlite3.Connection) -> None:
        self._has_begun.set()
        assert self._may_end.wait(30)

    async def begin(self) -> None:
        """Return when the writer is busy."""
        assert await asyncio.to_thread(self._has_begun.wait, 30)

    async def end(self) -> None:
        """Let the writer go on."""
        self._may_end.set()
        await self._task


async def test_many_writes_at_once_share_one_commit(make_desk: MakeDesk) -> None:
    desk = make_desk()
    hold = Hold(desk)
    await hold.begin()
    appends = [asyncio.create_task(desk.writer.append(rows(2, f"meter-{n}"))) for n in range(200)]
    await asyncio.sleep(0)

    await hold.end()
    new = await asyncio.gather(*appends)

    assert new == [2] * 200
    assert desk.writer.figures.commits == 2
    assert desk.count() == 400


async def test_a_write_is_visible_to_others_when_it_is_acknowledged(make_desk: MakeDesk) -> None:
    desk = make_desk()

    counts = []
    for n in range(5):
        await desk.writer.append(rows(1, first=n))
        counts.append(desk.count())

    assert counts == [1, 2, 3, 4, 5]


async def test_a_write_that_fails_is_undone_alone(make_desk: MakeDesk) -> None:
    desk = make_desk()

    def half(connection: sqlite3.Connection) -> None:
        say("half")(connection)
        raise CallerError("No.")

    hold = Hold(desk)
    await hold.begin()
    writes = [asyncio.create_task(desk.writer.write(work)) for work in (say("before"), half, say("after"))]
    await asyncio.sleep(0)
    await hold.end()
    answers = await asyncio.gather(*writes, return_exceptions=True)

    assert isinstance(answers[1], CallerError)
    assert desk.count("audit") == 2
    assert desk.writer.figures.commits == 2


async def test_a_new_series_of_a_write_that_was_undone_is_numbered_again(make_desk: MakeDesk) -> None:
    desk = make_desk()
    bad: list[Row] = [*rows(1), ("meter", "\ud800", "", 0, 1)]
    with pytest.raises(UnicodeEncodeError):
        await desk.writer.append(bad)

    new = await desk.writer.append(rows(1))

    assert new == 1
    assert desk.count("recorded") == 1
    assert desk.writer.figures.repeated_rows == 0


async def test_repeats_are_counted(make_desk: MakeDesk) -> None:
    desk = make_desk()
    await desk.writer.append(rows(3))

    new = await desk.writer.append(rows(5))

    assert new == 2
    assert desk.writer.figures.repeated_rows == 3


async def test_a_full_disk_is_told_to_those_who_wait_and_the_writer_goes_on(make_desk: MakeDesk) -> None:
    desk = make_desk()
    await desk.writer.append(rows(1))
    await desk.writer.write(lambda connection: connection.execute("PRAGMA max_page_count = 1"))

    with pytest.raises(HubFaultError, match="disk is full") as caught:
        await desk.writer.append(rows(100_000, "other"))
    await desk.writer.write(lambda connection: connection.execute("PRAGMA max_page_count = 100000"))
    new = await desk.writer.append(rows(10, "other"))

    assert caught.value.code == "disk-full"
    assert new == 10
    assert desk.count() == 11


async def test_a_commit_that_fails_is_told_to_all_of_its_batch_and_the_writer_goes_on(make_desk: MakeDesk) -> None:
    desk = make_desk()
    # A foreign key that is looked at only at COMMIT makes the COMMIT itself fail.
    await desk.writer.write(
        lambda connection: connection.execute(
            "CREATE TABLE child (parent REFERENCES audit (no) DEFERRABLE INITIALLY DEFERRED)"
        )
    )
    hold = Hold(desk)
    await hold.begin()
    works = (say("innocent"), lambda connection: connection.execute("INSERT INTO child VALUES (99)"))
    writes = [asyncio.create_task(desk.writer.write(work)) for work in works]
    await asyncio.sleep(0)
    await hold.end()

    answers = await asyncio.gather(*writes, return_exceptions=True)
    await desk.writer.write(say("next"))

    assert [type(answer) for answer in answers] == [HubFaultError, HubFaultError]
    assert answers[0] is not answers[1]
    assert desk.count("audit") == 1
    assert desk.count("child") == 0


async def test_a_caller_who_gives_up_does_not_disturb_the_writer(make_desk: MakeDesk) -> None:
    desk = make_desk()
    hold = Hold(desk)
    await hold.begin()
    write = asyncio.create_task(desk.writer.write(say("given up")))
    await asyncio.sleep(0)
    write.cancel()

    await hold.end()
    await desk.writer.write(say("next"))

    assert write.cancelled()
    assert desk.count("audit") == 2


def test_a_loop_that_ended_before_its_answer_does_not_stop_the_writer(make_desk: MakeDesk) -> None:
    desk = make_desk()

    async def give_up() -> None:
        hold = Hold(desk)
        await hold.begin()
        hold._may_end.set()
        hold._task.cancel()

    asyncio.run(give_up())

    asyncio.run(desk.writer.write(say("next")))

    assert desk.count("audit") == 1


async def test_a_closed_writer_says_so(make_desk: MakeDesk) -> None:
    desk = make_desk()
    await desk.writer.write(say("last"))
    await asyncio.to_thread(desk.writer.close)

    with pytest.raises(HubFaultError, match="closed"):
        await desk.writer.write(say("too late"))


# Noted rows: telemetry that nobody was promised


async def test_noted_rows_wait_for_company(make_desk: MakeDesk) -> None:
    desk = make_desk()
    desk.writer.note(rows(3))
    before = desk.count()

    await desk.writer.write(say("company"))

    assert before == 0
    assert desk.count() == 3
    assert desk.writer.figures.commits == 1


def test_noted_rows_are_written_by_themselves_when_their_time_has_come(make_desk: MakeDesk) -> None:
    desk = make_desk(flush_s=0.05)

    desk.writer.note(rows(3))
    desk.writer.note(rows(3, "other"))

    assert desk.counted(6) == 6


def test_noted_rows_are_written_before_they_fill_their_queue(make_desk: MakeDesk) -> None:
    desk = make_desk(noted_limit_rows=100)

    desk.writer.note(rows(20))
    desk.writer.note(rows(30, first=20))

    assert desk.counted(50) == 50
    assert desk.writer.dropped_rows == 0


async def test_the_oldest_noted_rows_go_when_there_are_too_many_and_are_counted(make_desk: MakeDesk) -> None:
    desk = make_desk(noted_limit_rows=100)
    hold = Hold(desk)
    await hold.begin()
    desk.writer.note(rows(80))
    desk.writer.note(rows(50, first=80))

    await hold.end()
    await desk.writer.write(say("company"))

    assert desk.writer.dropped_rows == 30
    assert desk.count("recorded WHERE at >= 30") == 100
    assert desk.count() == 100


async def test_noted_rows_outlive_a_full_disk_and_cost_no_promise(make_desk: MakeDesk) -> None:
    desk = make_desk(noted_limit_rows=200_000)
    await desk.writer.append(rows(1))
    await desk.writer.write(lambda connection: connection.execute("PRAGMA max_page_count = 1"))
    desk.writer.note(rows(90_000))

    # Small enough for the pages that there are, unlike the noted rows that were to share its transaction.
    await desk.writer.write(say("promised"))
    desk.writer.note(rows(1, first=90_000))
    await desk.writer.write(lambda connection: connection.execute("PRAGMA max_page_count = 100000"))
    before = desk.count()
    await asyncio.to_thread(desk.writer.close)

    assert desk.count("audit") == 1
    assert before == 1
    assert desk.count() == 90_001
    assert (desk.writer.dropped_rows, desk.writer.figures.repeated_rows) == (0, 1)


async def test_noted_rows_that_bring_the_whole_transaction_down_cost_no_promise(make_desk: MakeDesk) -> None:
    desk = make_desk()
    # A disk that fills up while pages are spilled makes SQLite roll back the whole transaction, as this does.
    trigger = "CREATE TRIGGER full BEFORE INSERT ON fresh_sample BEGIN SELECT RAISE (ROLLBACK, 'full'); END"
    await desk.writer.write(lambda connection: connection.execute(trigger))
    desk.writer.note(rows(3))

    await desk.writer.write(say("promised"))
    with pytest.raises(HubFaultError):
        await desk.writer.append(rows(1, "other"))
    await desk.writer.write(lambda connection: connection.execute("DROP TRIGGER full"))
    await asyncio.to_thread(desk.writer.close)

    assert desk.count("audit") == 1
    assert desk.count() == 3


async def test_noted_rows_that_no_disk_takes_are_counted_and_block_nothing(make_desk: MakeDesk) -> None:
    desk = make_desk()
    desk.writer.note([("meter", "\ud800", "", 0, 1)])
    await desk.writer.write(say("company"))

    desk.writer.note(rows(2))
    await desk.writer.write(say("company"))

    assert desk.writer.dropped_rows == 1
    assert desk.count() == 2
    assert desk.count("audit") == 2


async def test_noted_rows_are_written_at_the_close(make_desk: MakeDesk) -> None:
    desk = make_desk()
    desk.writer.note(rows(3))

    await asyncio.to_thread(desk.writer.close)

    assert desk.count() == 3


async def test_what_nobody_waits_for_is_bounded_while_the_disk_hangs(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hardwire.storage.writer.SOON_LIMIT", 3)
    desk = make_desk()
    hold = Hold(desk)
    await hold.begin()

    for number in range(10):
        desk.writer.write_soon(say(str(number)))
    await hold.end()
    await desk.writer.write(say("promised"))
    desk.writer.write_soon(say("later"))
    await desk.writer.write(say("promised too"))

    assert desk.count("audit") == 3 + 3
