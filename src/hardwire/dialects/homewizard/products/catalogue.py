"""The products that a device can be shown as: one file each, or one for a family, one line here."""

from collections.abc import Mapping

from hardwire.dialects.homewizard.product import Product
from hardwire.dialects.homewizard.products.battery import BATTERY
from hardwire.dialects.homewizard.products.kwh import KWH_METERS
from hardwire.dialects.homewizard.products.p1 import P1
from hardwire.dialects.homewizard.products.socket import SOCKET
from hardwire.dialects.homewizard.products.water import WATER

CATALOGUE: Mapping[str, Product] = {product.type: product for product in (P1, *KWH_METERS, BATTERY, SOCKET, WATER)}
"""`product_type` -> product."""

NEWEST_API = "2.3.0"
"""What answers that come from no product at all say to speak."""
