"""One pending list per socket, on paper."""

import asyncio
from typing import Any

import pytest

from hardwire.hub.line import Line
from hardwire.model.channel import Channel
from hardwire.server.sockets import socket as server_socket
from hardwire.server.sockets.flusher import Flusher
from hardwire.server.sockets.frames import close_frame, frame_of
from hardwire.server.sockets.socket import BEHIND_BYTES, BURST_BYTES, DEAD, DEAD_AFTER_S, TOO_SLOW, Socket
from tests.fakes.paper_dialect import PaperDialect
from tests.fakes.paper_transport import PaperTransport
from tests.fakes.still_clock import NOON

GRID = Channel("paper", "grid", "measurement")
GAS = Channel("paper", "gas", "measurement")
BUDGET_BYTES = 4 * BEHIND_BYTES
MUCH = b"m" * (BEHIND_BYTES + 1)


class Ends:
    """A socket with its paper transport."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.transport = PaperTransport()
        self.cuts: list[str] = []
        self.flusher = Flusher(self.loop, BUDGET_BYTES)
        self.socket = Socket(self.transport, self.flusher, self.loop, self.cuts.append)

    def fall_behind(self) -> None:
        """Leave unread what makes a client fall behind."""
        self.transport.is_read = False
        self.socket.append(MUCH)
        self.socket.flush()

    def watch(self, channel: Channel, *sockets: Socket, keeps_newest: bool = False) -> Line:
        """Have the sockets, or the one, watch a channel."""
        dialect = PaperDialect()
        dialect.is_newest_kept = keeps_newest
        line = Line(channel, dialect, NOON)
        for socket in sockets or (self.socket,):
            line.add(socket)
        return line

    def read(self) -> None:
        """Read all that was written, and be looked after."""
        self.transport.read()
        self.socket.look(self.loop.time())


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
    alike, alike_too, other = (Socket(end.transport, flusher, end.loop, end.cuts.append) for end in ends)
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


async def test_a_channels_frame_is_pending_like_any_other() -> None:
    ends = Ends()
    ends.socket.take(b"1", GRID, True)
    ends.socket.append(b"2")

    await asyncio.sleep(0)

    assert ends.transport.writes == [b"12"]
    assert (ends.socket.sent, ends.socket.sent_bytes) == (2, 2)
    assert (ends.flusher.frames, ends.flusher.bytes) == (2, 2)


async def test_a_line_is_written_without_the_list_of_a_client_that_has_nothing_pending() -> None:
    ends = Ends()
    line = ends.watch(GRID)
    line.spread(b"1")
    line.spread(b"2")

    await asyncio.sleep(0)

    assert ends.transport.writes == [b"12"]
    assert (ends.socket.sent, ends.socket.sent_bytes, ends.flusher.frames) == (2, 2, 2)


async def test_answers_and_a_line_keep_their_order() -> None:
    ends = Ends()
    line = ends.watch(GRID)
    ends.socket.append(b"a")
    line.spread(b"1")
    ends.socket.append(b"b")
    line.spread(b"2")

    await asyncio.sleep(0)

    assert ends.transport.writes == [b"a1b", b"2"]
    assert ends.flusher.frames == 4


async def test_an_answer_in_the_middle_of_a_lines_frames_is_written_with_them() -> None:
    ends = Ends()
    line = ends.watch(GRID)
    line.spread(b"1")
    ends.socket.append(b"a")
    line.spread(b"2")

    await asyncio.sleep(0)

    assert ends.transport.writes == [b"1a2"]
    assert ends.flusher.frames == 3


async def test_an_answer_that_comes_before_a_lines_frames_goes_before_them() -> None:
    ends = Ends()
    line = ends.watch(GRID)
    ends.socket.append(b"a")
    line.spread(b"1")

    await asyncio.sleep(0)

    assert ends.transport.written == b"a1"


async def test_a_line_of_a_client_that_is_behind_waits_in_its_backlog() -> None:
    ends = Ends()
    line = ends.watch(GRID, keeps_newest=True)
    ends.fall_behind()
    for number in range(3):
        line.spread(b"%d" % number)
    ends.socket.append(b"answer")
    await asyncio.sleep(0)

    ends.read()

    assert ends.transport.writes == [MUCH, b"2answer"]
    assert ends.socket.dropped == 2


async def test_a_close_goes_behind_what_is_fresh_on_the_line() -> None:
    ends = Ends()
    line = ends.watch(GRID)
    line.spread(b"1")

    ends.socket.close(1000)
    line.spread(b"late")
    await asyncio.sleep(0)

    assert ends.transport.writes == [b"1" + close_frame(1000)]


async def test_a_close_for_a_client_whose_line_is_over_its_budget_is_the_one_that_says_so() -> None:
    ends = Ends()
    line = ends.watch(GRID)
    ends.fall_behind()
    line.spread(b"x" * BUDGET_BYTES)

    ends.socket.close(1000)

    assert ends.transport.writes == [MUCH, close_frame(1013, TOO_SLOW)]


async def test_a_line_of_a_peer_that_is_gone_is_dropped() -> None:
    ends = Ends()
    line = ends.watch(GRID)
    line.spread(b"1")
    ends.transport.close()

    await asyncio.sleep(0)

    assert ends.transport.writes == []
    assert ends.flusher.frames == 0


async def test_a_write_that_fails_drops_that_client_alone() -> None:
    class Broken(PaperTransport):
        def write(self, data: bytes | bytearray | memoryview) -> None:
            raise RuntimeError("the handle is closed")

    ends, broken = Ends(), Broken()
    faults: list[Any] = []  # Any: as the loop's exception handler
    ends.loop.set_exception_handler(lambda loop, context: faults.append(context))
    other = Socket(broken, ends.flusher, ends.loop, ends.cuts.append)
    line = ends.watch(GRID, other, ends.socket)
    line.spread(b"1")

    await asyncio.sleep(0)

    assert broken.is_aborted
    assert ends.transport.writes == [b"1"]
    assert [str(fault["exception"]) for fault in faults] == ["the handle is closed"]


async def test_a_write_that_fails_for_a_client_that_is_behind_ends_its_waiting() -> None:
    class Breaking(PaperTransport):
        def write(self, data: bytes | bytearray | memoryview) -> None:
            if self.writes:
                raise RuntimeError("the handle is closed")
            super().write(data)

    ends = Ends()
    ends.loop.set_exception_handler(lambda loop, context: None)
    transport = Breaking()
    socket = Socket(transport, ends.flusher, ends.loop, ends.cuts.append)
    transport.is_read = False
    socket.append(MUCH)
    socket.flush()
    socket.append(b"answer")
    transport.read()

    is_behind = socket.look(1.0)
    socket.append(b"late")

    assert not is_behind
    assert socket.is_closing
    assert socket.pending == []


async def test_nothing_more_is_written_to_a_client_that_is_behind() -> None:
    ends = Ends()
    ends.fall_behind()

    ends.socket.append(b"answer")
    ends.socket.take(b"grid", GRID, False)
    await asyncio.sleep(0)

    assert ends.transport.writes == [MUCH]
    assert ends.socket.pending == []
    assert ends.socket.behind_since is not None
    assert ends.flusher.behind == 1
    assert ends.socket.pending_bytes() == len(MUCH) + len(b"answergrid")


async def test_a_client_that_has_caught_up_gets_all_that_waited_in_order_and_is_as_any_other() -> None:
    ends = Ends()
    ends.fall_behind()
    for letter in (b"1", b"2", b"3"):
        ends.socket.take(letter, GRID, False)

    ends.read()
    ends.socket.append(b"4")
    await asyncio.sleep(0)

    assert ends.transport.writes == [MUCH, b"123", b"4"]
    assert ends.socket.behind_since is None
    assert (ends.socket.sent, ends.socket.dropped) == (5, 0)


async def test_of_a_channel_that_keeps_the_newest_older_frames_are_left_out_and_counted() -> None:
    ends = Ends()
    ends.fall_behind()
    for number in range(10):
        ends.socket.take(b"grid%d" % number, GRID, True)
        ends.socket.take(b"gas%d" % number, GAS, True)
    ends.socket.append(b"answer")
    ends.socket.take(b"grid10", GRID, True)

    ends.read()

    assert ends.transport.writes[1:] == [b"gas9answergrid10"]
    assert (ends.socket.dropped, ends.flusher.dropped) == (19, 19)


async def test_a_client_that_reads_in_part_is_fed_in_pieces_that_can_still_be_taken_back() -> None:
    ends = Ends()
    ends.fall_behind()
    half = b"h" * (BEHIND_BYTES // 2)
    for letter in (b"1", b"2", b"3"):
        ends.socket.append(half + letter)
    ends.socket.take(b"old", GRID, True)
    ends.transport.read(len(MUCH) - 1)
    is_behind_with_a_byte = ends.socket.look(1.0)

    ends.transport.read(1)
    is_behind_with_a_piece = ends.socket.look(2.0)
    ends.socket.take(b"new", GRID, True)
    ends.read()
    ends.read()

    assert is_behind_with_a_byte
    assert is_behind_with_a_piece
    assert ends.transport.writes[1:] == [half + b"1", half + b"2", half + b"3new"]


async def test_the_newest_of_few_channels_waits_without_end_for_a_client_that_reads_now_and_then() -> None:
    ends = Ends()
    ends.fall_behind()
    for _ in range(10 * BUDGET_BYTES // 1000):
        ends.socket.take(b"x" * 1000, GRID, True)

    waiting = ends.socket.pending_bytes()

    assert ends.cuts == []
    assert waiting == len(MUCH) + 1000


async def test_a_client_over_its_budget_is_cut_with_1013_told_of_once_and_what_waited_is_dropped() -> None:
    ends = Ends()
    ends.fall_behind()
    for _ in range(10):
        ends.socket.append(b"x" * BEHIND_BYTES)
        ends.socket.take(b"grid", GRID, True)

    written = ends.transport.writes

    assert ends.cuts == [TOO_SLOW]
    assert ends.flusher.cut == 1
    assert written == [MUCH, close_frame(1013, TOO_SLOW)]
    assert ends.socket.has_closed
    assert not ends.socket.look(1.0)


async def test_many_small_frames_cost_more_than_their_bytes() -> None:
    ends = Ends()
    ends.fall_behind()

    for _ in range(BUDGET_BYTES // 100):
        ends.socket.append(b"tiny")

    assert ends.cuts == [TOO_SLOW]


async def test_a_burst_over_the_budget_cuts_a_client_that_does_not_take_it() -> None:
    ends = Ends()
    ends.transport.is_read = False
    ends.socket.append(b"x" * (BUDGET_BYTES + 1))

    await asyncio.sleep(0)

    assert ends.cuts == [TOO_SLOW]


async def test_a_client_that_reads_nothing_for_a_minute_is_cut_although_little_waits() -> None:
    ends = Ends()
    ends.fall_behind()
    begin = ends.loop.time()
    ends.socket.take(b"grid", GRID, True)
    looks = [ends.socket.look(begin + s) for s in (1, DEAD_AFTER_S)]

    looks.append(ends.socket.look(begin + 1 + DEAD_AFTER_S))

    assert looks == [True, True, False]
    assert ends.cuts == [DEAD]
    assert ends.transport.writes == [MUCH, close_frame(1013, DEAD)]


async def test_a_client_that_reads_a_little_is_not_dead() -> None:
    ends = Ends()
    ends.fall_behind()
    begin = ends.loop.time()
    ends.socket.append(b"answer")
    for s in range(50, 1000, 50):
        ends.transport.read(1)
        ends.socket.look(begin + s)

    is_behind = ends.socket.look(begin + 1000)

    assert is_behind
    assert ends.cuts == []


async def test_a_close_goes_out_behind_all_that_waits_for_a_client_that_is_behind() -> None:
    ends = Ends()
    ends.fall_behind()
    ends.socket.append(b"answer")

    ends.socket.close(1001, "bye")
    ends.socket.append(b"late")
    ends.socket.take(b"late", GRID, True)

    assert ends.transport.writes == [MUCH, b"answer" + close_frame(1001, "bye")]
    assert not ends.socket.look(1.0)


async def test_a_client_that_is_behind_and_goes_away_leaves_nothing() -> None:
    ends = Ends()
    ends.fall_behind()
    ends.socket.append(b"answer")
    ends.transport.close()

    is_behind = ends.socket.look(1.0)

    assert not is_behind
    assert ends.socket.is_closing
    assert ends.transport.writes == [MUCH]


async def test_the_flusher_looks_after_who_is_behind_by_itself() -> None:
    ends = Ends()
    ends.fall_behind()
    ends.socket.append(b"answer")
    ends.transport.read()

    for _ in range(500):
        if ends.socket.behind_since is None:
            break
        await asyncio.sleep(0.01)

    assert ends.transport.writes == [MUCH, b"answer"]
    assert ends.flusher.behind == 0


async def test_a_close_over_the_budget_is_one_close() -> None:
    ends = Ends()
    ends.transport.is_read = False
    ends.socket.append(b"x" * (BUDGET_BYTES + 1))

    ends.socket.close(1000)

    assert ends.cuts == []
    assert ends.transport.written == b"x" * (BUDGET_BYTES + 1) + close_frame(1000)


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


async def test_of_a_burst_no_more_is_written_than_the_client_takes() -> None:
    ends = Ends()
    ends.flusher.budget_bytes = 2 * BURST_BYTES
    frames = [frame_of(f"{number:02}" + "x" * 32 * 1024) for number in range(12)]
    ends.transport.is_read = False
    for frame in frames:
        ends.socket.append(frame)

    ends.socket.flush()
    at_once = len(ends.transport.written)
    waiting = ends.socket.pending_bytes()
    while ends.socket.behind_since is not None:
        ends.read()

    assert BEHIND_BYTES // 2 <= at_once <= 2 * BEHIND_BYTES
    assert waiting == sum(map(len, frames))
    assert ends.transport.written == b"".join(frames)
    assert (ends.socket.sent, ends.cuts) == (len(frames), [])


async def test_a_burst_that_is_read_leaves_nobody_behind() -> None:
    ends = Ends()
    frames = [frame_of("x" * 32 * 1024) for _ in range(40)]
    for frame in frames:
        ends.socket.append(frame)

    ends.socket.flush()

    assert ends.transport.written == b"".join(frames)
    assert (ends.socket.behind_since, ends.socket.sent, ends.cuts) == (None, len(frames), [])


async def test_a_burst_of_one_channel_is_written_as_far_as_the_client_takes_it() -> None:
    ends = Ends()
    line = ends.watch(GRID)
    ends.transport.is_read = False
    for _ in range(12):
        line.spread(frame_of("x" * 32 * 1024))

    line.flush()

    assert len(ends.transport.written) <= 2 * BEHIND_BYTES
    assert ends.cuts == [TOO_SLOW]
