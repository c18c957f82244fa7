"""Leaves renewed while listeners stand: nobody starts anything again."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from msgspec import Struct

from hardwire.server.tls.authority import Authority
from hardwire.server.tls.certificates import Certificates
from hardwire.server.tls.leaves import RENEWED_AHEAD
from tests.fakes.still_clock import StillClock
from tests.server.doors import Dialled, Doors

OWN = "appliance/energysocket/5c2faf112233"
DEFAULT = "appliance/p1dongle/5c2fafaabbcc"


class Standing(Struct):
    """Two TLS listeners that stand, and the clock by which their leaves age."""

    doors: Doors
    clock: StillClock
    main: int
    own: int

    async def shown(self, port: int, sni: str) -> tuple[Dialled, x509.Certificate]:
        """Connect; returns the connection with the leaf that it was shown."""
        trusting = ssl.create_default_context()
        trusting.check_hostname = False
        # The client's own clock stands where it is.
        trusting.verify_mode = ssl.CERT_NONE
        client = await self.doors.dial(port=port, tls=trusting, sni=sni)
        leaf = client.writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        return client, x509.load_der_x509_certificate(leaf)


@pytest.fixture
async def standing(doors: Doors) -> Standing:
    clock = StillClock()
    clock.now = datetime.now(UTC)
    certificates = Certificates(
        Authority.create(clock.now),
        now=clock,
        names=lambda name: name in (OWN, DEFAULT),
        default=lambda: DEFAULT,
        addresses=lambda: [ip_address("192.168.1.50")],
    )
    main = await doors.listeners.listen("127.0.0.1", 0, tls=certificates.context())
    own = await doors.listeners.listen("127.0.0.1", 0, device="meter", tls=certificates.context(lambda: OWN))
    return Standing(doors, clock, main, own)


@pytest.mark.parametrize("listener", ["main", "own"])
async def test_a_leaf_is_renewed_a_month_ahead_on_a_listener_that_stands(standing: Standing, listener: str) -> None:
    port, sni = (standing.main, DEFAULT) if listener == "main" else (standing.own, OWN)
    open_one, first = await standing.shown(port, sni)
    standing.clock.now = first.not_valid_after_utc - RENEWED_AHEAD - timedelta(seconds=1)
    _, kept = await standing.shown(port, sni)
    standing.clock.now += timedelta(seconds=1)

    _, renewed = await standing.shown(port, sni)
    open_one.request("GET", "/paper")

    assert kept.serial_number == first.serial_number
    assert renewed.serial_number != first.serial_number
    assert renewed.subject == first.subject
    assert renewed.not_valid_after_utc > first.not_valid_after_utc
    assert renewed.not_valid_before_utc <= standing.clock.now < renewed.not_valid_after_utc
    # Who is connected stays so.
    assert (await open_one.answer()).status == 200


@pytest.mark.parametrize("sni", [DEFAULT, "localhost", "127.0.0.1"])
async def test_every_name_has_a_leaf_that_holds_for_ten_years_of_uptime(standing: Standing, sni: str) -> None:
    for _ in range(9):
        standing.clock.now += timedelta(days=365)
        _, leaf = await standing.shown(standing.main, sni)

        assert leaf.not_valid_before_utc <= standing.clock.now < leaf.not_valid_after_utc - timedelta(days=29)
