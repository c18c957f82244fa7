"""What the products are found by on the network."""

from hardwire.contracts.dialect import Service
from hardwire.dialects.homewizard.face import Face
from hardwire.dialects.homewizard.products.catalogue import CATALOGUE
from hardwire.model.device import Device
from tests.dialects.homewizard.paper_grid import GAS, Grid

INSTANCES = {
    "HWE-P1": "p1meter-0A0B0C",
    "HWE-KWH1": "kwhmeter-0A0B0C",
    "HWE-KWH3": "kwhmeter-0A0B0C",
    "SDM230-wifi": "kwhmeter-0A0B0C",
    "SDM630-wifi": "kwhmeter-0A0B0C",
    "HWE-BAT": "battery-0A0B0C",
    "HWE-SKT": "energysocket-0A0B0C",
    "HWE-WTR": "watermeter-0A0B0C",
}


def announced(face: Face) -> list[Service]:
    """What a device with this face is found by."""
    grid = Grid()
    device = Device(id="shown", kind="meter")
    grid.roster.declare(device)
    grid.roster.show("shown", "homewizard", face.serial, face)
    return list(grid.dialect.services(device))


def test_a_product_with_both_apis_announces_both_with_every_key() -> None:
    v1, v2 = announced(Face(serial="5c2faf0a0b0c", v1=True))

    assert v1 == Service(
        type="_hwenergy._tcp",
        instance="p1meter-0A0B0C",
        host="p1meter-0a0b0c.local",
        text={
            "api_enabled": "1",
            "path": "/api/v1",
            "serial": "5c2faf0a0b0c",
            "product_name": "P1 Meter",
            "product_type": "HWE-P1",
        },
        is_tls=False,
    )
    assert v2 == Service(
        type="_homewizard._tcp",
        instance="p1meter-0A0B0C",
        host="p1meter-0a0b0c.local",
        text={
            "api_version": "2.3.0",
            "id": "appliance/p1dongle/5c2faf0a0b0c",
            "serial": "5c2faf0a0b0c",
            "product_name": "P1 Meter",
            "product_type": "HWE-P1",
        },
        is_tls=True,
    )


def test_v1_that_is_off_is_announced_as_off() -> None:
    v1, _ = announced(Face(serial="5c2faf0a0b0c", v1=False))

    assert v1.text["api_enabled"] == "0"


def test_each_product_announces_the_apis_that_it_has_under_its_own_name() -> None:
    found = {product: announced(Face(serial="5c2faf0a0b0c", product=product)) for product in CATALOGUE}

    assert {product: services[0].instance for product, services in found.items()} == INSTANCES
    assert {product: [service.type for service in services] for product, services in found.items()} == {
        product: ["_hwenergy._tcp"] * known.has_v1 + ["_homewizard._tcp"] * (known.api_version is not None)
        for product, known in CATALOGUE.items()
    }


def test_a_device_of_no_face_announces_nothing() -> None:
    grid = Grid()
    gas = grid.house.device(GAS)
    assert gas is not None

    assert grid.dialect.services(gas) == ()
