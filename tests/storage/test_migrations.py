"""The schema's steps: forward only, each whole or not at all."""

import sqlite3
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from hardwire.model.errors import HubFaultError
from hardwire.storage.migrations import migrate, shipped_migrations
from hardwire.storage.rollups import note_touched, roll_up

FILE = Path("hardwire.db")
# Crowded, then far apart, before 1970 too.
OLD_ROWS = [
    *((1, n * 7_000 - 50_000, n / 4) for n in range(60)),
    *((1, n * 3_000_000, -n) for n in range(1, 40)),
    *((7, -n * 86_400_000, n) for n in range(5)),
]


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    yield connection
    connection.close()


@pytest.fixture
def recorded_before(connection: sqlite3.Connection) -> sqlite3.Connection:
    """A file of the sixth step, in which a meter was recorded."""
    migrate(connection, FILE, shipped_migrations()[:6])
    connection.execute("INSERT INTO series (id, device, point) VALUES (1, 'grid', 'power'), (7, 'grid', 'volts')")
    connection.executemany("INSERT INTO sample (series, at, value) VALUES (?, ?, ?)", OLD_ROWS)
    connection.executemany("INSERT INTO fresh_sample (series, at, value) VALUES (?, ?, ?)", [(1, 90_000_001, 5)])
    return connection


def rows(connection: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    return connection.execute(f"SELECT series, at, value FROM {table} ORDER BY series, at").fetchall()


def version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def test_the_steps_are_numbered_without_a_gap() -> None:
    names = sorted(entry.name for entry in (files("hardwire.storage") / "schema").iterdir())

    assert names == [f"{number:04}.sql" for number in range(1, len(names) + 1)]
    assert len(shipped_migrations()) == len(names)


def test_a_new_file_gets_every_table_that_the_store_knows(connection: sqlite3.Connection) -> None:
    migrate(connection, FILE, shipped_migrations())

    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables - {"sqlite_sequence"} == {
        "address",
        "audit",
        "call_count",
        "credential",
        "device",
        "epoch",
        "errand",
        "export",
        "field_no",
        "fixed",
        "fresh_sample",
        "group",
        "horizon",
        "incident",
        "kept_value",
        "post",
        "rollup",
        "sample",
        "series",
    }


def test_an_older_file_gets_only_the_steps_that_it_lacks(connection: sqlite3.Connection) -> None:
    first = "CREATE TABLE a (x); INSERT INTO a VALUES (1);"
    migrate(connection, FILE, [first])

    migrate(connection, FILE, [first, "ALTER TABLE a ADD COLUMN y DEFAULT 2;"])
    migrate(connection, FILE, [first, "ALTER TABLE a ADD COLUMN y DEFAULT 2;"])

    assert connection.execute("SELECT x, y FROM a").fetchall() == [(1, 2)]
    assert version(connection) == 2


def test_a_file_of_a_newer_hub_is_left_alone(connection: sqlite3.Connection) -> None:
    migrate(connection, FILE, ["CREATE TABLE a (x);", "CREATE TABLE b (x);"])

    with pytest.raises(HubFaultError, match="newer hub") as caught:
        migrate(connection, FILE, ["CREATE TABLE a (x);"])

    assert caught.value.code == "newer-store"
    assert version(connection) == 2


def test_a_step_that_fails_leaves_nothing_of_itself(connection: sqlite3.Connection) -> None:
    steps = ["CREATE TABLE a (x);", "CREATE TABLE b (x); CREATE TABLE a (x);"]

    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        migrate(connection, FILE, steps)

    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master")]
    assert tables == ["a"]
    assert version(connection) == 1
    assert not connection.in_transaction


def test_what_was_recorded_before_there_were_logs_stays_and_is_rolled_up(recorded_before: sqlite3.Connection) -> None:
    migrate(recorded_before, FILE, shipped_migrations())

    rolled = recorded_before.execute("SELECT * FROM rollup ORDER BY series, length_s, at").fetchall()
    assert rows(recorded_before, "sample") == sorted(OLD_ROWS)
    assert rows(recorded_before, "fresh_sample") == [(1, 90_000_001, 5)]
    assert recorded_before.execute("SELECT * FROM series ORDER BY id").fetchall() == [
        (1, "grid", "power", ""),
        (7, "grid", "volts", ""),
    ]
    assert recorded_before.execute("SELECT * FROM recorded WHERE at = 90000001").fetchall() == [
        ("grid", "power", "", 90_000_001, 5)
    ]
    # The store's own code makes the same of them.
    recorded_before.execute("DELETE FROM rollup")
    note_touched(recorded_before, "[1, 7]", "", table="sample")
    roll_up(recorded_before, "")
    assert rolled == recorded_before.execute("SELECT * FROM rollup ORDER BY series, length_s, at").fetchall()
    assert len(rolled) > 100


@pytest.mark.parametrize("done", range(1, 10, 2))
def test_a_step_that_is_interrupted_keeps_what_was_recorded(recorded_before: sqlite3.Connection, done: int) -> None:
    steps = shipped_migrations()
    statements = steps[6].split(";")
    interrupted = ";".join([*statements[:done], "\nSELECT no_such_function();"])

    with pytest.raises(sqlite3.OperationalError, match="no_such_function"):
        migrate(recorded_before, FILE, [*steps[:6], interrupted])

    assert version(recorded_before) == 6
    assert rows(recorded_before, "sample") == sorted(OLD_ROWS)
    migrate(recorded_before, FILE, steps)
    assert rows(recorded_before, "sample") == sorted(OLD_ROWS)
