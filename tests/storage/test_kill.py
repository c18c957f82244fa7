"""What was promised outlives a kill -9 at any moment, once each."""

import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from hardwire.storage.instants import to_ms
from hardwire.storage.sqlite import STORE_FILE, SqliteStore
from tests.storage.promising_writer import START, power, sample

ROUNDS = 24
SEED = 20260601
WRITER = Path(__file__).with_name("promising_writer.py")

# A slow machine takes its time to start a process; a round that has not promised anything by then is a fault.
START_LIMIT_S = 60.0


def run_until_killed(folder: Path, printed: Path, round_: int, chance: random.Random) -> None:
    """Start a writer and kill it at a random moment, while it opens the store in each fourth round."""
    with printed.open("wb") as stdout:
        writer = subprocess.Popen([sys.executable, str(WRITER), str(folder), str(round_)], stdout=stdout)
    try:
        deadline = time.monotonic() + START_LIMIT_S
        if round_ % 4 == 3:
            time.sleep(chance.uniform(0.0, 0.6))
        else:
            while printed.stat().st_size == 0 and writer.poll() is None and time.monotonic() < deadline:
                time.sleep(0.002)
            time.sleep(chance.uniform(0.0, 0.25))
        assert writer.poll() is None, "the writer ended by itself"
    finally:
        writer.send_signal(signal.SIGKILL)
        writer.wait(START_LIMIT_S)


def promises(printed: Path) -> list[list[str]]:
    """The promises that were given, a line cut off by the kill left out."""
    lines = printed.read_bytes().split(b"\n")[:-1]
    return [line.decode().split(" ") for line in lines]


def column(file: Path, sql: str) -> list[object]:
    connection = sqlite3.connect(file)
    try:
        return [row[0] for row in connection.execute(sql)]
    finally:
        connection.close()


def recorded(file: Path) -> dict[str, dict[int, float]]:
    """Device -> n -> value, straight from the file."""
    connection = sqlite3.connect(file)
    values: dict[str, dict[int, float]] = {}
    try:
        rows = connection.execute("SELECT device, at, value FROM recorded WHERE log = ''")
        for device, at, value in rows:
            values.setdefault(device, {})[at - to_ms(START)] = value
    finally:
        connection.close()
    return values


def logged(file: Path) -> tuple[dict[str, set[int]], dict[str, set[int]]]:
    """Device -> n of the rows of loggers, and of the messages made of them, straight from the file."""
    connection = sqlite3.connect(file)
    rows: dict[str, set[int]] = {}
    messages: dict[str, set[int]] = {}
    try:
        for device, value in connection.execute("SELECT device, value FROM recorded WHERE log = 'fast'"):
            rows.setdefault(device, set()).add(round(value - power(device, 0)))
        for account, number in connection.execute("SELECT account, no FROM export"):
            messages.setdefault(account, set()).add(number - 1)
    finally:
        connection.close()
    return rows, messages


def rolled(file: Path) -> tuple[list[object], list[object]]:
    """What the roll-ups of a minute say of folded rows, and what those rows say themselves."""
    connection = sqlite3.connect(file)
    try:
        said = connection.execute(
            "SELECT series, at, number, least, greatest FROM rolled WHERE length_s = 60 ORDER BY series, at"
        ).fetchall()
        are = connection.execute(
            "SELECT series, at - at % 60000 AS minute, count(*), min(value), max(value) FROM sample "
            "GROUP BY series, minute ORDER BY series, minute"
        ).fetchall()
        days = connection.execute("SELECT series, sum(number) FROM rolled WHERE length_s = 86400 GROUP BY series")
        counts = connection.execute("SELECT series, count(*) FROM sample GROUP BY series")
        return [*said, *days], [*are, *counts]
    finally:
        connection.close()


@pytest.mark.slow
async def test_kill_9_loses_nothing_promised_and_doubles_nothing(tmp_path: Path) -> None:
    folder, printed = tmp_path / "data", tmp_path / "printed"
    file = folder / STORE_FILE
    chance = random.Random(SEED)
    kept: dict[str, set[str]] = {"credential": set(), "device": set(), "audit": set()}
    appended: dict[str, int] = {}
    logged_rows: dict[str, int] = {}
    rows: dict[str, set[int]] = {}
    said: list[object] = []

    for round_ in range(ROUNDS):
        run_until_killed(folder, printed, round_, chance)
        for what, name, *numbers in promises(printed):
            if what == "row":
                logged_rows[name] = sum(map(int, numbers))
            elif what == "sample":
                appended[name] = sum(map(int, numbers))
            else:
                kept[what].add(name)

        # The next hub opens what the last one left, and goes on with it.
        store = SqliteStore(folder)
        await store.open()
        again = await store.append(sample(device, n) for device, length in appended.items() for n in range(length))
        devices = await store.devices()
        secrets = {credential.id: credential.secret_hash for credential in await store.credentials()}
        await store.close()

        assert again == 0
        assert kept["device"] <= devices.keys()
        assert all(devices[name]["n"] == int(name.rsplit("-", 1)[1]) for name in kept["device"])
        assert all(secret == id.encode() for id, secret in secrets.items())
        assert column(file, "PRAGMA integrity_check") == ["ok"]
        rows, messages = logged(file)
        assert rows == messages, "a row and the message made of it are written together"
        said, are = rolled(file)
        assert said == are, "rows and their roll-ups are written together"

    for device, length in logged_rows.items():
        assert set(range(length)) <= rows[device]
    values = recorded(file)
    for device, length in appended.items():
        assert set(range(length)) <= values[device].keys()
    for device, by_n in values.items():
        assert all(value == power(device, n) for n, value in by_n.items())
    audits = Counter(column(file, "SELECT subject FROM audit WHERE action = 'other.noted'"))
    told = Counter(column(file, "SELECT subject FROM audit WHERE action = 'key.issued'"))
    assert kept["audit"] <= audits.keys()
    assert set(audits.values()) == {1}
    ids = Counter(column(file, "SELECT id FROM credential"))
    assert told == ids, "a key and its line in the audit log are written together"
    assert kept["credential"] <= ids.keys()
    assert set(ids.values()) == {1}
    revoked = set(column(file, "SELECT id FROM credential WHERE revoked IS NOT NULL"))
    # Each third credential replaced the one before it, in the same step.
    pairs = {(f"{r}-{int(n) - 1}", f"{r}-{n}") for r, n in (str(id).split("-") for id in ids) if int(n) % 3 == 2}
    assert revoked == {replaced for replaced, _ in pairs}
    assert sum(appended.values()) > 1000
    assert sum(logged_rows.values()) > 1000
    assert len(said) > 100
    assert len(kept["audit"]) > ROUNDS
