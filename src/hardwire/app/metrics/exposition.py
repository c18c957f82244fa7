"""The figures in Prometheus' own text format, by its own library; loaded with the first scrape."""

from collections.abc import Iterable, Sequence

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.exposition import generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector, CollectorRegistry

from hardwire.app.metrics.family import Family, Kind

INFINITY = "+Inf"


class Page(Collector):
    """A registry of its own: nothing that a library of the process counts gets in, save what Python tells of itself."""

    def __init__(self) -> None:
        self._families: Sequence[Family] = ()
        self._registry = CollectorRegistry(auto_describe=False)
        ProcessCollector(registry=self._registry)
        GCCollector(registry=self._registry)
        self._registry.register(self)

    def write(self, families: Iterable[Family]) -> bytes:
        """Return the page that tells these figures and those of the process. Call it from one thread at a time."""
        self._families = tuple(families)
        return generate_latest(self._registry)

    def collect(self) -> Iterable[Metric]:
        """Give the library what is to be told."""
        return [_metric(family) for family in self._families]


def _metric(family: Family) -> Metric:
    name, meaning = family.name, family.meaning
    match family.kind:
        case Kind.HISTOGRAM:
            assert family.histogram is not None, "a histogram has buckets"
            bounds = (*(repr(bound) for bound in family.histogram.bounds), INFINITY)
            told = HistogramMetricFamily(name, meaning)
            told.add_metric((), list(zip(bounds, family.histogram.cumulative, strict=True)), family.histogram.total)
            return told
        case Kind.INFO:
            ((values, _),) = family.values
            return InfoMetricFamily(
                name.removesuffix("_info"), meaning, value=dict(zip(family.labels, values, strict=True))
            )
        case Kind.COUNTER:
            counted = CounterMetricFamily(name, meaning, labels=family.labels)
            for labels, value in family.values:
                counted.add_metric(labels, value)
            return counted
        case Kind.GAUGE:
            gauge = GaugeMetricFamily(name, meaning, labels=family.labels)
            for labels, value in family.values:
                gauge.add_metric(labels, value)
            return gauge
