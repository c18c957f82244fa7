"""The Watermeter: flow and total; v1 alone.

Source: HomeWizard reference, section 4.4.
"""

from hardwire.dialects.homewizard.product import Field, Product
from hardwire.dialects.homewizard.products.settings import CLOUD

WATER = Product(
    type="HWE-WTR",
    name="Watermeter",
    certificate_part="watermeter",
    host_prefix="watermeter",
    firmware="5.18",
    api_version=None,
    can_identify_v1=True,
    fields=(
        Field("flow_lpm", "active_liter_lpm"),
        Field("volume_m3", "total_liter_m3"),
        Field("volume_offset_m3", "total_liter_offset_m3"),
    ),
    settings=(CLOUD,),
)
