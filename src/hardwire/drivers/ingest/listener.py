"""What hears a logger in another way than by HTTP has to be, and what it passes on to."""

from typing import Protocol

from hardwire.contracts.driver import Feed
from hardwire.drivers.ingest.batch import Batch, Downlink, Receipt


class Heard(Protocol):
    """What a listener passes on to, and what it asks for what the logger is to know."""

    async def receive(self, device: str, parcel: Batch) -> Receipt:
        """Take a batch."""
        ...

    def downlink(self) -> Downlink:
        """Return what the logger is to know now."""
        ...


class Listener(Protocol):
    """Hears a logger in another way than by HTTP."""

    async def run(self, feed: Feed, device: str, *, client: str, name: str, logger: Heard) -> None:
        """Listen until cancelled, mending the connection; `client` is a name of its own, `name` the logger's."""
        ...

    def tell(self) -> None:
        """What the logger is to know has changed."""
        ...
