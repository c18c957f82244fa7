"""The way of a command: who may give it, who carries it out, what the hub does on a device's behalf."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from hardwire.contracts.bus import Line
from hardwire.contracts.driver import Driver
from hardwire.contracts.store import Store
from hardwire.hub.channels import Channels
from hardwire.hub.execution import DeviceQueue, OnReply, Visit
from hardwire.hub.figures import HubFigures
from hardwire.hub.followers import Followers
from hardwire.hub.kept import kept_values
from hardwire.hub.logbook import Logbook
from hardwire.hub.notices import Notices
from hardwire.hub.roster import Roster
from hardwire.model.access import Caller, Right
from hardwire.model.command import Command, Done, Failed, FlushLog, Identify, LogUnbuffered, Reboot, Reply, WritePoints
from hardwire.model.device import Device
from hardwire.model.errors import CallerError, HardwireError, HubFaultError, NotAllowedError, UnknownError
from hardwire.model.fact import Sample
from hardwire.model.value import Value

# What the hub itself may have a part in.
SHARED = frozenset((LogUnbuffered, FlushLog, Identify, Reboot))
IDENTIFY_LASTS = timedelta(seconds=5)


class Place(Protocol):
    """What a command meets of the hub on its way."""

    now: Callable[[], datetime]
    store: Store
    roster: Roster
    channels: Channels
    notices: Notices
    followers: Followers
    logbook: Logbook
    line: Line
    figures: HubFigures
    on_fault: Callable[[str, BaseException], None]


class Wishes:
    """Owns the queue of each device that this hub serves."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._queues: dict[str, DeviceQueue] = {}

    def serve(self, device: str, driver: Driver) -> None:
        """Give a device's commands to this driver, in order."""
        self._queues[device] = DeviceQueue(
            device, driver, self._blame, now=self._place.now, figures=self._place.figures
        )

    def unserve(self, device: str) -> None:
        """Drop a device's queue; what waits in it fails."""
        queue = self._queues.pop(device, None)
        if queue is not None:
            queue.close()

    def execute(
        self, device: str, command: Command, caller: Caller, on_reply: OnReply, *, visit: Visit | None = None
    ) -> None:
        """Carry a command out, in the device's order; `on_reply` is called once, perhaps before this returns.

        `visit` is the stay of the client that asks: what it leaves behind holds the device for a bounded time.
        """
        known = self._place.roster.device(device)
        if known is None:
            self._answer_at_once(Failed(UnknownError(f"there is no device {device!r}")), on_reply)
            return
        if not caller.may(Right.CONTROL, device, known.group):
            refusal = NotAllowedError(f"this credential may not control the device {device!r}")
            self._answer_at_once(Failed(refusal), on_reply)
            return
        try:
            kept = kept_values(known, command)
        except CallerError as error:
            self._answer_at_once(Failed(error), on_reply)
            return
        if kept and isinstance(command, WritePoints):
            self._keep(known, command, kept, on_reply, visit)
        else:
            self._pass_on(known, command, on_reply, visit)

    def _pass_on(self, known: Device, command: Command, on_reply: OnReply, visit: Visit | None) -> None:
        """Have the device's own driver carry a command out, or do what the hub does on its behalf."""
        device = known.id
        queue = self._queues.get(device)
        if queue is not None and type(command) not in SHARED:
            queue.submit(command, on_reply, visit)
        elif isinstance(command, LogUnbuffered | FlushLog) and known.log != "self":
            self._place.logbook.obey(device, command, self._place.now())
            self._answer_at_once(Done(), on_reply)
        elif isinstance(command, Identify):
            self._place.roster.identify(device, self._place.now() + IDENTIFY_LASTS)
            self._place.line.notify(f"device:{device}", "identify")
            self._pass_on_if_it_can(device, command, on_reply)
        elif isinstance(command, Reboot) and known.kind != "board":
            self._pass_on_if_it_can(device, command, lambda reply: self._rebooted(device, reply, on_reply))
        elif queue is not None:
            queue.submit(command, on_reply, visit)
        elif visit is not None and visit.skips(command):
            on_reply(Done())
        else:
            self._place.notices.ask(self._in_any_case(device, self._place.line.execute(device, command)), on_reply)

    def _pass_on_if_it_can(self, device: str, command: Command, on_reply: OnReply) -> None:
        """Let the hardware do it too where it can: what plays the device for it has done it already."""

        def answered(reply: Reply) -> None:
            on_reply(Done() if isinstance(reply, Failed) and reply.error.code == "unsupported" else reply)

        queue = self._queues.get(device)
        if queue is None:
            self._place.notices.ask(self._in_any_case(device, self._place.line.execute(device, command)), answered)
        else:
            queue.submit(command, answered)

    def _rebooted(self, device: str, reply: Reply, on_reply: OnReply) -> None:
        """Answer first: what plays the device ends its conversations at this notice, as one that starts anew does."""
        on_reply(reply)
        if isinstance(reply, Done):
            self._place.roster.reboot(device, self._place.now())
            self._place.line.notify(f"device:{device}", "reboot")

    def waiting(self) -> int:
        """How many commands wait in the queues of all devices, those included that are being carried out."""
        return sum(len(queue) for queue in self._queues.values())

    async def carry_out(self, device: str, command: Command) -> Reply:
        """Carry out a command that came over the bus."""
        queue = self._queues.get(device)
        if queue is None:
            return Failed(UnknownError(f"this hub does not serve the device {device!r}"))
        return await self._place.notices.answered(lambda on_reply: queue.submit(command, on_reply))

    async def keep(self, device: str, values: Mapping[str, Value]) -> None:
        """Have values of a device on the disk; nobody is shown them by that. Raises HubFaultError."""
        await self._place.store.save_kept_values(device, values)
        self._place.roster.note_kept(device, values)

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
                self._place.notices.ask(self._in_any_case(device.id, self._saved(device.id, kept)), on_reply)

        if rest := {name: value for name, value in command.values.items() if name not in kept}:
            self._pass_on(device, WritePoints(rest), keep, visit)
        else:
            on_reply = partial(self._answer_at_once, on_reply=on_reply)
            keep(Done())

    def _answer_at_once(self, reply: Reply, on_reply: OnReply) -> None:
        """Answer what never came into a device's queue."""
        self._place.figures.answered(reply)
        on_reply(reply)

    async def _in_any_case(self, device: str, reply: Awaitable[Reply]) -> Reply:
        """Wait for a reply; what kept it from coming is a reply too."""
        try:
            return await reply
        except HardwireError as error:
            return Failed(error)
        except Exception as fault:  # noqa: BLE001 (one of the two edges: a fault here may not leave the asker waiting)
            self._place.on_fault(device, fault)
            return Failed(HubFaultError("the hub failed; its log says why"))

    async def _saved(self, device: str, values: Mapping[str, Value]) -> Reply:
        await self.keep(device, values)
        now = self._place.now()
        self._place.roster.keep(device, values, now)
        self._place.channels.deliver(device, Sample(device, now, values), now)
        self._place.line.notify("kept", device)
        self._place.followers.wake(device)
        return Done()

    def _blame(self, where: str, fault: BaseException) -> None:
        self._place.on_fault(where, fault)
