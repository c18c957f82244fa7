"""A transport made of paper: it keeps what is written, and lets it lie unread when told."""

import asyncio
from collections.abc import Iterable


class PaperTransport(asyncio.Transport):
    """The writing half of a connection."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[bytes] = []
        self.is_read = True
        self.read_bytes = 0
        self.is_aborted = False
        self.is_closed = False

    @property
    def written(self) -> bytes:
        """All of it."""
        return b"".join(self.writes)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Keep it."""
        self.writes.append(bytes(data))

    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        """Keep them."""
        self.writes.extend(map(bytes, list_of_data))

    def get_write_buffer_size(self) -> int:
        """Nothing while the peer reads, else all that was written and not read by `read`."""
        return 0 if self.is_read else len(self.written) - self.read_bytes

    def read(self, size_bytes: int | None = None) -> None:
        """Let the peer read so much, or all."""
        self.read_bytes = len(self.written) if size_bytes is None else self.read_bytes + size_bytes

    def is_closing(self) -> bool:
        """Whether it was closed or aborted."""
        return self.is_closed or self.is_aborted

    def close(self) -> None:
        """Close."""
        self.is_closed = True

    def abort(self) -> None:
        """Drop."""
        self.is_aborted = True
