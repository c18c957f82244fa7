"""What several hubs share: facts, interest, commands, tickets, nonce counts, notices."""

from typing import Protocol

from hardwire.model.command import Command, Reply
from hardwire.model.fact import Fact


class Member(Protocol):
    """One hub, as the bus calls it. None of these waits, save `carry_out`."""

    def take(self, fact: Fact) -> None:
        """A fact of a device: remember and deliver it."""
        ...

    def hear(self, topic: str, message: str) -> None:
        """A notice."""
        ...

    def interest(self, device: str, topic: str, *, is_watched: bool) -> None:
        """A topic of a device that this hub serves got its first watcher or lost its last, over all hubs."""
        ...

    async def carry_out(self, device: str, command: Command) -> Reply:
        """Carry out a command on a device that this hub serves, in the device's order."""
        ...


class Line(Protocol):
    """One hub's end of the bus."""

    def serve(self, device: str) -> None:
        """This hub runs the driver of the device."""
        ...

    def unserve(self, device: str) -> None:
        """It no longer does."""
        ...

    def publish(self, fact: Fact) -> None:
        """Give a fact to every hub, this one included, in the order of publishing per device."""
        ...

    def want(self, device: str, topic: str) -> None:
        """This hub has a watcher more for the topic. Interest is counted over all hubs."""
        ...

    def unwant(self, device: str, topic: str) -> None:
        """It has one less."""
        ...

    async def execute(self, device: str, command: Command) -> Reply:
        """Have whichever hub serves the device carry it out; Failed(DeviceError) when none does."""
        ...

    def notify(self, topic: str, message: str) -> None:
        """Tell every hub, this one included."""
        ...

    async def issue_ticket(self, ticket: str, grant: bytes, life_s: float) -> None:
        """Keep a grant for one redemption within its life."""
        ...

    async def redeem_ticket(self, ticket: str) -> bytes | None:
        """Use a ticket up: exactly one caller over all hubs gets the grant."""
        ...

    async def look_up_ticket(self, ticket: str) -> bytes | None:
        """The grant of a ticket that is redeemable or in use."""
        ...

    async def drop_ticket(self, ticket: str) -> None:
        """Forget a ticket."""
        ...

    def shared_secret(self) -> bytes:
        """32 random bytes, the same for all hubs of the bus, new at each start of the bus."""
        ...

    async def count_nonce(self, nonce: str, count: int, life_s: float) -> bool:
        """Register one use of a nonce; False when (nonce, count) was seen or fell out of the 64-wide window."""
        ...

    def leave(self) -> None:
        """Go: what this hub served and wanted is over."""
        ...


class Bus(Protocol):
    """Joins hubs."""

    def join(self, member: Member) -> Line:
        """Return this member's end of the bus."""
        ...
