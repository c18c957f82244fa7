"""How much a board may tell in a time."""

from hardwire.drivers.simulated.board.budget import Budget

NOW_US = 10**15


def test_a_rush_takes_what_was_saved_and_then_one_at_a_time() -> None:
    budget = Budget(1_000, 3)

    taken = [budget.take(NOW_US) for _ in range(4)]
    later = [budget.take(NOW_US + 1_000) for _ in range(2)]

    assert taken == [True, True, True, False]
    assert later == [True, False]
    assert budget.next_us(NOW_US + 1_000) == NOW_US + 2_000


def test_no_more_is_saved_than_its_most() -> None:
    budget = Budget(1_000, 2)

    taken = [budget.take(NOW_US + 3_600_000_000) for _ in range(3)]

    assert taken == [True, True, False]


def test_a_large_one_is_made_up_for_afterwards() -> None:
    budget = Budget(1_000, 2)

    is_taken = budget.take(NOW_US, 10)

    assert is_taken
    assert budget.next_us(NOW_US) == NOW_US + 9_000
