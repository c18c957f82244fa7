"""A budget of a board: how many of a thing it may tell in a time, with some saved up for a rush."""


class Budget:
    """One more every `each_us`, saved up to `most`."""

    def __init__(self, each_us: int, most: int) -> None:
        self._each_us = each_us
        self._saved_us = each_us * (most - 1)
        self._spent_until_us = 0
        """When as much will have come as was taken."""

    def take(self, now_us: int, count: int = 1) -> bool:
        """Take some where there is one, and say whether there was: more than there are is made up for later."""
        if now_us < self._spent_until_us - self._saved_us:
            return False
        self._spent_until_us = max(now_us, self._spent_until_us) + count * self._each_us
        return True

    def next_us(self, now_us: int) -> int:
        """Return when there is one to take: now, or later."""
        return max(now_us, self._spent_until_us - self._saved_us)
