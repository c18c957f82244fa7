"""What clients subscribe to: one dialect's view of one device's topic, rendered once and sent to many."""

from msgspec import Struct


class Channel(Struct, frozen=True):
    """A key that holds everything its bytes depend on.

    What depends on the caller is no channel: the hub notifies, the session answers with its own Send.
    """

    dialect: str
    device: str
    topic: str
    account: str = ""
    encoding: str = "text"
    variant: str = ""
