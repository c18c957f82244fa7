"""How often the log says the same: a crowd of hostile peers may not fill the disk."""

import time
from collections.abc import Callable, Iterable, MutableMapping
from typing import Any

import structlog
from msgspec import Struct

WINDOW_S = 60.0
# A person reads the first few, and the number of the others.
LINES_PER_PEER = 10
# Peers may be many too, and so may devices.
LINES_PER_EVENT = 200
# Peers whose lines are told apart; those beyond it count as one.
PEERS_LIMIT = 1000
ANYBODY = ""


class LeftOut(Struct, frozen=True):
    """Lines that were not written."""

    event: str
    peer: str
    """Whose; empty: of all together."""
    lines: int


class Repeats:
    """Counts the lines of an event, and of each peer of it, minute by minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._since_s = clock()
        self._seen: dict[tuple[str, str], int] = {}

    def __call__(
        self, _: Any, __: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:  # Any: structlog's processor signature
        """Let a line pass, or leave it out: a structlog processor."""
        name = str(event.get("event", ""))
        peer = str(event.get("peer", ANYBODY))
        if peer and not self._passes(name, peer, LINES_PER_PEER):
            raise structlog.DropEvent
        if not self._passes(name, ANYBODY, LINES_PER_EVENT):
            raise structlog.DropEvent
        return event

    def turn(self, *, is_last: bool = False) -> Iterable[LeftOut]:
        """Return what was left out in the minute that is over, once it is; at the end of a hub, in any case."""
        now_s = self._clock()
        if now_s - self._since_s < WINDOW_S and not is_last:
            return ()
        self._since_s = now_s
        seen, self._seen = self._seen, {}
        return [
            LeftOut(event, peer, count - limit)
            for (event, peer), count in seen.items()
            if count > (limit := LINES_PER_PEER if peer else LINES_PER_EVENT)
        ]

    def _passes(self, event: str, peer: str, limit: int) -> bool:
        key = (event, peer)
        if peer and key not in self._seen and len(self._seen) >= PEERS_LIMIT:
            # It is one of a crowd: only the event's own bound holds it.
            return True
        self._seen[key] = seen = self._seen.get(key, 0) + 1
        return seen <= limit
