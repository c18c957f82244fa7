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
        # A clock that was set back may not leave it empty for as long.
        fullest = now + self._tolerance + self._each
        full_at = min(fullest, max(now, self._full_at.get(name, now)))
        has_one = full_at - now <= self._tolerance
        self._full_at[name] = full_at + self._each if has_one else full_at
        return has_one
