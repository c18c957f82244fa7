"""What is asked of the past, and its answer."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum

from msgspec import Struct

from hardwire.model.fact import Log


class Aggregation(Enum):
    """What many values of an interval become (ezeio reference, `syslog`)."""

    MEAN = "mean"
    MODE = "mode"
    MEDIAN = "median"
    MIN = "min"
    MAX = "max"
    SUM = "sum"
    SPREAD = "spread"
    """The greatest less the least."""
    COUNT = "count"


class HistoryWish(Struct, frozen=True, kw_only=True):
    """Rows of one device in [since, until), oldest first."""

    device: str
    since: datetime
    until: datetime
    log: Log | None = None
    """Which log; None: what was recorded on change, for points that have no log interval. Such a value holds until the
    next one, at most an hour, so its aggregates are weighted by time: the mean, mode and median are of the time that it
    held, min, max and spread are of what held, a value from before the interval included, the sum is value times
    seconds, and the count is of the rows that were recorded."""
    points: tuple[str, ...] | None = None
    """None means all that were recorded."""
    interval_s: int = 0
    """Length of a row's interval, whole seconds; intervals begin at multiples of it since 1970 UTC. What of the first
    and the last interval lies outside [since, until) does not count. 0: rows as they are, without aggregation."""
    aggregation: Aggregation = Aggregation.MEAN
    limit: int = 5000
    """How many rows at most: the oldest ones of the range."""


class HistoryRow(Struct, frozen=True):
    """The values of one instant, or of the interval that begins there; intervals without values have no row."""

    at: datetime
    values: Mapping[str, float]


class Export(Struct, frozen=True):
    """A message as it was sent to an account's clients, with its number there (ezeio reference, section 7).

    Order of arrival is (epoch, number): the number begins with 1 in each epoch, the epoch grows at each start.
    """

    account: str
    epoch: int
    number: int
    device: str
    arrived: datetime
    message: str
