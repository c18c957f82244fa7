"""Two hubs on one bus: what one has challenged the other believes, once."""

import os
import re
from hashlib import md5

from hardwire.bus.local import LocalBus
from hardwire.contracts.act import Ask, Respond
from hardwire.contracts.request import Request
from hardwire.dialects.ezeio.access.keys import kept
from hardwire.dialects.ezeio.dialect import Ezeio
from hardwire.dialects.ezeio.part import make
from hardwire.hub.desk import Desk
from hardwire.hub.hub import Hub
from hardwire.model.access import Credential
from hardwire.server.sockets.frames import frame_of
from tests.fakes.paper_store import PaperStore
from tests.fakes.still_clock import StillClock

TARGET = "/v1/nothing"


def hexed(text: str) -> str:
    return md5(text.encode()).hexdigest()


class Member:
    """A hub of the bus with its ezeio dialect; all know one key."""

    def __init__(self, bus: LocalBus, clock: StillClock) -> None:
        self.clock = clock
        self.hub = Hub(bus, PaperStore(), clock, frame_of)
        self.desk = Desk(self.hub)
        self.dialect: Ezeio = make(self.hub.house, os.urandom, None)
        self.hub.access.add(Credential(id="10001", kind="ezeio", secret_hash=kept("hardwire", "10001", "secret")))

    def nonce(self) -> str:
        """Call without a key; return the nonce of the challenge."""
        answer = list(self.dialect.answer(Request(method="GET", target=TARGET, path=TARGET)).open(self.clock()))[-1]
        assert isinstance(answer, Respond)
        found = re.search('nonce="([^"]+)"', answer.challenges[0])
        assert found is not None
        return found[1]

    async def status(self, nonce: str, count: int) -> tuple[int, bool]:
        """Call with the key; return the answer's status, and whether it says that the nonce is stale."""
        nc = f"{count:08x}"
        first = hexed("10001:hardwire:secret")
        response = hexed(f"{first}:{nonce}:{nc}:c:auth:{hexed(f'GET:{TARGET}')}")
        header = (
            f'Digest username="10001", nonce="{nonce}", uri="{TARGET}", qop=auth, nc={nc}, cnonce="c", '
            f'response="{response}"'
        )
        request = Request(method="GET", target=TARGET, path=TARGET, headers={"authorization": header})
        session = self.dialect.answer(request)
        last = list(session.open(self.clock()))[-1]
        if isinstance(last, Ask):
            last = list(session.reply(last.tag, await self.desk.answer(last.question), self.clock()))[-1]
        assert isinstance(last, Respond)
        return last.status, any("stale=true" in challenge for challenge in last.challenges)


async def test_a_nonce_of_one_hub_is_good_at_the_other_and_each_count_once_over_both() -> None:
    clock = StillClock()
    bus = LocalBus(clock.monotonic)
    one, other = Member(bus, clock), Member(bus, clock)
    nonce = one.nonce()

    answers = [await other.status(nonce, 1), await one.status(nonce, 2), await one.status(nonce, 1)]

    assert answers == [(404, False), (404, False), (401, True)]


async def test_counts_may_arrive_out_of_order_as_far_as_the_window_is_wide() -> None:
    clock = StillClock()
    member = Member(LocalBus(clock.monotonic), clock)
    nonce = member.nonce()

    answers = [(await member.status(nonce, count))[0] for count in (100, 37, 36, 99, 99)]

    assert answers == [404, 404, 401, 404, 401]


async def test_after_a_restart_of_the_bus_every_nonce_is_stale_and_a_new_one_is_good() -> None:
    clock = StillClock()
    before = Member(LocalBus(clock.monotonic), clock).nonce()
    member = Member(LocalBus(clock.monotonic), clock)

    old, new = await member.status(before, 1), await member.status(member.nonce(), 1)

    assert (old, new) == ((401, True), (404, False))


async def test_a_nonce_lives_five_minutes_at_every_hub() -> None:
    clock = StillClock()
    bus = LocalBus(clock.monotonic)
    nonce = Member(bus, clock).nonce()
    other = Member(bus, clock)
    clock.pass_s(299)

    young = await other.status(nonce, 1)
    clock.pass_s(1)
    old = await other.status(nonce, 2)

    assert (young, old) == ((404, False), (401, True))
