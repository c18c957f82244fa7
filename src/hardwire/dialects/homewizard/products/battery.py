"""The Plug-In Battery: v2 alone, and told what to do by the meter that steers it.

Source: HomeWizard reference, section 2.4.
"""

from hardwire.dialects.homewizard.product import Field, FieldKind, Product
from hardwire.dialects.homewizard.products.settings import CLOUD_ALWAYS, LED

BATTERY = Product(
    type="HWE-BAT",
    name="Plug-In Battery",
    certificate_part="battery",
    host_prefix="battery",
    firmware="1.0305",
    api_version="2.0.1",
    has_v1=False,
    can_identify=True,
    fields=(
        Field("energy_import_kwh"),
        Field("energy_export_kwh"),
        Field("power_w"),
        Field("voltage_v"),
        Field("current_a"),
        Field("frequency_hz"),
        Field("state_of_charge_pct"),
        Field("cycles", kind=FieldKind.WHOLE),
    ),
    settings=(CLOUD_ALWAYS, LED),
)
