"""One pending list per socket, on paper."""

import asyncio
import socket as sockets

import pytest

from hardwire.server.sockets import socket as server_socket
from hardwire.server.sockets.flusher import Flusher
from hardwire.server.sockets.frames import close_frame, frame_of
from hardwire.server.sockets.socket import NOTSENT_LOWAT_BYTES, Socket, limit_unsent
from tests.fakes.paper_transport import PaperTransport


class Ends:
    """A socket with its paper transport."""

    def __init__(self, budget_bytes: int = 100) -> None:
        self.loop = asyncio.get_running_loop()
        self.transport = PaperTransport()
        self.slow = 0
        self.socket = Socket(self.transport, Flusher(self.loop), self.loop, self._slow, budget_bytes)

    def _slow(self) -> None:
        self.slow += 1


async def test_frames_of_one_turn_are_written_at_once_in_order() -> None:
    ends = Ends()
    for letter in "abc":
        ends.socket.append(frame_of(letter))
    before = list(ends.transport.writes)

    await asyncio.sleep(0)

    assert before == []
    assert ends.transport.writes == [frame_of("a") + frame_of("b") + frame_of("c")]


async def test_a_frame_put_behind_pending_ones_is_written_with_them_turn_after_turn() -> None:
    ends = Ends()
    pending = ends.socket.pending
    for turn in (b"1", b"2"):
        ends.socket.append(turn)
        pending.append(b"behind")
        await asyncio.sleep(0)

    ends.socket.append(b"3")

    assert ends.transport.writes == [b"1behind", b"2behind"]
    assert pending == [b"3"]


async def test_sockets_with_equal_lists_write_the_same_piece_and_others_their_own() -> None:
    ends = [Ends() for _ in range(3)]
    flusher = Flusher(ends[0].loop)
    alike, alike_too, other = (Socket(end.transport, flusher, end.loop, end._slow) for end in ends)
    for socket, letters in ((alike, "ab"), (alike_too, "ab"), (other, "ac")):
        for letter in letters:
            socket.append(frame_of(letter))

    await asyncio.sleep(0)

    joined = [end.transport.writes[0] for end in ends]
    assert joined == [frame_of("a") + frame_of(last) for last in "bbc"]
    assert joined[0] is joined[1]


async def test_a_closed_socket_has_an_empty_list() -> None:
    ends = Ends()
    pending = ends.socket.pending
    ends.socket.append(b"1")
    ends.socket.close(1000)

    ends.socket.append(b"late")

    assert pending == []
    assert ends.transport.writes == [b"1" + close_frame(1000)]


async def test_a_list_with_nothing_in_it_writes_nothing() -> None:
    ends = Ends()

    count = ends.socket.flush()

    assert count == 0
    assert ends.transport.writes == []


async def test_closing_sends_what_is_pending_then_the_close_frame_and_refuses_the_rest() -> None:
    ends = Ends()
    ends.socket.append(frame_of("a"))

    ends.socket.close(1001, "bye")
    ends.socket.append(frame_of("late"))
    ends.socket.close(1000)
    await asyncio.sleep(0)

    assert ends.transport.written == frame_of("a") + close_frame(1001, "bye")
    assert ends.socket.has_closed
    assert ends.socket.is_closing


async def test_a_client_over_its_budget_is_cut_with_1013_and_told_of_once() -> None:
    ends = Ends()
    ends.transport.is_read = False
    for letter in "abcd":
        ends.socket.append(frame_of(letter * 40))
        await asyncio.sleep(0)

    written = ends.transport.written

    assert ends.slow == 1
    assert written.count(b"\x88") == 1
    assert written.startswith(frame_of("a" * 40) + frame_of("b" * 40) + frame_of("c" * 40) + b"\x88")
    assert b"\x03\xf5too slow" in written


async def test_a_close_over_the_budget_is_one_close() -> None:
    ends = Ends()
    ends.transport.is_read = False
    ends.socket.append(frame_of("a" * 120))

    ends.socket.close(1000)

    assert ends.slow == 0
    assert ends.transport.written == frame_of("a" * 120) + close_frame(1000)


async def test_a_peer_that_does_not_answer_the_close_is_cut_after_the_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_socket, "CLOSE_GRACE_S", 0.01)
    ends = Ends()

    ends.socket.close(1000)
    before = ends.transport.is_aborted
    await asyncio.sleep(0.05)

    assert not before
    assert ends.transport.is_aborted


async def test_a_connection_that_ended_in_time_is_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_socket, "CLOSE_GRACE_S", 0.01)
    ends = Ends()
    ends.socket.close(1000)

    ends.socket.forget()
    await asyncio.sleep(0.05)

    assert not ends.transport.is_aborted


async def test_what_is_meant_for_a_peer_that_is_gone_is_dropped() -> None:
    ends = Ends()
    ends.socket.append(frame_of("a"))
    ends.transport.close()

    await asyncio.sleep(0)
    ends.socket.close(1000)

    assert ends.transport.writes == []
    assert ends.socket.is_closing


async def test_aborting_drops_what_is_pending() -> None:
    ends = Ends()
    ends.socket.append(frame_of("a"))

    ends.socket.abort()
    await asyncio.sleep(0)

    assert ends.transport.is_aborted
    assert ends.transport.writes == []


async def test_the_gauge_counts_what_is_pending_and_what_lies_unread() -> None:
    ends = Ends()
    ends.transport.is_read = False
    ends.transport.write(b"x" * 7)
    ends.socket.append(b"abc")

    waiting = ends.socket.pending_bytes()

    assert waiting == 10


def test_the_kernel_is_asked_to_hide_no_more_than_its_limit() -> None:
    class Real(PaperTransport):
        def __init__(self, raw: sockets.socket) -> None:
            super().__init__()
            self.raw = raw

        def get_extra_info(self, name: str, default: object = None) -> object:
            return self.raw

    option = (sockets.IPPROTO_TCP, sockets.TCP_NOTSENT_LOWAT)
    with sockets.socket() as raw, sockets.socket(sockets.AF_UNIX) as unix:
        limit_unsent(Real(raw))
        limit_unsent(Real(unix))
        limit_unsent(PaperTransport())
        limit = raw.getsockopt(*option)
    limit_unsent(Real(raw))

    assert limit == NOTSENT_LOWAT_BYTES
