"""A serial module that says back whatever it hears."""


class Echo:
    """What stands at the other end of a line to try it out."""

    def __init__(self, baud: int) -> None:
        self.baud = baud

    def hear(self, octets: bytes, now_us: int) -> bytes:
        """Say it back at once."""
        return octets

    def say(self, now_us: int) -> bytes:
        """Say nothing by itself."""
        return b""

    def next_mark_us(self, now_us: int) -> int | None:
        """There is no mark."""
        return None
