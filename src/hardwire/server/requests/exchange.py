"""One HTTP request: read under limits, handed to a door's one-shot session, answered."""

import asyncio

import structlog
from aiohttp import web

from hardwire.contracts.act import Respond
from hardwire.contracts.door import Door
from hardwire.contracts.request import Request
from hardwire.contracts.session import Upgrade
from hardwire.hub.desk import Desk
from hardwire.hub.hub import Hub
from hardwire.hub.line import Watcher
from hardwire.server.sockets.actor import POLICY_VIOLATION, Actor

# A body that drips in longer than this is no body; aiohttp does not bound it.
BODY_DEADLINE_S = 10.0
# What the bodies of all requests may hold while they are read.
BODIES_LIMIT_BYTES = 64 << 20
# The longest a one-shot session may take: a command behind a board's longest wait.
ANSWER_DEADLINE_S = 90.0
# A session whose credential died may still tell what it has done, such as to revoke that very credential.
REVOKED_GRACE_S = 0.5
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

log = structlog.get_logger("hardwire.server")


class BodyError(Exception):
    """A body that is not taken: the status says why."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Bodies:
    """The request bodies that are being read now. All clients share one budget, since none of them is known yet."""

    def __init__(self, limit_bytes: int = BODIES_LIMIT_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self.held_bytes = 0

    async def read(self, request: web.BaseRequest, limit_bytes: int) -> bytes:
        """Read a request's body.

        Raises:
            BodyError: 413 over the limit, 408 too slow, 400 cut short or garbled, 503 too much from all at once.
        """
        if request.content_length is not None and request.content_length > limit_bytes:
            raise BodyError(413, f"the body is longer than {limit_bytes} bytes")
        if request.headers.get("Expect", "").lower() == "100-continue" and request.can_read_body:
            # Else curl waits a second before it sends (RFC 9110, section 10.1.1).
            await request.writer.write(CONTINUE)
            request.writer.output_size = 0
        chunks: list[bytes] = []
        length = 0
        try:
            async with asyncio.timeout(BODY_DEADLINE_S):
                async for chunk in request.content.iter_any():
                    length += len(chunk)
                    self.held_bytes += len(chunk)
                    if length > limit_bytes:
                        raise BodyError(413, f"the body is longer than {limit_bytes} bytes")
                    if self.held_bytes > self._limit_bytes:
                        raise BodyError(503, "the hub is reading too many requests at once; try again later")
                    chunks.append(chunk)
        except TimeoutError:
            raise BodyError(408, f"the body did not arrive within {BODY_DEADLINE_S:.0f} s") from None
        except web.RequestPayloadError as error:
            raise BodyError(400, "the body is garbled") from error
        except RuntimeError as error:
            # What aiohttp raises where the connection was gone before its body was waited for.
            raise ConnectionResetError("the client left before its body had come") from error
        finally:
            self.held_bytes -= length
        return b"".join(chunks)


class Exchange:
    """A one-shot session on its way to its answer."""

    def __init__(self, door: Door, request: Request, hub: Hub, desk: Desk) -> None:
        loop = asyncio.get_running_loop()
        self._door = door
        self._hub = hub
        self._loop = loop
        self._request = request
        self._desk = desk
        self._answer: asyncio.Future[Respond | Upgrade] = loop.create_future()
        self._actor: Actor | None = None
        self._grace: asyncio.TimerHandle | None = None
        self.has_token = False
        """Whether the session has borne a credential."""
        self.watcher: Watcher | None = None
        """Nobody: what a channel renders is not for a one-shot session."""

    async def answer(self) -> Respond | Upgrade:
        """Run the session to its end; a session that fails is answered 500, one that stays silent 503."""
        try:
            session = self._door.answer(self._request)
        except Exception as fault:
            # One of the two edges, one conversation: the client gets an answer, the log the reason.
            log.error("a request failed", door=self._door.name, exc_info=fault)
            return self._refused(500, "the hub failed")
        actor = self._actor = Actor(session, self, self._hub, self._desk, self._loop)
        actor.peer = "" if self._request.peer is None else str(self._request.peer)
        try:
            async with asyncio.timeout(ANSWER_DEADLINE_S):
                await actor.perform(session.open, self._hub.now())
                return await self._answer
        except TimeoutError:
            return self._refused(503, "the device did not answer in time")
        finally:
            self.has_token = actor.caller.credential is not None
            actor.end()
            if self._grace is not None:
                self._grace.cancel()

    def respond(self, answer: Respond | Upgrade) -> None:
        """Take the session's answer; only the first counts."""
        if not self._answer.done():
            self._answer.set_result(answer)
        if self._actor is not None:
            # Nobody waits for the rest of what was asked.
            self._actor.release()

    def append(self, frame: bytes) -> None:
        """A one-shot session has no socket to send to."""

    def pending_bytes(self) -> int:
        """Nothing of an answer that is still to come."""
        return 0

    def close(self, code: int, reason: str = "") -> None:
        """The session failed, or its credential died while it ran."""
        if code == POLICY_VIOLATION:
            self._grace = self._loop.call_later(REVOKED_GRACE_S, self.respond, self._refused(403, reason))
        else:
            self.respond(self._refused(500, reason))

    def _refused(self, status: int, reason: str) -> Respond:
        return self._door.refuse(status, reason, self._request, self._hub.now())
