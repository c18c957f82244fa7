"""How much the tickets and nonces of a local bus may grow, against callers who never stop asking."""

from hardwire.bus.nonces import Nonces
from hardwire.bus.tickets import Tickets


class StillClock:
    """Monotonic seconds that pass when told."""

    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        return self.s


def test_expired_tickets_make_room_before_living_ones_go() -> None:
    clock = StillClock()
    tickets = Tickets(clock, limit=2)
    tickets.issue("old", b"1", 10)
    clock.s = 5
    tickets.issue("living", b"2", 10)
    clock.s = 10

    tickets.issue("new", b"3", 10)

    assert len(tickets) == 2
    assert tickets.look_up("living") == b"2"


def test_the_ticket_that_waited_longest_goes_when_there_are_too_many() -> None:
    tickets = Tickets(StillClock(), limit=2)
    tickets.issue("used", b"1", 10)
    tickets.redeem("used", "hub")
    tickets.issue("waiting", b"2", 10)

    tickets.issue("new", b"3", 10)

    assert tickets.look_up("waiting") is None
    assert [tickets.look_up(ticket) for ticket in ("used", "new")] == [b"1", b"3"]


def test_the_oldest_ticket_in_use_goes_when_all_are_in_use() -> None:
    tickets = Tickets(StillClock(), limit=2)
    for ticket in ("first", "second"):
        tickets.issue(ticket, b"1", 10)
        tickets.redeem(ticket, "hub")

    tickets.issue("new", b"3", 10)

    assert len(tickets) == 2
    assert tickets.look_up("first") is None


def test_a_ticket_hidden_behind_a_longer_lived_one_is_refused_at_its_own_end() -> None:
    clock = StillClock()
    tickets = Tickets(clock)
    tickets.issue("long", b"1", 100)
    tickets.issue("short", b"2", 10)
    clock.s = 10

    tickets.issue("new", b"3", 10)

    assert tickets.redeem("short", "hub") is None
    assert tickets.redeem("long", "hub") == b"1"


def test_only_the_tickets_of_the_hub_that_leaves_are_dropped() -> None:
    tickets = Tickets(StillClock())
    for ticket, hub in (("a", "north"), ("b", "south")):
        tickets.issue(ticket, ticket.encode(), 10)
        tickets.redeem(ticket, hub)

    tickets.drop_held_by("north")

    assert [tickets.look_up(ticket) for ticket in ("a", "b")] == [None, b"b"]


def test_a_new_nonce_is_refused_rather_than_a_living_one_forgotten() -> None:
    clock = StillClock()
    nonces = Nonces(clock, limit=2)
    nonces.count("a", 1, 300)
    nonces.count("b", 1, 300)

    refused = nonces.count("c", 1, 300)
    clock.s = 300

    assert not refused
    assert nonces.count("c", 1, 300)
    assert len(nonces) == 1


def test_a_nonce_hidden_behind_a_longer_lived_one_is_forgotten_at_its_own_end() -> None:
    clock = StillClock()
    nonces = Nonces(clock, limit=2)
    nonces.count("long", 1, 300)
    nonces.count("short", 1, 10)
    clock.s = 10

    assert nonces.count("short", 1, 10)
    assert not nonces.count("long", 1, 300)
