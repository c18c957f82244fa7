"""Rows of the event log."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hardwire.model.fact import Incident
from hardwire.model.value import Value
from hardwire.storage.sqlite import SqliteStore

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


async def test_a_value_that_is_no_number_is_left_out_and_the_log_stays_readable(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    await store.open()
    values: dict[str, Value] = {
        "level": 3.5,
        "flow": float("nan"),
        "gain": float("-inf"),
        "state": "open",
        "count": 2**70,
    }

    await store.incidents.save(Incident(device="tank", at=NOON, kind="ALARM", source="ALARM", values=values))
    found = await store.incidents.read("tank", NOON, NOON + timedelta(seconds=1), 10)
    await store.close()

    assert [incident.values for _, incident in found] == [{"level": 3.5, "state": "open", "count": 2**70}]
