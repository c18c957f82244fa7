"""What every bus must do, shown with two hubs on one bus."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

import hardwire.bus
from hardwire.bus.local import LocalBus
from hardwire.contracts.bus import Bus, Line
from hardwire.model.command import Command, Done, Failed, Identify, Reply
from hardwire.model.errors import DeviceError, HubFaultError
from hardwire.model.fact import Fact, Sample

BUSES: dict[str, Callable[[Callable[[], float]], Bus]] = {"LocalBus": LocalBus}
"""Every bus by its class, made with a clock."""

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


class StillClock:
    """Monotonic seconds that pass when told."""

    def __init__(self) -> None:
        self.s = 1000.0

    def __call__(self) -> float:
        return self.s


class PaperMember:
    """A hub that writes down how the bus calls it."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []
        self.on_take: Callable[[Fact], None] = lambda fact: None

    def take(self, fact: Fact) -> None:
        self.calls.append(("take", fact))
        self.on_take(fact)

    def hear(self, topic: str, message: str) -> None:
        self.calls.append(("hear", topic, message))

    def interest(self, device: str, topic: str, *, is_watched: bool) -> None:
        self.calls.append(("interest", device, topic, is_watched))

    async def carry_out(self, device: str, command: Command) -> Reply:
        self.calls.append(("carry_out", device, command))
        return Done()

    def taken(self) -> list[object]:
        """The facts it took, in order."""
        return [call[1] for call in self.calls if call[0] == "take"]


class TwoHubs:
    """Two members on one bus."""

    def __init__(self, make: Callable[[Callable[[], float]], Bus]) -> None:
        self.clock = StillClock()
        self.bus = make(self.clock)
        self.north, self.south = PaperMember(), PaperMember()
        self.north_line: Line = self.bus.join(self.north)
        self.south_line: Line = self.bus.join(self.south)


@pytest.fixture(params=sorted(BUSES))
def hubs(request: pytest.FixtureRequest) -> TwoHubs:
    return TwoHubs(BUSES[request.param])


def sample(device: str = "board", seconds: int = 0) -> Sample:
    return Sample(device, NOON + timedelta(seconds=seconds), {"power": seconds})


def test_every_bus_of_the_house_is_in_this_suite() -> None:
    names = [module.name for module in pkgutil.iter_modules(hardwire.bus.__path__, "hardwire.bus.")]

    found = {
        name
        for module in map(importlib.import_module, names)
        for name, member in inspect.getmembers(module, inspect.isclass)
        if name.endswith("Bus") and member.__module__ == module.__name__
    }

    assert found == set(BUSES)


# Facts


def test_the_serving_hub_takes_its_own_facts_though_nobody_watches(hubs: TwoHubs) -> None:
    hubs.south_line.serve("board")

    hubs.south_line.publish(sample())

    assert hubs.south.taken() == [sample()]
    assert hubs.north.taken() == []


def test_a_hub_with_a_watcher_takes_the_facts_of_another_hubs_device(hubs: TwoHubs) -> None:
    hubs.south_line.serve("board")
    hubs.north_line.want("board", "power")

    hubs.south_line.publish(sample())
    hubs.south_line.publish(sample("other"))

    assert hubs.north.taken() == [sample()]
    assert hubs.south.taken() == [sample(), sample("other")]


def test_a_fact_published_for_another_hubs_device_reaches_the_hub_that_serves_it(hubs: TwoHubs) -> None:
    hubs.south_line.serve("board")

    hubs.north_line.publish(sample())

    assert hubs.south.taken() == [sample()]
    assert hubs.north.taken() == [sample()]


def test_facts_of_a_device_come_in_the_order_of_publishing_though_one_is_published_while_another_is_taken(
    hubs: TwoHubs,
) -> None:
    hubs.north_line.serve("board")
    hubs.south_line.want("board", "power")

    def answer(fact: Fact) -> None:
        if fact.at == NOON:
            hubs.north_line.publish(sample(seconds=2))

    hubs.north.on_take = answer

    for second in (0, 1):
        hubs.north_line.publish(sample(seconds=second))

    in_order = [sample(seconds=0), sample(seconds=2), sample(seconds=1)]
    assert hubs.north.taken() == in_order
    assert hubs.south.taken() == in_order


# Interest


def test_interest_is_told_for_the_first_watcher_and_the_last_over_both_hubs(hubs: TwoHubs) -> None:
    hubs.south_line.serve("board")

    hubs.north_line.want("board", "pins")
    hubs.south_line.want("board", "pins")
    hubs.north_line.want("board", "pins")
    hubs.north_line.unwant("board", "pins")
    hubs.south_line.unwant("board", "pins")
    assert hubs.south.calls == [("interest", "board", "pins", True)]

    hubs.north_line.unwant("board", "pins")

    assert hubs.south.calls == [("interest", "board", "pins", True), ("interest", "board", "pins", False)]
    assert hubs.north.calls == []


def test_topics_and_devices_are_counted_apart(hubs: TwoHubs) -> None:
    hubs.south_line.serve("board")
    hubs.south_line.serve("meter")
    hubs.north_line.want("board", "pins")
    hubs.north_line.want("board", "screen")
    hubs.north_line.want("meter", "pins")

    hubs.north_line.unwant("board", "pins")

    assert hubs.south.calls[-1] == ("interest", "board", "pins", False)
    assert len(hubs.south.calls) == 4


def test_interest_in_a_device_that_is_not_served_is_told_when_it_is(hubs: TwoHubs) -> None:
    hubs.north_line.want("board", "pins")
    assert hubs.south.calls == []

    hubs.south_line.serve("board")
    hubs.south_line.serve("board")

    assert hubs.south.calls == [("interest", "board", "pins", True)]


def test_interest_follows_a_device_to_the_hub_that_serves_it_next(hubs: TwoHubs) -> None:
    hubs.north_line.want("board", "pins")
    hubs.south_line.serve("board")
    hubs.south_line.unserve("board")

    hubs.north_line.serve("board")
    hubs.north_line.unwant("board", "pins")

    assert hubs.north.calls == [("interest", "board", "pins", True), ("interest", "board", "pins", False)]
    assert hubs.south.calls == [("interest", "board", "pins", True)]


def test_giving_up_what_was_never_wanted_changes_nothing(hubs: TwoHubs) -> None:
    hubs.south_line.serve("board")
    hubs.north_line.want("board", "pins")

    hubs.south_line.unwant("board", "pins")
    hubs.north_line.unwant("board", "screen")
    hubs.north_line.unwant("other", "pins")

    assert hubs.south.calls == [("interest", "board", "pins", True)]


def test_a_device_is_served_by_one_hub_only(hubs: TwoHubs) -> None:
    hubs.south_line.serve("board")

    with pytest.raises(HubFaultError, match="'board'"):
        hubs.north_line.serve("board")
    hubs.north_line.unserve("board")
    hubs.north_line.want("board", "pins")

    assert hubs.south.calls == [("interest", "board", "pins", True)]


# Commands


async def test_a_command_is_carried_out_by_the_hub_that_serves_the_device(hubs: TwoHubs) -> None:
    hubs.south_line.serve("board")

    replies = [await line.execute("board", Identify()) for line in (hubs.north_line, hubs.south_line)]

    assert replies == [Done(), Done()]
    assert hubs.south.calls == [("carry_out", "board", Identify())] * 2
    assert hubs.north.calls == []


async def test_a_command_to_a_device_that_nobody_serves_fails_for_now(hubs: TwoHubs) -> None:
    hubs.south_line.serve("board")
    hubs.south_line.unserve("board")

    reply = await hubs.north_line.execute("board", Identify())

    assert isinstance(reply, Failed)
    assert isinstance(reply.error, DeviceError)
    assert "board" in reply.error.message


# Notices


def test_a_revocation_reaches_both_hubs(hubs: TwoHubs) -> None:
    hubs.north_line.notify("revoked", "key-1")

    assert hubs.north.calls == [("hear", "revoked", "key-1")]
    assert hubs.south.calls == [("hear", "revoked", "key-1")]


# Tickets


async def test_a_ticket_works_once_over_both_hubs(hubs: TwoHubs) -> None:
    await hubs.north_line.issue_ticket("t", b"grant", 10)

    first = await hubs.south_line.redeem_ticket("t")
    again = [await line.redeem_ticket("t") for line in (hubs.north_line, hubs.south_line)]

    assert first == b"grant"
    assert again == [None, None]


async def test_a_ticket_dies_when_its_life_is_over(hubs: TwoHubs) -> None:
    await hubs.north_line.issue_ticket("t", b"grant", 10)
    hubs.clock.s += 9.9
    assert await hubs.south_line.look_up_ticket("t") == b"grant"

    hubs.clock.s += 0.1

    assert await hubs.south_line.look_up_ticket("t") is None
    assert await hubs.south_line.redeem_ticket("t") is None


async def test_a_ticket_in_use_is_known_to_both_hubs_until_it_is_dropped(hubs: TwoHubs) -> None:
    await hubs.north_line.issue_ticket("t", b"grant", 10)
    await hubs.south_line.redeem_ticket("t")
    hubs.clock.s += 3600

    in_use = await hubs.north_line.look_up_ticket("t")
    await hubs.south_line.drop_ticket("t")

    assert in_use == b"grant"
    assert await hubs.north_line.look_up_ticket("t") is None


async def test_an_unknown_ticket_is_worth_nothing(hubs: TwoHubs) -> None:
    await hubs.north_line.drop_ticket("never")

    assert await hubs.north_line.redeem_ticket("never") is None
    assert await hubs.north_line.look_up_ticket("never") is None


# Nonces


async def test_a_use_of_a_nonce_counts_once_over_both_hubs(hubs: TwoHubs) -> None:
    counted = [await line.count_nonce("n", 1, 300) for line in (hubs.north_line, hubs.south_line)]

    assert counted == [True, False]
    assert await hubs.south_line.count_nonce("other", 1, 300)


async def test_uses_of_a_nonce_may_arrive_out_of_order_within_64(hubs: TwoHubs) -> None:
    counts = [9, 6, 73, 10, 9, 6, 73, 72, 1]

    counted = [await hubs.north_line.count_nonce("n", count, 300) for count in counts]

    # 73 leaves a window of 10..73: 9 has been seen and is outside as well, 1 was never seen and is too old.
    assert counted == [True, True, True, True, False, False, False, True, False]


async def test_a_use_far_ahead_leaves_none_behind_it_open(hubs: TwoHubs) -> None:
    counts = [1, 0xFFFFFFFF, 1, 2, 0xFFFFFFFF, 0xFFFFFFFE]

    counted = [await hubs.north_line.count_nonce("n", count, 300) for count in counts]

    assert counted == [True, True, False, False, False, True]


async def test_a_count_starts_at_one(hubs: TwoHubs) -> None:
    assert not await hubs.north_line.count_nonce("n", 0, 300)
    assert not await hubs.north_line.count_nonce("n", -1, 300)


async def test_a_nonce_is_forgotten_with_its_life(hubs: TwoHubs) -> None:
    await hubs.north_line.count_nonce("n", 1, 300)
    hubs.clock.s += 300

    assert await hubs.north_line.count_nonce("n", 1, 300)


# Leaving


async def test_a_hub_that_leaves_takes_its_wants_services_and_tickets_along(hubs: TwoHubs) -> None:
    hubs.south_line.serve("board")
    hubs.north_line.serve("meter")
    hubs.north_line.want("board", "pins")
    hubs.north_line.want("board", "pins")
    hubs.north_line.want("meter", "power")
    await hubs.south_line.issue_ticket("t", b"grant", 10)
    await hubs.north_line.redeem_ticket("t")
    hubs.north.calls.clear()

    hubs.north_line.leave()
    hubs.north_line.leave()

    assert hubs.south.calls == [("interest", "board", "pins", True), ("interest", "board", "pins", False)]
    assert isinstance(await hubs.south_line.execute("meter", Identify()), Failed)
    assert await hubs.south_line.look_up_ticket("t") is None
    assert hubs.north.calls == []


async def test_a_hub_that_left_is_called_no_more_and_calls_without_effect(hubs: TwoHubs) -> None:
    hubs.south_line.serve("board")
    hubs.north_line.want("board", "pins")
    hubs.north_line.leave()
    hubs.south.calls.clear()

    hubs.south_line.publish(sample())
    hubs.south_line.notify("revoked", "key-1")
    hubs.north_line.publish(sample(seconds=1))
    hubs.north_line.notify("revoked", "key-2")
    hubs.north_line.serve("meter")
    hubs.north_line.want("board", "pins")
    hubs.north_line.unwant("board", "pins")

    assert hubs.north.taken() == []
    assert hubs.south.calls == [("take", sample()), ("hear", "revoked", "key-1")]
    assert isinstance(await hubs.north_line.execute("board", Identify()), Failed)


def test_a_hub_that_leaves_while_a_fact_is_spread_does_not_get_it(hubs: TwoHubs) -> None:
    hubs.north_line.serve("board")
    hubs.south_line.want("board", "pins")
    hubs.north.on_take = lambda fact: hubs.south_line.leave()

    hubs.north_line.publish(sample())

    assert hubs.south.taken() == []
