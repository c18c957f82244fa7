"""The link of a simulated unit: when it is down, and when that changes."""

from collections.abc import Sequence

from hardwire.drivers.simulated.unit.settings import Offline


class Link:
    """Up, save in the times that the settings name. The clock alone decides, so that every hub sees the same."""

    def __init__(self, offline: Sequence[Offline]) -> None:
        self._offline = offline

    def is_up(self, at_s: float) -> bool:
        """Say whether the unit is connected at an instant, given as seconds since 1970."""
        return not any((at_s - time.after_s) % time.every_s < time.for_s for time in self._offline)

    def next_change_s(self, at_s: float) -> float | None:
        """Return the next instant at which a time begins or ends; None for a link that is always up."""
        edges = [(time.after_s + shift_s, time.every_s) for time in self._offline for shift_s in (0, time.for_s)]
        return min((at_s + every_s - (at_s - edge_s) % every_s for edge_s, every_s in edges), default=None)
