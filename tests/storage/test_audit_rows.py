"""The audit log on the disk: only added to, in one step with what it tells of, carried over from earlier versions."""

import asyncio
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from hardwire.contracts.errand import Errand
from hardwire.model.access import Credential, Group
from hardwire.model.audit import AuditEntry
from hardwire.model.errors import CallerError
from hardwire.storage.migrations import migrate, shipped_migrations
from hardwire.storage.sqlite import STORE_FILE, SqliteStore
from tests.fakes.still_clock import NOON

BEFORE = 8
"""The last version of the schema in which a line had a `who` and a `what`."""


def line(action: str, subject: str = "", minutes: int = 0) -> AuditEntry:
    return AuditEntry(
        at=NOON + timedelta(minutes=minutes),
        actor="owner",
        action=action,
        subject=subject,
        detail="a few words",
        peer="192.0.2.7",
    )


@pytest.fixture
async def store(tmp_path: Path) -> SqliteStore:
    store = SqliteStore(tmp_path)
    await store.open()
    return store


async def subjects(store: SqliteStore) -> list[str]:
    return [one.subject for _, one in await store.audits()]


async def test_lines_come_back_with_their_numbers_oldest_first(store: SqliteStore) -> None:
    told = [line("key.issued", "a"), line("key.revoked", "a"), line("group.saved", "plant")]
    for one in told:
        await store.audit(one)

    everything = await store.audits()
    await store.close()

    assert everything == [(1, told[0]), (2, told[1]), (3, told[2])]


async def test_the_newest_of_an_action_since_a_time_are_told(store: SqliteStore) -> None:
    for minute in range(5):
        await store.audit(line("key.issued", f"k{minute}", minute))
        await store.audit(line("keyring.lost", f"r{minute}", minute))

    newest = await store.audits(action="key.", limit=2)
    late = await store.audits(since=NOON + timedelta(minutes=3), action="key")
    none = await store.audits(action="%")
    await store.close()

    assert [one.subject for _, one in newest] == ["k3", "k4"]
    assert [one.subject for _, one in late] == ["k3", "r3", "k4", "r4"]
    assert none == []


async def test_what_nobody_waits_for_is_written_too(tmp_path: Path, store: SqliteStore) -> None:
    store.note_audit(line("lockout.began", "address 192.0.2.7"))
    await store.close()

    again = SqliteStore(tmp_path)
    await again.open()
    told = await subjects(again)
    await again.close()

    assert told == ["address 192.0.2.7"]


async def test_a_change_and_its_line_are_both_there(store: SqliteStore) -> None:
    await store.save_group(Group(id="plant", number=7, name="Plant"), audit=[line("group.saved", "plant")])
    await store.save_credential(Credential(id="a", kind="admin", secret_hash=b"a"), audit=[line("key.issued", "a")])
    await store.revoke_credential("a", NOON, audit=[line("key.revoked", "a")])
    await store.save_device("bench", {"driver": "simulated"}, audit=[line("device.added", "bench")])
    await store.save_device("meter", {"key": "x"}, is_secret=True, audit=[line("device.added", "meter")])
    await store.remove_device("bench", audit=[line("device.removed", "bench")])
    await store.remove_group("plant", audit=[line("group.removed", "plant")])
    errand = Errand(id="e", device="unit", credential="a", actions=(), made=NOON, steps=())
    await store.errands.save(errand, audit=[line("control.ordered", "unit")])

    told = await subjects(store)
    await store.close()

    assert told == ["plant", "a", "a", "bench", "meter", "bench", "plant", "unit"]


async def test_a_change_that_is_refused_or_finds_nothing_leaves_no_line(store: SqliteStore) -> None:
    await store.save_credential(Credential(id="a", kind="admin", secret_hash=b"a"))

    again = Credential(id="a", kind="admin", secret_hash=b"b")
    with pytest.raises(CallerError, match="given before"):
        await store.save_credential(again, audit=[line("key.issued", "a")])
    is_revoked = await store.revoke_credential("b", NOON, audit=[line("key.revoked", "b")])
    is_removed = await store.remove_device("b", audit=[line("device.removed", "b")])

    told = await subjects(store)
    await store.close()
    assert (is_revoked, is_removed, told) == (False, False, [])


async def test_many_lines_at_once_get_a_number_each(store: SqliteStore) -> None:
    await asyncio.gather(*(store.audit(line("key.issued", str(n))) for n in range(50)))

    numbers = [number for number, _ in await store.audits()]
    await store.close()

    assert numbers == list(range(1, 51))


@pytest.fixture
def file(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A file of this version with one line."""
    connection = sqlite3.connect(tmp_path / STORE_FILE, isolation_level=None)
    migrate(connection, tmp_path / STORE_FILE, shipped_migrations())
    connection.execute("INSERT INTO audit VALUES (1, 0, 'owner', 'key.issued', 'a', '', '')")
    yield connection
    connection.close()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit SET actor = 'somebody else'",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE no = 1",
        "INSERT OR REPLACE INTO audit VALUES (1, 0, 'somebody else', 'key.issued', 'a', '', '')",
        "REPLACE INTO audit VALUES (1, 0, 'somebody else', 'key.issued', 'a', '', '')",
    ],
)
def test_a_line_is_never_changed_or_deleted(file: sqlite3.Connection, sql: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="only added to"):
        file.execute(sql)

    assert file.execute("SELECT no, actor FROM audit").fetchall() == [(1, "owner")]


def test_lines_of_earlier_versions_are_carried_over_with_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / STORE_FILE
    connection = sqlite3.connect(path, isolation_level=None)
    migrate(connection, path, shipped_migrations()[:BEFORE])
    connection.executemany(
        "INSERT INTO audit (no, at, who, what) VALUES (?, 1000, ?, ?)",
        [
            (3, "homewizard", "issued homewizard-0a 'local/my app'"),
            (4, "obniz", "revoked 1f2e ''"),
            (5, "group", "added plant"),
            (6, "group", "removed plant"),
            (7, "key 10009", "unit: Set setpoint to 7; Set mode: 2"),
            (9, "somebody", "something"),
        ],
    )

    migrate(connection, path, shipped_migrations())

    lines = connection.execute("SELECT no, at, actor, action, subject, detail, peer FROM audit ORDER BY no").fetchall()
    connection.execute(
        "INSERT INTO audit (at, actor, action, subject, detail, peer) VALUES (0, '', 'other.noted', '', '', '')"
    )
    (newest,) = connection.execute("SELECT max(no) FROM audit").fetchone()
    connection.close()
    assert lines == [
        (3, 1000, "", "key.issued", "homewizard-0a", "homewizard 'local/my app'", ""),
        (4, 1000, "", "key.revoked", "1f2e", "obniz ''", ""),
        (5, 1000, "", "group.saved", "plant", "added", ""),
        (6, 1000, "", "group.removed", "plant", "removed", ""),
        (7, 1000, "10009", "control.ordered", "unit", "Set setpoint to 7; Set mode: 2", ""),
        (9, 1000, "", "other.noted", "", "somebody something", ""),
    ]
    assert newest == 10
