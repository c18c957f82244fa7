"""How a table of the configuration becomes a simulated device of the right kind."""

from collections.abc import Mapping

import msgspec
import pytest

from hardwire.drivers.simulated.battery import driver as battery
from hardwire.drivers.simulated.board.circuit.generator import Generator
from hardwire.drivers.simulated.board.circuit.voltage import Voltage
from hardwire.drivers.simulated.board.settings import Settings as BoardSettings
from hardwire.drivers.simulated.kwh_meter import driver as kwh_meter
from hardwire.drivers.simulated.meter import driver as meter
from hardwire.drivers.simulated.part import PART
from hardwire.drivers.simulated.socket import driver as socket
from hardwire.drivers.simulated.unit import settings as unit
from hardwire.drivers.simulated.water_meter import driver as water_meter
from tests.house.tree import ROOT

REFERENCE = ROOT / "docs" / "reference" / "drivers" / "simulated.md"

KINDS = ("board", "meter", "kwh_meter", "battery", "socket", "water_meter")
UNIT = {"kind": "unit", "fields": [{"name": "Level"}]}


def test_the_kind_chooses_the_device() -> None:
    kinds = []
    for table in (*({"kind": kind} for kind in KINDS), UNIT):
        settings = msgspec.convert(table, PART.settings, strict=True)
        kinds.append(PART.make("one", "home", "UTC", settings).devices[0].kind)

    assert kinds == [*KINDS, "unit"]


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ({}, "kind"),
        ({"kind": "toaster"}, "toaster"),
        ({"kind": "board", "solar_peak_w": 1}, "solar_peak_w"),
        ({"kind": "meter", "hardware": "obnizb1"}, "hardware"),
        ({"kind": "board", "hardware": 1}, "hardware"),
    ],
)
def test_a_setting_of_another_kind_or_of_none_is_named(table: Mapping[str, object], complaint: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=complaint):
        msgspec.convert(table, PART.settings, strict=True)


SETTINGS = (
    BoardSettings,
    Generator,
    Voltage,
    meter.Settings,
    unit.Settings,
    unit.Field,
    unit.Input,
    unit.Register,
    unit.Offline,
    kwh_meter.Settings,
    battery.Settings,
    socket.Settings,
    water_meter.Settings,
)


@pytest.mark.parametrize("settings", SETTINGS)
def test_every_setting_has_its_line_in_the_reference(settings: type[msgspec.Struct]) -> None:
    lines = REFERENCE.read_text("utf-8").splitlines()

    for field in msgspec.structs.fields(settings):
        assert any(line.startswith(f"| `{field.name}` |") for line in lines), field.name
