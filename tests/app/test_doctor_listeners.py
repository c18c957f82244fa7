"""What the doctor says of listeners: whose a port is, whether the hub may have it, what to do."""

from collections.abc import Sequence
from ipaddress import ip_address

import pytest

from hardwire.app.config import Config, HubTable
from hardwire.app.doctor import listeners
from hardwire.app.doctor.addresses import Addresses
from hardwire.app.doctor.finding import Finding, Grade
from hardwire.app.doctor.holders import Holder
from hardwire.app.doctor.hub import Hub, State
from hardwire.app.doctor.listeners import Ports, Wanted
from hardwire.app.doctor.rights import Rights
from hardwire.app.doctor.sockets import Bound
from hardwire.app.entries import device_entry

HOME = Addresses(frozenset({ip_address("192.168.1.7"), ip_address("fe80::1")}), ip_address("192.168.1.7"), "wlan0")
ANYBODY = Rights("ann", has_capability=False)
NGINX = Holder(812, "nginx", unit="nginx.service")
NO_HUB = Hub(State.ABSENT)
THIS_HUB = Hub(State.RUNS, pid=99, uid=1000)


def socket_at(address: str, port: int, *, inode: int = 1, uid: int = 0, transport: str = "tcp") -> Bound:
    """A socket that waits for clients."""
    return Bound(transport, ip_address(address), port, uid, inode)


def judged(
    *wanted: Wanted,
    bound: Sequence[Bound] | None = (),
    named: dict[int, Holder] | None = None,
    may: Rights = ANYBODY,
    hub: Hub = NO_HUB,
    here: Addresses = HOME,
) -> list[Finding]:
    """What is found of listeners on a paper machine."""
    ports = Ports(bound=bound, holders=named or {}, addresses=here, rights=may, hub=hub)
    return list(listeners.check(wanted, ports))


def test_every_listener_of_the_configuration_is_looked_at() -> None:
    face = {"serial": "5c2faf0a0b0c", "http": "192.168.1.50:80", "https": "192.168.1.50:443"}
    grid = device_entry("grid", {"driver": "simulated", "kind": "meter", "homewizard": face}, "UTC")

    wanted = listeners.wanted(Config(hub=HubTable(host="::", tls_port=0)), [grid])

    assert [(one.setting, str(one)) for one in wanted] == [
        ("hub.port", "[::]:8080"),
        ("devices.grid.homewizard.http", "192.168.1.50:80"),
        ("devices.grid.homewizard.https", "192.168.1.50:443"),
    ]


def test_a_free_port_is_good() -> None:
    (found,) = judged(Wanted("hub.port", "0.0.0.0", 8080), bound=[socket_at("0.0.0.0", 80)])

    assert found == Finding(Grade.GOOD, "hub.port", "0.0.0.0:8080 is free")


def test_a_port_that_a_service_holds_is_told_with_the_service_and_three_ways_out() -> None:
    (found,) = judged(Wanted("hub.port", "0.0.0.0", 80), bound=[socket_at("0.0.0.0", 80, inode=7)], named={7: NGINX})

    assert found.grade is Grade.WRONG
    assert "held by nginx (process 812, unit nginx.service)" in found.text
    assert "`sudo systemctl disable --now nginx`" in found.text
    assert "let it listen on one address instead of 0.0.0.0" in found.text
    assert "`sudo ip addr add 192.168.1.50/24 dev wlan0`" in found.text
    assert "choose another port" in found.text


def test_an_address_of_its_own_that_is_proposed_is_not_one_that_the_machine_has() -> None:
    here = Addresses(frozenset(map(ip_address, ("192.168.1.50", "192.168.1.51"))), ip_address("192.168.1.50"))

    (found,) = judged(Wanted("hub.port", "0.0.0.0", 80), bound=[socket_at("::", 80)], here=here)

    assert "ip addr add 192.168.1.52/24 dev eth0" in found.text


def test_a_machine_without_a_network_gets_an_example() -> None:
    (found, _) = judged(Wanted("hub.port", "127.0.0.1", 80), bound=[socket_at("::", 80)], here=Addresses(frozenset()))

    assert "ip addr add 192.168.1.50/24" in found.text


@pytest.mark.parametrize(
    ("holder", "advice"),
    [
        (Holder(5, "lighttpd"), "systemctl disable --now lighttpd"),
        (Holder(5, "app.py"), "`kill 5`"),
        (Holder(5, "docker-proxy", unit="docker.service"), "another port of that container"),
        (Holder(5, "homeassistant", container="0123456789ab"), "another port of that container"),
    ],
)
def test_who_holds_a_port_decides_how_to_stop_it(holder: Holder, advice: str) -> None:
    (found,) = judged(
        Wanted("hub.port", "192.168.1.7", 8080), bound=[socket_at("192.168.1.7", 8080)], named={1: holder}
    )

    assert advice in found.text
    assert "let it listen on one address" not in found.text


def test_a_holder_that_this_user_may_not_see_is_named_by_a_command() -> None:
    (found,) = judged(Wanted("hub.port", "0.0.0.0", 80), bound=[socket_at("0.0.0.0", 80)])

    assert found.grade is Grade.WRONG
    assert "`sudo ss -ltnp 'sport = :80'`" in found.text


def test_what_this_hub_holds_is_good_and_shown() -> None:
    found = judged(
        Wanted("hub.port", "0.0.0.0", 8080),
        bound=[socket_at("0.0.0.0", 8080, inode=7), socket_at("::1", 80, inode=8)],
        named={7: Holder(99, "hardwire"), 8: Holder(99, "hardwire")},
        hub=THIS_HUB,
    )

    assert [one.text for one in found] == ["it listens on [::1]:80, 0.0.0.0:8080", "0.0.0.0:8080 is this hub's"]


def test_a_hub_that_hides_its_files_is_known_by_its_user() -> None:
    (own,) = judged(Wanted("hub.port", "0.0.0.0", 80), bound=[socket_at("0.0.0.0", 80, uid=1000)], hub=THIS_HUB)
    (foreign,) = judged(Wanted("hub.port", "0.0.0.0", 80), bound=[socket_at("0.0.0.0", 80, uid=33)], hub=THIS_HUB)

    assert own.grade is Grade.GOOD
    assert foreign.grade is Grade.WRONG


def test_what_a_hub_that_hangs_holds_is_still_its_own() -> None:
    *_, found = judged(
        Wanted("hub.port", "0.0.0.0", 80),
        bound=[socket_at("0.0.0.0", 80)],
        named={1: Holder(99, "hardwire")},
        hub=Hub(State.SILENT, pid=99),
    )

    assert found.text == "0.0.0.0:80 is this hub's"


def test_a_listener_that_the_running_hub_does_not_have_is_a_hint() -> None:
    (found,) = judged(Wanted("hub.port", "0.0.0.0", 8080), hub=THIS_HUB)

    assert found.grade is Grade.HINT
    assert "restart it" in found.text


def test_an_address_that_is_not_here_is_told_with_those_that_are() -> None:
    (found,) = judged(Wanted("devices.grid.homewizard.http", "192.168.1.50", 80))
    (six,) = judged(Wanted("devices.grid.homewizard.http", "fd00::50", 80), here=Addresses(frozenset()))

    assert found.grade is six.grade is Grade.WRONG
    assert "it has 192.168.1.7)" in found.text
    assert "`sudo ip addr add 192.168.1.50/24 dev wlan0`" in found.text
    assert "it has none but loopback" in six.text
    assert "fd00::50/64" in six.text


def test_a_low_port_needs_a_right_and_the_sentence_says_which() -> None:
    (found,) = judged(Wanted("hub.port", "0.0.0.0", 80))

    assert found.grade is Grade.WRONG
    assert "ann may not listen below port 1024" in found.text
    assert "AmbientCapabilities=CAP_NET_BIND_SERVICE" in found.text
    assert "net.ipv4.ip_unprivileged_port_start=80" in found.text


def test_the_setting_for_low_ports_covers_the_lowest_of_them() -> None:
    found = judged(Wanted("hub.port", "0.0.0.0", 443), Wanted("hub.tls_port", "0.0.0.0", 80))

    assert all("net.ipv4.ip_unprivileged_port_start=80" in one.text for one in found)


def test_a_low_port_is_good_for_root_and_for_the_service() -> None:
    (root,) = judged(Wanted("hub.port", "0.0.0.0", 80), may=Rights("root", has_capability=True))
    (service,) = judged(Wanted("hub.port", "0.0.0.0", 80), may=Rights("ann", has_capability=False, has_unit=True))

    assert root.grade is service.grade is Grade.GOOD
    assert "hardwire.service" in service.text


def test_two_listeners_of_one_configuration_that_clash_are_told() -> None:
    found = judged(Wanted("hub.port", "0.0.0.0", 8080), Wanted("devices.grid.homewizard.http", "192.168.1.7", 8080))

    assert [one.grade for one in found] == [Grade.WRONG, Grade.GOOD, Grade.GOOD]
    assert found[0].about == "devices.grid.homewizard.http"
    assert "192.168.1.7:8080 cannot stand beside hub.port = 0.0.0.0:8080" in found[0].text


def test_a_name_is_not_asked_of_the_network() -> None:
    (found,) = judged(Wanted("hub.port", "hub.example", 80))

    assert found.grade is Grade.HINT
    assert "hub.example is a name" in found.text


def test_a_system_that_lists_no_sockets_is_told_so() -> None:
    (found,) = judged(Wanted("hub.port", "0.0.0.0", 8080), bound=None, hub=THIS_HUB)

    assert found.grade is Grade.GOOD
    assert "does not tell whether it is free" in found.text


def test_a_hub_on_loopback_alone_is_told_how_to_let_others_in() -> None:
    *_, found = judged(Wanted("hub.port", "127.0.0.1", 8080), Wanted("hub.tls_port", "::1", 8443))
    *_, lost = judged(Wanted("hub.port", "localhost", 8080), here=Addresses(frozenset()))

    assert found.grade is Grade.HINT
    assert '"192.168.1.7"' in found.text
    assert "its address on your network" in lost.text


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ({5: Holder(3, "avahi-daemon")}, "avahi-daemon answers mDNS here"),
        ({5: Holder(99, "hardwire")}, "is answered here"),
        ({}, "is answered here"),
    ],
)
def test_who_answers_mdns_is_told_and_is_fine(named: dict[int, Holder], words: str) -> None:
    bound = [socket_at("0.0.0.0", 5353, inode=5, transport="udp"), socket_at("0.0.0.0", 53, transport="udp")]
    ports = Ports(bound=bound, holders=named, addresses=HOME, rights=ANYBODY, hub=THIS_HUB)

    (found,) = listeners.discovery(ports)

    assert found.grade is Grade.GOOD
    assert words in found.text
    assert list(listeners.discovery(Ports(bound=[], holders={}, addresses=HOME, rights=ANYBODY, hub=NO_HUB))) == []
