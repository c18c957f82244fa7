"""The listeners that devices have to themselves, as the devices come and go."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from hardwire.app.config import HubTable
from hardwire.app.entrance import Entrance
from hardwire.app.entries import device_entry
from hardwire.app.estate import Estate, Origin
from hardwire.contracts.question import AddDevice, RemoveDevice
from hardwire.model.errors import BadValueError, CallerError
from hardwire.server.tls.authority import Authority
from tests.app.ports import free_port, free_ports
from tests.app.premises import House, house

SERIAL = "5c2faf0a0b0c"
APPLIANCE = f"appliance/p1dongle/{SERIAL}"
WITHIN_S = 15


class Street:
    """A house with a way in."""

    def __init__(self, inside: House, table: HubTable, *, is_demo: bool = False, is_demo_unsafe: bool = False) -> None:
        self.hub = inside.hub
        self.store = inside.store
        dialects = inside.dialects
        self.authority = Authority.create(datetime.now(UTC))
        self.entrance = Entrance(
            table, self.authority, self.hub, inside.desk, dialects, is_demo=is_demo, is_demo_unsafe=is_demo_unsafe
        )
        self.estate = Estate(self.hub, self.store, dialects, zone="UTC", doors=self.entrance.doors)

    async def add(self, id: str, serial: str = SERIAL, **settings: object) -> None:
        face = {"serial": serial, "v1": True, **settings}
        await self.estate.answer(AddDevice(id, {"driver": "simulated", "kind": "meter", "homewizard": face}))

    async def remove(self, id: str) -> None:
        await self.estate.answer(RemoveDevice(id))

    async def close(self) -> None:
        await self.entrance.close()
        await self.estate.close()


@pytest.fixture
async def inside(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as inside:
        yield inside


@pytest.fixture
async def street(inside: House) -> AsyncIterator[Street]:
    street = Street(inside, HubTable(port=free_port(), tls_port=0))
    yield street
    await street.close()


async def get(port: int, path: str = "/api", host: str = "127.0.0.1") -> bytes:
    """Ask over plain HTTP; returns all that was answered."""
    reader, writer = await asyncio.open_connection(host, port)
    shown = f"[{host}]" if ":" in host else host
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {shown}\r\nConnection: close\r\n\r\n".encode())
    try:
        return await asyncio.wait_for(reader.read(), WITHIN_S)
    finally:
        writer.close()


async def leaf(street: Street, port: int, sni: str | None) -> x509.Certificate:
    """Shake hands as a client that checks the chain; returns what it was shown."""
    trusting = ssl.create_default_context(cadata=street.authority.pem)
    trusting.check_hostname = False
    _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusting, server_hostname=sni or "")
    shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.transport.abort()
    return x509.load_der_x509_certificate(shown)


def common_name(certificate: x509.Certificate) -> str:
    return str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


async def test_a_device_that_is_added_has_its_listeners_at_once_and_one_that_is_removed_has_none(
    street: Street,
) -> None:
    plain, tls = free_ports(2)

    await street.add("grid", http=f"127.0.0.1:{plain}", https=f"127.0.0.1:{tls}")
    answered = await get(plain)
    shown = await leaf(street, tls, None)
    await street.remove("grid")

    assert SERIAL.encode() in answered
    assert common_name(shown) == APPLIANCE
    for port in (plain, tls):
        with pytest.raises(ConnectionRefusedError):
            await get(port)


async def test_an_own_listener_speaks_for_its_device_alone(street: Street) -> None:
    (tls,) = free_ports(1)
    await street.add("other", "5c2faf0a0b0d")
    await street.add("grid", https=f"127.0.0.1:{tls}")

    shown = [common_name(await leaf(street, tls, name)) for name in (None, APPLIANCE, "localhost")]

    assert shown == [APPLIANCE, APPLIANCE, "Hardwire hub"]
    with pytest.raises((ssl.SSLError, ConnectionError)):
        await leaf(street, tls, "appliance/p1dongle/5c2faf0a0b0d")


async def test_an_ipv6_address_is_one_as_well(street: Street) -> None:
    (port,) = free_ports(1, "::1")

    await street.add("grid", http=f"[::1]:{port}")

    assert SERIAL.encode() in await get(port, host="::1")


async def test_a_port_that_another_program_holds_keeps_the_device_out_and_nothing_of_it_stays(
    street: Street,
) -> None:
    (free,) = free_ports(1)
    taken = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port = taken.sockets[0].getsockname()[1]

    with pytest.raises(CallerError) as refused:
        await street.add("grid", http=f"127.0.0.1:{free}", https=f"127.0.0.1:{port}")
    taken.close()

    assert refused.value.code == "listener"
    assert refused.value.message.startswith(f"devices.grid.homewizard.https = '127.0.0.1:{port}': Port {port} on")
    assert street.hub.roster.device("grid") is None
    assert await street.store.devices() == {}
    # The serial is still everybody's, and so is the port that was free.
    await street.add("house", http=f"127.0.0.1:{free}")
    assert SERIAL.encode() in await get(free)


async def test_an_address_that_belongs_to_another_device_closes_what_was_opened(street: Street) -> None:
    (port,) = free_ports(1)
    await street.add("grid")

    with pytest.raises(CallerError, match="belongs to the device 'grid'"):
        await street.add("twin", http=f"127.0.0.1:{port}")

    with pytest.raises(ConnectionRefusedError):
        await get(port)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("localhost", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.1"),
        ("127.0.0.1", "0.0.0.0"),
        ("[::]", "127.0.0.1"),
        ("[::1]", "[0:0::1]"),
    ],
)
async def test_two_devices_with_one_address_are_both_named(street: Street, first: str, second: str) -> None:
    (port,) = free_ports(1)
    await street.add("grid", http=f"{first}:{port}")

    with pytest.raises(CallerError) as refused:
        await street.add("car", "5c2faf0a0b0d", http=f"{second}:{port}")

    assert f"devices.car.homewizard.http = '{second}:{port}' and devices.grid.homewizard.http" in refused.value.message


async def test_one_port_of_two_addresses_is_two_listeners(street: Street) -> None:
    (port,) = free_ports(1)
    await street.add("grid", http=f"127.0.0.1:{port}")

    await street.add("car", "5c2faf0a0b0d", http=f"127.0.0.2:{port}")

    assert b"5c2faf0a0b0d" in await get(port, host="127.0.0.2")


async def test_a_devices_two_listeners_need_an_address_each(street: Street) -> None:
    (port,) = free_ports(1)

    with pytest.raises(CallerError, match="are one address"):
        await street.add("grid", http=f"127.0.0.1:{port}", https=f"127.0.0.1:{port}")


async def test_the_hubs_own_port_is_named_before_it_stands(inside: House) -> None:
    (port,) = free_ports(1)
    street = Street(inside, HubTable(host="localhost", port=port))

    with pytest.raises(CallerError, match=f"where the hub itself listens \\(localhost port {port}\\)"):
        await street.add("grid", http=f"127.0.0.1:{port}")

    await street.close()


async def test_a_name_of_no_machine_is_told_with_the_setting(street: Street) -> None:
    with pytest.raises(CallerError, match=r"grid.homewizard.http = 'nobody.invalid:80': 'nobody.invalid' is no"):
        await street.add("grid", http="nobody.invalid:80")


async def test_a_demo_takes_devices_on_loopback_and_no_others_while_it_runs(inside: House) -> None:
    street = Street(inside, HubTable(port=0, tls_port=0), is_demo=True)
    (port,) = free_ports(1)

    with pytest.raises(BadValueError, match=r"binds to loopback only, not to 0\.0\.0\.0"):
        await street.add("grid", http=f"0.0.0.0:{port}")
    await street.add("grid", http=f"127.0.0.2:{port}")

    assert street.hub.access.is_open_house
    assert SERIAL.encode() in await get(port, host="127.0.0.2")
    await street.close()


async def test_an_unsafe_demo_is_an_open_house_no_more_once_one_listener_is_beyond_loopback(inside: House) -> None:
    street = Street(inside, HubTable(port=0, tls_port=0), is_demo=True, is_demo_unsafe=True)
    before = street.hub.access.is_open_house

    street.entrance._admit("0.0.0.0")

    assert before
    assert not street.hub.access.is_open_house
    await street.close()


async def test_a_device_of_an_earlier_run_whose_port_is_taken_is_left_out_and_the_hub_starts(
    inside: House, street: Street
) -> None:
    (port,) = free_ports(1)
    await street.add("grid", http=f"127.0.0.1:{port}")
    await street.close()
    taken = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", port)
    street.hub.roster.remove("grid")
    later = Street(inside, HubTable(port=0, tls_port=0))

    await later.estate.recall()

    assert later.hub.roster.device("grid") is None
    taken.close()
    await later.close()


async def test_a_device_of_the_file_whose_port_is_taken_stops_the_start_with_a_sentence(street: Street) -> None:
    taken = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port = taken.sockets[0].getsockname()[1]
    table = {
        "driver": "simulated",
        "kind": "board",
        "obniz": {"id": "2345-6789", "http": f"127.0.0.1:{port}"},
    }

    with pytest.raises(CallerError, match=f"devices.bench.obniz.http = '127.0.0.1:{port}': Port {port}"):
        await street.estate.add(device_entry("bench", table, "UTC"), Origin.FILE)
    taken.close()


async def test_the_main_listeners_give_the_authority_to_everybody(inside: House, tmp_path: Path) -> None:
    table = HubTable(port=0, tls_port=0)
    entrance = await Entrance.build(table, tmp_path / "files", inside.hub, inside.desk, inside.dialects)
    http, https = await entrance.open(tmp_path / "hub.sock")
    port = int(http.rpartition(":")[2])

    answered = await get(port, "/ca.pem")
    reached_at = inside.hub.house.reached_at()
    await entrance.close()

    assert https.startswith("https://127.0.0.1:")
    assert answered.endswith(inside.hub.house.authority_pem().encode())
    assert b"Content-Type: application/x-x509-ca-cert\r\n" in answered
    assert reached_at == ["127.0.0.1"]
    assert inside.hub.house.reached_at() == []


async def test_a_name_beside_an_address_at_one_port_is_left_to_the_kernel(street: Street) -> None:
    (port,) = free_ports(1)
    await street.add("grid", http=f"127.0.0.1:{port}")

    with pytest.raises(CallerError, match=r"'nobody\.invalid' is no address of this machine"):
        await street.add("car", "5c2faf0a0b0d", http=f"nobody.invalid:{port}")
