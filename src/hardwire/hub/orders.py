"""What the hub has taken on for devices: durable before it is promised, carried out in each device's order."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from hardwire.contracts.errand import Errand
from hardwire.contracts.question import Order, Question
from hardwire.hub.hub import Hub
from hardwire.hub.purse import Purse
from hardwire.model.access import OWNER
from hardwire.model.audit import HUB, Action, Asker, audited
from hardwire.model.command import Command, Done, Failed, FlushLog, Reply, WritePoints
from hardwire.model.device import Device
from hardwire.model.errors import CallerError, DeviceError, HardwireError, UnknownError
from hardwire.model.fact import Confirmation, Fact, Incident
from hardwire.model.value import Value

# The reference knows a limit and no number (ezeio reference, `control`): orders in one go, then one each two seconds.
ORDERS_AT_ONCE = 30
SECONDS_PER_ORDER = 2.0
# What waits for a device that is gone is bounded too.
WAITING_PER_DEVICE = 100

# An order that a device cannot take now is tried again after pauses that double, for no more than an hour: who opened
# a valve in the evening does not want it to open next morning.
FIRST_PAUSE_S = 2.0
LONGEST_PAUSE_S = 60.0
TRIED_FOR = timedelta(hours=1)
# A device that fetches its orders may come once a day.
CONFIRMED_WITHIN = timedelta(hours=24)

# A confirmation may overtake the note that it is waited for.
_EARLY_LIMIT = 1000


class Orders:
    """Owns the errands. An order that was carried out just before a crash is carried out again after it."""

    def __init__(
        self, hub: Hub, new_id: Callable[[], str], acknowledge: Callable[[Errand, datetime], Awaitable[None]]
    ) -> None:
        """`acknowledge` tells whoever is to be told that a device has confirmed; what it promises is durable."""
        self._hub = hub
        self._new_id = new_id
        self._acknowledge = acknowledge
        self._lanes: dict[str, deque[Errand]] = {}
        self._busy: set[str] = set()
        self._due: dict[str, datetime] = {}
        self._pauses_s: dict[str, float] = {}
        self._offered: dict[str, Errand] = {}
        """By errand id: those whose devices have still to fetch or confirm."""
        self._early: dict[tuple[str, str], bool] = {}
        self._purse = Purse(ORDERS_AT_ONCE, SECONDS_PER_ORDER)
        self._tasks: set[asyncio.Task[None]] = set()

    async def recall(self) -> None:
        """Take up what an earlier run has left."""
        for errand in await self._hub.store.errands.read():
            if errand.steps:
                self._lanes.setdefault(errand.device, deque()).append(errand)
            else:
                self._offered[errand.id] = errand

    async def answer(self, question: Question, by: Asker = HUB) -> object:
        """Take an order on. Raises as `Order` says."""
        if not isinstance(question, Order):
            raise UnknownError(f"no answer to {type(question).__name__}")
        now = self._hub.now()
        self._check(question, now)
        errand = Errand(
            id=self._new_id(),
            device=question.device,
            credential=question.credential,
            actions=question.actions,
            made=now,
            steps=question.steps,
        )
        by = Asker(errand.credential, by.peer)
        line = audited(now, by, Action.CONTROL_ORDERED, errand.device, "; ".join(errand.actions))
        await self._hub.store.errands.save(errand, audit=[line])
        self._lanes.setdefault(errand.device, deque()).append(errand)
        self._start(errand.device)
        return True

    async def close(self) -> None:
        """Stop; what is not over is taken up by the next run."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def take(self, fact: Fact) -> None:
        """Hear that a device has carried out what it was offered, or has refused it."""
        if not isinstance(fact, Confirmation):
            return
        for errand in list(self._offered.values()):
            if errand.device == fact.device and fact.pending in errand.pending:
                self._note_confirmed(errand, fact.pending, is_done=fact.is_done)
                return
        self._early[fact.device, fact.pending] = fact.is_done
        while len(self._early) > _EARLY_LIMIT:
            del self._early[next(iter(self._early))]

    def tick(self, now: datetime) -> None:
        """Try again what is due; give up what nobody has confirmed in time."""
        for device, lane in list(self._lanes.items()):
            # What is due later than any pause lasts was set before the clock was set back.
            if lane and not now < self._due.get(device, now) <= now + timedelta(seconds=LONGEST_PAUSE_S):
                self._start(device)
        for errand in list(self._offered.values()):
            if not errand.pending:
                self._finish(errand)
            elif now - errand.made > CONFIRMED_WITHIN:
                self._give_up(errand, "nobody confirmed it within a day")

    def _check(self, order: Order, now: datetime) -> None:
        known = self._hub.roster.device(order.device)
        if known is None:
            raise UnknownError(f"there is no device {order.device!r}")
        for name in (name for step in order.steps for name in step):
            point = known.point(name)
            if point is None:
                raise UnknownError(f"the device {order.device!r} has no point {name!r}")
            if not point.writable:
                raise CallerError(f"{name} cannot be written", code="not-writable", path=name)
        if len(self._lanes.get(order.device, ())) >= WAITING_PER_DEVICE or not self._purse.spend(order.device, now):
            raise CallerError("Too many control commands for this unit", code="too-many")

    def waiting(self) -> int:
        """How many orders were not carried out yet, or wait for their device to confirm them."""
        return sum(len(lane) for lane in self._lanes.values()) + len(self._offered)

    def _start(self, device: str) -> None:
        """Let the device's errands go on, unless they are under way."""
        if device not in self._busy:
            self._busy.add(device)
            self._in_background(lambda: self._work(device))

    def _in_background(self, work: Callable[[], Awaitable[None]]) -> None:
        task = asyncio.get_running_loop().create_task(self._guarded(work), name="an order")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except Exception as fault:  # noqa: BLE001 (an edge: one errand that cannot be noted may not end the others)
            self._hub.on_fault("orders", fault)

    async def _work(self, device: str) -> None:
        """Carry out a device's errands until one has to wait."""
        lane = self._lanes[device]
        try:
            while lane and await self._advance(lane):
                pass
        except HardwireError:
            self._pause(device)
            raise
        finally:
            self._busy.discard(device)
            if not lane:
                del self._lanes[device]

    async def _advance(self, lane: deque[Errand]) -> bool:
        """Take the first errand's next step; False when that has to wait. Nobody else takes from a lane."""
        errand = lane[0]
        if self._hub.access.credential(errand.credential) is None:
            self._give_up(lane.popleft(), "its key is no longer valid")
            return True
        reply = await self._carry_out(errand.device, errand.steps[0])
        if isinstance(reply, Done):
            left = replace(errand, steps=errand.steps[1:], pending=(*errand.pending, *filter(None, (reply.pending,))))
            await self._hub.store.errands.save(left)
            lane[0] = left
            self._pauses_s.pop(errand.device, None)
            if not left.steps:
                self._offer(lane.popleft())
        elif isinstance(reply.error, CallerError):
            self._give_up(lane.popleft(), reply.error.message)
        elif self._hub.now() - errand.made < TRIED_FOR:
            self._pause(errand.device)
            return False
        else:
            self._give_up(lane.popleft(), f"the device could not for an hour: {reply.error.message}")
        return True

    async def _carry_out(self, device: str, step: Mapping[str, Value]) -> Reply:
        known = self._hub.roster.device(device)
        if known is None:
            # It may come back: a cable that is missing, a driver that has not begun.
            return Failed(DeviceError(f"there is no device {device!r} now", code="offline"))
        command = _command(known, step)
        if command is None:
            return Done()
        # The key's rights were checked when the order was taken on.
        return await self._hub.notices.answered(lambda on_reply: self._hub.execute(device, command, OWNER, on_reply))

    def _pause(self, device: str) -> None:
        pause_s = self._pauses_s.get(device, FIRST_PAUSE_S)
        self._due[device] = self._hub.now() + timedelta(seconds=pause_s)
        self._pauses_s[device] = min(LONGEST_PAUSE_S, pause_s * 2)

    def _offer(self, errand: Errand) -> None:
        """Wait for what the device has still to confirm, some of which it may have confirmed already."""
        self._offered[errand.id] = errand
        if not errand.pending:
            self._finish(errand)
        for pending in errand.pending:
            is_done = self._early.pop((errand.device, pending), None)
            if is_done is not None and errand.id in self._offered:
                self._note_confirmed(self._offered[errand.id], pending, is_done=is_done)

    def _note_confirmed(self, errand: Errand, pending: str, *, is_done: bool) -> None:
        if not is_done:
            self._give_up(errand, "the device refused it")
            return
        left = replace(errand, pending=tuple(one for one in errand.pending if one != pending))
        self._offered[errand.id] = left
        if left.pending:
            self._in_background(lambda: self._hub.store.errands.save(left))
        else:
            self._finish(left)

    def _finish(self, errand: Errand) -> None:
        self._offered.pop(errand.id, None)
        self._tell(errand, "Confirmed", "; ".join(errand.actions))
        self._in_background(lambda: self._closed(errand, is_done=True))

    def _give_up(self, errand: Errand, reason: str) -> None:
        self._offered.pop(errand.id, None)
        self._tell(errand, "Given up", f"Not done: {'; '.join(errand.actions)} ({reason})")
        self._in_background(lambda: self._closed(errand, is_done=False))

    async def _closed(self, errand: Errand, *, is_done: bool) -> None:
        if is_done:
            await self._acknowledge(errand, self._hub.now())
        await self._hub.store.errands.remove(errand.id)

    def _tell(self, errand: Errand, action: str, message: str) -> None:
        """Write into the device's event log who did what."""
        credential = self._hub.access.credential(errand.credential)
        name = errand.credential if credential is None else credential.name or credential.id
        readings = self._hub.roster.readings(errand.device)
        self._hub.publish(
            Incident(
                device=errand.device,
                at=self._hub.now(),
                kind="CONTROL",
                source="API",
                name=name,
                action=action,
                message=message,
                values={point: reading.value for point, reading in readings.items()},
            )
        )


def _command(device: Device, step: Mapping[str, Value]) -> Command | None:
    """Return what a step asks of the device's driver; None where there is nothing to do."""
    if step:
        return WritePoints(step)
    # Logs that the hub keeps are not buffered anywhere.
    return FlushLog() if device.log == "self" else None
