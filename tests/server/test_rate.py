"""The bucket that fills by itself."""

from hardwire.server.rate import Rate


def taken(rate: Rate, times: int, now_s: float) -> int:
    """How many of so many wishes at that time were granted."""
    return sum(rate.take(now_s) for _ in range(times))


def test_a_crowd_gets_a_tenth_of_a_second_at_once_and_then_the_rate() -> None:
    rate = Rate(500)

    granted = [taken(rate, 1000, 100.0), taken(rate, 1000, 100.0), taken(rate, 1000, 100.0625)]

    assert granted == [50, 0, 31]


def test_a_second_of_wishes_gets_the_rate_and_no_more() -> None:
    rate = Rate(500)

    granted = sum(taken(rate, 5, 100.0 + ms / 1000) for ms in range(1000))

    assert 540 <= granted <= 550


def test_a_slow_rate_lets_one_through_at_a_time() -> None:
    rate = Rate(1)

    assert [rate.take(at_s) for at_s in (10.0, 10.5, 11.0, 11.0, 60.0, 60.0)] == [True, False, True, False, True, False]


def test_a_clock_that_was_set_back_grants_nothing_extra() -> None:
    rate = Rate(10)

    assert [rate.take(100.0), rate.take(50.0), rate.take(50.1)] == [True, False, True]
