"""The bus of one process: calls from hub to hub on one event loop."""

import secrets
from collections import deque
from collections.abc import Callable

from hardwire.bus.nonces import NONCE_LIMIT, Nonces
from hardwire.bus.tickets import TICKET_LIMIT, Tickets
from hardwire.contracts.bus import Line, Member
from hardwire.model.command import Command, Failed, Reply
from hardwire.model.errors import DeviceError, HubFaultError
from hardwire.model.fact import Fact


class LocalBus:
    """Joins hubs of one process, mostly one. Everything happens on the thread that calls.

    A fact goes to the hub that serves its device, to the one that published it and to each that wants a topic
    of the device: the first two must remember it, a hub that nobody asks needs none of it.
    """

    def __init__(
        self, clock: Callable[[], float], *, ticket_limit: int = TICKET_LIMIT, nonce_limit: int = NONCE_LIMIT
    ) -> None:
        """`clock` gives monotonic seconds."""
        self.tickets = Tickets(clock, limit=ticket_limit)
        self.nonces = Nonces(clock, limit=nonce_limit)
        self.servers: dict[str, LocalLine] = {}
        self.watchers: dict[str, dict[str, int]] = {}
        """Device -> topic -> how many watchers over all hubs."""
        self.lines: list[LocalLine] = []
        self.secret = secrets.token_bytes(32)
        self._pending: deque[Callable[[], None]] = deque()
        self._is_delivering = False

    def join(self, member: Member) -> Line:
        """Return this member's end of the bus."""
        line = LocalLine(self, member)
        self.lines.append(line)
        return line

    def deliver(self, delivery: Callable[[], None]) -> None:
        """Make a delivery after those that are under way.

        A hub that publishes while it takes must not overtake: the others would get the second fact first.
        """
        self._pending.append(delivery)
        if self._is_delivering:
            return
        self._is_delivering = True
        try:
            while self._pending:
                self._pending.popleft()()
        finally:
            self._is_delivering = False

    def tell_interest(self, device: str, topic: str, *, is_watched: bool) -> None:
        """Tell whichever hub serves the device; it is told at `serve` when none does yet."""
        if server := self.servers.get(device):
            server.member.interest(device, topic, is_watched=is_watched)


class LocalLine:
    """One hub's end of a local bus. After `leave` its calls have no effect."""

    def __init__(self, bus: LocalBus, member: Member) -> None:
        self.member = member
        self._bus = bus
        self._wants: dict[str, dict[str, int]] = {}
        self._is_gone = False

    def serve(self, device: str) -> None:
        """This hub runs the driver of the device; what is wanted of it already is told at once. Twice is once.

        Raises:
            HubFaultError: another hub serves it.
        """
        if self._is_gone:
            return
        server = self._bus.servers.get(device)
        if server is self:
            return
        if server is not None:
            raise HubFaultError(f"Another hub serves the device {device!r}: configure it in one of them only.")
        self._bus.servers[device] = self
        for topic in tuple(self._bus.watchers.get(device, ())):
            self.member.interest(device, topic, is_watched=True)

    def unserve(self, device: str) -> None:
        """It no longer does; its member is told of no lost interest, the driver is going anyway."""
        if self._bus.servers.get(device) is self:
            del self._bus.servers[device]

    def publish(self, fact: Fact) -> None:
        """Give a fact to the hubs that it concerns, in the order of publishing."""
        if not self._is_gone:
            self._bus.deliver(lambda: self._spread(fact))

    def want(self, device: str, topic: str) -> None:
        """This hub has a watcher more for the topic; the serving hub learns of the first over all hubs."""
        if self._is_gone:
            return
        _count_up(self._wants, device, topic)
        if _count_up(self._bus.watchers, device, topic) == 1:
            self._bus.tell_interest(device, topic, is_watched=True)

    def unwant(self, device: str, topic: str) -> None:
        """It has one less; the serving hub learns of the last. Without a `want` before it has no effect."""
        if topic not in self._wants.get(device, ()):
            return
        _count_down(self._wants, device, topic)
        if _count_down(self._bus.watchers, device, topic) == 0:
            self._bus.tell_interest(device, topic, is_watched=False)

    async def execute(self, device: str, command: Command) -> Reply:
        """Have whichever hub serves the device carry it out; Failed(DeviceError) when none does."""
        server = None if self._is_gone else self._bus.servers.get(device)
        if server is None:
            return Failed(DeviceError(f"No hub serves the device {device!r} now: try again later.", code="not-served"))
        return await server.member.carry_out(device, command)

    def notify(self, topic: str, message: str) -> None:
        """Tell every hub, this one included."""
        if not self._is_gone:
            self._bus.deliver(lambda: self._spread_notice(topic, message))

    async def issue_ticket(self, ticket: str, grant: bytes, life_s: float) -> None:
        """Keep a grant for one redemption within its life."""
        self._bus.tickets.issue(ticket, grant, life_s)

    async def redeem_ticket(self, ticket: str) -> bytes | None:
        """Use a ticket up: exactly one caller over all hubs gets the grant. It is dropped when this hub leaves."""
        return self._bus.tickets.redeem(ticket, self)

    async def look_up_ticket(self, ticket: str) -> bytes | None:
        """The grant of a ticket that is redeemable or in use."""
        return self._bus.tickets.look_up(ticket)

    async def drop_ticket(self, ticket: str) -> None:
        """Forget a ticket."""
        self._bus.tickets.drop(ticket)

    def shared_secret(self) -> bytes:
        """32 random bytes, the same for all hubs of the bus."""
        return self._bus.secret

    async def count_nonce(self, nonce: str, count: int, life_s: float) -> bool:
        """Register one use of a nonce; False when (nonce, count) was seen or fell out of the 64-wide window."""
        return self._bus.nonces.count(nonce, count, life_s)

    def leave(self) -> None:
        """Go: what this hub served and wanted is over, its tickets in use are dropped."""
        if self._is_gone:
            return
        self._is_gone = True
        self._bus.lines.remove(self)
        # Services first: the member that goes is not told of the interest that it takes along.
        for device in [device for device, server in self._bus.servers.items() if server is self]:
            del self._bus.servers[device]
        for device, topics in tuple(self._wants.items()):
            for topic, watchers in tuple(topics.items()):
                for _ in range(watchers):
                    self.unwant(device, topic)
        self._bus.tickets.drop_held_by(self)

    def _spread(self, fact: Fact) -> None:
        device = fact.device
        server = self._bus.servers.get(device)
        for line in tuple(self._bus.lines):
            if (line is server or line is self or device in line._wants) and not line._is_gone:
                line.member.take(fact)

    def _spread_notice(self, topic: str, message: str) -> None:
        for line in tuple(self._bus.lines):
            if not line._is_gone:
                line.member.hear(topic, message)


def _count_up(counts: dict[str, dict[str, int]], device: str, topic: str) -> int:
    topics = counts.setdefault(device, {})
    topics[topic] = topics.get(topic, 0) + 1
    return topics[topic]


def _count_down(counts: dict[str, dict[str, int]], device: str, topic: str) -> int:
    topics = counts[device]
    topics[topic] -= 1
    left = topics[topic]
    if left == 0:
        del topics[topic]
    if not topics:
        del counts[device]
    return left
