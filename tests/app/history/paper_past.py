"""The hub's API on paper: answers for rows that it is given, in pages of a size that the test chooses."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from hardwire.app.history.pages import Wish, instant
from hardwire.model.errors import UnknownError

BEGIN = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
POINTS = (
    {"name": "power_w", "label": "Power", "unit": "W", "decimals": 0, "field": 1},
    {"name": "water", "label": "", "unit": "", "decimals": None, "field": 2},
)


def wish(minutes: int = 60, **changes: Any) -> Wish:  # Any: fields of Wish by name
    """The hour that begins at noon, of all points."""
    return Wish(device="grid", since=BEGIN, until=BEGIN + timedelta(minutes=minutes), **changes)


class PaperPast:
    """A device `grid` with these values: seconds since noon -> values."""

    def __init__(self, told: Mapping[int, Mapping[str, float]], page_rows: int = 10_000) -> None:
        self.asked: list[Mapping[str, str]] = []
        self._told = told
        self._page_rows = page_rows

    def __call__(self, path: str) -> Any:  # Any: JSON
        """Answer a path."""
        place = urlsplit(path)
        assert place.path.endswith("/history")
        if unquote(place.path.split("/")[4]) != "grid":
            raise UnknownError("there is no such device")
        query = {name: texts[-1] for name, texts in parse_qs(place.query).items()}
        self.asked.append(query)
        since, until = (datetime.fromisoformat(query[name]) for name in ("since", "until"))
        names = query["point"].split(",") if "point" in query else [str(point["name"]) for point in POINTS]
        interval_s = int(query.get("interval", 0))
        rows = [
            (at, {name: value for name, value in values.items() if name in names})
            for second, values in sorted(self._told.items())
            if since <= (at := BEGIN + timedelta(seconds=second)) < until
        ]
        rows = [(at, values) for at, values in rows if values]
        if interval_s:
            rows = _folded(rows, interval_s, query.get("aggregation", "mean"))
        page, rest = rows[: self._page_rows], rows[self._page_rows :]
        return {
            "device": "grid",
            "log": query.get("log", "fast"),
            "interval_s": interval_s,
            "aggregation": query.get("aggregation", "mean"),
            "points": [point for point in POINTS if point["name"] in names],
            "rows": [{"at": instant(at), "values": values} for at, values in page],
            "next": instant(rest[0][0]) if rest else None,
        }


def _folded(
    rows: Sequence[tuple[datetime, Mapping[str, float]]], interval_s: int, how: str
) -> list[tuple[datetime, dict[str, float]]]:
    kept: dict[int, dict[str, list[float]]] = {}
    for at, values in rows:
        begins = int(at.timestamp()) // interval_s * interval_s
        for name, value in values.items():
            kept.setdefault(begins, {}).setdefault(name, []).append(value)
    folds: Mapping[str, Callable[[list[float]], float]] = {
        "min": min,
        "max": max,
        "sum": sum,
        "mean": lambda values: sum(values) / len(values),
    }
    fold = folds[how]
    return [
        (datetime.fromtimestamp(begins, UTC), {name: fold(values) for name, values in by_name.items()})
        for begins, by_name in kept.items()
    ]
