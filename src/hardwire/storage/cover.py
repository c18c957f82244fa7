"""Which roll-ups cover a range of time, with rows where none does."""

from bisect import bisect_left
from collections.abc import Sequence

from msgspec import Struct

ROWS = 0
"""The length that stands for the rows themselves."""


class Piece(Struct, frozen=True):
    """A part of a range, in ms, and the length in ms of the roll-ups that cover it."""

    since: int
    until: int
    length: int


def cover(since: int, until: int, lengths: Sequence[int], loose: Sequence[int]) -> list[Piece]:
    """Return [since, until) as pieces in order, of the longest roll-ups that fit.

    `lengths` in ms, longest first, each a multiple of the next. `loose` are the instants, in order, of rows that are
    in no roll-up yet: where they are, rows are read.
    """
    joined: list[Piece] = []
    for piece in _cover(since, until, lengths, loose):
        if joined and joined[-1].length == piece.length:
            joined[-1] = Piece(joined[-1].since, piece.until, piece.length)
        else:
            joined.append(piece)
    return joined


def _cover(since: int, until: int, lengths: Sequence[int], loose: Sequence[int]) -> list[Piece]:
    if since >= until:
        return []
    if not lengths:
        return [Piece(since, until, ROWS)]
    length, finer = lengths[0], lengths[1:]
    first, last = since + -since % length, until - until % length
    if first >= last:
        return _cover(since, until, finer, loose)
    pieces = _cover(since, first, finer, loose)
    at = first
    while at < last:
        place = bisect_left(loose, at)
        broken = loose[place] - loose[place] % length if place < len(loose) and loose[place] < last else last
        if at < broken:
            pieces.append(Piece(at, broken, length))
        if broken < last:
            pieces += _cover(broken, broken + length, finer, loose)
        at = broken + length
    return pieces + _cover(last, until, finer, loose)
