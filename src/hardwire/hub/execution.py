"""The order of a device: its commands are carried out one after another, whoever sent them."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from hardwire.contracts.driver import Driver
from hardwire.hub.figures import HubFigures
from hardwire.model.command import Command, Done, Failed, Reply
from hardwire.model.errors import DeviceError, HardwireError, HubFaultError

# The longest honest command is a board's `system.wait` of 65 s (obniz reference, section 6.3: u16 milliseconds).
COMMAND_TIMEOUT_S = 120
# How many commands are carried out in one turn of the loop: a long queue may not make others wait.
COMMANDS_PER_TURN = 200
# Nor may a few that take long: a screen that is drawn anew may take milliseconds.
TURN = timedelta(milliseconds=5)

# How long the pauses that clients leave behind may hold a device: ample for a script that goes as soon as it has
# sent "on, wait, off", and no more than a minute for everybody else, where 10,000 waits would take a week. Those of all
# clients that are gone share it: to come and go a thousand times must not hold the device for a day either.
LEFT_BEHIND_S = 60.0

STILL = datetime.min.replace(tzinfo=UTC)

OnReply = Callable[[Reply], None]


class Visit:
    """A client's stay, as far as its commands in the devices' queues are concerned."""

    __slots__ = ("_left_s", "is_over")

    def __init__(self) -> None:
        self.is_over = False
        """Whether the client has left."""
        self._left_s = LEFT_BEHIND_S

    def end(self) -> None:
        """The client has left. What it had sent is carried out in order; only pauses beyond a minute are skipped."""
        self.is_over = True

    def skips(self, command: Command) -> bool:
        """Say whether a command of it for a device of another hub is not even sent, and count its pause where it is."""
        if not self.is_over or not (pause_s := command.pause_s):
            return False
        if pause_s > self._left_s:
            return True
        self._left_s -= pause_s
        return False


class DeviceQueue:
    """One device's commands in order. What a driver answers at once costs no task and no turn of the loop."""

    def __init__(
        self,
        device: str,
        driver: Driver,
        on_fault: Callable[[str, BaseException], None],
        *,
        timeout_s: float = COMMAND_TIMEOUT_S,
        now: Callable[[], datetime] = lambda: STILL,
        figures: HubFigures | None = None,
    ) -> None:
        """`on_fault` hears of exceptions that are the driver's own fault; `now` tells how long a turn has taken.

        `figures` count each reply and how long it took.
        """
        self._device = device
        self._driver = driver
        self._on_fault = on_fault
        self._timeout_s = timeout_s
        self._now = now
        self._figures = HubFigures() if figures is None else figures
        self._left_behind_s = LEFT_BEHIND_S
        """What is left of that until nothing waits."""
        self._waiting: deque[tuple[Command, OnReply, Visit | None, float]] = deque()
        self._is_busy = False
        self._current: asyncio.Task[Reply] | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    def submit(self, command: Command, on_reply: OnReply, visit: Visit | None = None) -> None:
        """Carry the command out after those that came before; `on_reply` is called exactly once and raises nothing."""
        self._waiting.append((command, on_reply, visit, self._figures.stopwatch()))
        # Busy also while a driver or `on_reply` runs that leads back here: no driver sees two commands at once.
        if not self._is_busy:
            self._carry_on()

    def close(self) -> None:
        """Answer what waits with a DeviceError."""
        if self._current is not None:
            self._current.cancel()
            self._current = None
            self._is_busy = False
        while self._waiting:
            self._answer(self._gone())

    def _carry_on(self) -> None:
        """Carry out what waits: until it is done, must be waited for, or others have to get their turn."""
        self._is_busy = True
        began = self._now()
        for _ in range(COMMANDS_PER_TURN):
            if not self._waiting:
                self._is_busy = False
                self._left_behind_s = LEFT_BEHIND_S
                return
            command, _, visit, _ = self._waiting[0]
            if visit is not None and visit.is_over and self._skips(command):
                self._answer(Done())
                continue
            reply = self._begin(command)
            if isinstance(reply, asyncio.Task):
                self._current = reply
                reply.add_done_callback(self._finished)
                return
            self._answer(reply)
            if self._waiting and self._now() - began > TURN:
                break
        asyncio.get_running_loop().call_soon(self._carry_on)

    def _skips(self, command: Command) -> bool:
        """Say whether a command that was left behind is passed over, and count its pause where it is not."""
        if command.pause_s > self._left_behind_s:
            return True
        self._left_behind_s -= command.pause_s
        return False

    def _finished(self, task: "asyncio.Task[Reply]") -> None:
        if task is not self._current:
            return
        self._current = None
        # A driver that mends its connection may cancel what it was waiting for.
        self._answer(self._gone() if task.cancelled() else task.result())
        self._carry_on()

    def _answer(self, reply: Reply) -> None:
        # The device may have been removed by what its driver did.
        if self._waiting:
            _, on_reply, _, began_s = self._waiting.popleft()
            figures = self._figures
            figures.answered(reply)
            figures.waits.observe(figures.stopwatch() - began_s)
            on_reply(reply)

    def _gone(self) -> Failed:
        return Failed(DeviceError(f"the device {self._device!r} is gone", code="offline"))

    def _begin(self, command: Command) -> "Reply | asyncio.Task[Reply]":
        """Start a command: its reply, or the task that will have it."""
        try:
            answer = self._driver.execute(self._device, command)
        except HardwireError as error:
            return Failed(error)
        except Exception as error:  # noqa: BLE001 (one of the two edges: a driver's fault may not end the conversation)
            return self._failed(error)
        if isinstance(answer, Done | Failed):
            return answer
        return asyncio.get_running_loop().create_task(self._bounded(answer), name=f"a command of {self._device}")

    async def _bounded(self, answer: Awaitable[Reply]) -> Reply:
        try:
            async with asyncio.timeout(self._timeout_s):
                return await answer
        except TimeoutError:
            return Failed(DeviceError(f"the device {self._device!r} did not answer in time", code="timeout"))
        except HardwireError as error:
            return Failed(error)
        except Exception as error:  # noqa: BLE001 (one of the two edges, as above)
            return self._failed(error)

    def _failed(self, fault: Exception) -> Failed:
        self._on_fault(self._device, fault)
        return Failed(HubFaultError(f"the driver of {self._device!r} failed"))
