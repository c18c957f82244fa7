"""Peripherals from the configuration."""

from typing import Any

import pytest
from msgspec import ValidationError, convert

from hardwire.drivers.simulated.board.ble.configured import PeripheralSettings, shapes_of
from hardwire.drivers.simulated.board.ble.demo import demo_shapes
from hardwire.drivers.simulated.board.ble.gatt import Property
from hardwire.drivers.simulated.board.ble.peripheral import Advertising, Shape
from hardwire.model.errors import BadValueError


def given(*tables: dict[str, Any]) -> list[PeripheralSettings]:  # Any: TOML
    return convert(list(tables), list[PeripheralSettings], strict=True)


def shape_of(**table: Any) -> Shape:  # Any: TOML
    (shape,) = shapes_of(given({"name": "Lamp", **table}))
    return shape


def test_a_name_is_enough_and_makes_an_address_that_stays() -> None:
    lamp = shape_of()

    assert lamp.address == shape_of().address != shape_of(name="Lamp 2").address
    assert int(lamp.address[:2], 16) & 0xC0 == 0xC0
    assert lamp.is_random
    assert lamp.advertisement(0).hex() == "020106"
    assert lamp.scan_response(0) == b"\x05\x09Lamp"


def test_everything_about_a_peripheral_can_be_said() -> None:
    lamp = shape_of(
        address="AA:BB:CC:00:11:22",
        address_type="public",
        connectable=False,
        rssi_dbm=-80,
        manufacturer="ffff01",
        services=[
            {
                "uuid": "0000180F-0000-1000-8000-00805F9B34FB",
                "characteristics": [
                    {
                        "uuid": "2A19",
                        "properties": ["read", "write_without_response", "notify"],
                        "value": "64",
                        "every_s": 0.5,
                        "descriptors": [{"uuid": "2901", "text": "Level", "writable": True}],
                    },
                    {"uuid": "2a00", "text": "Lamp"},
                ],
            },
            {"uuid": "1812", "advertised": False},
        ],
    )

    level, name = lamp.services[0].characteristics
    assert (lamp.address, lamp.is_random, lamp.advertising) == ("aabbcc001122", False, Advertising.SCANNABLE)
    assert lamp.advertisement(0).hex() == "020106" + "03030f18" + "04ffffff01"
    assert level.properties == Property.READ | Property.WRITE_WITHOUT_RESPONSE | Property.NOTIFY
    assert (level.uuid, level.reading(0), level.every_us) == ("2a19", b"d", 500_000)
    assert (level.descriptors[0].octets, level.descriptors[0].is_writable) == (b"Level", True)
    assert (name.properties, name.reading(0)) == (Property.READ, b"Lamp")
    assert lamp.rssi_dbm == -80


def test_an_advertisement_can_be_given_byte_by_byte() -> None:
    lamp = shape_of(advertisement="0201061aff4c00", scan_response="020a00")

    assert lamp.advertisement(0).hex() == "0201061aff4c00"
    assert lamp.scan_response(0).hex() == "020a00"


def test_the_demo_s_peripherals_make_room_for_one_of_their_address() -> None:
    mine = given({"name": "Mine", "address": "c4a0b1e00002"})

    names = [shape.name for shape in shapes_of(mine, demo_shapes())]

    assert names == ["Mine", "Hardwire Thermo", "Hardwire Beacon"]


@pytest.mark.parametrize(
    ("table", "path"),
    [
        ({"name": "ä" * 20}, "peripherals[0].name"),
        ({"scan_response": "00" * 32}, "peripherals[0].scan_response"),
        ({"manufacturer": "00" * 30}, "peripherals[0].advertisement"),
        ({"services": [{"uuid": "18-0"}]}, "peripherals[0].services[0].uuid"),
        (
            {"services": [{"uuid": "180f", "characteristics": [{"uuid": "12345"}]}]},
            "peripherals[0].services[0].characteristics[0].uuid",
        ),
        (
            {"services": [{"uuid": "180f", "characteristics": [{"uuid": "2a19", "text": "a", "value": "00"}]}]},
            "peripherals[0].services[0].characteristics[0].value",
        ),
        (
            {"services": [{"uuid": "180f", "characteristics": [{"uuid": "2a19", "value": "00" * 513}]}]},
            "peripherals[0].services[0].characteristics[0].value",
        ),
        (
            {
                "services": [
                    {
                        "uuid": "180f",
                        "characteristics": [{"uuid": "2a19"}, {"uuid": "2a19", "descriptors": [{"uuid": "-290"}]}],
                    }
                ]
            },
            "peripherals[0].services[0].characteristics[1].descriptors[0].uuid",
        ),
    ],
)
def test_what_cannot_be_is_named_by_its_path(table: dict[str, Any], path: str) -> None:  # Any: TOML
    with pytest.raises(BadValueError) as refused:
        shape_of(**table)

    assert refused.value.path == path


def test_two_of_one_address_are_refused() -> None:
    both = given({"name": "a", "address": "c4a0b1e00009"}, {"name": "b", "address": "C4-A0-B1-E0-00-09"})

    with pytest.raises(BadValueError) as refused:
        shapes_of(both)

    assert refused.value.path == "peripherals[1].address"


@pytest.mark.parametrize(
    "table", [{"address": "c4a0"}, {"value": 1}, {"manufacturer": "f"}, {"rssi_dbm": 3}, {"name": ""}]
)
def test_what_has_another_form_is_refused_before_that(table: dict[str, Any]) -> None:  # Any: TOML
    with pytest.raises(ValidationError):
        shape_of(**table)
