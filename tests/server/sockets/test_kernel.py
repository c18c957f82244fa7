"""What the kernel keeps of a connection's bytes."""

import socket as sockets

from hardwire.server.sockets.kernel import NOTSENT_LOWAT_BYTES, limit_unsent, unread_bytes
from tests.fakes.paper_transport import PaperTransport


class Real(PaperTransport):
    """A paper transport over a real socket."""

    def __init__(self, raw: sockets.socket) -> None:
        super().__init__()
        self.raw = raw

    def get_extra_info(self, name: str, default: object = None) -> object:
        """Return the socket, whatever is asked."""
        return self.raw


def test_the_kernel_is_asked_to_hide_no_more_than_its_limit() -> None:
    option = (sockets.IPPROTO_TCP, sockets.TCP_NOTSENT_LOWAT)
    with sockets.socket() as raw, sockets.socket(sockets.AF_UNIX) as unix:
        limit_unsent(Real(raw))
        limit_unsent(Real(unix))
        limit_unsent(PaperTransport())
        limit = raw.getsockopt(*option)
    limit_unsent(Real(raw))

    assert limit == NOTSENT_LOWAT_BYTES


def test_what_a_peer_has_not_taken_is_counted() -> None:
    near, far = sockets.socketpair()
    with near, far:
        empty = unread_bytes(Real(near))
        near.sendall(b"x" * 10)
        full = unread_bytes(Real(near))
        far.recv(100)
        read = unread_bytes(Real(near))

    # The kernel counts its own buffers around a Unix socket's bytes too.
    assert full >= 10
    assert empty == read == 0


def test_where_the_kernel_does_not_tell_nothing_is_counted() -> None:
    with sockets.socket() as raw:
        gone = Real(raw)

    assert unread_bytes(gone) == 0
    assert unread_bytes(PaperTransport()) == 0
