"""What the server has counted since it started: plain numbers, which whoever tells them reads when asked."""

from collections import Counter

NO_DOOR = "none"
"""The dialect of a request whose path is nobody's, or that was no request."""


class ServerFigures:
    """One per server. Counting costs one addition; nothing here is ever taken back."""

    __slots__ = ("answered", "opened")

    def __init__(self) -> None:
        self.opened: Counter[str] = Counter()
        """Connections that were let in and stood, by transport: `plain`, `tls`, `unix`."""
        self.answered: Counter[tuple[str, int]] = Counter()
        """HTTP requests by dialect and the first digit of the status, those left out that became WebSockets."""
