"""What the log says of devices that fall silent and come back."""

from collections.abc import Iterator, MutableMapping
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from hardwire.app.vigil import Vigil
from hardwire.hub.access import Access
from hardwire.hub.house import Premises
from hardwire.hub.roster import Roster
from hardwire.model.device import Device
from hardwire.model.fact import Sample
from tests.dialects.transcript import START

Lines = list[MutableMapping[str, Any]]  # Any: structlog's own signature
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def lines() -> Iterator[Lines]:
    with capture_logs() as lines:
        yield lines


@pytest.fixture
def roster() -> Roster:
    roster = Roster()
    roster.declare(Device(id="grid", kind="meter", stale_after_s=30))
    return roster


@pytest.fixture
def vigil(roster: Roster) -> Vigil:
    return Vigil(Premises(roster, Access(lambda: START)))


def test_a_device_that_comes_as_it_should_is_no_news(roster: Roster, vigil: Vigil, lines: Lines) -> None:
    vigil.look(START)
    roster.remember(Sample("grid", START, {"power_w": 1}), START)

    vigil.look(START + SECOND)

    assert lines == []


def test_a_device_that_is_not_there_is_told_once_with_the_reason(roster: Roster, vigil: Vigil, lines: Lines) -> None:
    roster.mark_lost("grid", "there is no cable", START)

    for second in range(90):
        vigil.look(START + second * SECOND)

    assert [(one["log_level"], one["event"], one["device"], one["reason"]) for one in lines] == [
        ("warning", "a device is silent", "grid", "there is no cable")
    ]


def test_a_device_that_goes_without_a_word_and_comes_back_is_told(roster: Roster, vigil: Vigil, lines: Lines) -> None:
    roster.remember(Sample("grid", START, {"power_w": 1}), START)
    vigil.look(START + MINUTE)
    roster.remember(Sample("grid", START + 2 * MINUTE, {"power_w": 1}), START + 2 * MINUTE)

    vigil.look(START + 2 * MINUTE)

    assert [(one["event"], one.get("reason")) for one in lines] == [
        ("a device is silent", "it tells nothing any more"),
        ("a device is back", None),
    ]


def test_one_that_comes_and_goes_is_told_of_once_a_minute(roster: Roster, vigil: Vigil, lines: Lines) -> None:
    for second in range(120):
        now = START + second * SECOND
        if second % 2:
            roster.mark_alive("grid", now)
        else:
            roster.mark_lost("grid", f"the line broke at {second}", now)
        vigil.look(now)

    assert [one["event"] for one in lines] == ["a device is silent"] * 2


def test_what_hangs_behind_a_meter_is_not_told_of_beside_it(roster: Roster, vigil: Vigil, lines: Lines) -> None:
    roster.declare(Device(id="grid.gas", kind="gas_meter", parent="grid", stale_after_s=30))
    roster.mark_lost("grid.gas", "nothing", START)

    vigil.look(START)

    assert lines == []


def test_a_device_that_was_removed_and_added_again_is_told_anew(roster: Roster, vigil: Vigil, lines: Lines) -> None:
    roster.mark_lost("grid", "no cable", START)
    vigil.look(START)
    roster.remove("grid")
    vigil.look(START + SECOND)
    roster.declare(Device(id="grid", kind="meter", stale_after_s=30))
    roster.mark_lost("grid", "no cable", START + SECOND)

    vigil.look(START + 2 * SECOND)

    assert len(lines) == 2
