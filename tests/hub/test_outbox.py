"""Numbers of exported messages: in order of arrival per account, the newest of them in memory."""

from collections.abc import Iterable, Sequence

from hardwire.hub.outbox import Outbox
from hardwire.model.fact import Fact, Sample
from hardwire.model.history import Export
from tests.fakes.paper_dialect import PaperDialect
from tests.fakes.still_clock import NOON

FACT = Sample("tank", NOON, {"level": 1})


class ExportingDialect(PaperDialect):
    """Sends what it is told to."""

    def __init__(self, *messages: tuple[str, str]) -> None:
        super().__init__()
        self.messages = messages

    def exports(self, fact: Fact) -> Iterable[tuple[str, str]]:
        return self.messages


class FaultyDialect(PaperDialect):
    """Fails."""

    def exports(self, fact: Fact) -> Iterable[tuple[str, str]]:
        raise ValueError("cannot count")


def outbox(*, ring_messages: int = 100, ring_bytes: int = 1000) -> Outbox:
    faults: list[tuple[str, Exception]] = []
    made = Outbox(lambda: NOON, lambda *fault: faults.append(fault), ring_messages=ring_messages, ring_bytes=ring_bytes)
    made.epoch = 7
    return made


def tell(outbox: Outbox, *accounts: str, text: str = "x") -> None:
    for account in accounts:
        outbox.show(outbox.number("tank", [(account, text)]))


def numbers(exports: Sequence[Export] | None) -> list[int] | None:
    return None if exports is None else [one.number for one in exports]


def test_each_account_counts_for_itself_from_1() -> None:
    box = outbox()

    first, second = box.number("tank", [("home", "a"), ("away", "b")])
    (third,) = box.number("tank", [("home", "c")])

    assert first == Export("home", 7, 1, "tank", NOON, "a")
    assert second == Export("away", 7, 1, "tank", NOON, "b")
    assert third == Export("home", 7, 2, "tank", NOON, "c")
    assert box.numbered == 3


def test_a_number_is_the_newest_once_it_is_told() -> None:
    box = outbox()
    exports = box.number("tank", [("home", "a")])
    before = box.last("home")

    box.show(exports)

    assert (before, box.last("home"), box.last("nobody")) == ((7, 0), (7, 1), (7, 0))


def test_what_followed_a_number_is_in_memory() -> None:
    box = outbox()
    tell(box, "home", "away", "home", "home")

    found = [numbers(box.after("home", (7, number))) for number in (0, 1, 3, 9)]

    assert found == [[1, 2, 3], [2, 3], [], []]


def test_memory_knows_this_epoch_only() -> None:
    box = outbox()
    tell(box, "home")

    found = [numbers(box.after("home", (epoch, 1))) for epoch in (6, 8)]

    assert found == [None, None]


def test_of_an_account_that_was_sent_nothing_nothing_is_missing() -> None:
    assert outbox().after("home", (7, 0)) == ()


def test_memory_is_bounded_in_messages() -> None:
    box = outbox(ring_messages=2)
    tell(box, *["home"] * 4)

    found = [numbers(box.after("home", (7, number))) for number in (1, 2, 3)]

    assert found == [None, [3, 4], [4]]


def test_memory_is_bounded_in_bytes_and_a_message_longer_than_that_is_told_all_the_same() -> None:
    box = outbox(ring_bytes=10)
    tell(box, *["home"] * 3, text="12345")
    in_bounds = numbers(box.after("home", (7, 1)))
    tell(box, "home", text="x" * 11)

    found = [numbers(box.after("home", (7, number))) for number in (3, 4)]

    assert in_bounds == [2, 3]
    assert found == [None, []]


def test_numbers_that_were_never_told_leave_a_hole_and_no_loss() -> None:
    box = outbox()
    tell(box, "home")
    box.number("tank", [("home", "refused by the disk")])
    tell(box, "home")

    found = numbers(box.after("home", (7, 1)))

    assert found == [3]
    assert box.last("home") == (7, 3)


def test_every_dialect_exports_and_one_that_fails_harms_no_other() -> None:
    faults: list[tuple[str, Exception]] = []
    box = Outbox(lambda: NOON, lambda *fault: faults.append(fault))
    box.speak({"a": ExportingDialect(("home", "a")), "b": FaultyDialect(), "c": ExportingDialect(("away", "c"))})

    messages = box.messages(FACT)

    assert list(messages) == [("home", "a"), ("away", "c")]
    assert [where for where, _ in faults] == ["paper exports of tank"]
