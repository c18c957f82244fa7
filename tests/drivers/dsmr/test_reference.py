"""The reference page names everything that this driver has."""

import re
from pathlib import Path

from hardwire.drivers.dsmr.fault import FaultKind
from hardwire.drivers.dsmr.settings import Settings
from hardwire.drivers.dsmr.versions import ENCRYPTED, VERSIONS
from hardwire.model.energy import counter_points
from tests.drivers.dsmr.test_mapping import read
from tests.fakes import telegrams

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "drivers" / "dsmr.md"


def test_every_setting_version_trouble_and_point_stands_in_the_reference() -> None:
    words = set(re.findall(r"`([^`\n]+)`", PAGE.read_text("utf-8")))

    assert words.issuperset(Settings.__struct_fields__)
    assert words.issuperset(VERSIONS)
    assert words.issuperset(ENCRYPTED)
    assert words.issuperset(kind.value for kind in FaultKind)
    assert words.issuperset(point.name for point in counter_points("m3"))
    for make in (telegrams.three_phases_with_gas, telegrams.belgian, telegrams.hungarian):
        assert words.issuperset(read(make()).values)
