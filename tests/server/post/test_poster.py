"""Who brings messages to web addresses: in order, again and again, no address in another's way."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from hardwire.contracts.post import Post
from hardwire.model.errors import HubFaultError, UnknownError
from hardwire.server.post.letterbox import Delivery, Fate
from hardwire.server.post.poster import JITTER, LIMIT_BYTES, LONGEST_PAUSE_S, WAITING_PER_TARGET, Poster
from tests.fakes.paper_records import PaperPosts
from tests.fakes.still_clock import NOON, StillClock

ARRIVED = Delivery(Fate.ARRIVED)
LATER = Delivery(Fate.LATER, "the receiver answered 500")


class PaperLetterbox:
    """Answers as it is told, message by message, and writes down the tries."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Delivery | Exception]] = {}
        self.tried: list[tuple[str, bytes, datetime]] = []
        self.hangs: set[str] = set()

    async def deliver(self, post: Post, key: bytes, now: datetime) -> Delivery:
        """Make a try."""
        self.tried.append((post.id, key, now))
        if post.id in self.hangs:
            await asyncio.Event().wait()
        left = self.answers.get(post.id, [])
        answer = left.pop(0) if left else ARRIVED
        if isinstance(answer, Exception):
            raise answer
        return answer


class Office:
    """A poster whose time passes as soon as it waits."""

    def __init__(self, posts: PaperPosts | None = None, clock: StillClock | None = None) -> None:
        self.posts = posts or PaperPosts()
        self.clock = clock or StillClock()
        self.letterbox = PaperLetterbox()
        self.given_up: list[tuple[str, str]] = []
        self.waited: list[float] = []
        self.keys = {"key:10009": b"secret"}
        self.jitter = 0.0
        self.poster = Poster(
            self.posts,
            self.letterbox,
            key_of=self._key_of,
            on_given_up=lambda post, reason: self.given_up.append((post.id, reason)),
            now=self.clock,
            sleep=self._sleep,
            random=lambda: self.jitter,
        )

    def post(self, id: str, *, url: str = "https://ops.example/in", signer: str = "", body: str = "{}") -> Post:
        """Return a message that is due now."""
        return Post(id=id, url=url, signer=signer, body=body, made=self.clock(), due=self.clock())

    async def settle(self) -> None:
        """Let everything go on that can."""
        for _ in range(300):
            await asyncio.sleep(0)

    @property
    def tried(self) -> list[str]:
        """Which messages were tried, in order."""
        return [id for id, _, _ in self.letterbox.tried]

    def _key_of(self, signer: str) -> bytes:
        if signer == "key:gone":
            raise UnknownError("the key is no longer valid")
        return self.keys.get(signer, b"")

    async def _sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.clock.pass_s(seconds)
        await asyncio.sleep(0)


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    office = Office()
    yield office
    await office.poster.close()


async def test_a_message_is_kept_before_it_is_tried_and_forgotten_when_it_arrived(office: Office) -> None:
    await office.poster.send(office.post("a", signer="key:10009"))
    kept = list(office.posts.kept)
    await office.settle()

    assert kept == ["a"]
    assert office.letterbox.tried == [("a", b"secret", NOON)]
    assert office.posts.kept == {}
    assert office.given_up == []


async def test_a_refused_message_is_tried_again_after_pauses_that_grow_to_an_hour(office: Office) -> None:
    office.letterbox.answers["a"] = [LATER] * 8

    await office.poster.send(office.post("a"))
    await office.settle()

    assert office.waited == [1, 4, 16, 64, 256, 1024, 3600, 3600]
    assert office.tried == ["a"] * 9
    assert office.posts.kept == {}


async def test_pauses_differ_a_little_and_a_receiver_may_ask_for_longer_ones(office: Office) -> None:
    office.jitter = 0.5
    office.letterbox.answers["a"] = [LATER, Delivery(Fate.LATER, "429", 60), Delivery(Fate.LATER, "429", 999_999)]

    await office.poster.send(office.post("a"))
    await office.settle()

    assert [round(seconds, 3) for seconds in office.waited] == [1.1, 66, 3960]


async def test_after_a_day_a_message_is_given_up_and_its_event_log_is_told(office: Office) -> None:
    office.letterbox.answers["a"] = [LATER] * 100

    await office.poster.send(office.post("a"))
    await office.settle()

    assert office.given_up == [("a", "the receiver answered 500")]
    assert timedelta(hours=24) <= office.clock() - NOON < timedelta(hours=25)
    assert office.posts.kept == {}


async def test_a_message_that_nobody_wants_is_given_up_at_once(office: Office) -> None:
    office.letterbox.answers["a"] = [Delivery(Fate.REFUSED, "the receiver answered 410")]

    await office.poster.send(office.post("a"))
    await office.poster.send(office.post("b", signer="key:gone"))
    await office.settle()

    assert sorted(office.given_up) == [("a", "the receiver answered 410"), ("b", "the key is no longer valid")]
    assert office.tried == ["a"]
    assert office.posts.kept == {}


async def test_messages_of_one_address_keep_their_order(office: Office) -> None:
    office.letterbox.answers["a"] = [LATER, LATER]
    for id in ("a", "b", "c"):
        await office.poster.send(office.post(id))
    waiting = office.poster.waiting()

    await office.settle()

    assert office.tried == ["a", "a", "a", "b", "c"]
    assert (waiting, office.poster.waiting()) == (3, 0)


async def test_a_message_that_is_on_its_way_already_is_not_sent_twice(office: Office) -> None:
    office.letterbox.answers["a"] = [LATER]
    await office.poster.send(office.post("a"))

    await office.poster.send(office.post("a"))
    await office.settle()

    assert office.tried == ["a", "a"]


async def test_a_stuck_receiver_holds_nobody_else_up(office: Office) -> None:
    office.letterbox.hangs.add("a")
    await office.poster.send(office.post("a"))
    await office.poster.send(office.post("b"))

    await office.poster.send(office.post("c", url="https://other.example/in"))
    await office.poster.send(office.post("d", signer="key:10009"))
    await office.settle()

    assert sorted(office.tried) == ["a", "c", "d"]
    assert sorted(office.posts.kept) == ["a", "b"]


async def test_a_restart_takes_up_what_has_not_arrived_when_it_is_due(office: Office) -> None:
    office.letterbox.answers["a"] = [LATER]
    office.letterbox.hangs.add("a")
    await office.poster.send(office.post("a"))
    await office.poster.send(office.post("b"))
    await office.settle()
    await office.poster.close()
    office.posts.kept["c"] = Post(
        id="c", url="http://c.example/", body="", made=NOON, due=NOON + timedelta(seconds=30), tries=2
    )
    again = Office(office.posts, office.clock)

    await again.poster.recall()
    await again.settle()

    assert sorted(again.tried) == ["a", "b", "c"]
    assert again.waited == [30]
    assert office.posts.kept == {}


async def test_only_so_many_messages_wait_for_an_address_and_none_is_longer_than_its_limit(office: Office) -> None:
    office.letterbox.hangs.add("0")
    for number in range(WAITING_PER_TARGET + 1):
        await office.poster.send(office.post(str(number)))

    await office.poster.send(office.post("long", url="http://b.example/", body="x" * (LIMIT_BYTES + 1)))

    assert [id for id, _ in office.given_up] == [str(WAITING_PER_TARGET), "long"]
    assert len(office.posts.kept) == WAITING_PER_TARGET


async def test_a_fault_of_the_hub_is_no_end_of_the_lane(office: Office) -> None:
    office.letterbox.answers["a"] = [ValueError("odd")]

    await office.poster.send(office.post("a"))
    await office.poster.send(office.post("b"))
    await office.settle()

    assert office.tried == ["a", "a", "b"]


async def test_a_disk_that_fails_lets_a_message_come_twice_and_not_be_lost(office: Office) -> None:
    remove = office.posts.remove
    faults = [HubFaultError("the disk is full")]

    async def failing(id: str) -> None:
        if faults:
            raise faults.pop()
        await remove(id)

    office.posts.remove = failing  # type: ignore[method-assign]  # a disk that is full once
    await office.poster.send(office.post("a"))
    await office.settle()

    assert office.tried == ["a", "a"]
    assert office.waited == [1]
    assert office.posts.kept == {}


async def test_a_message_waits_no_longer_than_the_longest_pause_for_a_clock_that_was_set_back(office: Office) -> None:
    post = office.post("a")
    office.clock.pass_s(-86_400 * 365)

    await office.poster.send(post)
    await office.settle()

    assert office.waited == [LONGEST_PAUSE_S * (1 + JITTER)]
    assert office.tried == ["a"]
