"""How late the event loop is, on a clock of paper."""

import asyncio
from contextlib import suppress

import pytest

from hardwire.app.metrics.lag import EVERY_S, Lag


def test_what_a_sleep_takes_too_long_is_the_lag() -> None:
    lag = Lag()

    for slept_s in (EVERY_S, EVERY_S + 0.004, EVERY_S + 0.2, EVERY_S - 0.001):
        lag.note(slept_s)

    assert lag.seen.count == 4
    assert lag.seen.total == pytest.approx(0.204)
    assert lag.worst_s == pytest.approx(0.2)


def test_the_worst_is_told_once_and_begins_anew() -> None:
    lag = Lag()
    lag.note(EVERY_S + 1)

    ((_, first),) = list(lag.families())[1].values
    ((_, second),) = list(lag.families())[1].values

    assert first == pytest.approx(1.0)
    assert second == 0.0


async def test_it_looks_until_it_is_cancelled() -> None:
    ticks = iter((1.0, 1.0 + EVERY_S + 0.03, 2.0, 2.0 + EVERY_S, 3.0, 3.0, 3.0))
    lag = Lag(lambda: next(ticks))

    with suppress(TimeoutError):
        await asyncio.wait_for(lag.run(), EVERY_S * 1.8)

    assert lag.worst_s == pytest.approx(0.03)
