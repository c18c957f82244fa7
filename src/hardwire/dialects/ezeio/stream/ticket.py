"""A ticket: a WebSocket address that works once."""

from datetime import datetime
from hashlib import sha256

from msgspec import Struct

from hardwire.contracts.dialect import Entropy
from hardwire.dialects.ezeio.access.keys import random_text
from hardwire.dialects.ezeio.stream.options import Options, options_of

# ezeio reference, section 1.2.
LIFE_S = 10

# `wstkt` with 23 characters after it (ezeio reference, section 1.1): some 137 bits.
_PREFIX = "wstkt"
_LENGTH = 23


class Grant(Struct, frozen=True):
    """What a ticket is kept with: whose key made it, what stream it was asked for."""

    key: str
    asked: str = ""
    """The options as text; empty for the plain stream."""

    @property
    def kept(self) -> bytes:
        """Return it as the hub keeps it."""
        return (f"{self.key}\n{self.asked}" if self.asked else self.key).encode()

    @classmethod
    def read(cls, kept: bytes) -> "Grant":
        """Return what was kept."""
        key, _, asked = kept.decode().partition("\n")
        return cls(key, asked)

    def options(self, now: datetime) -> Options:
        """Return the options of its stream."""
        return options_of(self.asked.split("\n") if self.asked else (), {}, now, (0, 0))


def new_ticket(entropy: Entropy) -> str:
    """Return the text of a new ticket."""
    return _PREFIX + random_text(entropy, _LENGTH)


def flow_topic(ticket: str) -> str:
    """Return the topic on which a ticket's socket hears what to stop and what to restore.

    A message is `-` or `+` with a device id. The ticket itself stays out of it: topics may be seen.
    """
    return f"ezeio/flow/{sha256(ticket.encode('utf-8', 'replace')).hexdigest()[:32]}"
