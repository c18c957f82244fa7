"""How the hub finds its own dialect."""

from hardwire.contracts.dialect import DialectPart
from hardwire.dialects.hub.dialect import HubDialect

PART = DialectPart(name="hub", make=lambda house, entropy, settings: HubDialect(house))
