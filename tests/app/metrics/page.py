"""A page of figures as Prometheus reads it."""

from collections.abc import Mapping

from prometheus_client.parser import text_string_to_metric_families

Series = tuple[str, tuple[tuple[str, str], ...]]


def values(page: bytes) -> Mapping[Series, float]:
    """Return each series (name, labels) with its value. Raises ValueError for what is no such page."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(page.decode())
        for sample in family.samples
    }


def value(page: bytes, name: str, **labels: str) -> float:
    """Return one series; 0 where it is not told."""
    return values(page).get((name, tuple(sorted(labels.items()))), 0.0)
