"""A reader catches up: every message behind its place once, whatever arrives meanwhile; what is gone is told."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.contracts.act import Ask
from hardwire.contracts.question import ReadExports
from hardwire.dialects.ezeio.stream import replay as module
from hardwire.dialects.ezeio.stream.options import Options
from hardwire.dialects.ezeio.stream.replay import Gap, Replay
from hardwire.dialects.ezeio.stream.selection import Selection
from hardwire.hub.access import Access
from hardwire.hub.house import Premises
from hardwire.hub.outbox import Outbox
from hardwire.hub.roster import Roster
from hardwire.model.history import Export
from tests.dialects.ezeio.premises import START
from tests.fakes.paper_records import PaperExports

PAGE = 3
RING = 4
NUMBERED = Selection(is_numbered=True)

Sent = tuple[int, int] | Gap


@pytest.fixture(autouse=True)
def small_pages() -> Iterator[None]:
    """Three messages a page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PAGE", PAGE)
        yield


class Scene:
    """A hub's outbox and store with one reader; memory holds four messages."""

    def __init__(self) -> None:
        self.now = START
        self.store = PaperExports()
        self.premises = Premises(Roster(), Access(lambda: START))
        self.outbox: Outbox
        self.on_their_way: list[Export] = []
        self.restart(1)

    def restart(self, epoch: int) -> None:
        """Begin an epoch: memory is empty."""
        self.outbox = Outbox(lambda: self.now, lambda where, fault: None, ring_messages=RING)
        self.outbox.epoch = epoch
        self.premises.last_export = self.outbox.last
        self.premises.exports_after = self.outbox.after

    def tell(self, count: int = 1, *, is_kept: bool = True) -> None:
        """Send messages; the disk takes them unless it is told not to."""
        for _ in range(count):
            exports = self.outbox.number("tank", [("home", "m")])
            if is_kept:
                self.store.note(exports)
            self.outbox.show(exports)

    def write(self) -> None:
        """Have a message on the disk that nobody was told yet."""
        exports = self.outbox.number("tank", [("home", "m")])
        self.store.note(exports)
        self.on_their_way.extend(exports)

    def tell_written(self) -> None:
        """Tell what is on the disk."""
        self.outbox.show(self.on_their_way)
        self.on_their_way.clear()

    def read(self, ask: Ask) -> Sequence[Export]:
        """Answer as the desk does."""
        question = ask.question
        assert isinstance(question, ReadExports)
        return asyncio.run(self.store.read("home", after=question.after, since=question.since, limit=question.limit))

    def replay(self, *, after: tuple[int, int] | None = None, since: datetime | None = None) -> Replay:
        """Return a reader's replay."""
        return Replay(self.premises, "home", Options(selection=NUMBERED, after=after, since=since))

    def run(self, replay: Replay) -> list[Sent]:
        """Let the reader catch up while nothing arrives."""
        sent: list[Sent] = []
        for _ in range(100):
            sent.extend(shown(replay.take(self.read(replay.ask(1)))))
            if replay.is_caught_up:
                return sent
        raise AssertionError("it never catches up")


def shown(found: Sequence[Export | Gap]) -> list[Sent]:
    return [one if isinstance(one, Gap) else (one.epoch, one.number) for one in found]


def places(epoch: int, first: int, last: int) -> list[Sent]:
    return [(epoch, number) for number in range(first, last + 1)]


def test_a_reader_that_has_all_is_sent_nothing() -> None:
    scene = Scene()
    scene.tell(2)

    assert scene.run(scene.replay(after=(1, 2))) == []


def test_what_memory_has_is_sent_in_one_go() -> None:
    scene = Scene()
    scene.tell(6)
    replay = scene.replay(after=(1, 3))

    sent = shown(replay.take(scene.read(replay.ask(1))))

    assert sent == places(1, 4, 6)
    assert replay.is_caught_up


def test_what_memory_has_no_more_comes_from_the_store_in_pages() -> None:
    scene = Scene()
    scene.tell(20)

    assert scene.run(scene.replay(after=(1, 2))) == places(1, 3, 20)


def test_an_earlier_epoch_is_read_to_its_end_and_then_this_one() -> None:
    scene = Scene()
    scene.tell(5)
    scene.restart(2)
    scene.tell(2)
    scene.restart(9)
    scene.tell(7)

    assert scene.run(scene.replay(after=(1, 4))) == [(1, 5), *places(2, 1, 2), *places(9, 1, 7)]


def test_the_last_number_of_an_epoch_is_followed_by_the_next_epoch_without_a_gap() -> None:
    scene = Scene()
    scene.tell(5)
    scene.restart(2)

    nothing = scene.run(scene.replay(after=(1, 5)))
    scene.tell(1)

    assert nothing == []
    assert scene.run(scene.replay(after=(1, 5))) == [(2, 1)]


def test_a_number_that_was_told_and_never_reached_the_disk_is_no_gap() -> None:
    scene = Scene()
    scene.tell(2)
    scene.tell(1, is_kept=False)
    scene.restart(2)
    scene.tell(1)

    assert scene.run(scene.replay(after=(1, 3))) == [(2, 1)]


def test_a_time_begins_with_the_first_that_arrived_then_and_goes_on_by_number() -> None:
    scene = Scene()
    for second in (0, 10, 20, 5, 30):
        scene.now = START + timedelta(seconds=second)
        scene.tell()

    assert scene.run(scene.replay(since=START + timedelta(seconds=9))) == places(1, 2, 5)


def test_a_time_after_the_newest_message_begins_live() -> None:
    scene = Scene()
    scene.tell(3)

    assert scene.run(scene.replay(since=START + timedelta(seconds=1))) == []


def test_what_was_forgotten_is_told_as_a_gap_and_then_what_there_is() -> None:
    scene = Scene()
    scene.tell(6)
    scene.now = START + timedelta(days=1)
    scene.tell(4)
    asyncio.run(scene.store.forget(START + timedelta(hours=1)))

    sent = [scene.run(scene.replay(after=(1, number))) for number in (3, 5, 6)]

    # The sixth stayed as a mark, so nothing is missing behind the fifth.
    assert sent == [
        [Gap((1, 3), (1, 5)), *places(1, 6, 10)],
        places(1, 6, 10),
        places(1, 7, 10),
    ]


@pytest.mark.parametrize("number", [(1, 99), (7, 1), (10**14, 3)])
def test_a_number_of_the_future_is_told_as_a_gap_and_all_there_is_follows(number: tuple[int, int]) -> None:
    scene = Scene()
    scene.tell(8)

    assert scene.run(scene.replay(after=number)) == [Gap(number, (1, 0)), *places(1, 1, 8)]


def test_a_number_of_an_epoch_that_never_was_is_told_as_a_gap_and_later_epochs_follow() -> None:
    scene = Scene()
    scene.tell(2)
    scene.restart(5)
    scene.tell(2)

    assert scene.run(scene.replay(after=(3, 7))) == [Gap((3, 7), (5, 0)), *places(5, 1, 2)]


def test_a_gap_is_told_although_nothing_follows() -> None:
    scene = Scene()
    scene.restart(5)

    assert scene.run(scene.replay(after=(3, 7))) == [Gap((3, 7), (5, 0))]


def test_what_the_disk_did_not_take_comes_from_memory_or_is_told_as_a_gap() -> None:
    scene = Scene()
    scene.tell(2)
    scene.tell(4, is_kept=False)
    from_memory = scene.run(scene.replay(after=(1, 2)))
    scene.tell(4, is_kept=False)

    assert from_memory == places(1, 3, 6)
    assert scene.run(scene.replay(after=(1, 1))) == [(1, 2), Gap((1, 2), (1, 10))]


def test_a_hole_in_the_store_is_told_as_a_gap() -> None:
    scene = Scene()
    scene.tell(2)
    scene.tell(1, is_kept=False)
    scene.tell(6)

    assert scene.run(scene.replay(after=(1, 0))) == [*places(1, 1, 2), Gap((1, 2), (1, 3)), *places(1, 4, 9)]


def test_what_is_on_the_disk_and_not_told_yet_is_left_for_later() -> None:
    scene = Scene()
    scene.tell(7)
    for _ in range(4):
        scene.write()

    before = scene.run(scene.replay(after=(1, 1)))
    late = scene.run(scene.replay(since=START))
    scene.tell_written()

    assert before == places(1, 2, 7)
    assert late == places(1, 1, 7)
    assert scene.run(scene.replay(after=(1, 7))) == places(1, 8, 11)


def test_what_memory_loses_while_the_store_is_asked_is_no_gap() -> None:
    scene = Scene()
    replay = scene.replay(after=(1, 0))
    page = scene.read(replay.ask(1))

    scene.tell(RING + 1)
    first = replay.take(page)

    assert [*shown(first), *scene.run(replay)] == places(1, 1, RING + 1)


@given(st.data())
def test_whatever_arrives_while_it_catches_up_everything_is_sent_once_and_in_order(choices: st.DataObject) -> None:
    scene = Scene()
    for epoch in range(1, choices.draw(st.integers(1, 3)) + 1):
        scene.restart(epoch)
        scene.tell(choices.draw(st.integers(0, 12)))
    # Not before the beginning: that would be an epoch that never was.
    known = [(one.epoch, one.number) for one in scene.store.noted]
    after = choices.draw(st.sampled_from([*known, scene.outbox.last("home")]))
    replay = scene.replay(after=after)
    sent: list[Sent] = []

    def meanwhile() -> None:
        match choices.draw(st.sampled_from(["nothing", "tell", "write", "told"])):
            case "tell" if not scene.on_their_way:
                scene.tell(choices.draw(st.integers(1, 8)))
            case "write":
                scene.write()
            case "told":
                scene.tell_written()

    for turn in range(200):
        busy = turn < 20
        ask = replay.ask(1)
        if busy:
            meanwhile()
        page = scene.read(ask)
        if busy:
            meanwhile()
        sent.extend(shown(replay.take(page)))
        if replay.is_caught_up:
            break
    everything = sorted((one.epoch, one.number) for one in scene.store.noted)

    assert replay.is_caught_up
    # What comes later comes live.
    assert sent == [place for place in everything if after < place <= scene.outbox.last("home")]
