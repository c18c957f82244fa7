"""A product on paper that can do as little as a product can."""

from hardwire.dialects.homewizard.product import Field, Product, Setting
from hardwire.model.point import PointKind

BARE = Product(
    type="HWE-PAPER",
    name="Paper Meter",
    certificate_part="paper",
    host_prefix="paper",
    firmware="1.00",
    api_version="2.2.0",
    fields=(Field("power_w", "active_power_w"),),
    settings=(Setting(name="cloud_enabled", kind=PointKind.FLAG, initial=True),),
)
