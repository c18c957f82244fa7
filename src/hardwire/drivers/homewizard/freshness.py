"""Tells life from repetition: which measurements of a device are new, over all of its connections."""

from hardwire.drivers.homewizard.measurement import Measurement


class Freshness:
    """Remembers what was told.

    A device that has lost its meter, or itself, may keep its socket open and send one old measurement to everybody who
    connects (HomeWizard reference, section 3.5). A healthy one whose values stand still sends them again and again.
    """

    def __init__(self) -> None:
        self._last: Measurement | None = None
        self._first: Measurement | None = None
        self._is_first = True

    def connected(self) -> None:
        """A new connection stands: what comes first on it may be old."""
        self._is_first = True

    def is_news(self, told: Measurement) -> bool:
        """Say whether a pushed measurement shows that the device lives, and take it for the newest if so.

        - The first of a connection does, unless it is the last one that was known, the first of the connection before,
          or older by the meter's clock.
        - A later one does when anything in it has changed. The same once more does where the meter has no clock; where
          it has one, a clock that stands still is a meter that is gone.
        """
        was_first, self._is_first = self._is_first, False
        if was_first:
            known, self._first = (self._last, self._first), told
            if told in known or self._is_older(told):
                return False
        elif told == self._last and told.timestamp:
            return False
        self._last = told
        return True

    def is_change(self, told: Measurement) -> bool:
        """Say whether a polled measurement differs from the one before, and take it for the newest."""
        is_same, self._last = told == self._last, told
        return not is_same

    def _is_older(self, told: Measurement) -> bool:
        if self._last is None or not told.timestamp:
            return False
        return told.timestamp <= self._last.timestamp
