"""Performs a session's acts: the one place where pure sessions meet the hub and the loop."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial
from time import perf_counter
from typing import Protocol

import structlog

from hardwire.contracts.act import (
    Act,
    Ask,
    Bear,
    Close,
    Execute,
    Latest,
    Listen,
    Notify,
    Ping,
    Publish,
    Respond,
    Send,
    Unwatch,
    WakeAt,
    Watch,
)
from hardwire.contracts.session import Acts, Session, Upgrade
from hardwire.hub.desk import Desk
from hardwire.hub.execution import Visit
from hardwire.hub.hub import Hub
from hardwire.model.access import NOBODY, Caller
from hardwire.model.channel import Channel
from hardwire.model.command import Reply
from hardwire.server.sockets.frames import frame_of, ping_frame

# How many acts of one message are performed in one turn of the loop: a long message may not make others wait.
ACTS_PER_TURN = 200
# Nor may few that take long, or many messages that have arrived together: those are read without a turn in between.
TURN_S = 0.005
# A client is not read while this many of its commands are on their way: it is held back, nothing piles up.
OPEN_COMMANDS = 256
# Nor while the pauses among them (a board's `wait`) come to more than this: the commands of other clients of the device
# get in between. A client that is not read is not answered its pings either, so it may not be much shorter.
OPEN_PAUSE_S = 600.0
# While more than this lies unread, a client gets no answer to what it asked the hub: what comes page by page comes as
# fast as it is read, and the next page waits outside of memory.
UNREAD_BYTES = 256 * 1024
UNREAD_LOOK_S = 0.02
POLICY_VIOLATION = 1008
INTERNAL_ERROR = 1011

log = structlog.get_logger("hardwire.server")


class Outlet(Protocol):
    """The client's end of a conversation."""

    @property
    def pending(self) -> list[bytes]:
        """The frames that are to be written, as a channel's watcher shows them."""
        ...

    def append(self, frame: bytes) -> None:
        """Send a frame in order."""
        ...

    def take(self, frame: bytes, channel: Channel, keeps_newest: bool) -> None:
        """Take a channel's frame, as its watcher."""
        ...

    def pending_bytes(self) -> int:
        """How much of what was sent lies on this side of the kernel."""
        ...

    def close(self, code: int, reason: str = "") -> None:
        """Send what is pending, then close."""
        ...

    def respond(self, answer: Respond | Upgrade) -> None:
        """End a one-shot session."""
        ...


class Actor:
    """One session with what it has watched, asked and borne. Ends clean whatever the session did."""

    __slots__ = (
        "_borne",
        "_desk",
        "_ended",
        "_holds_back",
        "_hub",
        "_loop",
        "_open_commands",
        "_open_pause_s",
        "_outlet",
        "_room",
        "_topics",
        "_visit",
        "_wake",
        "_watched",
        "_worked_s",
        "caller",
        "session",
    )

    def __init__(self, session: Session, outlet: Outlet, hub: Hub, desk: Desk, loop: asyncio.AbstractEventLoop) -> None:
        self.session = session
        self.caller: Caller = NOBODY
        self._outlet = outlet
        self._hub = hub
        self._desk = desk
        self._loop = loop
        self._watched: set[Channel] = set()
        self._topics: set[str] = set()
        self._borne: set[str] = set()
        self._wake: asyncio.TimerHandle | None = None
        self._visit = Visit()
        self._open_commands = 0
        self._open_pause_s = 0.0
        self._holds_back = True
        self._room: asyncio.Future[None] | None = None
        self._worked_s = 0.0
        """How long it has acted since it let others have their turn."""
        self._ended = False

    async def perform(self, begin: Callable[..., Acts], *given: object) -> None:
        """Let the session act, in slices; wait between them, and at the end, while too much is on its way."""
        left = ACTS_PER_TURN
        # The loop's own clock stands still within a turn.
        began_s = perf_counter() - self._worked_s
        try:
            for act in begin(*given):
                self._act(act)
                left -= 1
                if not left or self._open_pause_s > OPEN_PAUSE_S or perf_counter() - began_s > TURN_S:
                    left = ACTS_PER_TURN
                    # Others get their turn in any case.
                    await asyncio.sleep(0)
                    await self._find_room()
                    began_s = perf_counter()
        except Exception as fault:  # noqa: BLE001 (one of the two edges: one conversation)
            self._failed(fault)
        self._worked_s = perf_counter() - began_s
        if self._worked_s > TURN_S:
            self._worked_s = 0.0
            await asyncio.sleep(0)
        await self._find_room()

    def release(self) -> None:
        """The client is gone: hold nothing back any more, so that what it sent last is performed and it can end."""
        self._visit.end()
        self._holds_back = False
        self._make_room()

    def end(self) -> None:
        """The conversation is over: take it off every list. Safe to call twice."""
        if self._ended:
            return
        self._ended = True
        self.release()
        if self._wake is not None:
            self._wake.cancel()
        for channel in self._watched:
            self._hub.unwatch(channel, self._outlet)
        self._hub.notices.forget(self, self._topics, self._borne)
        self._now(self.session.closed, self._hub.now())

    async def _find_room(self) -> None:
        while self._holds_back and self._is_full():
            self._room = self._loop.create_future()
            await self._room

    def _is_full(self) -> bool:
        return self._open_commands > OPEN_COMMANDS or self._open_pause_s > OPEN_PAUSE_S

    def _now(self, begin: Callable[..., Acts], *given: object) -> None:
        """Let the session act at once (a reply, a notice, a tick)."""
        try:
            for act in begin(*given):
                self._act(act)
        except Exception as fault:  # noqa: BLE001 (one of the two edges: one conversation)
            self._failed(fault)

    def _act(self, act: Act | Upgrade) -> None:
        match act:
            case Send(payload):
                self._outlet.append(frame_of(payload))
            case Execute(device, command, tag):
                self._open_commands += 1
                on_reply = partial(self._replied, tag)
                if pause_s := command.pause_s:
                    self._open_pause_s += pause_s
                    on_reply = partial(self._paused, pause_s, tag)
                self._hub.execute(device, command, self.caller, on_reply, visit=self._visit)
            case Ask(question, tag):
                self._open_commands += 1
                self._hub.notices.ask(self._desk.answer(question), partial(self._answered, tag))
            case Respond() | Upgrade():
                self._outlet.respond(act)
            case Watch(channel, latest):
                self._watch(channel, latest=latest)
            case Unwatch(channel):
                self._watched.discard(channel)
                self._hub.unwatch(channel, self._outlet)
            case Latest(channel):
                self._send_latest(channel)
            case Listen(topic):
                self._listen(topic)
            case Notify(topic, message):
                self._hub.line.notify(topic, message)
            case Publish(fact):
                self._hub.publish(fact)
            case Bear(caller):
                self._bear(caller)
            case WakeAt(at):
                self._wake_at(at)
            case Ping(payload):
                self._outlet.append(ping_frame(payload))
            case Close(code, reason):
                self._outlet.close(code, reason)

    def _watch(self, channel: Channel, *, latest: bool) -> None:
        if self._ended:
            return
        if latest:
            self._send_latest(channel)
        self._watched.add(channel)
        self._hub.watch(channel, self._outlet)

    def _send_latest(self, channel: Channel) -> None:
        frame = self._hub.channels.latest(channel, self._hub.now())
        if frame is not None:
            self._outlet.append(frame)

    def _listen(self, topic: str) -> None:
        if self._ended:
            return
        self._topics.add(topic)
        self._hub.notices.listen(topic, self, self._heard)

    def _bear(self, caller: Caller) -> None:
        if self._ended:
            return
        self.caller = caller
        if caller.credential is not None:
            self._borne.add(caller.credential)
            self._hub.notices.bear(caller.credential, self, self._revoked)
            # It may have died between the request that showed it and this act.
            if self._hub.access.credential(caller.credential) is None:
                self._revoked()

    def _revoked(self) -> None:
        self.caller = NOBODY
        self._outlet.close(POLICY_VIOLATION, "the credential was revoked")

    def _wake_at(self, at: datetime | None) -> None:
        if self._wake is not None:
            self._wake.cancel()
            self._wake = None
        if at is not None and not self._ended:
            pause_s = max(0.0, (at - self._hub.now()).total_seconds())
            self._wake = self._loop.call_later(pause_s, self._tick, at)

    def _heard(self, topic: str, message: str) -> None:
        # Another that heard the same notice may have ended this conversation.
        if not self._ended:
            self._now(self.session.notice, topic, message, self._hub.now())

    def _tick(self, at: datetime) -> None:
        self._wake = None
        # The loop's clock may be a little ahead of the hub's; the session must find that its time has come.
        self._now(self.session.tick, max(at, self._hub.now()))

    def _make_room(self) -> None:
        room, self._room = self._room, None
        if room is not None and not room.done():
            room.set_result(None)

    def _answered(self, tag: int, answer: object) -> None:
        if not self._ended and self._outlet.pending_bytes() > UNREAD_BYTES:
            self._loop.call_later(UNREAD_LOOK_S, self._answered, tag, answer)
        else:
            self._replied(tag, answer)

    def _paused(self, pause_s: float, tag: int, answer: Reply | object) -> None:
        self._open_pause_s -= pause_s
        self._replied(tag, answer)

    def _replied(self, tag: int, answer: Reply | object) -> None:
        self._open_commands -= 1
        if self._room is not None and not self._is_full():
            self._make_room()
        if not self._ended:
            self._now(self.session.reply, tag, answer, self._hub.now())

    def _failed(self, fault: Exception) -> None:
        # A hub's fault, never the client's: sessions turn everything that a client can do wrong into an answer.
        log.error("a conversation failed", session=type(self.session).__name__, exc_info=fault)
        self._outlet.close(INTERNAL_ERROR, "the hub failed")
