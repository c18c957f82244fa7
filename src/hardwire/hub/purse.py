"""How often something may be done: so many times at once, then one more for each pause."""

from datetime import datetime, timedelta


class Purse:
    """A bucket of tokens for each name (GCRA: one instant per name says it all)."""

    def __init__(self, at_once: int, seconds_each: float) -> None:
        self._tolerance = timedelta(seconds=(at_once - 1) * seconds_each)
        self._each = timedelta(seconds=seconds_each)
        self._full_at: dict[str, datetime] = {}

    def spend(self, name: str, now: datetime) -> bool:
        """Use up one token; False when there is none."""
        full_at = max(now, self._full_at.get(name, now))
        if full_at - now > self._tolerance:
            return False
        self._full_at[name] = full_at + self._each
        return True
