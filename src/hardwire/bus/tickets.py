"""Grants that wait for their one redemption."""

from collections import OrderedDict
from collections.abc import Callable

from msgspec import Struct

# Against a caller that asks for tickets and never uses them: about 30 MB at the very most.
TICKET_LIMIT = 100_000


class Waiting(Struct, frozen=True):
    """A grant that nobody has redeemed yet."""

    grant: bytes
    ends: float


class InUse(Struct, frozen=True):
    """A grant that was redeemed, with whoever redeemed it."""

    grant: bytes
    holder: object


class Tickets:
    """Tickets that work exactly once, within their life.

    When they are too many, the expired go first, then those that have waited longest, then the oldest in use.
    """

    def __init__(self, clock: Callable[[], float], *, limit: int = TICKET_LIMIT) -> None:
        self._clock = clock
        self._limit = limit
        self._waiting: OrderedDict[str, Waiting] = OrderedDict()
        self._in_use: OrderedDict[str, InUse] = OrderedDict()

    def issue(self, ticket: str, grant: bytes, life_s: float) -> None:
        """Keep a grant for one redemption within its life. A ticket of the same text is replaced."""
        self.drop(ticket)
        now = self._clock()
        self._forget_expired(now)
        while len(self) >= self._limit:
            (self._waiting or self._in_use).popitem(last=False)
        self._waiting[ticket] = Waiting(grant, now + life_s)

    def redeem(self, ticket: str, holder: object) -> bytes | None:
        """Use a ticket up on behalf of `holder`; None when unknown, expired or used."""
        waiting = self._waiting.pop(ticket, None)
        if waiting is None or waiting.ends <= self._clock():
            return None
        self._in_use[ticket] = InUse(waiting.grant, holder)
        return waiting.grant

    def look_up(self, ticket: str) -> bytes | None:
        """The grant of a ticket that is redeemable or in use."""
        if in_use := self._in_use.get(ticket):
            return in_use.grant
        waiting = self._waiting.get(ticket)
        return waiting.grant if waiting is not None and waiting.ends > self._clock() else None

    def drop(self, ticket: str) -> None:
        """Forget a ticket."""
        self._waiting.pop(ticket, None)
        self._in_use.pop(ticket, None)

    def drop_held_by(self, holder: object) -> None:
        """Forget the tickets that this holder has in use."""
        for ticket in [ticket for ticket, in_use in self._in_use.items() if in_use.holder is holder]:
            del self._in_use[ticket]

    def __len__(self) -> int:
        return len(self._waiting) + len(self._in_use)

    def _forget_expired(self, now: float) -> None:
        # Tickets of one dialect live equally long, so the oldest expire first; one that is hidden behind a
        # longer-lived one is refused by its own end and goes when it comes to the front.
        while self._waiting:
            ticket, waiting = next(iter(self._waiting.items()))
            if waiting.ends > now:
                return
            del self._waiting[ticket]
