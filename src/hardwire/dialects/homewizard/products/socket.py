"""The Energy Socket: a relay that measures what it feeds; v1 alone.

Source: HomeWizard reference, sections 4.2 and 4.5.
"""

from hardwire.dialects.homewizard.product import Field, Product
from hardwire.dialects.homewizard.products.settings import CLOUD

SOCKET = Product(
    type="HWE-SKT",
    name="Energy Socket",
    certificate_part="energysocket",
    host_prefix="energysocket",
    firmware="5.18",
    api_version=None,
    can_identify_v1=True,
    has_state=True,
    fields=(
        Field("energy_import_kwh", "total_power_import_kwh"),
        Field("energy_import_t1_kwh", "total_power_import_t1_kwh", stand_in="energy_import_kwh", in_v2=False),
        Field("energy_export_kwh", "total_power_export_kwh"),
        Field("energy_export_t1_kwh", "total_power_export_t1_kwh", stand_in="energy_export_kwh", in_v2=False),
        Field("power_w", "active_power_w"),
        Field("power_l1_w", "active_power_l1_w", stand_in="power_w", in_v2=False),
        Field("voltage_v", "active_voltage_v"),
        Field("current_a", "active_current_a"),
        # The newer hardware tells these three too.
        Field("reactive_power_var", "active_reactive_power_var"),
        Field("apparent_power_va", "active_apparent_power_va"),
        Field("power_factor", "active_power_factor"),
        Field("frequency_hz", "active_frequency_hz"),
    ),
    settings=(CLOUD,),
)
