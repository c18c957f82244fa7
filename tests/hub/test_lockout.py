"""Wrong credentials are counted by address and by user; a lock begins, grows and is forgotten by the clock."""

from datetime import datetime, timedelta
from ipaddress import ip_address

import pytest

from hardwire.hub.lockout import LINES_AT_ONCE, REMEMBERED, TRIES, Locked, Lockout, neighbour
from tests.fakes.still_clock import NOON

STRANGER = ip_address("192.0.2.7")
OTHER = ip_address("192.0.2.8")


class Door:
    """A lock-out with a clock, and what it has told."""

    def __init__(self) -> None:
        self.told: list[Locked] = []
        self.lockout = Lockout(self.told.append)
        self.now = NOON

    def strike(self, times: int = 1, address: str = "192.0.2.7", user: str = "") -> list[float]:
        """Show so many wrong credentials; returns for how long each is told to wait. Unit: s."""
        return [self.lockout.strike(ip_address(address), user, self.now) for _ in range(times)]

    def lock(self) -> float:
        """Strike until it locks; returns for how long."""
        return self.strike(TRIES + 1)[-1]

    def after(self, seconds: float) -> datetime:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)
        return self.now


def test_the_first_ten_of_a_minute_are_free_and_the_next_one_locks_for_half_a_minute() -> None:
    door = Door()

    waits = door.strike(TRIES + 1)

    assert waits == [0.0] * TRIES + [30.0]
    assert door.told == [
        Locked(who="192.0.2.7", is_user=False, peer="192.0.2.7", at=NOON, length=timedelta(seconds=30), untold=0),
    ]


def test_what_comes_while_it_is_locked_lengthens_nothing_and_is_told_nobody() -> None:
    door = Door()
    door.lock()
    door.after(10)

    waits = door.strike(1000)

    assert set(waits) == {20.0}
    assert len(door.told) == 1
    assert (door.lockout.begun, door.lockout.strikes) == (1, TRIES + 1 + 1000)


def test_each_lock_is_twice_as_long_as_the_one_before_up_to_a_quarter_of_an_hour() -> None:
    door = Door()
    lengths = []

    for _ in range(7):
        lengths.append(door.lock())
        door.after(lengths[-1])

    assert lengths == [30, 60, 120, 240, 480, 900, 900]


def test_an_hour_of_peace_is_forgiven() -> None:
    door = Door()
    door.lock()
    door.after(3601)

    assert door.lock() == 30.0


def test_less_than_an_hour_is_not() -> None:
    door = Door()
    door.lock()
    door.after(3599)

    assert door.lock() == 60.0


def test_ten_wrong_ones_a_minute_are_never_locked() -> None:
    door = Door()

    for _ in range(30):
        waits = door.strike(TRIES)
        assert set(waits) == {0.0}
        door.after(60)


def test_another_address_is_not_locked_with_it() -> None:
    door = Door()
    door.lock()

    assert door.strike(address="192.0.2.8") == [0.0]


def test_a_user_is_locked_from_however_many_addresses_it_is_tried() -> None:
    door = Door()

    waits = [door.strike(address=f"192.0.2.{number}", user="ezeio:10001")[0] for number in range(TRIES + 1)]

    assert waits == [0.0] * TRIES + [30.0]
    assert [(one.who, one.is_user) for one in door.told] == [("ezeio:10001", True)]
    assert door.strike(address="198.51.100.1", user="ezeio:10002") == [0.0]


def test_the_owners_own_socket_has_no_address_to_lock() -> None:
    lockout = Lockout(lambda locked: None)

    assert {lockout.strike(None, "", NOON) for _ in range(100)} == {0.0}


def test_a_clock_that_is_set_back_locks_nobody_for_longer() -> None:
    door = Door()
    door.lock()
    door.after(-86_400)

    assert door.strike() == [0.0]


def test_a_neighbour_of_ipv6_is_a_whole_line_and_an_embedded_ipv4_address_is_itself() -> None:
    assert neighbour(ip_address("2001:db8:1:2:3:4:5:6")) == "2001:db8:1:2::/64"
    assert neighbour(ip_address("2001:db8:1:2::1")) == neighbour(ip_address("2001:db8:1:2:ffff::1"))
    assert neighbour(ip_address("2001:db8:1:3::1")) != neighbour(ip_address("2001:db8:1:2::1"))
    assert neighbour(ip_address("::ffff:192.0.2.7")) == neighbour(STRANGER)


def test_very_many_addresses_fill_no_memory_and_push_out_who_was_quiet_the_longest() -> None:
    door = Door()
    door.strike(TRIES)
    first = int(ip_address("10.0.0.0"))
    for number in range(REMEMBERED - 1):
        door.strike(address=str(ip_address(first + number)))

    still_known = door.strike()
    for number in range(REMEMBERED):
        door.strike(address=str(ip_address(first + number)))

    assert still_known == [30.0]
    assert door.strike() == [0.0]


def test_very_many_lock_outs_are_not_all_told_and_the_next_one_says_how_many_were_not() -> None:
    door = Door()
    for number in range(LINES_AT_ONCE + 5):
        door.strike(TRIES + 1, address=f"10.0.0.{number}")
    at_first = len(door.told)
    door.after(60)

    door.strike(TRIES + 1, address="10.0.1.1")

    assert at_first == LINES_AT_ONCE
    assert [one.untold for one in door.told[-2:]] == [0, 5]


@pytest.mark.parametrize("user", ["x" * 100_000, "ezeio:\x00\n"])
def test_a_name_of_any_length_is_counted_by_its_beginning(user: str) -> None:
    door = Door()

    door.strike(TRIES + 1, user=user)

    assert max(len(one.who) for one in door.told) <= 100
