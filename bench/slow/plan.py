"""How many clients, and how much each is fed."""

from collections.abc import Mapping

from msgspec import Struct, field

# What a message takes on the wire, as measured: enough of them are told that it comes to the factor.
MESSAGE_BYTES = {"meter": 760, "unit": 1_580, "board": 5_990}


class Plan(Struct, frozen=True, kw_only=True):
    """How much of what. Kinds are those of the hose: a `meter` for HomeWizard, a `unit` for ezeio, a `board`."""

    budget_bytes: int
    factor: int = 10
    """How many times its budget each client is fed."""
    good: Mapping[str, int] = field(default_factory=lambda: {"meter": 40, "unit": 40, "board": 100})
    slow: Mapping[str, int] = field(default_factory=lambda: {"meter": 7, "unit": 7, "board": 6})
    feed_s: Mapping[str, float] = field(default_factory=lambda: {"meter": 3.0, "unit": 2.5, "board": 2.5})
    """Over how long each device tells its messages. Clients that are closed have 5 s to read why."""

    def messages(self, kind: str) -> int:
        """How many messages of a kind a feed has."""
        return self.factor * self.budget_bytes // MESSAGE_BYTES[kind] + 1
