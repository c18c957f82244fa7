"""A hub made of paper for one driver: it writes down what it is told, and its clock moves only when told to."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from hardwire.contracts.house import Reading
from hardwire.hub.followers import Followers
from hardwire.hub.roster import Roster
from hardwire.model.device import Device
from hardwire.model.errors import HubFaultError
from hardwire.model.fact import Event, Fact, Happening, LogRow, Sample
from hardwire.model.value import Value

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
"""A Wednesday."""

TURNS = 5
"""Turns of the loop in which what happens at one moment has happened."""


class PaperFeed:
    """`contracts.driver.Feed` on paper, with a clock that stands still until a test moves it."""

    def __init__(self, now: datetime = NOON) -> None:
        self._now = now
        self._alarms: list[datetime] = []
        self.facts: list[Fact] = []
        self.declared: list[Device] = []
        self.alive_told: list[str] = []
        self.lost_told: list[tuple[str, str]] = []
        self.troubles: list[tuple[str, str, str]] = []
        self.disk: dict[str, dict[str, Value]] = {}
        """What drivers keep, by device; a test may hand it to the next run's feed."""
        self.keeps = 0
        """How often something was kept."""
        self.keep_fault: HubFaultError | None = None
        """What keeping raises from now on."""
        self.neighbours = Roster()
        """The devices of other drivers."""
        self.too_old: datetime | None = None
        """Before which instant nothing is kept."""
        self.own = Roster()
        """The driver's own devices, for their field numbers."""
        self.shown: dict[str, str] = {}
        """Dialect -> what it calls the driver's device."""
        self.followers = Followers()

    def now(self) -> datetime:
        """The time on this feed's clock."""
        return self._now

    def declare(self, device: Device) -> None:
        """Write it down."""
        self.declared.append(device)
        self.own.declare(device)

    def publish(self, fact: Fact) -> None:
        """Write it down."""
        self.facts.append(fact)

    async def submit(self, facts: Sequence[Sample | LogRow]) -> int:
        """Write down what is new of it, unless keeping is to fail."""
        await asyncio.sleep(0)
        if self.keep_fault is not None:
            raise self.keep_fault
        young = [fact for fact in facts if self.too_old is None or fact.at >= self.too_old]
        news = [fact for fact in young if fact not in self.facts]
        self.facts.extend(news)
        return sum(len(fact.values) for fact in news)

    async def horizon(self, device: str) -> datetime | None:
        """What a test says."""
        return self.too_old

    def alive(self, device: str) -> None:
        """Write it down."""
        self.alive_told.append(device)

    def lost(self, device: str, reason: str) -> None:
        """Write it down."""
        self.lost_told.append((device, reason))

    def trouble(self, device: str, kind: str, message: str) -> None:
        """Write it down."""
        self.troubles.append((device, kind, message))

    def devices(self) -> Iterable[Device]:
        """The neighbours."""
        return self.neighbours.devices()

    def readings(self, device: str) -> Mapping[str, Reading]:
        """What a neighbour told last."""
        return self.neighbours.readings(device)

    def field_numbers(self, device: str) -> Mapping[str, int]:
        """Numbers as a roster gives them to what was declared."""
        return self.own.field_numbers(device)

    def addresses(self, device: str) -> Mapping[str, str]:
        """What a test says."""
        return self.shown

    def is_fresh(self, device: str) -> bool:
        """Whether a neighbour lives."""
        return self.neighbours.is_fresh(device, self._now)

    def follow(self, device: str, on_news: Callable[[], None]) -> Callable[[], None]:
        """Wake by `on_news` when a neighbour has news."""
        return self.followers.follow(device, on_news)

    async def keep(self, device: str, values: Mapping[str, Value]) -> None:
        """Write it down, or fail when told to."""
        if self.keep_fault is not None:
            raise self.keep_fault
        self.keeps += 1
        self.disk.setdefault(device, {}).update(values)

    def kept(self, device: str) -> Mapping[str, Value]:
        """What was written down."""
        return self.disk.get(device, {})

    def hear(self, fact: Fact) -> None:
        """Let a neighbour tell something."""
        self.neighbours.remember(fact, self._now)
        self.followers.wake(fact.device)

    def meet(self, device: Device) -> None:
        """Let a neighbour come, or change."""
        self.neighbours.declare(device)
        self.followers.wake(device.id)

    def silence(self, device: str, reason: str = "gone") -> None:
        """Let a neighbour's source go."""
        self.neighbours.mark_lost(device, reason, self._now)
        self.followers.wake(device)

    @property
    def samples(self) -> list[Sample]:
        """The samples that were published, in order."""
        return [fact for fact in self.facts if isinstance(fact, Sample)]

    @property
    def rows(self) -> list[LogRow]:
        """The log rows that were published, in order."""
        return [fact for fact in self.facts if isinstance(fact, LogRow)]

    @property
    def happenings(self) -> list[Happening]:
        """What the published events tell, in order."""
        return [fact.happening for fact in self.facts if isinstance(fact, Event)]

    async def sleep(self, seconds: float) -> None:
        """Be the driver's `asyncio.sleep`: return when the clock has been moved that far."""
        await self.pause(asyncio.Event(), seconds)

    async def pause(self, woken: asyncio.Event, seconds: float) -> None:
        """Return when the event is set or the clock has been moved that far."""
        alarm = self._now + timedelta(seconds=seconds)
        self._alarms.append(alarm)
        try:
            while self._now < alarm and not woken.is_set():  # noqa: ASYNC110 - the clock is moved by hand
                await asyncio.sleep(0)
        finally:
            self._alarms.remove(alarm)

    async def until(self, moment: datetime) -> None:
        """Move the clock to that moment, from alarm to alarm, and give the sleepers their turns at each."""
        await self.settle()
        while (alarm := min(self._alarms, default=moment)) < moment:
            self._now = max(self._now, alarm)
            await self.settle()
        self._now = moment
        await self.settle()

    def leap(self, seconds: float) -> None:
        """Move the clock while nobody gets a turn, as on a busy machine."""
        self._now += timedelta(seconds=seconds)

    async def settle(self) -> None:
        """Give everybody a few turns at this moment."""
        for _ in range(TURNS):
            await asyncio.sleep(0)
