"""At which addresses the hub is reached."""

from collections.abc import Sequence
from ipaddress import ip_address

import pytest

from hardwire.server.network.interfaces import interfaces
from hardwire.server.network.reach import READ_AGAIN_S, Reach
from hardwire.server.network.stand import Interface, Stand

MACHINE = (
    ("lo", "127.0.0.1"),
    ("lo", "::1"),
    ("eth0", "192.168.1.50"),
    ("eth0", "169.254.7.7"),
    ("eth0", "fd00::50"),
    ("eth0", "fe80::50"),
    ("wlan0", "192.168.1.51"),
    ("docker0", "172.17.0.1"),
    ("br-5c2faf", "172.18.0.1"),
)


class Machine:
    """A machine whose addresses and listeners a test chooses."""

    def __init__(self, *hosts: str, addresses: Sequence[tuple[str, str]] = MACHINE) -> None:
        self.addresses = addresses
        self.readings = 0
        self.is_mute = False
        self.now_s = 100.0
        self.stands = [Stand(host=host, port=80) for host in hosts]
        self.reach = Reach(lambda: self.stands, self._read, lambda: self.now_s)

    def _read(self) -> Sequence[Interface]:
        self.readings += 1
        if self.is_mute:
            raise OSError(12, "no memory")
        return [Interface(name, ip_address(address)) for name, address in self.addresses]

    def announced(self) -> list[str]:
        return [str(address) for address in self.reach.announced(self.stands[0])]

    def certified(self) -> list[str]:
        return [str(address) for address in self.reach.certified()]


@pytest.mark.parametrize("host", ["127.0.0.1", "192.168.1.50", "::1", "fd00::50"])
def test_a_listener_on_one_address_is_reached_there_and_the_machine_is_not_asked(host: str) -> None:
    machine = Machine(host)

    assert machine.announced() == [host]
    assert machine.certified() == [host]
    assert machine.readings == 0


def test_a_listener_on_every_ipv4_address_is_announced_with_those_of_the_network() -> None:
    assert Machine("0.0.0.0").announced() == ["192.168.1.50", "192.168.1.51"]


def test_a_listener_on_every_address_takes_ipv6_as_well() -> None:
    assert Machine("::").announced() == ["192.168.1.50", "fd00::50", "192.168.1.51"]


def test_a_link_local_address_counts_where_there_is_no_other() -> None:
    machine = Machine("0.0.0.0", addresses=(("lo", "127.0.0.1"), ("eth0", "169.254.7.7")))

    assert machine.announced() == ["169.254.7.7"]


def test_a_listener_on_a_link_local_ipv6_address_is_announced_by_none() -> None:
    assert Machine("fe80::50").announced() == []


def test_a_machine_without_a_network_is_announced_by_none() -> None:
    assert Machine("0.0.0.0", addresses=(("lo", "127.0.0.1"),)).announced() == []


def test_certificates_have_every_address_that_a_client_may_call_once() -> None:
    machine = Machine("0.0.0.0", "192.168.1.50", "::1")

    assert machine.certified() == [
        *("127.0.0.1", "192.168.1.50", "169.254.7.7", "192.168.1.51", "172.17.0.1", "172.18.0.1"),
        "::1",
    ]


def test_an_address_that_comes_later_is_noticed() -> None:
    machine = Machine("0.0.0.0", addresses=(("lo", "127.0.0.1"),))
    before = machine.announced()
    machine.addresses = MACHINE
    machine.now_s += READ_AGAIN_S - 1
    meanwhile = machine.announced()
    machine.now_s += 1

    assert (before, meanwhile) == ([], [])
    assert machine.announced() == ["192.168.1.50", "192.168.1.51"]
    assert machine.readings == 2


def test_a_machine_that_cannot_say_keeps_the_addresses_that_it_told_last() -> None:
    machine = Machine("0.0.0.0")
    before = machine.announced()
    machine.is_mute = True
    machine.now_s += READ_AGAIN_S

    assert machine.announced() == before != []
    assert machine.readings == 2


@pytest.mark.parametrize(
    ("hosts", "expected"),
    [(("127.0.0.1", "::1"), False), (("127.0.0.1", "192.168.1.50"), True), (("0.0.0.0",), True), ((), False)],
)
def test_a_hub_is_beyond_loopback_with_one_listener_that_is(hosts: tuple[str, ...], *, expected: bool) -> None:
    assert Machine(*hosts).reach.is_beyond_loopback() is expected


def test_this_machine_tells_its_loopback_address() -> None:
    assert ip_address("127.0.0.1") in [one.address for one in interfaces()]
