"""Performs a session's acts: the one place where pure sessions meet the hub and the loop."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial

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
from hardwire.server.sockets.outlet import Outlet
from hardwire.server.sockets.pace import Pace

# While more than this lies unread, a client gets no answer to what it asked the hub: what comes page by page comes as
# fast as it is read, and the next page waits outside of memory.
UNREAD_BYTES = 256 * 1024
UNREAD_LOOK_S = 0.02
POLICY_VIOLATION = 1008
INTERNAL_ERROR = 1011

log = structlog.get_logger("hardwire.server")


class Actor:
    """One session with what it has watched, asked and borne. Ends clean whatever the session did."""

    __slots__ = (
        "_borne",
        "_desk",
        "_ended",
        "_hub",
        "_loop",
        "_outlet",
        "_topics",
        "_visit",
        "_wake",
        "_watched",
        "caller",
        "pace",
        "peer",
        "session",
    )

    def __init__(self, session: Session, outlet: Outlet, hub: Hub, desk: Desk, loop: asyncio.AbstractEventLoop) -> None:
        self.session = session
        self.caller: Caller = NOBODY
        self.peer = ""
        """The address of whoever it speaks to; empty at the owner's own Unix socket."""
        self._outlet = outlet
        self._hub = hub
        self._desk = desk
        self._loop = loop
        self._watched: set[Channel] = set()
        self._topics: set[str] = set()
        self._borne: set[str] = set()
        self._wake: asyncio.TimerHandle | None = None
        self._visit = Visit()
        self._ended = False
        self.pace = Pace(self._act, self._failed, loop)
        """What begins messages, and says when not to."""

    async def perform(self, begin: Callable[..., Acts], *given: object) -> None:
        """Let the session act to the end; wait while too much of what it asked is on its way."""
        await self.pace.perform(begin, *given)

    def release(self) -> None:
        """The client is gone: hold nothing back any more, so that what it sent last is performed and it can end."""
        self._visit.end()
        self.pace.release()

    def end(self) -> None:
        """The conversation is over: take it off every list. Safe to call twice."""
        if self._ended:
            return
        self._ended = True
        self._visit.end()
        self.pace.end()
        if self._wake is not None:
            self._wake.cancel()
        for channel in self._watched:
            self._unwatch(channel)
        self._hub.notices.forget(self, self._topics, self._borne)
        self._now(self.session.closed, self._hub.now())

    def _now(self, begin: Callable[..., Acts], *given: object) -> None:
        """Let the session act at once (a reply, a notice, a tick)."""
        try:
            for act in begin(*given):
                self._act(act)
        except Exception as fault:  # noqa: BLE001 (one of the two edges: one conversation)
            self._failed(fault)

    def _act(self, act: Act | Upgrade) -> None:
        # By far the most frequent two: a pattern that takes them apart costs twice as much.
        if isinstance(act, Send):
            self._outlet.append(frame_of(act.payload))
            return
        if isinstance(act, Execute):
            pause_s = act.command.pause_s
            self.pace.left(pause_s)
            on_reply = partial(self._replied, pause_s, act.tag)
            self._hub.execute(act.device, act.command, self.caller, on_reply, visit=self._visit)
            return
        match act:
            case Ask(question, tag):
                self.pace.left(0.0)
                self._hub.notices.ask(
                    self._desk.answer_to(question, self.caller, self.peer), partial(self._answered, tag)
                )
            case Respond() | Upgrade():
                self._outlet.respond(act)
            case Watch(channel, latest):
                self._watch(channel, latest=latest)
            case Unwatch(channel):
                self._watched.discard(channel)
                self._unwatch(channel)
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
        if (watcher := self._outlet.watcher) is not None:
            self._hub.watch(channel, watcher)

    def _unwatch(self, channel: Channel) -> None:
        if (watcher := self._outlet.watcher) is not None:
            self._hub.unwatch(channel, watcher)

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

    def _answered(self, tag: int, answer: object) -> None:
        if not self._ended and self._outlet.pending_bytes() > UNREAD_BYTES:
            self._loop.call_later(UNREAD_LOOK_S, self._answered, tag, answer)
        else:
            self._replied(0.0, tag, answer)

    def _replied(self, pause_s: float, tag: int, answer: Reply | object) -> None:
        self.pace.returned(pause_s)
        if not self._ended:
            self._now(self.session.reply, tag, answer, self._hub.now())

    def _failed(self, fault: Exception) -> None:
        # A hub's fault, never the client's: sessions turn everything that a client can do wrong into an answer.
        log.error("a conversation failed", session=type(self.session).__name__, exc_info=fault)
        self._outlet.close(INTERNAL_ERROR, "the hub failed")
