"""A wish that the hub has taken on for a device, until the device has confirmed it or it is given up."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from hardwire.model.value import Value


class Errand(Struct, frozen=True, kw_only=True):
    """What is still to be carried out of an `Order`, durable."""

    id: str
    device: str
    credential: str
    actions: tuple[str, ...]
    made: datetime
    steps: tuple[Mapping[str, Value], ...]
    """The steps that the device has not taken yet, as in `Order`."""
    pending: tuple[str, ...] = ()
    """What the device has been offered and still has to fetch (`Done.pending`)."""
