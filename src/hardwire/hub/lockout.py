"""Who has shown too many wrong credentials of late, and for how long such a one is told nothing but to wait."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, IPv6Network

from msgspec import Struct

from hardwire.hub.purse import Purse

# A person mistypes a password a few times, a program that was given a wrong one tries it with each of its sockets.
TRIES = 10
WINDOW = timedelta(minutes=1)
FIRST_LOCK = timedelta(seconds=30)
LONGEST_LOCK = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)
# Strangers may come from many addresses, and make names up: who was quiet the longest is forgotten first.
REMEMBERED = 10_000
NAME_LIMIT = 100
# Providers give a whole /64 to each line (RFC 6177): its addresses are one neighbour's.
PREFIX_V6 = 64
# What is written down of lock-outs, whoever causes them: some at once, then one a minute.
LINES_AT_ONCE = 60
SECONDS_PER_LINE = 60.0


class Locked(Struct, frozen=True, kw_only=True):
    """That somebody is locked out from now on."""

    who: str
    """The address, or the user as it was named."""
    is_user: bool
    peer: str
    """The address whose attempt was one too many; empty where there is none."""
    at: datetime
    length: timedelta
    untold: int
    """How many lock-outs before this one were not told."""


class _Standing:
    """What one address, or one user, has on its account."""

    __slots__ = ("began", "last", "locked_until", "next_lock", "strikes")

    def __init__(self, now: datetime) -> None:
        self.began = now
        self.last = now
        self.strikes = 0
        self.locked_until = now
        self.next_lock = FIRST_LOCK


class Lockout:
    """Counts wrong credentials. Right ones are never asked about here, so they always pass."""

    def __init__(self, tell: Callable[[Locked], None]) -> None:
        """`tell` hears of lock-outs that begin: of each, unless there are very many."""
        self._tell = tell
        self._addresses: OrderedDict[str, _Standing] = OrderedDict()
        self._users: OrderedDict[str, _Standing] = OrderedDict()
        self._lines = Purse(LINES_AT_ONCE, SECONDS_PER_LINE)
        self._untold = 0
        self.strikes = 0
        """How many wrong credentials were shown since the hub started."""
        self.begun = 0
        """How many times an address or a user was locked out since."""

    def strike(self, peer: IPv4Address | IPv6Address | None, user: str, now: datetime) -> float:
        """Count a wrong credential; returns for how many seconds its sender is locked out, 0 while it is not."""
        self.strikes += 1
        by_address = 0.0 if peer is None else self._struck(self._addresses, neighbour(peer), peer, now)
        by_user = self._struck(self._users, user[:NAME_LIMIT], peer, now) if user else 0.0
        return max(by_address, by_user)

    def _struck(
        self, table: OrderedDict[str, _Standing], name: str, peer: IPv4Address | IPv6Address | None, now: datetime
    ) -> float:
        standing = table.pop(name, None)
        if standing is None or not timedelta(0) <= now - standing.last <= FORGOTTEN_AFTER:
            # A clock that was set back begins anew too: no lock may outlive it.
            standing = _Standing(now)
        table[name] = standing
        if len(table) > REMEMBERED:
            table.popitem(last=False)
        standing.last = now
        if now < standing.locked_until:
            # What comes meanwhile lengthens nothing: a program that cannot stop is not shut out for ever.
            return (standing.locked_until - now).total_seconds()
        if now - standing.began >= WINDOW:
            standing.began, standing.strikes = now, 0
        standing.strikes += 1
        if standing.strikes <= TRIES:
            return 0.0
        length = self._lock(standing, now)
        if self._lines.spend("", now):
            is_user, shown = table is self._users, "" if peer is None else str(peer)
            self._tell(Locked(who=name, is_user=is_user, peer=shown, at=now, length=length, untold=self._untold))
            self._untold = 0
        else:
            self._untold += 1
        return length.total_seconds()

    def _lock(self, standing: _Standing, now: datetime) -> timedelta:
        self.begun += 1
        length = standing.next_lock
        standing.locked_until = standing.began = now + length
        standing.strikes = 0
        standing.next_lock = min(LONGEST_LOCK, length * 2)
        return length


def neighbour(address: IPv4Address | IPv6Address) -> str:
    """Return the address that is counted: an IPv4 address as it is, of IPv6 the /64 that it belongs to."""
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), PREFIX_V6), strict=False))
