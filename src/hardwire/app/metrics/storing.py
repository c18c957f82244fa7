"""The store: what waits for it, how long a commit takes, how large its file is."""

from collections.abc import Iterable
from pathlib import Path

from hardwire.app.metrics.family import Family, counter, gauge, gauges, histogram
from hardwire.storage.sqlite import SqliteStore

WRITE_AHEAD = "-wal"


def families(store: SqliteStore) -> Iterable[Family]:
    """Tell what the store has counted; it must be open."""
    figures = store.figures
    writes, rows = store.waiting()
    yield gauge("hardwire_store_writes_waiting", "Writes that somebody waits for, not begun yet.", writes)
    yield gauge("hardwire_store_rows_waiting", "Values on their way to the disk that nobody waits for.", rows)
    yield histogram(
        "hardwire_store_commit_duration_seconds",
        "From a transaction's beginning until it was durable.",
        figures.commit_times,
    )
    yield counter("hardwire_store_commits_total", "Transactions that are durable.", figures.commits)
    yield counter(
        "hardwire_store_commit_errors_total", "Transactions that could not be committed.", figures.failed_commits
    )
    yield counter("hardwire_store_rows_written_total", "Values that were recorded.", figures.new_rows)
    yield counter(
        "hardwire_store_rows_repeated_total",
        "Values that were not recorded: there was one of that instant, or they came too late.",
        figures.repeated_rows,
    )
    yield counter(
        "hardwire_store_rows_lost_total",
        "Values that nobody was promised, lost because the disk did not take them in time.",
        store.dropped_rows,
    )
    yield gauges(
        "hardwire_store_size_bytes",
        "Size of the store's file and of its write-ahead log.",
        ("file",),
        {("main",): _size(store.file), ("wal",): _size(store.file.with_name(store.file.name + WRITE_AHEAD))},
    )


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
