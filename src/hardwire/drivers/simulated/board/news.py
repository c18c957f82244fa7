"""The news of a board's points: which values are worth a sample, and when."""

from collections.abc import Mapping, Sequence

from hardwire.drivers.simulated.board.budget import Budget
from hardwire.drivers.simulated.board.function import Pointed
from hardwire.drivers.simulated.board.instants import next_mark_us
from hardwire.drivers.simulated.board.points import POINTS_US
from hardwire.model.value import Value

TOUCHED_US = 50_000
TOUCHED_SAVED = 40
"""What commands have done is told at once, 20 times a second in the long run, and else each quarter of a second."""


class News:
    """What the readers of the points know, so that they are told only what has changed."""

    def __init__(self, functions: Sequence[Pointed]) -> None:
        self._functions = functions
        self._budget = Budget(TOUCHED_US, TOUCHED_SAVED)
        self._is_touched = True
        """Whether a command may have changed what points hold."""
        self._is_owed = False
        """Whether something has changed that could not be told at once."""
        self._next_us = 0
        """When the points of what moves by itself are looked at."""
        self._known: dict[str, Value] = {}

    def touch(self) -> None:
        """Learn that a command has done something."""
        self._is_touched = True

    def move(self) -> None:
        """Learn that the board has done something by itself, other than what its functions say they will."""
        self._is_owed = True

    def values(self, now_us: int) -> Mapping[str, Value]:
        """Return the points whose values are news."""
        is_told_at_once = self._is_touched and self._budget.take(now_us)
        if not is_told_at_once and now_us < self._next_us:
            self._is_owed |= self._is_touched
            return {}
        self._is_touched = False
        if now_us >= self._next_us:
            self._next_us = next_mark_us(now_us, POINTS_US)
            self._is_owed = False
        known = self._known
        news: dict[str, Value] = {}
        for function in self._functions:
            for name, value in function.values(now_us).items():
                if known.get(name) != value:
                    known[name] = news[name] = value
        return news

    def next_us(self) -> int | None:
        """Return when what is owed is told."""
        return self._next_us if self._is_owed else None
