"""Which measurements are life, and which are an old one once more."""

from hardwire.drivers.homewizard.freshness import Freshness
from hardwire.drivers.homewizard.measurement import Measurement


def timed(second: int, power_w: int = 0) -> Measurement:
    """Return what a meter with a clock tells."""
    return Measurement({"timestamp": f"2026-11-25T13:00:{second:02}", "power_w": power_w})


def untimed(power_w: int) -> Measurement:
    """Return what a meter without a clock tells."""
    return Measurement({"power_w": power_w})


def heard(*connections: list[Measurement]) -> list[list[bool]]:
    """Return which of what was pushed, connection by connection, is news."""
    freshness = Freshness()
    told = []
    for pushed in connections:
        freshness.connected()
        told.append([freshness.is_news(each) for each in pushed])
    return told


def test_the_first_of_all_is_news_and_so_is_every_change() -> None:
    assert heard([timed(1), timed(2), timed(2, 5)]) == [[True, True, True]]


def test_a_clock_that_stands_still_is_no_life() -> None:
    assert heard([timed(1), timed(1), timed(1)]) == [[True, False, False]]


def test_without_a_clock_the_same_again_is_life() -> None:
    assert heard([untimed(1), untimed(1), untimed(1)]) == [[True, True, True]]


def test_one_old_measurement_for_each_connection_is_no_life() -> None:
    assert heard([timed(1), timed(9)], [timed(9)], [timed(9)]) == [[True, True], [False], [False]]
    assert heard([untimed(1), untimed(9)], [untimed(9)], [untimed(9)]) == [[True, True], [False], [False]]


def test_an_older_one_for_each_connection_is_no_life() -> None:
    assert heard([timed(1), timed(9)], [timed(5)], [timed(5)]) == [[True, True], [False], [False]]
    assert heard([untimed(1), untimed(9)], [untimed(5)], [untimed(5)]) == [[True, True], [True], [False]]


def test_a_meter_that_is_back_lives_from_its_second_word_on() -> None:
    assert heard([untimed(1)], [untimed(1), untimed(1)]) == [[True], [False, True]]
    assert heard([timed(1)], [timed(1), timed(2)]) == [[True], [False, True]]


def test_a_clock_that_was_set_back_lives_from_its_second_word_on() -> None:
    assert heard([timed(59)], [timed(1), timed(2)]) == [[True], [False, True]]


def test_a_polled_measurement_is_news_when_it_differs() -> None:
    freshness = Freshness()

    assert [freshness.is_change(told) for told in (untimed(1), untimed(1), untimed(2))] == [True, False, True]
