"""Every HomeWizard product on one hub's main listeners: its certificate, and requests that reach it by name."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509

from hardwire.app.config import HubTable
from hardwire.dialects.homewizard.products.catalogue import CATALOGUE
from hardwire.model.access import Credential, Right
from tests.app.premises import house
from tests.app.test_doors import Street, common_name

WITHIN_S = 15
SERIALS = {product: f"5c2faf0000{number:02x}" for number, product in enumerate(CATALOGUE, 1)}
NAME_PARTS = {
    "HWE-P1": "p1dongle",
    "HWE-KWH1": "energymeter",
    "HWE-KWH3": "energymeter",
    "SDM230-wifi": "energymeter",
    "SDM630-wifi": "energymeter",
    "HWE-BAT": "battery",
    "HWE-SKT": "energysocket",
    "HWE-WTR": "watermeter",
}
HOSTS = {
    "HWE-P1": "p1meter",
    "HWE-KWH1": "kwhmeter",
    "HWE-KWH3": "kwhmeter",
    "SDM230-wifi": "kwhmeter",
    "SDM630-wifi": "kwhmeter",
    "HWE-SKT": "energysocket",
    "HWE-WTR": "watermeter",
}
TOKEN = "B" * 32


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with house(tmp_path) as inside:
        street = Street(inside, HubTable(port=0, tls_port=0))
        for product, serial in SERIALS.items():
            await street.add(product, serial, product=product, v1=CATALOGUE[product].has_v1)
        street.hub.access.add(
            Credential(
                id="reader", kind="homewizard", name="local/reader", rights=Right.READ, secret_hash=hashed(TOKEN)
            )
        )
        await street.entrance.open(tmp_path / "hub.sock")
        yield street
        await street.close()


def hashed(token: str) -> bytes:
    return sha256(token.encode()).digest()


async def asked(port: int, headers: Mapping[str, str], tls: ssl.SSLContext | None, sni: str | None) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=tls, server_hostname=sni)
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    writer.write(f"GET /api HTTP/1.1\r\n{head}Connection: close\r\n\r\n".encode())
    try:
        return await asyncio.wait_for(reader.read(), WITHIN_S)
    finally:
        writer.close()


def test_there_are_eight_products() -> None:
    assert set(NAME_PARTS) == set(CATALOGUE)


@pytest.mark.parametrize("product", NAME_PARTS)
async def test_a_client_that_checks_the_common_name_reaches_the_device_that_it_asked_for(
    street: Street, product: str
) -> None:
    name = f"appliance/{NAME_PARTS[product]}/{SERIALS[product]}"
    strict = ssl.create_default_context(cadata=street.authority.pem)
    _, port = street.hub.access.ports

    answered = await asked(port, {"Host": "127.0.0.1", "Authorization": f"Bearer {TOKEN}"}, strict, name)

    if CATALOGUE[product].api_version is None:
        assert b" 404 " in answered.partition(b"\r\n")[0]
    else:
        assert f'"{product}"'.encode() in answered
        assert SERIALS[product].encode() in answered


@pytest.mark.parametrize("product", HOSTS)
async def test_a_client_of_v1_reaches_the_device_whose_host_name_it_calls(street: Street, product: str) -> None:
    port, _ = street.hub.access.ports
    host = f"{HOSTS[product]}-{SERIALS[product][-6:]}.local"

    answered = await asked(port, {"Host": host}, None, None)

    assert f'"{product}"'.encode() in answered


@pytest.mark.parametrize("product", NAME_PARTS)
async def test_a_devices_leaf_has_its_name_and_addresses_and_no_dns_name(street: Street, product: str) -> None:
    name = f"appliance/{NAME_PARTS[product]}/{SERIALS[product]}"
    strict = ssl.create_default_context(cadata=street.authority.pem)
    _, port = street.hub.access.ports
    _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=strict, server_hostname=name)
    shown = x509.load_der_x509_certificate(writer.get_extra_info("ssl_object").getpeercert(binary_form=True))
    writer.transport.abort()

    alternatives = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value

    assert common_name(shown) == name
    assert alternatives.get_values_for_type(x509.DNSName) == []
    assert set(alternatives.get_values_for_type(x509.IPAddress)) == {ip_address("127.0.0.1"), ip_address("::1")}
