"""How often something may be done."""

from datetime import timedelta

from hardwire.hub.purse import Purse
from tests.fakes.still_clock import NOON


def test_so_many_at_once_then_one_for_each_pause() -> None:
    purse = Purse(at_once=3, seconds_each=2)

    spent = [purse.spend("tank", NOON + timedelta(seconds=second)) for second in (0, 0, 0, 0, 1, 2, 2, 4)]

    assert spent == [True, True, True, False, False, True, False, True]


def test_a_clock_that_is_set_back_empties_no_purse_for_long() -> None:
    purse = Purse(at_once=3, seconds_each=2)
    purse.spend("tank", NOON + timedelta(days=1000))

    spent = [purse.spend("tank", NOON + timedelta(seconds=second)) for second in (0, 2, 4)]

    assert spent == [False, True, True]
