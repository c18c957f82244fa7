"""What was promised is on the disk before anybody is told; live order is the order of numbers."""

import asyncio
from collections.abc import Iterable, Sequence

import pytest

from hardwire.hub import intake
from hardwire.model.channel import Channel
from hardwire.model.errors import HubFaultError
from hardwire.model.fact import Fact, Log, LogRow, Sample
from hardwire.model.history import Export
from tests.fakes.paper_dialect import PaperDialect
from tests.fakes.still_clock import NOON
from tests.hub.premises import METER, PaperWatcher, Premises

CHANNEL = Channel("paper", "meter", "log")


class LoggingDialect(PaperDialect):
    """Exports rows to the accounts it is told, and renders each with the number that it has there."""

    def __init__(self, premises: Premises) -> None:
        super().__init__()
        self.premises = premises
        self.accounts = ["home"]

    def exports(self, fact: Fact) -> Iterable[tuple[str, str]]:
        return [(account, str(fact.values)) for account in self.accounts] if isinstance(fact, LogRow) else []

    def render(self, channel: Channel, fact: Fact) -> str | bytes | None:
        if not isinstance(fact, LogRow):
            return f"sample {fact.device}"
        _, number = self.premises.hub.house.last_export("home")
        return f"{number} {fact.values['power_w']}"


class Stage(Premises):
    """A hub whose rows are numbered, with a client that reads."""

    def __init__(self) -> None:
        super().__init__()
        self.logging = LoggingDialect(self)
        self.hub.speak({"paper": self.logging})
        self.hub.outbox.epoch = 3
        self.serve(METER)
        self.watcher = PaperWatcher()
        self.hub.watch(CHANNEL, self.watcher)

    @property
    def told(self) -> list[str]:
        return [frame.decode() for frame in self.watcher.frames]

    @property
    def kept(self) -> list[int]:
        return [one.number for one in self.store.exports.noted]

    async def rest(self) -> None:
        for _ in range(20):
            await asyncio.sleep(0)


def row(value: int, *, at_s: int = 0) -> LogRow:
    return LogRow("meter", NOON.replace(second=at_s), Log.FAST, {"power_w": value})


@pytest.fixture
async def stage() -> Stage:
    return Stage()


async def test_a_published_row_is_numbered_told_and_noted_at_once(stage: Stage) -> None:
    stage.hub.publish(row(5))

    assert stage.told == ["1 5"]
    assert stage.store.exports.noted == [Export("home", 3, 1, "meter", NOON, "{'power_w': 5}")]


async def test_what_is_submitted_is_told_once_it_is_on_the_disk(stage: Stage) -> None:
    stage.store.may_write.clear()
    submitting = asyncio.create_task(stage.hub.submit([row(1), row(2, at_s=1)]))
    await stage.rest()
    before = stage.told.copy()

    stage.store.may_write.set()
    new = await submitting

    assert before == []
    assert stage.told == ["1 1", "2 2"]
    assert stage.kept == [1, 2]
    assert new == 2


async def test_what_comes_while_a_write_is_on_its_way_waits_behind_it(stage: Stage) -> None:
    stage.store.may_write.clear()
    submitting = asyncio.create_task(stage.hub.submit([row(1)]))
    await stage.rest()

    stage.hub.publish(row(2, at_s=1))
    stage.hub.publish(row(3, at_s=2))
    before, held = stage.told.copy(), stage.hub.intake.held()
    stage.store.may_write.set()
    await submitting

    assert (before, held) == ([], 2)
    assert stage.hub.intake.held() == 0
    assert stage.told == ["1 1", "2 2", "3 3"]


async def test_what_is_no_message_of_the_account_waits_for_nothing(stage: Stage) -> None:
    stage.store.may_write.clear()
    submitting = asyncio.create_task(stage.hub.submit([row(1)]))
    await stage.rest()

    stage.hub.publish(Sample("meter", NOON, {"power_w": 9}))
    stage.logging.accounts = ["away"]
    stage.hub.publish(row(2, at_s=1))
    before = stage.told.copy()
    stage.store.may_write.set()
    await submitting

    assert before == ["sample meter", "0 2"]


async def test_what_is_published_while_the_queue_empties_goes_to_its_end(stage: Stage) -> None:
    echoes = [row(4, at_s=4)]
    stage.hub.observe(lambda fact: stage.hub.publish(echoes.pop()) if echoes and fact == row(2, at_s=2) else None)
    stage.store.may_write.clear()
    submitting = asyncio.create_task(stage.hub.submit([row(1)]))
    await stage.rest()
    stage.hub.publish(row(2, at_s=2))
    stage.hub.publish(row(3, at_s=3))

    stage.store.may_write.set()
    await submitting

    assert stage.told == ["1 1", "2 2", "3 3", "4 4"]


async def test_a_disk_that_refuses_keeps_nobody_waiting_and_its_numbers_stay_unused(stage: Stage) -> None:
    stage.store.may_write.clear()
    submitting = asyncio.create_task(stage.hub.submit([row(1)]))
    await stage.rest()
    stage.hub.publish(row(2, at_s=1))
    stage.store.fault = HubFaultError("the disk is full")

    stage.store.may_write.set()
    with pytest.raises(HubFaultError, match="the disk is full"):
        await submitting

    assert stage.told == ["2 2"]
    assert stage.kept == [2]


async def test_a_batch_that_comes_again_is_told_once(stage: Stage) -> None:
    batch = [row(1), row(2, at_s=1)]
    first = await stage.hub.submit(batch)

    second = await stage.hub.submit([*batch, row(3, at_s=2)])

    assert (first, second) == (2, 1)
    assert stage.told == ["1 1", "2 2", "3 3"]
    assert stage.kept == [1, 2, 3]


async def test_two_that_submit_the_same_at_once_have_it_told_once(stage: Stage) -> None:
    answers = await asyncio.gather(*(stage.hub.submit([row(1), row(2, at_s=1)]) for _ in range(3)))

    assert sorted(answers) == [0, 0, 2]
    assert stage.told == ["1 1", "2 2"]


async def test_the_second_of_two_equal_batches_is_written_where_the_first_one_fails(stage: Stage) -> None:
    faults = [HubFaultError("the disk is full")]
    append = stage.store.append

    async def append_the_second_time(facts: Iterable[Sample | LogRow], exports: Iterable[Export] = ()) -> int:
        if faults:
            raise faults.pop()
        return await append(facts, exports)

    stage.store.append = append_the_second_time  # type: ignore[method-assign]  # a disk that fails once

    first, second = await asyncio.gather(*(stage.hub.submit([row(1)]) for _ in range(2)), return_exceptions=True)

    assert isinstance(first, HubFaultError)
    assert second == 1
    assert stage.told == ["2 1"]


async def test_the_same_row_twice_in_a_batch_is_told_once_and_other_points_of_its_instant_too(stage: Stage) -> None:
    more = LogRow("meter", NOON, Log.FAST, {"power_w": 1, "volt": 3})

    await stage.hub.submit([row(1), row(7), more, LogRow("meter", NOON, Log.STATUS, {"power_w": 1}), row(1)])

    assert stage.told == ["1 1", "2 1", "3 1"]


async def test_batches_that_gather_behind_a_write_go_together(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "FACTS_PER_WRITE", 3)
    sizes: list[int] = []
    news = stage.store.news

    async def counted(rows: Sequence[Sample | LogRow]) -> Sequence[Sample | LogRow]:
        sizes.append(len(stage.told))
        return await news(rows)

    stage.store.news = counted  # type: ignore[method-assign]  # sees how much was told when each batch is looked at

    await asyncio.gather(*(stage.hub.submit([row(number, at_s=number)]) for number in range(1, 6)))

    assert sizes == [0, 0, 0, 3, 3]
    assert stage.told == [f"{number} {number}" for number in range(1, 6)]


async def test_an_empty_batch_is_answered_at_once(stage: Stage) -> None:
    assert await stage.hub.submit([]) == 0


async def test_a_recorder_is_not_told_again_what_is_on_the_disk_and_an_observer_is(stage: Stage) -> None:
    recorded: list[Fact] = []
    observed: list[Fact] = []
    stage.hub.intake.record(recorded.append)
    stage.hub.observe(observed.append)

    await stage.hub.submit([row(1)])
    stage.hub.publish(row(2, at_s=1))

    assert recorded == [row(2, at_s=1)]
    assert observed == [row(1), row(2, at_s=1)]


async def test_a_caller_that_leaves_while_it_waits_changes_nothing_for_the_others(stage: Stage) -> None:
    stage.store.may_write.clear()
    leaving = asyncio.create_task(stage.hub.submit([row(1)]))
    refused = asyncio.create_task(stage.hub.submit([row(3, at_s=3)]))
    await stage.rest()
    leaving.cancel()
    refused.cancel()
    staying = asyncio.create_task(stage.hub.submit([row(2, at_s=1)]))

    stage.store.may_write.set()
    answer = await staying

    assert answer == 1
    assert stage.told == ["1 1", "2 3", "3 2"]


async def test_a_store_that_cannot_be_asked_what_is_new_refuses_that_batch(stage: Stage) -> None:
    async def fail(rows: Sequence[Sample | LogRow]) -> Sequence[Sample | LogRow]:
        raise ZeroDivisionError

    stage.store.news = fail  # type: ignore[method-assign]  # a store with a fault of its own

    with pytest.raises(HubFaultError, match="its log says why"):
        await stage.hub.submit([row(1)])

    assert [where for where, _ in stage.faults] == ["intake"]


async def test_a_caller_that_left_before_its_batch_was_refused_is_told_nothing(stage: Stage) -> None:
    stage.store.may_write.clear()
    leaving = asyncio.create_task(stage.hub.submit([row(1)]))
    await stage.rest()
    leaving.cancel()
    stage.store.fault = HubFaultError("the disk is full")

    stage.store.may_write.set()
    await stage.rest()

    assert stage.told == []
    assert stage.faults == []


async def test_a_fault_while_a_batch_is_numbered_refuses_it_and_the_next_one_has_its_turn(stage: Stage) -> None:
    clock = stage.hub.outbox._now
    stage.hub.outbox._now = lambda: 1 // 0  # type: ignore[assignment,return-value]  # a fault of the hub's own

    with pytest.raises(HubFaultError):
        await stage.hub.submit([row(1)])
    stage.hub.outbox._now = clock
    new = await stage.hub.submit([row(1)])

    assert new == 1


async def test_a_watcher_that_fails_costs_neither_the_answer_nor_those_who_wait(stage: Stage) -> None:
    def fail(fact: Fact) -> None:
        raise ValueError("cannot read")

    stage.hub.observe(fail)
    stage.store.may_write.clear()
    submitting = asyncio.create_task(stage.hub.submit([row(1)]))
    await stage.rest()
    stage.hub.publish(row(2, at_s=1))

    stage.store.may_write.set()
    new = await submitting

    assert new == 1
    assert stage.told == ["1 1", "2 2"]
    assert [str(fault) for _, fault in stage.faults] == ["cannot read"] * 2


async def test_a_store_that_takes_no_messages_any_more_keeps_nobody_from_reading(stage: Stage) -> None:
    def refuse(exports: Iterable[Export]) -> None:
        raise HubFaultError("the store is not open")

    stage.store.exports.note = refuse  # type: ignore[method-assign]  # a store that was closed

    stage.hub.publish(row(1))

    assert stage.told == ["1 1"]
    assert [where for where, _ in stage.faults] == ["exports"]


async def test_what_waits_behind_a_disk_that_hangs_is_bounded_and_its_loss_is_told(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "HELD_FACTS", 2)
    stage.store.may_write.clear()
    submitting = asyncio.create_task(stage.hub.submit([row(1)]))
    await stage.rest()
    for number in (2, 3, 4):
        stage.hub.publish(row(number, at_s=number))

    stage.store.may_write.set()
    await submitting

    assert stage.told == ["1 1", "2 3", "3 4"]
    assert [where for where, _ in stage.faults] == ["meter"]


async def test_a_hub_that_has_left_the_bus_answers_and_tells_nobody(stage: Stage) -> None:
    stage.hub.line.leave()

    new = await stage.hub.submit([row(1)])

    assert new == 1
    assert stage.told == []


async def test_a_long_batch_lets_others_have_their_turn_and_keeps_its_place(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "FACTS_PER_TURN", 1)
    submitting = asyncio.create_task(stage.hub.submit([row(number, at_s=number) for number in range(1, 6)]))
    turns = 0
    while not submitting.done():
        turns += 1
        if turns in (3, 6, 9):
            stage.hub.publish(row(10 + turns, at_s=20 + turns))
        await asyncio.sleep(0)

    numbers = [int(text.split()[0]) for text in stage.told]
    values = [int(text.split()[1]) for text in stage.told]

    assert turns > 10
    assert numbers == list(range(1, 9))
    assert [value for value in values if value < 10] == [1, 2, 3, 4, 5]
    assert [value for value in values if value > 10] == [13, 16, 19]
    assert sorted(stage.kept) == numbers
