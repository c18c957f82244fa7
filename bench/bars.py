"""Which bars the picture of a run has."""

from collections.abc import Mapping, Sequence

from bench.row import Row

FANOUT = "fan-out"


def bars(rows: Sequence[Row]) -> Mapping[str, Mapping[str, float]]:
    """Return each fan-out with its bars: who -> CPU seconds per million deliveries."""
    charts: dict[str, dict[str, float]] = {}
    for row in rows:
        if not (row.work.startswith(FANOUT) and row.unit.endswith("deliveries")) or row.hub is None:
            continue
        where, _, who = row.work.partition(": ")
        chart = charts.setdefault(where, {})
        chart[who] = row.hub.median
        if row.reference is not None:
            chart[row.reference_name] = row.reference.median
    return charts
