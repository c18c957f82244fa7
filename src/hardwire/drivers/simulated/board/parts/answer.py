"""What a sensor says once when it is read: the answer to the last command, as Sensirion's and like sensors have it."""

from hardwire.drivers.simulated.board.parts.part import NotAcknowledgedError


class Answer:
    """One answer that waits to be read."""

    def __init__(self) -> None:
        self._octets = b""

    def put(self, octets: bytes) -> None:
        """Have this read next, in the place of what nobody has read; b"" has nothing read."""
        self._octets = octets

    def take(self, count: int) -> bytes:
        """Return it, for the only time; behind its end the line stays high.

        Raises:
            NotAcknowledgedError: none waits.
        """
        if not self._octets:
            raise NotAcknowledgedError
        found = self._octets.ljust(count, b"\xff")[:count]
        self._octets = b""
        return found
