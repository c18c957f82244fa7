"""How fast one session acts: a slice in each turn of the loop, and no more while too much of it is on its way."""

import asyncio
from collections.abc import Callable, Iterator
from time import perf_counter

from hardwire.contracts.act import Act
from hardwire.contracts.session import Acts, Upgrade

# How many acts of one message are performed in one turn of the loop: a long message may not make others wait.
ACTS_PER_TURN = 200
# Nor may few that take long, or many messages that have arrived together.
TURN_S = 0.005
# A client is not read while this many of its commands are on their way: it is held back, nothing piles up.
OPEN_COMMANDS = 256
# Nor while the pauses among them (a board's `wait`) come to more than this: the commands of other clients of the device
# get in between. A client that is not read is not answered its pings either, so it may not be much shorter.
OPEN_PAUSE_S = 600.0


class Pace:
    """Performs one message's acts after another's. What is too much for one turn goes on in the next ones by itself."""

    __slots__ = (
        "_began_s",
        "_holds_back",
        "_is_due",
        "_left",
        "_loop",
        "_on_fault",
        "_open_commands",
        "_open_pause_s",
        "_perform",
        "_room",
        "_spent_s",
        "on_room",
    )

    def __init__(
        self,
        perform: Callable[[Act | Upgrade], None],
        on_fault: Callable[[Exception], None],
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        """`perform` carries out one act; `on_fault` hears what it or the session raised."""
        self._perform = perform
        self._on_fault = on_fault
        self._loop = loop
        self._left: Iterator[Act | Upgrade] | None = None
        self._is_due = False
        self._began_s = 0.0
        self._spent_s = 0.0
        """How long `perform` has acted since it let others have their turn."""
        self._open_commands = 0
        self._open_pause_s = 0.0
        self._holds_back = True
        self._room: asyncio.Future[None] | None = None
        self.on_room: Callable[[], None] | None = None
        """Called, from the loop, whenever more may be begun."""

    @property
    def is_busy(self) -> bool:
        """Whether nothing may be begun now: a message is not performed to its end, or too much is on its way."""
        return self._left is not None or (self._holds_back and self._is_full())

    @property
    def used_s(self) -> float:
        """How long this turn has lasted."""
        return perf_counter() - self._began_s

    def take_turn(self) -> None:
        """A turn of the loop begins. The loop's own clock stands still within one."""
        self._began_s = perf_counter()

    def begin(self, begin: Callable[..., Acts], *given: object) -> None:
        """Let the session act, at most to the end of this turn. Not while it is busy."""
        try:
            acts = iter(begin(*given))
        except Exception as fault:  # noqa: BLE001 (one of the two edges: one conversation)
            self._on_fault(fault)
        else:
            self._go_on(acts)

    async def perform(self, begin: Callable[..., Acts], *given: object) -> None:
        """Let the session act to the end of what it has to do, then wait until more may be begun.

        Others get their turn meanwhile, also when this is called again and again and none of the calls has to wait.
        """
        self._began_s = perf_counter() - self._spent_s
        self.begin(begin, *given)
        self._spent_s = perf_counter() - self._began_s
        if self._spent_s > TURN_S:
            self._spent_s = 0.0
            await asyncio.sleep(0)
        while self.is_busy:
            self._room = self._loop.create_future()
            await self._room

    def left(self, pause_s: float) -> None:
        """A command or question is on its way, and may pause for so long."""
        self._open_commands += 1
        self._open_pause_s += pause_s

    def returned(self, pause_s: float) -> None:
        """Its answer is there."""
        self._open_commands -= 1
        self._open_pause_s -= pause_s
        if (pause_s or self._open_commands == OPEN_COMMANDS) and not self._is_full():
            self._go_on_soon()

    def release(self) -> None:
        """Hold nothing back any more: what was begun goes on to its end."""
        self._holds_back = False
        self._go_on_soon()

    def end(self) -> None:
        """What was begun is dropped."""
        self._left = self.on_room = None
        self.release()

    def _is_full(self) -> bool:
        return self._open_commands > OPEN_COMMANDS or self._open_pause_s > OPEN_PAUSE_S

    def _go_on(self, acts: Iterator[Act | Upgrade]) -> None:
        left = ACTS_PER_TURN
        try:
            for act in acts:
                self._perform(act)
                left -= 1
                if not left or self._open_pause_s > OPEN_PAUSE_S or perf_counter() - self._began_s > TURN_S:
                    self._left = acts
                    self._go_on_soon()
                    return
        except Exception as fault:  # noqa: BLE001 (one of the two edges: one conversation)
            self._on_fault(fault)

    def _go_on_soon(self) -> None:
        if not self._is_due:
            self._is_due = True
            self._loop.call_soon(self._turn)

    def _turn(self) -> None:
        self._is_due = False
        if self._left is not None and not (self._holds_back and self._is_full()):
            acts, self._left = self._left, None
            self.take_turn()
            self._go_on(acts)
        if not self.is_busy:
            room, self._room = self._room, None
            if room is not None and not room.done():
                room.set_result(None)
            if self.on_room is not None:
                self.on_room()
