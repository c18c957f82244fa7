"""Which parts stand where: the demo's, those of the settings, and settings that cannot be."""

import re

import pytest
from msgspec.structs import fields

from hardwire.drivers.simulated.board.hardware import HARDWARE
from hardwire.drivers.simulated.board.parts.placed import Placed, Stock
from hardwire.drivers.simulated.board.parts.table import KINDS, I2cKind
from hardwire.model.errors import BadValueError
from tests.drivers.simulated.board.parts.bench import asked
from tests.house.tree import ROOT

DEMO = (0x2A, 0x44, 0x45, 0x50, 0x68, 0x76, 0x77)


def stock(*parts: Placed, hardware: str = "obnizb1", has_demo: bool = False) -> Stock:
    return Stock(parts, HARDWARE[hardware], has_demo=has_demo)


def test_the_demo_has_its_seven_parts_on_every_bus() -> None:
    found = stock(hardware="esp32c6", has_demo=True)

    for bus in (0, 1):
        assert tuple(address for address in range(1_024) if found.i2c(bus, address)) == DEMO


def test_an_empty_bench_has_no_parts() -> None:
    assert [address for address in range(1_024) if stock().i2c(0, address)] == []


def test_a_part_of_the_settings_stands_in_the_place_of_one_of_the_demo() -> None:
    found = stock(Placed(part="BMP280", address=0x77), has_demo=True).i2c(0, 0x77)

    assert found is not None
    assert asked(found, b"\xd0", 1) == b"\x58"


def test_a_part_stands_on_the_bus_that_is_set_and_on_all_unless_one_is() -> None:
    found = stock(Placed(part="24LC256", bus=1), Placed(part="SHT20"), hardware="esp32c6")

    there = [(bus, address) for bus in (0, 1) for address in (0x40, 0x50) if found.i2c(bus, address)]
    assert there == [(0, 0x40), (1, 0x40), (1, 0x50)]


def test_parts_of_other_buses_stand_there() -> None:
    found = stock(
        Placed(part="ADT7310"), Placed(part="MCP23S08", bus=1, select=4), Placed(part="GPS"), Placed(part="Echo", bus=1)
    )

    assert [(one.unit, one.select) for one in found.spi] == [(0, None), (1, None), (1, 4)]
    assert [(one.unit, one.part.baud) for one in found.uart] == [(0, 9_600), (1, 115_200)]


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if isinstance(kind, I2cKind)])
def test_every_part_can_be_made_at_each_address_that_it_can_have(name: str) -> None:
    kind = KINDS[name]
    assert isinstance(kind, I2cKind)

    for address in kind.addresses:
        assert stock(Placed(part=name, address=address)).i2c(0, address) is not None


@pytest.mark.parametrize(
    ("parts", "hardware", "path", "problem"),
    [
        ([Placed(part="SHT13")], "obnizb1", "parts[0].part", "did you mean 'SHT31'"),
        ([Placed(part="bme280")], "obnizb1", "parts[0].part", "did you mean 'BME280'"),
        ([Placed(part="xyz")], "obnizb1", "parts[0].part", "choose one of 24LC256, ADT7310, "),
        ([Placed(part="SHT31", address=0x46)], "obnizb1", "parts[0].address", "the SHT31 has 0x44 or 0x45, not 0x46"),
        ([Placed(part="GPS"), Placed(part="SHT31", select=3)], "obnizb1", "parts[1].select", "has no `select`"),
        ([Placed(part="ADT7310", address=3)], "obnizb1", "parts[0].address", "has no `address`"),
        ([Placed(part="SHT31", baud=9_600)], "obnizb1", "parts[0].baud", "has no `baud`"),
        ([Placed(part="SHT31", bus=1)], "obnizb1", "parts[0].bus", "finds no bus: this board has i2c0"),
        ([Placed(part="SHT31")], "blewifi_gw2", "parts[0].bus", "finds no bus: this board has no i2c"),
        ([Placed(part="ADT7310", select=12)], "obnizb1", "parts[0].select", "has no io12; it has io0, io1"),
        (
            [Placed(part="DHT12"), Placed(part="AM2320")],
            "obnizb1",
            "parts[1].address",
            "two parts stand at the address",
        ),
        ([Placed(part="ADT7310"), Placed(part="MCP23S08", bus=0)], "obnizb1", "parts[1].select", "have the same"),
        ([Placed(part="GPS"), Placed(part="Echo")], "obnizb1", "parts[1].bus", "two modules stand at uart0"),
    ],
)
def test_parts_that_cannot_be_so_are_refused_in_a_sentence(
    parts: list[Placed], hardware: str, path: str, problem: str
) -> None:
    with pytest.raises(BadValueError, match=problem) as refused:
        stock(*parts, hardware=hardware)

    assert refused.value.path == path


def test_every_part_and_every_setting_of_one_stands_in_the_reference() -> None:
    page = (ROOT / "docs" / "reference" / "drivers" / "simulated.md").read_text("utf-8")

    named = re.findall(r"^\| `(\w+)` \| (?:I2C|SPI|serial) \|", page, re.MULTILINE)

    assert sorted(named) == sorted(KINDS)
    assert [field.name for field in fields(Placed) if f"\n| `{field.name}` |" not in page] == []
