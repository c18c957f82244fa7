"""Certificates by SNI, with real handshakes on both event loops."""

import asyncio
import ssl
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address
from typing import Any

import pytest
import uvloop
from cryptography import x509
from cryptography.x509.oid import NameOID

from hardwire.server.tls.authority import Authority
from hardwire.server.tls.certificates import SHELF_LIMIT, Certificates, sni_of

METER = "appliance/p1dongle/5c2fafaabbcc"
SOCKET = "appliance/energysocket/5c2faf112233"
# Handshakes are checked against the machine's own clock.
START = datetime.now(UTC)


class StillClock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


class House:
    """What the hub would answer, in lists that a test may change."""

    def __init__(self) -> None:
        self.clock = StillClock()
        self.names = {METER, SOCKET}
        self.default: str | None = METER
        self.hosts = ["hub.local"]
        self.addresses: list[IPv4Address | IPv6Address] = [IPv4Address("192.168.1.50")]
        self.authority = Authority.create(START)
        self.certificates = Certificates(
            self.authority,
            now=self.clock,
            names=lambda name: name in self.names,
            default=lambda: self.default,
            hosts=lambda: self.hosts,
            addresses=lambda: self.addresses,
        )


def handshake(server: ssl.SSLContext, client: ssl.SSLContext, name: str | None) -> x509.Certificate:
    """Join two contexts without a socket and return the leaf that the client was shown."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    left = client.wrap_bio(to_client, to_server, server_hostname=name)
    right = server.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(4):
        for side in (left, right):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLError:
                # The server's own error; what matters is the alert that the client reads in the next round.
                if side is left:
                    raise
    shown = left.getpeercert(binary_form=True)
    assert shown is not None
    return x509.load_der_x509_certificate(shown)


def strict_client(authority: Authority, *, checks_name: bool = True) -> ssl.SSLContext:
    context = ssl.create_default_context(cadata=authority.pem)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    context.check_hostname = checks_name
    return context


def common_name(certificate: x509.Certificate) -> str:
    return str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def dns_names(certificate: x509.Certificate) -> list[str]:
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return names.get_values_for_type(x509.DNSName)


@pytest.fixture
def house() -> House:
    return House()


@pytest.mark.parametrize("name", [METER, SOCKET])
def test_an_appliance_name_gets_that_devices_leaf_and_passes_the_check_of_its_common_name(
    house: House, name: str
) -> None:
    leaf = handshake(house.certificates.context(), strict_client(house.authority), name)

    assert common_name(leaf) == name
    assert dns_names(leaf) == []


@pytest.mark.parametrize("name", ["localhost", "hub.local"])
def test_a_dns_name_gets_the_hubs_leaf(house: House, name: str) -> None:
    leaf = handshake(house.certificates.context(), strict_client(house.authority), name)

    assert dns_names(leaf) == ["localhost", "hub.local"]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "192.168.1.50"])
def test_an_address_gets_the_default_devices_leaf(house: House, address: str) -> None:
    leaf = handshake(house.certificates.context(), strict_client(house.authority), address)

    assert common_name(leaf) == METER


def test_without_a_default_device_an_address_gets_the_hubs_leaf(house: House) -> None:
    house.default = None

    leaf = handshake(house.certificates.context(), strict_client(house.authority), "127.0.0.1")

    assert dns_names(leaf) == ["localhost", "hub.local"]


def test_a_foreign_dns_name_gets_the_hubs_leaf_and_fails_at_the_client(house: House) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        handshake(house.certificates.context(), strict_client(house.authority), "bank.example")


def test_an_appliance_that_nobody_has_is_an_unrecognized_name(house: House) -> None:
    with pytest.raises(ssl.SSLError, match=r"(?i)unrecognized.name"):
        handshake(
            house.certificates.context(),
            strict_client(house.authority, checks_name=False),
            "appliance/p1dongle/5c2faf999999",
        )


def test_an_appliance_name_too_long_for_x509_is_an_unrecognized_name_too(house: House) -> None:
    name = "appliance/p1dongle/" + "5" * 60
    house.names.add(name)

    assert house.certificates.choose(name) is None


def test_an_address_sent_as_a_name_counts_as_no_name(house: House) -> None:
    assert house.certificates.choose("192.168.1.50") is house.certificates.choose(None)


def test_a_devices_own_listener_speaks_for_it_alone(house: House) -> None:
    context = house.certificates.context(own=lambda: SOCKET)
    client = strict_client(house.authority)

    assert common_name(handshake(context, client, "127.0.0.1")) == SOCKET
    assert common_name(handshake(context, client, SOCKET)) == SOCKET
    with pytest.raises(ssl.SSLError, match=r"(?i)unrecognized.name"):
        handshake(context, client, METER)


def test_the_listener_of_a_device_without_such_a_name_shows_the_hubs_leaf(house: House) -> None:
    context = house.certificates.context(own=lambda: None)

    leaf = handshake(context, strict_client(house.authority), "127.0.0.1")

    assert dns_names(leaf) == ["localhost", "hub.local"]


def test_another_hubs_authority_is_not_trusted(house: House) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(house.certificates.context(), strict_client(Authority.create(START)), "localhost")


def test_names_of_strangers_make_no_leaves(house: House) -> None:
    hub = house.certificates.choose("localhost")

    chosen = {house.certificates.choose(f"host{n}.example") for n in range(500)}

    assert chosen == {hub}


def test_a_leaf_is_made_once_and_kept(house: House) -> None:
    assert house.certificates.choose(METER) is house.certificates.choose(METER)


def test_a_leaf_is_renewed_before_it_expires_without_a_restart(house: House) -> None:
    first = house.certificates.choose(METER)
    house.clock.now = START + timedelta(days=365)
    kept = house.certificates.choose(METER)
    house.clock.now = START + timedelta(days=367)

    renewed = house.certificates.choose(METER)

    assert kept is first
    assert renewed is not first


def test_a_clock_that_was_set_back_gets_leaves_that_are_valid_then(house: House) -> None:
    first = house.certificates.choose(METER)
    house.clock.now = START - timedelta(days=3)

    assert house.certificates.choose(METER) is not first


def test_close_to_the_authoritys_end_leaves_are_still_kept_for_a_day(house: House) -> None:
    house.clock.now = house.authority.not_after - timedelta(days=10)

    assert house.certificates.choose(METER) is house.certificates.choose(METER)


def test_a_new_address_or_host_gets_a_new_leaf(house: House) -> None:
    context, client = house.certificates.context(), strict_client(house.authority)
    handshake(context, client, "192.168.1.50")
    house.addresses = [IPv4Address("192.168.1.51"), IPv6Address("fd00::51")]
    house.hosts = ["renamed.local"]

    assert common_name(handshake(context, client, "192.168.1.51")) == METER
    assert common_name(handshake(context, client, "fd00::51")) == METER
    assert dns_names(handshake(context, client, "renamed.local")) == ["localhost", "renamed.local"]
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(context, client, "192.168.1.50")


def test_devices_come_and_go_without_end_and_the_shelf_stays_bounded(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hardwire.server.tls.certificates.SHELF_LIMIT", 3)
    names = [f"appliance/p1dongle/{n:012x}" for n in range(5)]
    house.names.update(names)
    first = house.certificates.choose(names[0])

    for name in names[1:]:
        house.certificates.choose(name)

    assert house.certificates.choose(names[4]) is house.certificates.choose(names[4])
    assert house.certificates.choose(names[0]) is not first
    assert SHELF_LIMIT > 100


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_both_versions_of_tls_work(house: House, version: ssl.TLSVersion) -> None:
    client = strict_client(house.authority)
    client.minimum_version = client.maximum_version = version

    assert common_name(handshake(house.certificates.context(), client, METER)) == METER


def test_tls_1_1_is_not_spoken(house: House) -> None:
    assert house.certificates.context().minimum_version is ssl.TLSVersion.TLSv1_2


async def spoken(house: House, name: str | None) -> tuple[str | None, str | None]:
    """Shake hands on a real socket; return what the server read as SNI and what the client agreed to by ALPN."""
    heard: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.set_result(sni_of(writer.transport))
        writer.close()

    client = strict_client(house.authority)
    client.set_alpn_protocols(["h2", "http/1.1"])
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=house.certificates.context())
    async with server, asyncio.timeout(20):
        port = server.sockets[0].getsockname()[1]
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=client, server_hostname=name)
        agreed = writer.get_extra_info("ssl_object").selected_alpn_protocol()
        sni = await heard
        writer.close()
    return sni, agreed


Run = Callable[
    [Coroutine[Any, Any, tuple[str | None, str | None]]], tuple[str | None, str | None]
]  # Any: asyncio's own


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
@pytest.mark.parametrize(
    ("name", "sni"),
    [(METER, METER), ("appliance/p1dongle/5C2FAFAABBCC", METER), ("localhost", "localhost"), ("127.0.0.1", None)],
)
def test_request_code_reads_the_name_on_both_event_loops(house: House, run: Run, name: str, sni: str | None) -> None:
    assert run(spoken(house, name)) == (sni, "http/1.1")


def test_a_plain_connection_has_no_name() -> None:
    async def plain() -> str | None:
        server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
        async with server:
            _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            name = sni_of(writer.transport)
            writer.close()
            await writer.wait_closed()
        return name

    assert asyncio.run(plain()) is None
    assert sni_of(None) is None
