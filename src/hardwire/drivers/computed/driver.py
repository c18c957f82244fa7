"""One computed device: its sources' news come in, its own samples go out, and it lives no longer than they do."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from hardwire.contracts.driver import Feed
from hardwire.drivers.computed.evaluation import UncomputableError
from hardwire.drivers.computed.plan import Known, Plan, planned, relevant
from hardwire.drivers.computed.reading import Readings, computed
from hardwire.drivers.computed.settings import Recipe
from hardwire.model.command import Command, Failed, Reply
from hardwire.model.device import Device
from hardwire.model.errors import CallerError, HardwireError, UnknownError
from hardwire.model.fact import Sample
from hardwire.model.value import Value

# Meters tell the same second within a few milliseconds: read together, their difference is of one moment.
GATHER_S = 0.02
# At most ten samples a second, however many sources have news.
INTERVAL_S = 0.1
# The hub and its store tell instants apart by the millisecond.
TICK = timedelta(milliseconds=1)


class ComputedDevice:
    """The driver of one computed device."""

    def __init__(
        self,
        recipe: Recipe,
        group: str,
        timezone: str,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Build the driver; `sleep` is real sleep unless given."""
        self._recipe = recipe
        self._sleep = sleep
        self._device = Device(
            id=recipe.id,
            kind="meter",
            group=group,
            timezone=timezone,
            points=tuple(target.point for target in recipe.targets),
            sources=recipe.sources,
        )
        self._declared: dict[str, Device] = {recipe.id: self._device}
        self._seen: tuple[Device | None, ...] = ()
        self._plan: Plan | None = None
        self._missing: UnknownError | None = None
        self._values: Mapping[str, Value] = {}
        self._newest: datetime | None = None
        self._instants: dict[str, datetime] = {}
        self._problems: dict[str, str] = {}
        self._silent_children: set[str] = set()
        self._reason: str | None = ""
        """Why it is stale: empty before anything was told, None while it lives."""
        self.devices: tuple[Device, ...] = (self._device,)

    async def run(self, feed: Feed) -> None:
        """Follow the sources until cancelled: one sample for all the news of a moment, `lost` when one is not there."""
        woken = asyncio.Event()
        woken.set()
        follows: dict[str, Callable[[], None]] = {}
        self._reason = ""
        gather_s = GATHER_S if len(self._recipe.sources) > 1 else 0.0
        try:
            while True:
                self._follow(feed, woken.set, follows)
                await woken.wait()
                await self._sleep(gather_s)
                woken.clear()
                self._tell(feed)
                await self._sleep(INTERVAL_S - gather_s)
        finally:
            for stop in follows.values():
                stop()

    def execute(self, device: str, command: Command) -> Reply:
        """Refuse: what is computed cannot be told what to be."""
        sources = ", ".join(self._recipe.sources)
        return Failed(CallerError(f"{device} is computed from {sources}: send commands to these", code="unsupported"))

    def interest(self, device: str, topic: str, *, is_watched: bool) -> None:
        """Take no notice: it is computed whether anybody watches or not."""

    def _follow(self, feed: Feed, on_news: Callable[[], None], follows: dict[str, Callable[[], None]]) -> None:
        """Follow every source, and every meter behind the one that it is like."""
        behind = [child.source for child in self._plan.children] if self._plan else []
        for source in (*self._recipe.sources, *behind):
            if source not in follows:
                follows[source] = feed.follow(source, on_news)

    def _tell(self, feed: Feed) -> None:
        """Tell what has come of the sources' news."""
        known = {device.id: device for device in feed.devices()}
        try:
            plan = self._renewed(known)
        except UnknownError as error:
            is_silent = error.path in known and not feed.is_fresh(error.path)
            self._lose(feed, _silence(error.path) if is_silent else error.message)
        except HardwireError as error:
            self._lose(feed, error.message)
        else:
            self._declare(feed, plan)
            stale = next((source for source in self._recipe.sources if not feed.is_fresh(source)), None)
            if stale is not None:
                self._lose(feed, _silence(stale))
            else:
                self._tell_children(feed, plan)
                self._tell_own(feed, plan)

    def _renewed(self, known: Known) -> Plan:
        """Return the plan, made anew when a source has changed."""
        seen = relevant(self._recipe, known)
        if seen != self._seen:
            self._plan = self._missing = None
            self._seen = seen
        if self._missing is not None:
            # To look for what is nearest to a missing name takes its time in a large house, and other sources tell on.
            raise self._missing.with_traceback(None)
        if self._plan is None:
            try:
                self._plan = planned(self._recipe, known)
            except UnknownError as error:
                self._missing = error
                raise
        return self._plan

    def _declare(self, feed: Feed, plan: Plan) -> None:
        own = self._device
        children = (replace(child.device, group=own.group) for child in plan.children)
        for device in (replace(own, points=plan.points), *children):
            if self._declared.get(device.id) != device:
                self._declared[device.id] = device
                feed.declare(device)
        self.devices = tuple(self._declared.values())

    def _tell_children(self, feed: Feed, plan: Plan) -> None:
        """Publish each reading of a meter behind the source that is new. A silent one is stale by itself."""
        for child in plan.children:
            id = child.device.id
            if not feed.is_fresh(child.source):
                if id not in self._silent_children:
                    self._silent_children.add(id)
                    feed.lost(id, _silence(child.source))
                continue
            if id in self._silent_children:
                self._silent_children.remove(id)
                feed.alive(id)
            readings = feed.readings(child.source)
            taken = {point.name: readings[point.name] for point in child.device.points if point.name in readings}
            newest = max((_to_the_tick(reading.at) for reading in taken.values()), default=None)
            last = self._instants.get(id)
            if newest is not None and (last is None or newest > last):
                self._instants[id] = newest
                feed.publish(Sample(id, newest, {name: reading.value for name, reading in taken.items()}))

    def _tell_own(self, feed: Feed, plan: Plan) -> None:
        read = Readings(feed)
        values, problems = computed(plan, read)
        self._complain(feed, problems)
        # The hub keeps a point's last value, and what is not told anew would pass for current.
        gone = next((name for name in (*self._values, *(() if values else problems)) if name not in values), None)
        if gone is not None:
            self._lose(feed, _absence(gone, problems.get(gone)))
        elif values != self._values or (read.newest is not None and read.newest != self._newest):
            self._publish(feed, values, read.newest or feed.now())
        elif self._reason is not None:
            feed.alive(self._device.id)
            self._reason = None

    def _publish(self, feed: Feed, values: Mapping[str, Value], newest: datetime) -> None:
        """Publish a sample at its newest source's instant, or later where one of that instant was told already."""
        id = self._device.id
        at, last = _to_the_tick(newest), self._instants.get(id)
        # Of two samples of one instant the first counts, so instants have to grow.
        if last is not None and at <= last:
            at = max(_to_the_tick(feed.now()), last + TICK)
        self._instants[id] = at
        self._values, self._newest, self._reason = values, newest, None
        feed.publish(Sample(id, at, values))

    def _complain(self, feed: Feed, problems: Mapping[str, UncomputableError]) -> None:
        """Count each point that cannot be computed, once until its reason changes."""
        for name, problem in problems.items():
            if self._problems.get(name) != problem.message:
                feed.trouble(self._device.id, problem.kind, f"{name}: {problem.message}")
        self._problems = {name: problem.message for name, problem in problems.items()}

    def _lose(self, feed: Feed, reason: str) -> None:
        """Tell why it is stale, once."""
        if reason != self._reason:
            self._reason = reason
            feed.lost(self._device.id, reason)


def _silence(source: str) -> str:
    return f"{source} is silent, and nothing is computed from old values"


def _absence(name: str, problem: UncomputableError | None) -> str:
    if problem is None:
        return f"{name} is not told by its source any more; if it never will be again, start the hub anew"
    return f"{name} cannot be computed: {problem.message}"


def _to_the_tick(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
