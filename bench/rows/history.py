"""Questions about the past, asked of a store of ten million rows that this file makes itself."""

import asyncio
import json
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import Struct

from bench.row import Figure, Row
from hardwire.model.fact import Log
from hardwire.model.history import Aggregation, HistoryWish
from hardwire.storage.connections import connect_writer
from hardwire.storage.rollups import note_touched, roll_up
from hardwire.storage.sqlite import SqliteStore

BEGAN = datetime(2025, 1, 1, tzinfo=UTC)
YEAR_S = 365 * 86_400
GOAL_MS = 50


class Source(Struct, frozen=True):
    """Points of a device that are told at even distances."""

    device: str
    log: Log | None
    points: int
    every_s: int
    lasts_s: int

    @property
    def rows(self) -> int:
        """How many rows they make."""
        return self.points * (self.lasts_s // self.every_s)


SOURCES = (
    Source("logger", Log.FAST, 8, 60, YEAR_S),
    Source("quick", Log.FAST, 2, 5, 140 * 86_400),
    Source("meter", None, 2, 60, YEAR_S),
)
"""10.1 million rows."""


def history(rounds: int, share: float) -> Iterator[Row]:
    """Make a store with that share of the ten million rows, then ask it for days and years at random."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        begin = time.monotonic()
        rows = asyncio.run(_make(folder, share))
        took_s = time.monotonic() - begin
        size = (folder / "hardwire.db").stat().st_size
        yield Row(
            work=f"store of {rows / 1e6:.1f} million rows, roll-ups included: made at",
            unit="rows/s",
            hub=Figure.of([rows / took_s]),
        )
        yield Row(work="its file, roll-ups included", unit="bytes a row", hub=Figure.of([size / rows]))
        took = asyncio.run(_ask(folder, rounds, share))
    everything = [ms for times in took.values() for ms in times]
    for shape, times in took.items():
        yield Row(work=f"history, {shape}: 95 of 100", unit="ms", hub=Figure.of([_p95(times)]), goal=f"<= {GOAL_MS} ms")
    yield Row(
        work="history, all of these: 95 of 100", unit="ms", hub=Figure.of([_p95(everything)]), goal=f"<= {GOAL_MS} ms"
    )


async def _make(folder: Path, share: float) -> int:
    """Put the rows where they belong, and let the store's own code make its roll-ups of them."""
    store = SqliteStore(folder)
    await store.open()
    await store.close()
    connection = connect_writer(store.file)
    try:
        return sum(_put(connection, source, share) for source in SOURCES)
    finally:
        connection.close()


def _put(connection: sqlite3.Connection, source: Source, share: float) -> int:
    log = "" if source.log is None else source.log.value
    count = int(source.lasts_s // source.every_s * share)
    for number in range(source.points):
        key = (source.device, f"point_{number}", log)
        series = connection.execute("INSERT INTO series (device, point, log) VALUES (?, ?, ?)", key).lastrowid
        connection.execute("BEGIN")
        # The values wander as a day does, with noise: three decimals.
        connection.execute(
            "WITH RECURSIVE n (n) AS (VALUES (0) UNION ALL SELECT n + 1 FROM n WHERE n + 1 < ?1) "
            "INSERT INTO sample (series, at, value) SELECT ?2, ?3 + n * ?4, "
            "round(20 + (n * ?4 / 3600000 % 24) / 4.0 + abs(random() % 1000) / 1000.0, 3) FROM n",
            (count, series, int(BEGAN.timestamp()) * 1000, source.every_s * 1000),
        )
        note_touched(connection, json.dumps([series]), log, table="sample")
        roll_up(connection, log)
        connection.execute("COMMIT")
    return count * source.points


async def _ask(folder: Path, rounds: int, share: float) -> Mapping[str, list[float]]:
    """Return what is asked -> how many ms each answer took, the shapes in turns."""
    chance = random.Random(1)
    store = SqliteStore(folder)
    await store.open()
    took: dict[str, list[float]] = {}
    try:
        for _ in range(rounds):
            for shape, (wish, least) in _wishes(chance, share).items():
                begin = time.perf_counter()
                answer = await store.history(wish)
                took.setdefault(shape, []).append((time.perf_counter() - begin) * 1000)
                assert len(answer) >= least, f"{shape}: {len(answer)} rows"
    finally:
        await store.close()
    return took


def _wishes(chance: random.Random, share: float) -> Mapping[str, tuple[HistoryWish, int]]:
    """Return shape -> (a wish of that shape somewhere in the past, how many rows it must have at least)."""
    days = int(365 * share)

    def within(device: str, kept_days: float, lasts: timedelta) -> Callable[..., HistoryWish]:
        room = timedelta(days=kept_days * share) - lasts
        since = BEGAN + timedelta(seconds=int(chance.random() * room.total_seconds()))
        return lambda **more: HistoryWish(device=device, since=since, until=since + lasts, **more)

    day, year = timedelta(days=1), timedelta(days=days)
    one = ("point_1",)
    return {
        "24 h of 8 fields at 1 min, mean": (
            within("logger", 365, day)(log=Log.FAST, interval_s=60, limit=15_000),
            1440,
        ),
        "24 h of 1 field at 1 min, mean": (
            within("quick", 140, day)(log=Log.FAST, interval_s=60, limit=15_000, points=one),
            1440,
        ),
        f"{days} days of 8 fields at 1 d, max": (
            within("logger", 365, year)(log=Log.FAST, interval_s=86_400, aggregation=Aggregation.MAX),
            days,
        ),
        f"{days} days of a meter at 1 d, mean by time": (within("meter", 365, year)(interval_s=86_400), days),
        "30 days of 8 fields at 1 h, mean": (
            within("logger", 365, min(30 * day, year))(log=Log.FAST, interval_s=3600),
            24 * min(30, days),
        ),
        "5000 rows of 2 fields as they are": (within("quick", 140, day)(log=Log.FAST, limit=5000), 5000),
        "5000 rows of 8 fields as they are": (within("logger", 365, 4 * day)(log=Log.FAST, limit=5000), 5000),
        "a day of 1 field every 5 s, median": (
            within("quick", 140, day)(log=Log.FAST, interval_s=86_400, aggregation=Aggregation.MEDIAN, points=one),
            1,
        ),
    }


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]
