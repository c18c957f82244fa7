"""The products that a device can be shown as: one file each, one line here."""

from collections.abc import Mapping

from hardwire.dialects.homewizard.product import Product
from hardwire.dialects.homewizard.products.p1 import P1

CATALOGUE: Mapping[str, Product] = {product.type: product for product in (P1,)}
"""`product_type` -> product."""

NEWEST_API = P1.api_version
"""What answers that come from no product at all say to speak."""
