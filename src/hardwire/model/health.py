"""How well the hub is."""

from msgspec import Struct


class Health(Struct, frozen=True, kw_only=True):
    """What `/health` tells: whether the hub runs, whether it takes work, and what an acknowledgement is worth."""

    is_live: bool = True
    """The event loop turns; a hub that is not live does not answer at all."""
    is_ready: bool
    """The doors are open and the store takes writes."""
    durability: str
    """What is on disk when a write was acknowledged: `fsync` (power loss loses nothing)."""
    troubles: tuple[str, ...] = ()
    """A sentence for each thing that keeps it from being ready, or will soon."""
