"""A lock-out made of paper: everybody who shows a wrong credential is locked out, and it remembers whom."""

from datetime import datetime

from hardwire.contracts.house import Address


class PaperLockout:
    """What `House.strike` tells, and what it was told."""

    def __init__(self, locked_s: float = 29.2) -> None:
        self.locked_s = locked_s
        self.struck: list[tuple[str, str]] = []
        """By address and user."""

    def strike(self, peer: Address | None, user: str, now: datetime) -> float:
        """Take a wrong credential."""
        self.struck.append(("" if peer is None else str(peer), user))
        return self.locked_s
