"""Where a virtual board may connect to: nowhere, until its owner names it."""

from ipaddress import ip_address

import pytest

from hardwire.drivers.simulated.board.net.tcp_policy import TcpPolicy
from hardwire.model.errors import BadValueError

PUBLIC = "93.184.215.14"


@pytest.mark.parametrize(
    ("allowed", "host", "port", "may"),
    [
        ([], "example.com", 443, False),
        (["example.com:443"], "example.com", 443, True),
        (["example.com:443"], "EXAMPLE.com.", 443, True),
        (["Example.COM:443"], "example.com", 443, True),
        (["example.com:443"], "example.com", 80, False),
        (["example.com:443"], "www.example.com", 443, False),
        (["example.com:443"], "notexample.com", 443, False),
        (["example.com:*"], "example.com", 80, True),
        ([], "127.0.0.1", 80, False),
        ([], PUBLIC, 80, False),
        (["192.168.1.7:*"], "192.168.1.7", 22, True),
        (["192.168.1.0/24:80"], "192.168.1.7", 80, True),
        (["192.168.1.0/24:80"], "192.168.2.7", 80, False),
        (["[::1]:80"], "::1", 80, True),
        (["[2001:db8::]/32:80"], "2001:db8::7", 80, False),
        (["2001:db8::/32:80"], "2001:db8::7", 80, True),
        # The same address written otherwise is the same address.
        (["127.0.0.1:80"], "::ffff:127.0.0.1", 80, True),
        # What a resolver would take for 127.0.0.1 is a name that nobody named.
        (["127.0.0.1:80"], "127.1", 80, False),
        (["127.0.0.1:80"], "2130706433", 80, False),
    ],
)
def test_only_what_the_owner_named_is_looked_up(allowed: list[str], host: str, port: int, may: bool) -> None:
    try:
        policy = TcpPolicy(allowed)
    except BadValueError:
        assert not may
        return

    assert policy.may_look_up(host, port) is may


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.7",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "239.255.255.250",
        "255.255.255.255",
        "240.0.0.1",
        "192.0.2.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%1",
        "fd00::1",
        "ff02::1",
        "ff0e::1",
        "::ffff:127.0.0.1",
        "::ffff:192.168.1.7",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "2001:db8::1",
    ],
)
def test_a_name_leads_to_no_address_of_somebody_s_own_network(address: str) -> None:
    policy = TcpPolicy(["example.com:*"])

    assert not policy.may_connect("example.com", ip_address(address), 80)


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"])
def test_a_name_leads_to_public_addresses_at_its_ports(address: str) -> None:
    policy = TcpPolicy(["example.com:80"])

    assert policy.may_connect("example.com", ip_address(address), 80)
    assert not policy.may_connect("example.com", ip_address(address), 81)
    assert not policy.may_connect("other.example", ip_address(address), 80)


def test_an_address_that_is_named_may_be_private_whichever_name_leads_to_it() -> None:
    policy = TcpPolicy(["nas.example:80", "192.168.1.7:80"])

    assert policy.may_connect("nas.example", ip_address("192.168.1.7"), 80)
    assert not policy.may_connect("nas.example", ip_address("192.168.1.8"), 80)
    assert not policy.may_connect("nas.example", ip_address("192.168.1.7"), 81)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "example.com",
        ":80",
        "example.com:",
        "example.com:0",
        "example.com:65536",
        "example.com:http",
        "example.com:" + "9" * 5_000,
        "example.com:٣",
        "*:80",
        "*.example.com:80",
        "192.168.1.7/24:80",
        "[::1:80",
        "::1",
        "exämple.com:80",
        "https://example.com:443",
    ],
)
def test_what_names_no_host_and_port_is_refused(line: str) -> None:
    with pytest.raises(BadValueError, match="write it as") as refused:
        TcpPolicy([line])

    assert refused.value.path == "tcp_allow"
