"""A device's past by command: many rows into files, few onto a terminal, whether a hub runs or not."""

import asyncio
import csv
import os
import pty
import random
import signal
import struct
import subprocess
import termios
import time
from datetime import UTC, datetime, timedelta
from fcntl import ioctl
from pathlib import Path

import pyarrow.parquet as pq

from hardwire.model.fact import Sample
from hardwire.storage.sqlite import SqliteStore
from tests.journeys.conftest import StartHub
from tests.journeys.hub import HARDWIRE, Hub, environment

ROWS = 30_000
CONFIG = """
[devices.lab]
driver = "simulated"
kind = "board"
obniz = { id = "2345-6789" }
"""
WIDTH = 60


async def fill(data: Path, end: datetime) -> list[tuple[datetime, float]]:
    """Record as many rows of `ad0` as there are, ten a second until that end; returns them."""
    chance = random.Random(3)
    begin = end - timedelta(milliseconds=100 * ROWS)
    rows = [(begin + timedelta(milliseconds=100 * number), round(chance.uniform(0, 5), 3)) for number in range(ROWS)]
    store = SqliteStore(data)
    await store.open()
    for start in range(0, ROWS, 20_000):
        await store.append([Sample("lab", at, {"ad0": value}) for at, value in rows[start : start + 20_000]])
    await store.close()
    return rows


def on_terminal(hub: Hub, *words: str) -> str:
    """What a command shows on a terminal of a certain width."""
    ours, theirs = pty.openpty()
    ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, WIDTH, 0, 0))
    shown = b""
    with subprocess.Popen(
        [str(HARDWIRE), *words],
        stdin=theirs,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env=environment({"HARDWIRE_DATA": str(hub.data)}),
    ):
        os.close(theirs)
        while chunk := _read(ours):
            shown += chunk
    os.close(ours)
    return shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:
        # Linux's way of saying that nobody writes any more.
        return b""


def test_a_past_of_many_rows_is_exported_shown_and_found_again(make_hub: StartHub, tmp_path: Path) -> None:
    data = tmp_path / "data"
    now = datetime.now(UTC).replace(microsecond=0)
    rows = asyncio.run(fill(data, now))
    hub = make_hub(demo=False, config=CONFIG, data=data)
    range_ = ("--since", "6h", "--until", now.isoformat(), "--field", "ad0")
    text, parquet = tmp_path / "lab.csv", tmp_path / "lab.parquet"

    hub.cli("history", "2345-6789", *range_, "--csv", str(text))
    hub.cli("history", "lab", *range_, "--parquet", str(parquet))
    again = hub.cli_run("history", "lab", *range_, "--csv", str(text))
    piped = hub.cli("history", "lab", *range_, "--interval", "1h", "--aggregation", "count")
    mistyped = hub.cli_run("history", "lab", "--field", "adc0")
    shown = on_terminal(hub, "history", "lab", *range_)
    (tmp_path / "stopped").mkdir()
    break_off(hub, tmp_path / "stopped" / "x.csv", range_)
    hub.stop()
    alone = hub.cli_run("history", "2345-6789", *range_, "--interval", "1h", "--aggregation", "count", "--csv", "-")

    with text.open(newline="") as stream:
        found = list(csv.reader(stream))
    assert found[0] == ["time", "ad0"]
    assert [(datetime.fromisoformat(at), float(value)) for at, value in found[1:]] == rows
    table = pq.read_table(parquet)
    assert list(zip(table.column("time").to_pylist(), table.column("ad0").to_pylist(), strict=True)) == rows
    assert table.schema.field("ad0").metadata[b"unit"] == b"V"
    assert "--force" in again.stderr
    counted = [line.split("\t") for line in piped.splitlines()]
    assert counted[0] == ["time", "ad0"]
    assert sum(float(count) for _, count in counted[1:]) == ROWS
    assert "did you mean 'ad0'?" in mistyped.stderr
    head, course, axis, foot = shown.replace("\r", "").splitlines()
    assert (
        head
        == f"ad0   min {min(v for _, v in rows):.3f}   max {max(v for _, v in rows):.3f}   last {rows[-1][1]:.3f} V"
    )
    assert len(course) <= WIDTH
    assert set(course) <= set("▁▂▃▄▅▆▇█·")
    assert len(axis) == len(course)
    assert "mean" in foot
    assert list((tmp_path / "stopped").iterdir()) == []
    assert [line.split(",") for line in alone.stdout.splitlines()] == counted
    assert alone.stderr.count("no hub runs there") == 1


def break_off(hub: Hub, file: Path, range_: tuple[str, ...]) -> None:
    """Press Ctrl-C in the middle of an export."""
    with subprocess.Popen(
        [str(HARDWIRE), "history", "lab", *range_, "--csv", str(file)],
        stderr=subprocess.PIPE,
        env=environment({"HARDWIRE_DATA": str(hub.data)}),
    ) as exporting:
        while not list(file.parent.iterdir()):
            time.sleep(0.001)
        exporting.send_signal(signal.SIGINT)
        assert exporting.wait(20) == 1
