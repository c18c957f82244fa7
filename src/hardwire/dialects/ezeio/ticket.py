"""A ticket: a WebSocket address that works once."""

from hashlib import sha256

from hardwire.contracts.dialect import Entropy
from hardwire.dialects.ezeio.keys import random_text

# ezeio reference, section 1.2.
LIFE_S = 10

# `wstkt` with 23 characters after it (ezeio reference, section 1.1): some 137 bits.
_PREFIX = "wstkt"
_LENGTH = 23


def new_ticket(entropy: Entropy) -> str:
    """Return the text of a new ticket."""
    return _PREFIX + random_text(entropy, _LENGTH)


def flow_topic(ticket: str) -> str:
    """Return the topic on which a ticket's socket hears what to stop and what to restore.

    A message is `-` or `+` with a device id. The ticket itself stays out of it: topics may be seen.
    """
    return f"ezeio/flow/{sha256(ticket.encode('utf-8', 'replace')).hexdigest()[:32]}"
