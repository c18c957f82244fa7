"""In whatever order sources tell, fall silent and come back: what a computed device tells is current and in order."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from hardwire.model.fact import Fact, Sample
from tests.drivers.computed.paper import CHARGER, GRID, Desk
from tests.fakes.paper_feed import NOON, PaperFeed

SOURCES = ("grid", "charger")


class Step(Struct, frozen=True):
    """One thing that a source does, and how long nothing happens then."""

    source: str
    what: str
    power_w: int
    clock_off_ms: int
    pause_ms: int


class WatchfulFeed(PaperFeed):
    """It looks at each sample as it comes."""

    def publish(self, fact: Fact) -> None:
        """See that a sample is of now: every source lives, and the values are those of this moment."""
        assert isinstance(fact, Sample)
        assert all(self.is_fresh(source) for source in SOURCES)
        grid, charger = (self.readings(source)["power_w"].value for source in SOURCES)
        assert isinstance(grid, int)
        assert isinstance(charger, int)
        assert fact.values == {"power_w": grid - charger}
        super().publish(fact)


class WatchfulDesk(Desk):
    """A desk with such a feed."""

    paper = WatchfulFeed


STEPS = st.lists(
    st.builds(
        Step,
        st.sampled_from(SOURCES),
        st.sampled_from(["tell", "tell", "tell", "silence", "live", "go"]),
        st.integers(-3, 3),
        st.sampled_from([0, 0, -1_500, 1, 90_000]),
        st.sampled_from([0, 0, 5, 30, 100, 1_000, 40_000]),
    ),
    max_size=30,
)


async def played(steps: Sequence[Step]) -> Desk:
    """Let the sources take these steps, then a second of rest."""
    desk = WatchfulDesk(GRID, CHARGER, points={"power_w": "grid.power_w - charger.power_w"})
    feed = desk.feed
    async with desk.running():
        for step in steps:
            match step.what:
                case "tell":
                    feed.meet(GRID if step.source == "grid" else CHARGER)
                    at = feed.now() + timedelta(milliseconds=step.clock_off_ms)
                    desk.hear(step.source, at=at, power_w=step.power_w)
                case "silence":
                    feed.silence(step.source)
                case "live":
                    feed.neighbours.mark_alive(step.source, feed.now())
                    feed.followers.wake(step.source)
                case _:
                    feed.neighbours.remove(step.source)
                    feed.followers.wake(step.source)
            await desk.wait(step.pause_ms / 1000)
        # As the hub does about once a second for who has become stale by time alone.
        for source in SOURCES:
            feed.followers.wake(source)
        await desk.wait(1)
    return desk


@given(STEPS)
@settings(deadline=None, max_examples=60)
def test_samples_are_of_their_moment_and_their_instants_grow(steps: Sequence[Step]) -> None:
    desk = asyncio.run(played(steps))

    feed = desk.feed
    instants = [sample.at for sample in feed.samples]
    assert all(one < other for one, other in pairwise(instants))
    assert len(instants) <= 1 + (feed.now() - NOON) / timedelta(seconds=0.1)
    readings = [feed.readings(source).get("power_w") for source in SOURCES]
    if all(feed.is_fresh(source) for source in SOURCES) and None not in readings:
        grid, charger = (reading.value for reading in readings if reading is not None)
        assert isinstance(grid, int)
        assert isinstance(charger, int)
        assert desk.told[-1] == {"power_w": grid - charger}
