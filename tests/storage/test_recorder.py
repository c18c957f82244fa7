"""The recorder: what it notes of what it is told."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from hardwire.contracts.store import Store
from hardwire.model.fact import Fact, Log, LogRow, Sample
from hardwire.storage.recorder import Recorder

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


class PaperStore:
    """A store that writes down what it is given to note."""

    def __init__(self) -> None:
        self.noted: list[Sample] = []

    def note(self, samples: Iterable[Sample]) -> None:
        self.noted.extend(samples)


@pytest.fixture
def store() -> PaperStore:
    return PaperStore()


def told(store: PaperStore, *facts: Fact) -> list[Sample]:
    """What a recorder with an interval of a minute notes of these facts."""
    paper: Store = store  # type: ignore[assignment]  # the recorder notes, and does nothing else here
    recorder = Recorder(paper, keep=timedelta(days=1), interval=timedelta(minutes=1), now=lambda: NOON)
    for fact in facts:
        recorder.take(fact)
    return store.noted


def at(seconds: int, **values: float) -> Sample:
    """A meter's sample so many seconds after noon."""
    return Sample("grid", NOON + timedelta(seconds=seconds), values)


def test_a_point_is_noted_once_a_minute(store: PaperStore) -> None:
    noted = told(store, *(at(second, power_w=second) for second in range(121)))

    assert noted == [at(0, power_w=0), at(60, power_w=60), at(120, power_w=120)]


def test_each_point_has_its_own_minute(store: PaperStore) -> None:
    noted = told(store, at(0, power_w=1), at(30, power_w=2, gas_m3=3), at(60, power_w=4, gas_m3=5))

    assert noted == [at(0, power_w=1), at(30, gas_m3=3), at(60, power_w=4)]


def test_a_value_that_comes_late_is_noted(store: PaperStore) -> None:
    noted = told(store, at(0, power_w=1), at(-300, power_w=2), at(30, power_w=3))

    assert noted == [at(0, power_w=1), at(-300, power_w=2)]


def test_a_log_row_is_no_sample(store: PaperStore) -> None:
    noted = told(store, LogRow("grid", NOON, Log.FAST, {"power_w": 1}))

    assert noted == []
