"""Who brings messages to people's web addresses: each target has a lane of its own, each message its tries."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from msgspec.structs import replace

from hardwire.contracts.post import Post
from hardwire.contracts.records import Posts
from hardwire.model.errors import HardwireError, UnknownError
from hardwire.server.post.letterbox import Delivery, Fate, host_of

# 1 s, 4 s, 16 s, ... an hour, for a day: a receiver that is down over night misses nothing.
FIRST_PAUSE_S = 1.0
PAUSE_GROWTH = 4.0
LONGEST_PAUSE_S = 3600.0
TRIED_FOR = timedelta(hours=24)
# Receivers that come back after a fault are not met by everybody at the same second.
JITTER = 0.2

# A receiver that is gone for a day while an alarm flaps costs so much and no more.
WAITING_PER_TARGET = 1000
LIMIT_BYTES = 256 * 1024
# At most so many receivers are talked to at once.
AT_ONCE = 32

Target = tuple[str, str]

log = structlog.get_logger("hardwire.posts")


class Letterbox(Protocol):
    """Makes one try."""

    async def deliver(self, post: Post, key: bytes, now: datetime) -> Delivery:
        """Post it once, signed with the key where there is one. Raises nothing but what is a fault of its own."""
        ...


class Poster:
    """Owns the messages that are on their way. What `send` has returned from is durable.

    Messages to one address arrive in order; while the first cannot be delivered the others of that address wait, and
    nobody else does.
    """

    def __init__(
        self,
        posts: Posts,
        letterbox: Letterbox,
        *,
        key_of: Callable[[str], bytes],
        on_given_up: Callable[[Post, str], None],
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        random: Callable[[], float],
    ) -> None:
        """`key_of` gives a signer's secret, empty for none, or raises UnknownError; `random` gives 0 to 1."""
        self._posts = posts
        self._letterbox = letterbox
        self._key_of = key_of
        self._on_given_up = on_given_up
        self._now = now
        self._sleep = sleep
        self._random = random
        self._lanes: dict[Target, deque[Post]] = {}
        self._tasks: dict[Target, asyncio.Task[None]] = {}
        self._at_once = asyncio.Semaphore(AT_ONCE)

    async def recall(self) -> None:
        """Take up what an earlier run has left."""
        for post in await self._posts.read():
            self._enqueue(post)

    async def send(self, post: Post) -> None:
        """Keep a message durably and bring it to its address from now on; one of an id once. Raises HubFaultError."""
        if any(one.id == post.id for one in self._lanes.get(_target(post), ())):
            # What was on its way when the power failed is told anew by whoever does not know that it was kept.
            return
        if len(self._lanes.get(_target(post), ())) >= WAITING_PER_TARGET:
            self._on_given_up(post, f"{WAITING_PER_TARGET} messages wait for this address already")
        elif len(post.body.encode()) > LIMIT_BYTES:
            self._on_given_up(post, f"it is longer than {LIMIT_BYTES // 1024} KiB")
        else:
            await self._posts.save(post)
            self._enqueue(post)

    def waiting(self) -> int:
        """How many messages have not arrived yet."""
        return sum(len(lane) for lane in self._lanes.values())

    async def close(self) -> None:
        """Stop; what has not arrived is taken up by the next run."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _enqueue(self, post: Post) -> None:
        target = _target(post)
        self._lanes.setdefault(target, deque()).append(post)
        if target not in self._tasks:
            self._tasks[target] = asyncio.get_running_loop().create_task(self._work(target), name="posts to an address")

    async def _work(self, target: Target) -> None:
        """Deliver what is in a lane until it is empty."""
        lane = self._lanes[target]
        try:
            while lane:
                await self._advance(lane)
        finally:
            # Nothing was awaited since the lane was found empty: no message can have come in between.
            del self._lanes[target], self._tasks[target]

    async def _advance(self, lane: deque[Post]) -> None:
        """Make the next try of the first message."""
        post = lane[0]
        # A clock that was set back makes nothing wait longer than the longest pause.
        wait_s = min((post.due - self._now()).total_seconds(), LONGEST_PAUSE_S * (1 + JITTER))
        if wait_s > 0:
            await self._sleep(wait_s)
        try:
            async with self._at_once:
                delivery = await self._letterbox.deliver(post, self._key_of(post.signer), self._now())
        except UnknownError as error:
            delivery = Delivery(Fate.REFUSED, error.message)
        except Exception as fault:
            # An edge: one message that cannot be posted may not end its lane.
            log.error("a post failed", id=post.id, exc_info=fault)
            delivery = Delivery(Fate.LATER, "the hub failed")
        try:
            await self._settle(lane, delivery)
        except HardwireError as error:
            log.error("what became of a post was not kept", id=post.id, reason=error.message)
            lane[0] = self._put_off(post, delivery)

    async def _settle(self, lane: deque[Post], delivery: Delivery) -> None:
        post = lane[0]
        if delivery.fate is Fate.ARRIVED:
            await self._posts.remove(post.id)
            lane.popleft()
        elif delivery.fate is Fate.REFUSED or self._now() - post.made >= TRIED_FOR:
            await self._posts.remove(post.id)
            lane.popleft()
            log.warning("a post was given up", id=post.id, host=host_of(post.url), reason=delivery.reason)
            self._on_given_up(post, delivery.reason)
        else:
            later = self._put_off(post, delivery)
            log.info(
                "a post is tried again",
                id=post.id,
                host=host_of(post.url),
                reason=delivery.reason,
                at=later.due.isoformat(),
            )
            await self._posts.save(later)
            lane[0] = later

    def _put_off(self, post: Post, delivery: Delivery) -> Post:
        # No more than an hour lies between two tries, whatever the receiver asks for.
        grown_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * PAUSE_GROWTH ** min(post.tries, 20))
        pause_s = min(LONGEST_PAUSE_S, max(grown_s, delivery.wait_s)) * (1 + JITTER * self._random())
        return replace(post, tries=post.tries + 1, due=self._now() + timedelta(seconds=pause_s))


def _target(post: Post) -> Target:
    return post.signer, post.url
