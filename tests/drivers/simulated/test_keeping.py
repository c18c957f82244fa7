"""What a simulated device keeps: marks ahead of its registers, so that none falls whenever it is killed."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwire.contracts.driver import Feed
from hardwire.drivers.simulated.keeping import KEPT_EVERY_S, SLOW_DISK_S, Keeping, State, number_kept
from hardwire.model.errors import HubFaultError
from hardwire.model.value import Value
from tests.drivers.simulated.told import unhurried
from tests.fakes.paper_feed import PaperFeed

MOST_W = 3_600.0
"""A Wh a second."""
FIRST_WH = 1_000.0
FULL = HubFaultError("the disk is full", code="disk-full")

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("run"), st.integers(1, 900)),
        st.tuples(st.sampled_from(("write", "refuse", "stop", "kill")), st.integers(0, 1)),
    ),
    max_size=40,
)


class SlowFeed(PaperFeed):
    """A paper hub whose disk takes its time: a test says when a write is there, or that it is refused."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: tuple[str, Mapping[str, Value], asyncio.Future[None]] | None = None

    async def keep(self, device: str, values: Mapping[str, Value]) -> None:
        """Wait for the disk, which writes one after another."""
        if self.keep_fault is not None:
            raise self.keep_fault
        self.write()
        written = asyncio.get_running_loop().create_future()
        self._waiting = (device, values, written)
        await written

    def write(self) -> None:
        """Let what waits be on the disk, whether its asker is still there or not."""
        if self._waiting is not None:
            device, values, written = self._waiting
            self.disk.setdefault(device, {}).update(values)
            if not written.done():
                written.set_result(None)
        self._waiting = None

    def refuse(self, fault: HubFaultError = FULL) -> None:
        """Let what waits never be there."""
        if self._waiting is not None and not self._waiting[2].done():
            self._waiting[2].set_exception(fault)
        self._waiting = None


class Counter:
    """A device with one register."""

    def __init__(self, feed: PaperFeed, most_w: float = MOST_W) -> None:
        self.wh = number_kept(feed.kept("it"), "counted_wh", FIRST_WH)
        self.most_w = most_w
        self.measured: dict[str, Value] = {}
        self.unkept: dict[str, Value] = {}
        self._keeping = Keeping("it", self._state)
        self._keeping.begin({"counted_wh": self.wh})
        self._feed = feed

    @property
    def shown_wh(self) -> float:
        return self._keeping.shown_wh("counted_wh", self.wh)

    async def live(self) -> None:
        await self._keeping.during(asyncio.sleep(3_600), self._feed)

    async def go(self, seconds: int, power_w: float = MOST_W) -> None:
        """Count for so long."""
        for _ in range(seconds):
            self._feed.leap(1)
            self.wh += power_w / 3_600
            self._keeping.look(self._feed.now())
            await self._feed.settle()

    def _state(self) -> State:
        return State(
            counted_wh={"counted_wh": self.wh}, most_w=self.most_w, measured={**self.measured}, unkept={**self.unkept}
        )


@asynccontextmanager
async def living(feed: PaperFeed, most_w: float = MOST_W) -> AsyncIterator[Counter]:
    """A counter that lives while the body lasts, and ends in order."""
    counter = Counter(feed, most_w)
    life = asyncio.create_task(counter.live())
    await feed.settle()
    yield counter
    life.cancel()
    with pytest.raises(asyncio.CancelledError):
        await life


async def lived(steps: list[tuple[str, int]]) -> None:
    """Let a counter live through that, and see that what it shows never falls."""
    feed, highest_wh = SlowFeed(), FIRST_WH
    counter = Counter(feed)
    life = asyncio.create_task(counter.live())
    for step, number in steps:
        await feed.settle()
        match step:
            case "run":
                await counter.go(number)
            case "write":
                feed.write()
            case "refuse":
                feed.refuse()
            case _:
                if step == "kill":
                    if number:
                        feed.write()
                    feed.keep_fault = FULL
                life.cancel()
                await feed.settle()
                feed.write() if step == "stop" and number else feed.refuse()
                await asyncio.wait([life])
                feed.keep_fault = None
                counter = Counter(feed)
                life = asyncio.create_task(counter.live())
        assert counter.shown_wh >= highest_wh
        highest_wh = counter.shown_wh
    feed.keep_fault = FULL
    life.cancel()
    await asyncio.wait([life])


@unhurried
@given(STEPS)
def test_a_register_never_falls_whenever_it_is_killed_and_whatever_the_disk_does(steps: list[tuple[str, int]]) -> None:
    asyncio.run(lived(steps))


async def test_a_register_that_counts_all_the_time_is_kept_every_ten_minutes() -> None:
    feed = PaperFeed()

    async with living(feed) as counter:
        await counter.go(3_600)
        keeps = feed.keeps
        shown_wh = counter.shown_wh

    assert keeps == 6
    assert shown_wh == FIRST_WH + 3_600
    assert feed.disk["it"]["counted_wh"] == shown_wh, "an orderly end keeps it as it is"


async def test_a_device_at_rest_is_kept_once() -> None:
    feed = PaperFeed()

    async with living(feed) as counter:
        await counter.go(3_600, 0)
        keeps = feed.keeps

    assert keeps == 1


async def test_what_changes_all_the_time_is_kept_every_ten_minutes_too() -> None:
    feed = PaperFeed()

    async with living(feed, most_w=0) as counter:
        for minute in range(60):
            counter.measured["charge_pct"] = minute
            await counter.go(60, 0)
        keeps = feed.keeps

    assert keeps == 6


async def test_what_is_otherwise_on_the_disk_is_kept_soon() -> None:
    feed = PaperFeed()

    async with living(feed) as counter:
        await counter.go(20)
        counter.unkept["mode"] = "zero"
        await counter.go(1)

        assert feed.disk["it"]["mode"] == "zero"


async def test_while_the_disk_refuses_a_register_stands_still_ahead_and_it_is_told() -> None:
    feed = PaperFeed()

    async with living(feed) as counter:
        await counter.go(1)
        feed.keep_fault = FULL
        await counter.go(2_000)
        stood_wh = counter.shown_wh
        tries = len(feed.troubles)
        feed.keep_fault = None
        await counter.go(10)
        went_on_wh = counter.shown_wh

    assert stood_wh == FIRST_WH + 1 + KEPT_EVERY_S + SLOW_DISK_S
    assert set(feed.troubles) == {("it", "not-kept", "the disk is full")}
    assert 100 < tries <= 141, "each ten seconds, from when it had to be kept"
    assert went_on_wh == FIRST_WH + 2_011


async def test_a_clock_that_was_put_back_or_ahead_keeps_nothing_waiting() -> None:
    feed = PaperFeed()

    async with living(feed) as counter:
        for leap in (timedelta(days=-1), timedelta(days=900)):
            await counter.go(1)
            keeps = feed.keeps
            feed.leap(leap.total_seconds())
            await counter.go(1)
            assert feed.keeps == keeps + 1


async def test_where_there_is_nothing_to_keep_nothing_is_kept() -> None:
    feed = PaperFeed()
    keeping = Keeping("it", lambda: None)
    life = asyncio.create_task(keeping.during(asyncio.sleep(3_600), feed))

    keeping.look(feed.now())
    await feed.settle()
    life.cancel()
    await asyncio.wait([life])

    assert feed.disk == {}


async def test_a_device_that_fails_is_kept_all_the_same() -> None:
    async def fail() -> None:
        raise RuntimeError("the paper tore")

    feed: Feed = PaperFeed()
    keeping = Keeping("it", lambda: State(counted_wh={"counted_wh": 5.0}, most_w=1.0))
    keeping.begin({"counted_wh": 5.0})

    with pytest.raises(RuntimeError, match="the paper tore"):
        await keeping.during(fail(), feed)

    assert feed.kept("it") == {"counted_wh": 5.0}


@pytest.mark.parametrize(
    ("value", "number"), [(7, 7.0), (7.5, 7.5), (True, 1.0), ("7", 1.0), (("7",), 1.0), (None, 1.0)]
)
def test_only_a_number_is_taken_up_as_one(value: Value | None, number: float) -> None:
    assert number_kept({} if value is None else {"it": value}, "it", 1.0) == number
