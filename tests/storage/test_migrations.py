"""The schema's steps: forward only, each whole or not at all."""

import sqlite3
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from hardwire.model.errors import HubFaultError
from hardwire.storage.migrations import migrate, shipped_migrations

FILE = Path("hardwire.db")


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    yield connection
    connection.close()


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
