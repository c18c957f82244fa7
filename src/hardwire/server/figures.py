"""What the server has counted since it started: plain numbers, which whoever tells them reads when asked."""

from collections import Counter


class ServerFigures:
    """One per server. Counting costs one addition; nothing here is ever taken back."""

    __slots__ = ("answered", "opened", "received", "refused", "too_slow")

    def __init__(self) -> None:
        self.opened: Counter[str] = Counter()
        """Connections that were taken, by transport: `plain`, `tls`, `unix`."""
        self.refused: Counter[str] = Counter()
        """Connections, handshakes and requests that were turned away before any dialect saw them, by reason, such as
        `host` or `too-many`: a few words that stand in the code, never a peer's own."""
        self.answered: Counter[tuple[str, int]] = Counter()
        """HTTP requests by dialect and the first digit of the status; a handshake that succeeded is of class 1."""
        self.received: Counter[str] = Counter()
        """Messages of WebSockets that have ended since, by dialect."""
        self.too_slow: Counter[str] = Counter()
        """Clients that were closed because they did not read what they had asked for, by dialect."""
