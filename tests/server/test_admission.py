"""The ledger of connections: who may come in, who has to go."""

from functools import partial

import pytest

from hardwire.server.admission import PROOF_S, Arrival, Connections, connections_limit, household

LAN = "192.0.2.1"
OTHER = "192.0.2.2"


class Visitors:
    """Arrivals that note when they are dropped, at a ledger with these bounds."""

    def __init__(self, limit: int = 100, *, per_address: int = 0, unproven: int = 4) -> None:
        self.ledger = Connections(limit, per_address=per_address, unproven=unproven)
        self.dropped: list[Arrival] = []

    def arrival(self, peer: str = LAN, *, is_private: bool = False) -> Arrival:
        """One that stands before the door."""
        arrival = Arrival(peer, lambda: self.dropped.append(arrival), is_private=is_private)
        return arrival

    def come(self, peer: str = LAN, now_s: float = 0.0, *, is_private: bool = False) -> Arrival:
        """One that is let in."""
        arrival = self.arrival(peer, is_private=is_private)
        assert self.ledger.refusal(arrival) == ""
        self.ledger.enter(arrival, now_s)
        return arrival


def test_what_has_come_and_gone_leaves_nothing_behind() -> None:
    visitors = Visitors()
    ledger = visitors.ledger
    arrivals = [visitors.come(peer) for peer in (LAN, LAN, OTHER)]
    ledger.prove(arrivals[0])
    counted = ledger.standing, ledger.unproven

    for arrival in (*arrivals, *arrivals):
        ledger.leave(arrival)

    assert counted == (3, 2)
    assert (ledger.standing, ledger.unproven) == (0, 0)
    assert ledger.expire(1000.0) is None
    assert (ledger._by_household, ledger._unproven, visitors.dropped) == ({}, {}, [])


def test_beyond_the_unproven_the_oldest_of_the_busiest_address_goes() -> None:
    visitors = Visitors(unproven=4)
    lone = visitors.come(OTHER)
    crowd = [visitors.come() for _ in range(3)]

    newest = visitors.come()

    assert visitors.dropped == [crowd[0]]
    assert (visitors.ledger.unproven, visitors.ledger.dropped) == (4, 1)
    assert {lone, newest}.isdisjoint(visitors.dropped)


def test_where_no_address_has_many_the_oldest_of_all_goes() -> None:
    visitors = Visitors(unproven=32)
    strangers = [visitors.come(f"192.0.2.{n}") for n in range(32)]

    for _ in range(3):
        visitors.come("198.51.100.1")

    assert visitors.dropped == strangers[:3]


def test_who_has_proven_itself_never_goes_for_another() -> None:
    visitors = Visitors(unproven=4)
    good = [visitors.come() for _ in range(4)]
    for arrival in good:
        visitors.ledger.prove(arrival)

    crowd = [visitors.come() for _ in range(10)]

    assert visitors.dropped == crowd[:6]


def test_a_socket_without_its_credential_counts_until_it_has_shown_it() -> None:
    visitors = Visitors(unproven=4)
    ledger = visitors.ledger
    known: set[Arrival] = set()
    sockets = [visitors.come() for _ in range(4)]
    for socket in sockets:
        ledger.prove(socket)
        ledger.await_credential(socket, lambda socket=socket: socket in known)  # type: ignore[misc]  # mypy and defaults
    known.update(sockets[:2])

    silent = [visitors.come() for _ in range(3)]

    assert visitors.dropped == [sockets[2]]
    assert ledger.unproven == 4
    assert ledger.expire(PROOF_S) is None
    assert visitors.dropped == [sockets[2], *silent]


def test_a_socket_that_was_doubted_twice_is_counted_once() -> None:
    visitors = Visitors()
    socket = visitors.come()

    for _ in range(2):
        visitors.ledger.await_credential(socket, lambda: False)

    assert visitors.ledger.unproven == 1


def test_a_socket_that_is_gone_is_not_waited_for() -> None:
    visitors = Visitors()
    socket = visitors.come()
    visitors.ledger.leave(socket)

    visitors.ledger.await_credential(socket, lambda: False)

    assert visitors.ledger.unproven == 0


def test_silence_ends_in_time_and_a_hello_begins_a_new_time() -> None:
    visitors = Visitors()
    ledger = visitors.ledger
    silent, greeted, proven = visitors.come(now_s=0.0), visitors.come(now_s=1.0), visitors.come(now_s=2.0)
    ledger.prove(proven)
    ledger.greet(greeted, 9.0)
    ledger.greet(proven, 9.0)

    due_s = [ledger.expire(now_s) for now_s in (9.9, 10.0, 19.0)]

    assert due_s == [10.0, 19.0, None]
    assert visitors.dropped == [silent, greeted]


def test_one_address_holds_so_many_and_this_machine_any_number() -> None:
    visitors = Visitors(per_address=2, unproven=100)
    for peer in (LAN, LAN, OTHER, "127.0.0.1", "127.0.0.1", "127.0.0.1", "::1", "::1", "::1"):
        visitors.come(peer)

    refused = visitors.ledger.refusal(visitors.arrival(LAN))

    assert refused == "this address holds too many connections"
    assert visitors.ledger.refused == 1
    assert visitors.ledger.refusal(visitors.arrival(OTHER)) == ""


def test_a_full_hub_refuses_and_gives_up_an_unproven_one_for_the_next() -> None:
    visitors = Visitors(2)
    proven, silent = visitors.come(), visitors.come()
    visitors.ledger.prove(proven)

    refused = visitors.ledger.refusal(visitors.arrival(OTHER))
    visitors.ledger.leave(silent)

    assert refused == "the hub holds too many connections"
    assert visitors.dropped == [silent]
    assert visitors.ledger.refusal(visitors.arrival(OTHER)) == ""


def test_a_hub_that_is_full_of_proven_ones_drops_none() -> None:
    visitors = Visitors(1)
    visitors.ledger.prove(visitors.come())

    assert visitors.ledger.refusal(visitors.arrival(OTHER)) != ""
    assert visitors.dropped == []


def test_a_full_hub_gives_up_no_socket_that_has_shown_its_credential() -> None:
    visitors = Visitors(limit=2)
    known, unknown = (visitors.come() for _ in range(2))
    for arrival, is_known in ((known, True), (unknown, False)):
        visitors.ledger.prove(arrival)
        visitors.ledger.await_credential(arrival, partial(bool, is_known))

    counted = visitors.ledger.unproven
    reasons = [visitors.ledger.refusal(visitors.arrival()) for _ in range(3)]

    assert counted == 1
    assert reasons == ["the hub holds too many connections"] * 3
    assert visitors.dropped == [unknown]


def test_a_full_hub_asks_whom_it_would_give_up_for_a_credential_first() -> None:
    visitors = Visitors(limit=1)
    arrival = visitors.come()
    visitors.ledger.prove(arrival)
    visitors.ledger.await_credential(arrival, lambda: True)

    reason = visitors.ledger.refusal(visitors.arrival())

    assert reason
    assert visitors.dropped == []


def test_the_owner_comes_in_whatever_stands_and_only_silence_ends_it() -> None:
    visitors = Visitors(1)
    visitors.come()
    owner = visitors.come("", is_private=True)
    visitors.ledger.await_credential(owner, lambda: False)

    standing = visitors.ledger.standing
    visitors.ledger.expire(PROOF_S)

    assert standing == 1
    assert owner in visitors.dropped


@pytest.mark.parametrize(
    ("wanted", "files", "limit"),
    [(0, 1024, 768), (0, 20_000, 18_976), (500, 20_000, 500), (50_000, 20_000, 18_976), (0, -1, 1 << 20), (7, -1, 7)],
)
def test_connections_leave_files_for_the_rest_of_the_hub(wanted: int, files: int, limit: int) -> None:
    assert connections_limit(wanted, files) == limit


@pytest.mark.parametrize(
    ("peer", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("2001:db8:0:1:ffff::2", "2001:db8:0:1::/64"),
        ("2001:db8:0:2::1", "2001:db8:0:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::1"),
        ("", ""),
    ],
)
def test_a_holder_of_many_ipv6_addresses_is_counted_as_one(peer: str, counted: str) -> None:
    assert household(peer) == counted
