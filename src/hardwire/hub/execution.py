"""The order of a device: its commands are carried out one after another, whoever sent them."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from inspect import isawaitable

from hardwire.contracts.driver import Driver
from hardwire.model.command import Command, Failed, Reply
from hardwire.model.errors import DeviceError, HardwireError, HubFaultError

# The longest honest command is a board's `system.wait` of 65 s (obniz reference, section 6.3: u16 milliseconds).
COMMAND_TIMEOUT_S = 120
# How many commands are carried out in one turn of the loop: a long queue may not make others wait.
COMMANDS_PER_TURN = 200

OnReply = Callable[[Reply], None]


class DeviceQueue:
    """One device's commands in order. What a driver answers at once costs no task and no turn of the loop."""

    def __init__(self, device: str, driver: Driver, on_fault: Callable[[str, BaseException], None]) -> None:
        """`on_fault` hears of exceptions that are the driver's own fault."""
        self._device = device
        self._driver = driver
        self._on_fault = on_fault
        self._waiting: deque[tuple[Command, OnReply]] = deque()
        self._worker: asyncio.Task[None] | None = None

    def submit(self, command: Command, on_reply: OnReply) -> None:
        """Carry the command out after those that came before; `on_reply` is called exactly once."""
        if self._worker is not None or self._waiting:
            self._waiting.append((command, on_reply))
            return
        reply = self._begin(command)
        if isinstance(reply, asyncio.Task):
            self._waiting.append((command, on_reply))
            self._worker = asyncio.get_running_loop().create_task(self._work(reply), name=f"commands of {self._device}")
        else:
            on_reply(reply)

    def close(self) -> None:
        """Answer what waits with a DeviceError."""
        if self._worker is not None:
            self._worker.cancel()
            self._worker = None
        gone = Failed(DeviceError(f"the device {self._device!r} is gone", code="offline"))
        while self._waiting:
            self._waiting.popleft()[1](gone)

    def _begin(self, command: Command) -> "Reply | asyncio.Task[Reply]":
        """Start a command: its reply, or the task that will have it."""
        try:
            answer = self._driver.execute(self._device, command)
        except HardwireError as error:
            return Failed(error)
        except Exception as error:  # noqa: BLE001 (one of the two edges: a driver's fault may not end the conversation)
            self._on_fault(self._device, error)
            return Failed(HubFaultError(f"the driver of {self._device!r} failed"))
        if isawaitable(answer):
            return asyncio.get_running_loop().create_task(self._bounded(answer), name=f"a command of {self._device}")
        return answer

    async def _bounded(self, answer: Awaitable[Reply]) -> Reply:
        try:
            async with asyncio.timeout(COMMAND_TIMEOUT_S):
                return await answer
        except TimeoutError:
            return Failed(
                DeviceError(f"the device {self._device!r} did not answer in {COMMAND_TIMEOUT_S} s", code="timeout")
            )
        except HardwireError as error:
            return Failed(error)
        except Exception as error:  # noqa: BLE001 (one of the two edges, as above)
            self._on_fault(self._device, error)
            return Failed(HubFaultError(f"the driver of {self._device!r} failed"))

    async def _work(self, first: "asyncio.Task[Reply]") -> None:
        """Finish the first command, then all that wait."""
        reply: Reply | asyncio.Task[Reply] = first
        turn = 0
        while True:
            turn += 1
            if isinstance(reply, asyncio.Task):
                reply = await reply
            elif turn % COMMANDS_PER_TURN == 0:
                await asyncio.sleep(0)
            self._waiting.popleft()[1](reply)
            if not self._waiting:
                self._worker = None
                return
            reply = self._begin(self._waiting[0][0])
