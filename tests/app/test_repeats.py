"""The same line is written so often and no more; what was left out is counted."""

from typing import Any

import pytest
import structlog

from hardwire.app.repeats import LINES_PER_EVENT, LINES_PER_PEER, PEERS_LIMIT, WINDOW_S, LeftOut, Repeats


class Minute:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def told(repeats: Repeats, times: int, **line: Any) -> int:  # Any: a line's fields
    """Say a line so often; returns how often it passed."""
    passed = 0
    for _ in range(times):
        try:
            repeats(None, "info", {"event": "client cut", **line})
        except structlog.DropEvent:
            continue
        passed += 1
    return passed


def test_a_peer_fills_a_few_lines_and_its_neighbour_is_heard() -> None:
    repeats = Repeats(Minute())

    assert told(repeats, 1000, peer="10.0.0.1") == LINES_PER_PEER
    assert told(repeats, 1, peer="10.0.0.2") == 1
    assert told(repeats, 1, peer="10.0.0.1", event="another") == 1


def test_many_peers_together_fill_no_more_than_an_event_may() -> None:
    repeats = Repeats(Minute())

    passed = sum(told(repeats, 5, peer=f"10.0.{number // 250}.{number % 250}") for number in range(3 * PEERS_LIMIT))

    assert passed == LINES_PER_EVENT
    assert len(repeats._seen) <= PEERS_LIMIT + 1


def test_what_was_left_out_is_told_once_the_minute_is_over() -> None:
    clock = Minute()
    repeats = Repeats(clock)
    told(repeats, 25, peer="10.0.0.1")
    told(repeats, LINES_PER_EVENT + 7, event="a part failed")

    early = list(repeats.turn())
    clock.now_s += WINDOW_S
    late = list(repeats.turn())

    assert early == []
    assert late == [LeftOut("client cut", "10.0.0.1", 15), LeftOut("a part failed", "", 7)]
    assert told(repeats, 1, peer="10.0.0.1") == 1


def test_at_the_end_of_a_hub_it_is_told_in_any_case() -> None:
    repeats = Repeats(Minute())
    told(repeats, 11, peer="10.0.0.1")

    assert list(repeats.turn(is_last=True)) == [LeftOut("client cut", "10.0.0.1", 1)]
    assert list(repeats.turn(is_last=True)) == []


@pytest.mark.parametrize("times", [1, LINES_PER_EVENT])
def test_what_is_said_seldom_is_written(times: int) -> None:
    assert told(Repeats(Minute()), times) == times
