"""The obniz dialect as a part."""

from typing import Any

from hardwire.contracts.dialect import DialectPart, Entropy
from hardwire.contracts.house import House
from hardwire.dialects.obniz.dialect import Obniz
from hardwire.dialects.obniz.face import DIALECT, Face


def make(house: House, entropy: Entropy, settings: Any) -> Obniz:  # Any: this dialect has no settings of its own
    """Build the dialect."""
    return Obniz(house)


PART = DialectPart(name=DIALECT, face=Face, address="id", second_address="serial", make=make)
