"""Who watches one channel, and in which order what is new there reaches them."""

from hardwire.hub.line import Line, Piece
from hardwire.model.channel import Channel
from tests.fakes.paper_dialect import PaperDialect
from tests.fakes.still_clock import NOON
from tests.hub.premises import PaperWatcher

GRID = Channel("paper", "grid", "measurement")
GAS = Channel("paper", "gas", "measurement")


class PaperEnd(PaperWatcher):
    """A client's end with a list that is written when its test flushes."""

    def __init__(self) -> None:
        super().__init__()
        self.expected: list[Line] = []
        self.writes: list[bytes] = []

    def take(self, frame: bytes, channel: Channel, keeps_newest: bool) -> None:
        """Begin the list."""
        self.pending.append(frame)

    def write(self, piece: Piece) -> int:
        """Write at once, unless something is pending."""
        if self.pending:
            self.pending.extend(piece.frames)
            return 0
        self.writes.append(piece.joined)
        return len(piece.frames)

    def expect(self, line: Line) -> None:
        """Note it."""
        self.expected.append(line)

    def say(self, frame: bytes) -> None:
        """Send something that comes from no channel."""
        if self.line is not None and self.line.fresh:
            self.line.catch_up(self)
        self.pending.append(frame)


def line_of(channel: Channel, *watchers: PaperEnd) -> Line:
    line = Line(channel, PaperDialect(), NOON)
    for watcher in watchers:
        line.add(watcher)
    return line


def test_frames_wait_in_the_line_and_go_to_all_as_one_piece() -> None:
    ends = [PaperEnd() for _ in range(3)]
    line = line_of(GRID, *ends)
    line.spread(b"1")
    line.spread(b"2")
    before = [end.writes or end.pending for end in ends]

    counts = [line.flush(), line.flush()]

    assert before == [[], [], []]
    assert counts == [6, 0]
    assert [end.writes for end in ends] == [[b"12"]] * 3
    assert ends[0].writes[0] is ends[1].writes[0]


def test_the_writer_is_told_once_per_flush() -> None:
    first, second = PaperEnd(), PaperEnd()
    line = line_of(GRID, first, second)
    for _ in range(2):
        line.spread(b"1")
        line.spread(b"2")
        line.flush()

    asked = first.expected + second.expected

    assert asked == [line, line]


def test_what_is_sent_besides_stands_between_the_frames_that_came_before_and_after_it() -> None:
    end, other = PaperEnd(), PaperEnd()
    line = line_of(GRID, end, other)
    line.spread(b"1")
    end.say(b"-answer-")
    line.spread(b"2")
    end.say(b"-another-")
    line.spread(b"3")

    line.flush()

    assert b"".join(end.pending) == b"1-answer-2-another-3"
    assert other.writes == [b"123"]


def test_what_was_sent_before_a_frame_goes_before_it() -> None:
    end = PaperEnd()
    line = line_of(GRID, end)
    end.say(b"answer-")
    line.spread(b"1")

    counted = line.flush()

    assert end.pending == [b"answer-", b"1"]
    assert counted == 0


def test_who_comes_in_the_middle_gets_what_comes_then() -> None:
    early, late = PaperEnd(), PaperEnd()
    line = line_of(GRID, early)
    line.spread(b"1")
    line.add(late)
    line.spread(b"2")

    line.flush()
    line.spread(b"3")
    line.flush()

    assert early.writes == [b"12", b"3"]
    assert late.writes == [b"2", b"3"]


def test_who_leaves_in_the_middle_gets_what_came_until_then() -> None:
    stays, leaves = PaperEnd(), PaperEnd()
    line = line_of(GRID, stays, leaves)
    line.spread(b"1")
    was_there = [line.remove(leaves), line.remove(leaves)]
    line.spread(b"2")

    line.flush()

    assert was_there == [True, False]
    assert leaves.pending == [b"1"]
    assert stays.writes == [b"12"]
    assert (leaves.watched, leaves.line) == (0, None)


def test_the_frames_of_several_channels_reach_a_client_in_the_order_in_which_they_came() -> None:
    end = PaperEnd()
    grid, gas = line_of(GRID, end), line_of(GAS)
    grid.spread(b"grid1 ")
    gas.add(end)
    gas.spread(b"gas1 ")
    grid.spread(b"grid2 ")
    gas.spread(b"gas2 ")

    grid.flush()
    gas.flush()

    assert b"".join(end.pending) == b"grid1 gas1 grid2 gas2 "
    assert (end.watched, end.line) == (2, None)


def test_who_gives_up_all_channels_but_one_still_gets_that_one() -> None:
    end = PaperEnd()
    grid, gas = line_of(GRID, end), line_of(GAS, end)
    grid.remove(end)
    gas.spread(b"gas1")
    gas.remove(end)
    gas.add(end)
    gas.spread(b"gas2")

    gas.flush()

    assert end.pending == [b"gas1", b"gas2"]
    assert end in gas
    assert end not in grid
    assert (len(gas), len(grid)) == (1, 0)


def test_a_third_channel_is_like_a_second() -> None:
    end = PaperEnd()
    lines = [line_of(channel, end) for channel in (GRID, GAS, Channel("paper", "sun", "measurement"))]

    for line in lines:
        line.spread(line.channel.device.encode())

    assert end.pending == [b"grid", b"gas", b"sun"]


def test_a_line_that_all_have_left_flushes_nothing() -> None:
    end = PaperEnd()
    line = line_of(GRID, end)
    line.spread(b"1")
    line.remove(end)

    counted = line.flush()

    assert counted == 0
    assert end.writes == []
