"""What a logger loads only where its settings name a broker: the one file that needs a package of its own.

Who posts by HTTP needs no MQTT (docs/decisions/0006-what-a-board-loads-late.md).
"""

from importlib import import_module

from hardwire.drivers.ingest.listener import Listener
from hardwire.model.errors import BadValueError


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
