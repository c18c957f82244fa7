"""Which connections may come in, and which unproven one has to go when there are too many: a ledger, no socket."""

from collections.abc import Callable, Iterator
from ipaddress import IPv6Address, ip_address
from itertools import count

# A connection has this long for its TLS hello, then once more for its first complete request head.
PROOF_S = 10.0
# What one holder of IPv6 addresses is given; counted as one address, since it may use each of them.
PREFIX_BITS = 64
# What drivers, the store and the hub itself open: a quarter of the files, at most this many.
RESERVED_FILES = 1024
# An address that holds so large a part of the unproven connections is a crowd. An attacker with many addresses has one
# connection from each: a good client that opens two at once would be the busiest of all.
CROWD_PART = 8


class Arrival:
    """One accepted connection, from its first moment to its end."""

    __slots__ = ("doubted", "drop", "has_proven", "household", "is_private", "since_s")

    def __init__(self, peer: str, drop: Callable[[], object], *, is_private: bool = False) -> None:
        """`drop` ends it at once; who reads the connection later puts its own way in place of it."""
        self.household = household(peer)
        self.drop = drop
        self.is_private = is_private
        """The owner's own socket: it is counted nowhere, and only its silence ends it."""
        self.since_s = 0.0
        self.doubted = 0
        """Its place among all that were counted as unproven, in the order of time."""
        self.has_proven: Callable[[], bool] | None = None
        """Set once a request has been read, and the conversation that came of it still has to show a credential."""


class Connections:
    """Who stands connected. An attacker can fill the ledger's bounds, and yet a client that speaks at once gets in.

    A connection is unproven until its first request head is complete. One that became a WebSocket and has not shown its
    credential yet is counted with them, but has its dialect's own deadline. Beyond `unproven` of them the oldest of the
    address that has most goes, and the oldest of all where no address has many: a client that comes meanwhile needs
    milliseconds to prove itself.
    """

    def __init__(self, limit: int, *, per_address: int, unproven: int) -> None:
        """Hold at most `limit` connections, `per_address` (0: no limit) of one address that is not this machine's."""
        self._limit = limit
        self._per_address = per_address
        self._unproven_limit = unproven
        self._standing: dict[Arrival, None] = {}
        self._by_household: dict[str, int] = {}
        self._silent: dict[Arrival, None] = {}
        """Those with a deadline of ours, the oldest first."""
        self._unproven: dict[str, dict[Arrival, None]] = {}
        """Household -> its unproven connections, the oldest first."""
        self._unproven_count = 0
        self._doubts = count(1)
        self.refused = 0
        """How many were told to come back later."""
        self.dropped = 0
        """How many had to go, too old or too many, before they had proven themselves."""

    @property
    def standing(self) -> int:
        """How many connections there are, the owner's own left out."""
        return len(self._standing)

    @property
    def unproven(self) -> int:
        """How many of them have proven nothing yet."""
        self._believe()
        return self._unproven_count

    def refusal(self, arrival: Arrival) -> str:
        """Say why it may not come in; an empty text when it may."""
        if arrival.is_private:
            return ""
        if 0 < self._per_address <= self._by_household.get(arrival.household, 0) and not _is_own(arrival.household):
            self.refused += 1
            return "this address holds too many connections"
        if len(self._standing) >= self._limit:
            self.refused += 1
            self._believe()
            # The next one finds the place that this one's loss makes.
            self._drop_one()
            return "the hub holds too many connections"
        return ""

    def enter(self, arrival: Arrival, now_s: float) -> None:
        """Take it in as unproven; others may have to go for it."""
        arrival.since_s = now_s
        self._silent[arrival] = None
        if arrival.is_private:
            return
        self._standing[arrival] = None
        self._by_household[arrival.household] = self._by_household.get(arrival.household, 0) + 1
        self._doubt(arrival)

    def greet(self, arrival: Arrival, now_s: float) -> None:
        """Its TLS hello is over: the time for its first request begins."""
        if arrival in self._silent:
            del self._silent[arrival]
            arrival.since_s = now_s
            self._silent[arrival] = None

    def prove(self, arrival: Arrival) -> None:
        """It has sent a complete request head."""
        self._silent.pop(arrival, None)
        self._trust(arrival)

    def await_credential(self, arrival: Arrival, has_proven: Callable[[], bool]) -> None:
        """A conversation stands on it whose client may have shown no credential yet; `has_proven` says whether."""
        if arrival in self._standing:
            arrival.has_proven = has_proven
            self._doubt(arrival)

    def leave(self, arrival: Arrival) -> None:
        """It is gone. Safe to call twice."""
        self.prove(arrival)
        arrival.has_proven = None
        if arrival in self._standing:
            del self._standing[arrival]
            left = self._by_household[arrival.household] - 1
            if left:
                self._by_household[arrival.household] = left
            else:
                del self._by_household[arrival.household]

    def expire(self, now_s: float) -> float | None:
        """Drop those that were silent for too long; returns when the next one will have been, None without any."""
        for arrival in list(self._silent):
            if arrival.since_s + PROOF_S > now_s:
                return arrival.since_s + PROOF_S
            self._cast_out(arrival)
        return None

    def _doubt(self, arrival: Arrival) -> None:
        others = self._unproven.setdefault(arrival.household, {})
        if arrival not in others:
            others[arrival] = None
            arrival.doubted = next(self._doubts)
            self._unproven_count += 1
        if self._unproven_count > self._unproven_limit:
            self._believe()
            if self._unproven_count > self._unproven_limit:
                self._drop_one()

    def _believe(self) -> None:
        """Trust those whose clients have shown their credential since they were last asked."""
        for known in [one for one in self._all_unproven() if one.has_proven is not None and one.has_proven()]:
            self._trust(known)

    def _trust(self, arrival: Arrival) -> None:
        others = self._unproven.get(arrival.household, {})
        if arrival in others:
            del others[arrival]
            self._unproven_count -= 1
            if not others:
                del self._unproven[arrival.household]

    def _drop_one(self) -> None:
        if not self._unproven:
            return
        chosen = max(self._unproven.values(), key=len)
        if len(chosen) * CROWD_PART < self._unproven_limit:
            chosen = min(self._unproven.values(), key=lambda others: next(iter(others)).doubted)
        self._cast_out(next(iter(chosen)))

    def _cast_out(self, arrival: Arrival) -> None:
        self.dropped += 1
        self.prove(arrival)
        arrival.drop()

    def _all_unproven(self) -> Iterator[Arrival]:
        for others in self._unproven.values():
            yield from others


def connections_limit(wanted: int, files: int) -> int:
    """Return how many connections may stand: as many as the owner wants (0: any), and as the open files leave room for.

    `files` is how many the process may open; -1 where nothing bounds them.
    """
    room = files - min(RESERVED_FILES, files // 4) if files > 0 else 1 << 20
    return min(wanted, room) if wanted else room


def household(peer: str) -> str:
    """Return the address that a connection is counted with: IPv6 by its /64, IPv4 in IPv6 as IPv4."""
    try:
        address = ip_address(peer.partition("%")[0])
    except ValueError:
        return peer
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    if address.is_loopback:
        return str(address)
    return str(IPv6Address(int(address) >> PREFIX_BITS << PREFIX_BITS)) + f"/{PREFIX_BITS}"


def _is_own(household: str) -> bool:
    try:
        return ip_address(household).is_loopback
    except ValueError:
        return False
