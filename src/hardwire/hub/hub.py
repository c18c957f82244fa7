"""The hub: publish, execute, watch. It knows no dialect and no driver."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta

from hardwire.contracts.bus import Bus
from hardwire.contracts.dialect import Dialect
from hardwire.contracts.driver import Driver
from hardwire.contracts.store import Store
from hardwire.hub.access import Access
from hardwire.hub.channels import Channels, Watcher
from hardwire.hub.execution import DeviceQueue, OnReply, Visit
from hardwire.hub.followers import Followers
from hardwire.hub.house import Premises
from hardwire.hub.intake import Intake
from hardwire.hub.kept import kept_values
from hardwire.hub.logbook import Logbook
from hardwire.hub.notices import Notices
from hardwire.hub.outbox import Outbox
from hardwire.hub.roster import Roster
from hardwire.model.access import Caller, Right
from hardwire.model.channel import Channel
from hardwire.model.command import Command, Done, Failed, FlushLog, Identify, LogUnbuffered, Reboot, Reply, WritePoints
from hardwire.model.device import Device
from hardwire.model.errors import CallerError, HardwireError, HubFaultError, NotAllowedError, UnknownError
from hardwire.model.fact import Fact, LogRow, Sample
from hardwire.model.point import Keeper
from hardwire.model.value import Value

IDENTIFY_LASTS = timedelta(seconds=5)

Clock = Callable[[], datetime]
Observer = Callable[[Fact], None]


class Hub:
    """One hub of the bus: what drivers tell goes out to watchers, what clients wish goes to drivers."""

    def __init__(self, bus: Bus, store: Store, clock: Clock, frame: Callable[[str | bytes], bytes]) -> None:
        """`frame` makes one WebSocket frame of a message; the clock gives aware UTC."""
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
        self.on_fault: Callable[[str, BaseException], None] = lambda device, error: None
        self._queues: dict[str, DeviceQueue] = {}
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
        self._queues[device.id] = DeviceQueue(device.id, driver, self._blame, now=self.now)
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
        queue = self._queues.pop(device, None)
        self.drivers.pop(device, None)
        if queue is not None:
            queue.close()
        self.line.unserve(device)
        self._online.pop(device, None)
        self.line.notify(f"device:{device}", "offline")
        self.roster.remove(device)
        self.line.notify("devices", device)
        self.followers.wake(device)

    def publish(self, fact: Fact) -> None:
        """Tell a fact to every hub that wants it."""
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

    def execute(
        self, device: str, command: Command, caller: Caller, on_reply: OnReply, *, visit: Visit | None = None
    ) -> None:
        """Carry a command out, in the device's order; `on_reply` is called once, perhaps before this returns.

        `visit` is the stay of the client that asks: what it leaves behind holds the device for a bounded time.
        """
        known = self.roster.device(device)
        if known is None:
            on_reply(Failed(UnknownError(f"there is no device {device!r}")))
            return
        if not caller.may(Right.CONTROL, device, known.group):
            on_reply(Failed(NotAllowedError(f"this credential may not control the device {device!r}")))
            return
        try:
            kept = kept_values(known, command)
        except CallerError as error:
            on_reply(Failed(error))
            return
        if kept and isinstance(command, WritePoints):
            self._keep(known, command, kept, on_reply, visit)
        else:
            self._pass_on(known, command, on_reply, visit)

    def _pass_on(self, known: Device, command: Command, on_reply: OnReply, visit: Visit | None) -> None:
        """Have the device's own driver carry a command out, or do what the hub does on its behalf."""
        device = known.id
        queue = self._queues.get(device)
        if isinstance(command, LogUnbuffered | FlushLog) and known.log != "self":
            self.logbook.obey(device, command, self.now())
            on_reply(Done())
        elif isinstance(command, Identify):
            self.roster.identify(device, self.now() + IDENTIFY_LASTS)
            self.line.notify(f"device:{device}", "identify")
            self._pass_on_if_it_can(device, command, on_reply)
        elif isinstance(command, Reboot) and known.kind != "board":
            self._pass_on_if_it_can(device, command, lambda reply: self._rebooted(device, reply, on_reply))
        elif queue is not None:
            queue.submit(command, on_reply, visit)
        elif visit is not None and visit.skips(command):
            on_reply(Done())
        else:
            self.notices.ask(self._in_any_case(device, self.line.execute(device, command)), on_reply)

    def _pass_on_if_it_can(self, device: str, command: Command, on_reply: OnReply) -> None:
        """Let the hardware do it too where it can: what plays the device for it has done it already."""

        def answered(reply: Reply) -> None:
            on_reply(Done() if isinstance(reply, Failed) and reply.error.code == "unsupported" else reply)

        queue = self._queues.get(device)
        if queue is None:
            self.notices.ask(self._in_any_case(device, self.line.execute(device, command)), answered)
        else:
            queue.submit(command, answered)

    def _rebooted(self, device: str, reply: Reply, on_reply: OnReply) -> None:
        """Answer first: what plays the device ends its conversations at this notice, as one that starts anew does."""
        on_reply(reply)
        if isinstance(reply, Done):
            self.roster.reboot(device, self.now())
            self.line.notify(f"device:{device}", "reboot")

    async def carry_out(self, device: str, command: Command) -> Reply:
        """Carry out a command that came over the bus."""
        queue = self._queues.get(device)
        if queue is None:
            return Failed(UnknownError(f"this hub does not serve the device {device!r}"))
        return await self.notices.answered(lambda on_reply: queue.submit(command, on_reply))

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
        for row in self.logbook.rows(now):
            self.publish(row)
        for device, was_online in list(self._online.items()):
            is_online = self.roster.is_fresh(device, now)
            if is_online != was_online:
                self._turned(device, is_online=is_online)
        self.channels.repeat(now)

    async def keep(self, device: str, values: Mapping[str, Value]) -> None:
        """Have values of a device on the disk; nobody is shown them by that. Raises HubFaultError."""
        await self.store.save_kept_values(device, values)
        self.roster.note_kept(device, values)

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

    def _keep(
        self, device: Device, command: WritePoints, kept: Mapping[str, Value], on_reply: OnReply, visit: Visit | None
    ) -> None:
        """Write hub-kept points: durable first, then seen by all, then answered.

        What of the write concerns the source goes first: where it refuses, nothing is kept.
        """

        def keep(reply: Reply) -> None:
            if isinstance(reply, Failed):
                on_reply(reply)
            else:
                self.notices.ask(self._in_any_case(device.id, self._saved(device.id, kept)), on_reply)

        if rest := {name: value for name, value in command.values.items() if name not in kept}:
            self._pass_on(device, WritePoints(rest), keep, visit)
        else:
            keep(Done())

    async def _in_any_case(self, device: str, reply: Awaitable[Reply]) -> Reply:
        """Wait for a reply; what kept it from coming is a reply too."""
        try:
            return await reply
        except HardwireError as error:
            return Failed(error)
        except Exception as fault:  # noqa: BLE001 (one of the two edges: a fault here may not leave the asker waiting)
            self.on_fault(device, fault)
            return Failed(HubFaultError("the hub failed; its log says why"))

    def _blame(self, where: str, fault: BaseException) -> None:
        self.on_fault(where, fault)

    async def _saved(self, device: str, values: Mapping[str, Value]) -> Reply:
        await self.keep(device, values)
        now = self.now()
        self.roster.keep(device, values, now)
        self.channels.deliver(device, Sample(device, now, values), now)
        self.line.notify("kept", device)
        self.followers.wake(device)
        return Done()
