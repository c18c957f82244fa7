"""One figure with its name, its meaning and its values, before anybody has written it down in any format."""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Protocol

from msgspec import Struct

from hardwire.model.histogram import Histogram

Labels = tuple[str, ...]


class Kind(Enum):
    """What may be done with a figure."""

    COUNTER = "counter"
    """It only grows; its name ends in `_total`."""
    GAUGE = "gauge"
    HISTOGRAM = "histogram"
    INFO = "info"
    """Always 1; what it has to tell stands in its labels. Its name ends in `_info`."""


class Family(Struct, frozen=True):
    """A figure as Prometheus names it: base units, one family for all of its labels."""

    name: str
    kind: Kind
    meaning: str
    """A sentence."""
    labels: Labels = ()
    values: Sequence[tuple[Labels, float]] = ()
    histogram: "Buckets | None" = None


class Buckets(Struct, frozen=True):
    """A histogram as it stood at one moment."""

    bounds: Sequence[float]
    cumulative: Sequence[int]
    """How many lay at or below each bound, then all."""
    total: float


class Writer(Protocol):
    """Writes figures down (`exposition.Page`)."""

    def write(self, families: Iterable[Family]) -> bytes:
        """Return the page."""
        ...


def counter(name: str, meaning: str, value: float) -> Family:
    """Return a counter without labels."""
    return Family(name, Kind.COUNTER, meaning, (), [((), value)])


def counters(name: str, meaning: str, labels: Labels, values: Mapping[Labels, float]) -> Family:
    """Return a counter with labels."""
    return Family(name, Kind.COUNTER, meaning, labels, sorted(values.items()))


def gauge(name: str, meaning: str, value: float) -> Family:
    """Return a gauge without labels."""
    return Family(name, Kind.GAUGE, meaning, (), [((), value)])


def gauges(name: str, meaning: str, labels: Labels, values: Mapping[Labels, float]) -> Family:
    """Return a gauge with labels."""
    return Family(name, Kind.GAUGE, meaning, labels, sorted(values.items()))


def info(name: str, meaning: str, facts: Mapping[str, str]) -> Family:
    """Return what is told by labels alone."""
    return Family(name, Kind.INFO, meaning, tuple(facts), [(tuple(facts.values()), 1)])


def histogram(name: str, meaning: str, observed: Histogram) -> Family:
    """Return a histogram as it stands now."""
    told = Buckets(observed.bounds, observed.cumulative(), observed.total)
    return Family(name, Kind.HISTOGRAM, meaning, histogram=told)
