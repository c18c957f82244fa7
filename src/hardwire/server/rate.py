"""How many of a kind may begin in a second: a bucket that fills by itself."""


class Rate:
    """Gives `per_s` permissions a second, and a tenth of a second's worth at once after a rest."""

    def __init__(self, per_s: float) -> None:
        self._per_s = per_s
        self._depth = max(1.0, per_s / 10)
        self._left = self._depth
        self._at_s = 0.0

    def take(self, now_s: float) -> bool:
        """Say whether one more may begin now."""
        self._left = min(self._depth, self._left + max(0.0, now_s - self._at_s) * self._per_s)
        self._at_s = now_s
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True
