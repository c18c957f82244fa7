"""What waits for a client that is behind."""

from hardwire.model.channel import Channel
from hardwire.server.sockets.backlog import FRAME_COST_BYTES, Backlog

GRID = Channel("paper", "grid", "measurement")


def test_frames_come_out_in_order_and_what_may_be_left_out_comes_where_its_newest_came() -> None:
    backlog = Backlog(0.0)
    backlog.put(b"1")
    had_older = [backlog.put_newest(b"old", GRID)]
    backlog.put(b"2")
    had_older.append(backlog.put_newest(b"new", GRID))

    frames = backlog.take(100)

    assert frames == [b"1", b"2", b"new"]
    assert had_older == [False, True]
    assert not backlog


def test_as_much_comes_out_as_there_is_room_for_and_one_frame_in_any_case() -> None:
    backlog = Backlog(0.0)
    for letter in (b"aaaa", b"bb", b"cc", b"d"):
        backlog.put(letter)

    pieces = [backlog.take(4) for _ in range(4)]

    assert pieces == [[b"aaaa"], [b"bb", b"cc"], [b"d"], []]


def test_its_sizes_go_with_its_frames() -> None:
    backlog = Backlog(0.0)
    backlog.put(b"12345")
    backlog.put_newest(b"123", GRID)
    backlog.put_newest(b"1234567", GRID)
    full = (backlog.size_bytes, backlog.cost_bytes)

    backlog.take(100)

    assert full == (12, 12 + 2 * FRAME_COST_BYTES)
    assert (backlog.size_bytes, backlog.cost_bytes) == (0, 0)


def test_a_write_is_a_movement_though_as_much_lies_unread_as_before() -> None:
    backlog = Backlog(0.0)
    backlog.still_s((5, 5), 1.0)

    backlog.moved(10.0)

    assert backlog.still_s((5, 5), 12.0) == 0.0
    assert backlog.still_s((5, 5), 15.0) == 3.0


def test_it_is_still_since_something_moved_last() -> None:
    backlog = Backlog(10.0)

    still_s = [backlog.still_s((5, 5), 12.0), backlog.still_s((5, 5), 20.0), backlog.still_s((5, 4), 21.0)]

    assert still_s == [0.0, 8.0, 0.0]
