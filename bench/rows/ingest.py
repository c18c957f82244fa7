"""Rows of loggers on their way to the disk: through `hardwire serve` by HTTP, and through the store alone."""

import asyncio
import secrets
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from bench.processes import Program, python
from bench.row import Figure, Row
from bench.serving import HARDWIRE, grant, ready
from hardwire.model.access import Credential, Right
from hardwire.model.fact import Log, LogRow
from hardwire.storage.sqlite import SqliteStore

LOGGERS = 10
FIELDS = 8
GOAL_PER_S = 20_000
GOAL_MS = 50
WRITERS = 20
WRITTEN_ROWS = 100
# At the goal's rate: ten loggers of eight fields that bring 25 rows ten times a second.
HELD_ROWS = GOAL_PER_S // LOGGERS // FIELDS // 10
HELD_EVERY_MS = 100


def ingest(rounds: int, lasts_s: int) -> Iterator[Row]:
    """Measure how many values a second are answered for, each on the disk by then, and how long that takes."""
    yield from _alone(lasts_s)
    serials = [f"BEN-{number:03}" for number in range(LOGGERS)]
    told: list[list[float]] = []
    busy: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        token = secrets.token_hex(16)
        asyncio.run(grant(folder / "data", _key(token)))
        with (
            _hub(folder, serials) as hub,
            python("bench.loads.ingest_load", ready(hub)[0], token, *serials) as load,
        ):
            load.wait_line("connected")
            load.tell(f"post 2 {HELD_ROWS} {FIELDS} 0")
            load.wait_line("posted")
            for _ in range(rounds):
                before_s = hub.cpu_s
                load.tell(f"post 4 500 {FIELDS} 0")
                told.append([float(word) for word in load.wait_line("posted")])
                busy.append((hub.cpu_s - before_s) / told[-1][0] * 1e6)
            before_s = hub.cpu_s
            load.tell(f"post {lasts_s * 1000 // HELD_EVERY_MS} {HELD_ROWS} {FIELDS} {HELD_EVERY_MS}")
            values, took_s, half_ms, p95_ms, p99_ms = (float(word) for word in load.wait_line("posted"))
            of_a_core = (hub.cpu_s - before_s) / took_s
    work = f"ingest by HTTP, {LOGGERS} loggers"
    per_s = [values / took_s for values, took_s, *_ in told]
    yield Row(
        work=f"{work}, 500 rows of {FIELDS} fields a call",
        unit="values/s",
        hub=Figure.of(per_s),
        goal=f">= {GOAL_PER_S:,}",
    )
    yield Row(work=f"{work}, 500 rows of {FIELDS} fields a call", unit="CPU s per million", hub=Figure.of(busy))
    held = f"{work}, held at {values / took_s:,.0f} values/s"
    yield Row(work=f"{held}: answer, median", unit="ms", hub=Figure.of([half_ms]))
    yield Row(work=f"{held}: answer, 95 of 100", unit="ms", hub=Figure.of([p95_ms]))
    yield Row(work=f"{held}: answer, 99 of 100", unit="ms", hub=Figure.of([p99_ms]))
    yield Row(work=f"{held}: of a core", unit="share", hub=Figure.of([of_a_core]))


def _alone(lasts_s: int) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name:
        fast, took_ms = asyncio.run(_append(Path(name), lasts_s))
    yield Row(
        work=f"store alone, {WRITERS} writers of {WRITTEN_ROWS} rows",
        unit="rows/s",
        hub=Figure.of([fast]),
        goal=f">= {GOAL_PER_S:,}",
    )
    for part, goal in ((0.5, "-"), (0.95, f"<= {GOAL_MS} ms"), (0.99, "-")):
        yield Row(
            work=f"store alone, held at {GOAL_PER_S:,} rows/s: commit, {part * 100:.0f} of 100",
            unit="ms",
            hub=Figure.of([took_ms[int(len(took_ms) * part)]]),
            goal=goal,
        )


async def _append(folder: Path, lasts_s: int) -> tuple[float, list[float]]:
    """Return how many rows a second the store takes, and how long each commit takes at the goal's rate."""
    store = SqliteStore(folder)
    await store.open()
    took_ms: list[float] = []
    began = datetime.now(UTC)

    async def write(writer: int, first: int) -> None:
        facts = [
            LogRow(f"unit-{writer}", began + timedelta(seconds=first + n), Log.FAST, {"f": n / 8})
            for n in range(WRITTEN_ROWS)
        ]
        begin = time.perf_counter()
        await store.append(facts)
        took_ms.append((time.perf_counter() - begin) * 1000)

    async def write_on(writer: int) -> int:
        first, end = 0, time.monotonic() + lasts_s
        while time.monotonic() < end:
            await write(writer, first)
            first += WRITTEN_ROWS
        return first

    try:
        begin = time.monotonic()
        written = sum(await asyncio.gather(*map(write_on, range(WRITERS))))
        fast = written / (time.monotonic() - begin)
        took_ms.clear()
        due = time.monotonic()
        async with asyncio.TaskGroup() as tasks:
            for turn in range(lasts_s * GOAL_PER_S // WRITTEN_ROWS):
                tasks.create_task(write(WRITERS + turn % WRITERS, turn // WRITERS * WRITTEN_ROWS))
                due += WRITTEN_ROWS / GOAL_PER_S
                await asyncio.sleep(max(0.0, due - time.monotonic()))
    finally:
        await store.close()
    return fast, sorted(took_ms)


def _key(token: str) -> Credential:
    """Return a key of all loggers."""
    rights = Right.READ | Right.CONTROL
    return Credential(id="bench", kind="ingest", rights=rights, secret_hash=sha256(token.encode()).digest())


def _hub(folder: Path, serials: Sequence[str]) -> Program:
    config = folder / "hardwire.toml"
    fields = ", ".join(f'{{ name = "f{field}" }}' for field in range(1, FIELDS + 1))
    devices = (
        f'[devices.{serial.lower()}]\ndriver = "ingest"\nezeio = {{ serial = "{serial}" }}\nfields = [{fields}]\n\n'
        for serial in serials
    )
    config.write_text("".join(devices))
    serve = ["serve", "--config", config, "--data", folder / "data", "--port", "0", "--tls-port", "0"]
    return Program([str(HARDWIRE), *map(str, serve)])
