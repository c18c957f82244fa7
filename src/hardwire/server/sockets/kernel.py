"""What the kernel keeps of a connection's bytes: how much it may hide, how much it holds."""

import asyncio
import fcntl
import socket as sockets
import sys
import termios
from contextlib import suppress

# Without it some 4 MB sit in the kernel before the transport's gauge moves.
NOTSENT_LOWAT_BYTES = 128 * 1024


def limit_unsent(transport: asyncio.BaseTransport) -> None:
    """Keep the kernel from hiding a slow reader: what is not sent stays where the gauge sees it."""
    raw = transport.get_extra_info("socket")
    if raw is not None and raw.family in (sockets.AF_INET, sockets.AF_INET6) and hasattr(sockets, "TCP_NOTSENT_LOWAT"):
        # The peer may be gone by now.
        with suppress(OSError):
            raw.setsockopt(sockets.IPPROTO_TCP, sockets.TCP_NOTSENT_LOWAT, NOTSENT_LOWAT_BYTES)


def unread_bytes(transport: asyncio.BaseTransport) -> int:
    """Return what was handed to the kernel and not taken by the peer's; 0 where the kernel does not tell.

    A peer's kernel takes no more once its own buffer is full: from then on this shrinks only while the peer reads.
    """
    raw = transport.get_extra_info("socket")
    if raw is None:
        return 0
    try:
        return int.from_bytes(fcntl.ioctl(raw.fileno(), termios.TIOCOUTQ, bytes(4)), sys.byteorder)
    except (OSError, ValueError):
        return 0
