"""What a logger loads only where its settings name a broker: the one file that needs a package of its own.

Who posts by HTTP needs no MQTT (docs/decisions/0006-what-a-board-loads-late.md).
"""

from importlib import import_module
from typing import Protocol

from hardwire.contracts.driver import Feed
from hardwire.drivers.ingest.batch import Batch, Downlink, Receipt
from hardwire.model.errors import BadValueError


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


def new_listener(address: str, ca: str) -> Listener:
    """Return what listens to a broker.

    Raises:
        BadValueError: the extra `mqtt` is not installed, or the address cannot be used.
    """
    try:
        module = import_module("hardwire.drivers.ingest.broker")
    except ModuleNotFoundError as error:
        problem = f"this needs the package {error.name!r} on the hub: pip install 'hardwire[mqtt]'"
        raise BadValueError(problem, path="mqtt") from error
    listener: Listener = module.Broker(module.place_of(address, ca))
    return listener
