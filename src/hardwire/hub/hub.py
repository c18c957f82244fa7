"""The hub: publish, execute, watch. It knows no dialect and no driver."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from hardwire.contracts.bus import Bus
from hardwire.contracts.dialect import Dialect
from hardwire.contracts.driver import Driver
from hardwire.contracts.store import Store
from hardwire.hub.access import Access
from hardwire.hub.channels import Channels
from hardwire.hub.figures import HubFigures
from hardwire.hub.followers import Followers
from hardwire.hub.house import Premises
from hardwire.hub.intake import Intake
from hardwire.hub.line import Watcher
from hardwire.hub.lockout import Locked, Lockout
from hardwire.hub.logbook import Logbook
from hardwire.hub.notices import Notices
from hardwire.hub.outbox import Outbox
from hardwire.hub.roster import Roster
from hardwire.hub.wishes import Wishes
from hardwire.model.audit import HUB, Action, Asker, audited
from hardwire.model.channel import Channel
from hardwire.model.command import Command, Reply
from hardwire.model.device import Device
from hardwire.model.fact import Fact, LogRow, Sample
from hardwire.model.point import Keeper

IDENTIFY_LASTS = timedelta(seconds=5)

Clock = Callable[[], datetime]
Observer = Callable[[Fact], None]


class Hub:
    """One hub of the bus: what drivers tell goes out to watchers, what clients wish goes to drivers."""

    def __init__(
        self,
        bus: Bus,
        store: Store,
        clock: Clock,
        frame: Callable[[str | bytes], bytes],
        *,
        stopwatch: Callable[[], float] = lambda: 0.0,
    ) -> None:
        """`frame` makes one WebSocket frame of a message; the clock gives aware UTC, `stopwatch` seconds."""
        self.figures = HubFigures(stopwatch)
        self.now = clock
        self.store = store
        self.roster = Roster()
        self.access = Access(clock)
        self.house = Premises(self.roster, self.access)
        self.channels = Channels(self.house, frame, self._blame)
        self.notices = Notices()
        self.followers = Followers()
        self.outbox = Outbox(clock, self._blame)
        self.intake = Intake(store, self.outbox, spread=self.publish, tell=self._tell, on_fault=self._blame)
        self.logbook = Logbook(self.house, is_shown=self.roster.is_shown)
        self.line = bus.join(self)
        self.house.unbuffered_until = self.logbook.unbuffered_until
        self.house.shared_secret = self.line.shared_secret
        self.house.last_export, self.house.exports_after = self.outbox.last, self.outbox.after
        self.lockout = Lockout(self._locked_out)
        self.house.strike = self.lockout.strike
        self.on_fault: Callable[[str, BaseException], None] = lambda device, error: None
        self.wishes = Wishes(self)
        self.execute, self.keep = self.wishes.execute, self.wishes.keep
        self.drivers: dict[str, Driver] = {}
        """Who carries out the commands of each device that this hub serves."""
        self._observers: list[Observer] = []
        self._online: dict[str, bool] = {}

    def speak(self, dialects: Mapping[str, Dialect]) -> None:
        """Take the dialects that render and export."""
        self.channels.speak(dialects)
        self.outbox.speak(dialects)

    def observe(self, observer: Observer) -> None:
        """Hand every fact to an observer, which may not wait; `Intake.record` takes those that write it down."""
        self._observers.append(observer)

    def serve(self, device: Device, driver: Driver) -> None:
        """Make a device known and give its commands to this driver."""
        self.declare(device)
        self.drivers[device.id] = driver
        self.wishes.serve(device.id, driver)
        self.line.serve(device.id)

    def declare(self, device: Device) -> None:
        """Make a device known, or tell what has changed about it."""
        if self.roster.device(device.id) != device:
            self.roster.declare(device)
            for point in device.points:
                if point.keeper is not Keeper.HUB or point.name in self.roster.readings(device.id):
                    continue
                if (value := self.roster.kept(device.id).get(point.name, point.initial)) is not None:
                    self.roster.keep(device.id, {point.name: value}, self.now())
            self.line.notify("devices", device.id)
            self.followers.wake(device.id)

    def forget(self, device: str) -> None:
        """Stop serving a device and drop it."""
        self.drivers.pop(device, None)
        self.wishes.unserve(device)
        self.line.unserve(device)
        self._online.pop(device, None)
        self.line.notify(f"device:{device}", "offline")
        self.roster.remove(device)
        self.line.notify("devices", device)
        self.followers.wake(device)

    def publish(self, fact: Fact) -> None:
        """Tell a fact to every hub that wants it."""
        self.figures.facts[type(fact)] += 1
        self.line.publish(fact)

    async def submit(self, facts: Sequence[Sample | LogRow]) -> int:
        """Have facts on the disk, then tell them; returns how many values were new. Raises HubFaultError."""
        return await self.intake.submit(facts)

    def take(self, fact: Fact) -> None:
        """Remember a fact of the bus and deliver it, in its accounts' order."""
        self.intake.take(fact)

    def _tell(self, fact: Fact) -> None:
        now, device = self.now(), fact.device
        if self.roster.is_from_source(fact):
            self.roster.remember(fact, now)
            if not self._online.get(device, False):
                self._turned(device, is_online=True)
        self.channels.deliver(device, fact, now)
        if (known := self.roster.device(device)) is not None and known.parent is not None:
            self.channels.deliver(known.parent, fact, now)
        for observer in self._observers:
            observer(fact)
        self.followers.wake(device)

    async def carry_out(self, device: str, command: Command) -> Reply:
        """Carry out a command that came over the bus."""
        return await self.wishes.carry_out(device, command)

    def watch(self, channel: Channel, watcher: Watcher) -> None:
        """Append what the channel renders to the watcher's list from now on. Watching twice is watching once."""
        if self.channels.watch(channel, watcher, self.now()):
            self.line.want(channel.device, channel.topic)

    def unwatch(self, channel: Channel, watcher: Watcher) -> None:
        """Stop."""
        if self.channels.unwatch(channel, watcher):
            self.line.unwant(channel.device, channel.topic)

    def hear(self, topic: str, message: str) -> None:
        """Take a notice of the bus."""
        match topic:
            case "revoked":
                self.access.remove(message)
                self.notices.revoke(message)
            case "pressed":
                self.access.press(message)
        self.notices.tell(topic, message)

    def interest(self, device: str, topic: str, *, is_watched: bool) -> None:
        """Tell the driver that a topic got its first watcher or lost its last."""
        driver = self.drivers.get(device)
        if driver is not None:
            driver.interest(device, topic, is_watched=is_watched)

    def tick(self) -> None:
        """Do what time asks for: expiries, log rows, repeats, silent devices. Called about once a second."""
        now = self.now()
        for id in self.access.expire():
            self.notices.revoke(id)
            self.store.note_audit(audited(now, HUB, Action.KEY_EXPIRED, id))
        for row in self.logbook.rows(now):
            self.publish(row)
        for device, was_online in list(self._online.items()):
            is_online = self.roster.is_fresh(device, now)
            if is_online != was_online:
                self._turned(device, is_online=is_online)
        self.channels.repeat(now)

    def alive(self, device: str) -> None:
        """The source is there although nothing is new."""
        self.roster.mark_alive(device, self.now())
        if not self._online.get(device, False):
            self._turned(device, is_online=True)

    def lost(self, device: str, reason: str) -> None:
        """The source is gone."""
        self.roster.mark_lost(device, reason, self.now())
        if self._online.get(device, True):
            self._turned(device, is_online=False)

    def _turned(self, device: str, *, is_online: bool) -> None:
        self._online[device] = is_online
        self.roster.turn(device, self.now(), is_online=is_online)
        self.line.notify(f"device:{device}", "online" if is_online else "offline")
        self.followers.wake(device)

    def _locked_out(self, locked: Locked) -> None:
        """Write it down. A name that no credential has may be anything, a key in the wrong place: it is left out."""
        name = locked.who.partition(":")[2]
        is_known = not locked.is_user or name == "admin" or self.access.credential(name) is not None
        more = f"; {locked.untold} more were not written down" if locked.untold else ""
        detail = f"wrong credentials, for {locked.length.total_seconds():.0f} s{more}"
        whom = f"{'user' if locked.is_user else 'address'} {locked.who if is_known else '(unknown)'}"
        by = Asker(HUB.actor, locked.peer)
        self.store.note_audit(audited(locked.at, by, Action.LOCKOUT_BEGAN, whom, detail))

    def _blame(self, where: str, fault: BaseException) -> None:
        self.on_fault(where, fault)
