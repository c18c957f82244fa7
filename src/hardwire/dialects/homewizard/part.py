"""How the hub finds the HomeWizard dialect."""

from hardwire.contracts.dialect import DialectPart
from hardwire.dialects.homewizard.dialect import HomeWizard
from hardwire.dialects.homewizard.face import Face

PART = DialectPart(
    name="homewizard",
    face=Face,
    address="serial",
    make=lambda house, entropy, settings: HomeWizard(house, entropy),
)
