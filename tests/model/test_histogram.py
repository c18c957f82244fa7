"""Observations are counted below the bound that they reach."""

from hardwire.model.histogram import Histogram


def test_an_observation_is_counted_below_its_bound() -> None:
    histogram = Histogram((1.0, 2.0, 5.0))

    for measured in (0.5, 1.0, 1.5, 5.0, 7.0):
        histogram.observe(measured)

    assert histogram.counts == [2, 1, 1, 1]
    assert histogram.cumulative() == (2, 3, 4, 5)
    assert histogram.count == 5
    assert histogram.total == 15.0


def test_nothing_observed_is_nothing_counted() -> None:
    histogram = Histogram((1.0,))

    assert histogram.count == 0
    assert histogram.cumulative() == (0, 0)
