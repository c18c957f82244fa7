"""Catches a stream up with what was sent before it began: pages of the store, then the hub's memory, then live."""

from collections.abc import Sequence
from enum import Enum, auto

from msgspec import Struct

from hardwire.contracts.act import Ask
from hardwire.contracts.house import House
from hardwire.contracts.question import ReadExports
from hardwire.dialects.ezeio.stream.options import Options
from hardwire.dialects.ezeio.stream.wire_stream import Place
from hardwire.model.history import Export

PAGE = 500
"""How many messages are sent before the next are asked for: some 100 KB."""


class Gap(Struct, frozen=True):
    """Messages after `since` may be missing, up to and with `until`."""

    since: Place
    until: Place


class _Step(Enum):
    FIND = auto()
    """Which is the first that arrived at a time?"""
    JUDGE = auto()
    """Is what followed a number still there?"""
    FOLLOW = auto()
    """What followed the last one that was sent?"""


class Replay:
    """Where a reader stands, and what it has to ask next. Nothing is sent twice, nothing left out in silence."""

    def __init__(self, house: House, account: str, options: Options) -> None:
        self.is_caught_up = False
        """Whether everything was sent that was told so far: what comes next comes live."""
        self._house = house
        self._account = account
        self._since = options.since
        self._at: Place = options.after or (0, 0)
        self._step = _Step.FIND if options.after is None else _Step.JUDGE
        self._newest: Place = (0, 0)
        """The newest message when the store was asked."""
        self._is_read_out = False
        """Whether the store had no more."""
        self._lost_since: Place | None = None
        """From where on messages may be missing, as long as it is not known up to where."""

    def ask(self, tag: int) -> Ask:
        """Return the next question; its answer is for `take`."""
        self._newest = self._house.last_export(self._account)
        if self._step is _Step.FIND:
            return Ask(ReadExports(account=self._account, since=self._since, limit=1), tag)
        if self._step is _Step.JUDGE:
            return Ask(ReadExports(account=self._account, after=(self._at[0], 0), limit=1), tag)
        return Ask(ReadExports(account=self._account, after=self._at, limit=PAGE), tag)

    def take(self, page: Sequence[Export]) -> Sequence[Export | Gap]:
        """Take the answer of the store; return what is to be sent now, in order."""
        if self._step is _Step.FOLLOW:
            return [*self._follow(page), *self._finish()]
        if self._step is _Step.JUDGE:
            self._judge(page)
        else:
            self._at = (page[0].epoch, page[0].number - 1) if page else self._newest
        self._step = _Step.FOLLOW
        return self._finish()

    def _judge(self, first: Sequence[Export]) -> None:
        """See whether anything that followed the reader's number may be gone.

        `first` is the oldest message of its epoch that is kept. Old messages go in order, so what it precedes is whole.
        """
        if self._at > self._newest:
            # No number of this hub: what its reader has is not known, so nothing that there is may be left out.
            self._lost_since, self._at = self._at, (0, 0)
        elif self._at != self._newest and self._house.exports_after(self._account, self._at) is None:
            epoch, number = self._at
            if not first or first[0].epoch != epoch or first[0].number > number + 1:
                self._lost_since = self._at

    def _follow(self, page: Sequence[Export]) -> list[Export | Gap]:
        # What is on the disk but not told yet comes live, or from memory once it was told.
        newest = self._house.last_export(self._account)
        told = [export for export in page if (export.epoch, export.number) <= newest]
        found: list[Export | Gap] = []
        for export in told:
            place = (export.epoch, export.number)
            found.extend(self._hole(place))
            found.append(export)
            self._at = place
        self._is_read_out = len(told) < PAGE
        if self._is_read_out:
            self._leave_store()
        return found

    def _leave_store(self) -> None:
        """Stand where memory goes on: the store has no more of what was told before it was asked."""
        epoch, _ = self._newest
        if self._at[0] < epoch:
            self._at = (epoch, 0)
        if self._at < self._newest and self._house.exports_after(self._account, self._at) is None:
            # The disk did not take them, and memory no longer has them.
            self._lost_since = self._lost_since or self._at
            self._at = self._newest

    def _hole(self, place: Place) -> Sequence[Gap]:
        """Return the gap before a message, if there is one: what the disk did not take, or an older gap's end."""
        epoch, number = self._at
        if self._lost_since is None and self._at != (0, 0) and place[1] != (number + 1 if place[0] == epoch else 1):
            self._lost_since = self._at
        if self._lost_since is None:
            return ()
        since, self._lost_since = self._lost_since, None
        return (Gap(since, (place[0], place[1] - 1)),)

    def _finish(self) -> Sequence[Export | Gap]:
        """Go on from memory, where it reaches back so far and the rest is no more than a page."""
        if self._lost_since is not None and not self._is_read_out:
            # What the store still has says where the gap ends.
            return ()
        rest = self._house.exports_after(self._account, self._at)
        if rest is None or (len(rest) > PAGE and not self._is_read_out):
            return ()
        found: list[Export | Gap] = []
        if self._lost_since is not None:
            found.append(Gap(self._lost_since, self._at))
            self._lost_since = None
        self.is_caught_up = len(rest) <= PAGE
        found.extend(rest[:PAGE])
        if rest:
            self._at = (rest[:PAGE][-1].epoch, rest[:PAGE][-1].number)
        return found
