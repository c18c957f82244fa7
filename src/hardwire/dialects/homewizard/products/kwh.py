"""The kWh Meters: one phase or three, in the vendor's own housing or in the Eastron one.

Source: HomeWizard reference, sections 2.4 and 4.3.
"""

from collections.abc import Sequence

from hardwire.dialects.homewizard.product import Field, Product
from hardwire.dialects.homewizard.products.settings import API_V1, CLOUD

PHASES = (1, 2, 3)


def _by_phase(name: str, v1: str) -> Sequence[Field]:
    return [Field(name.format(phase), v1.format(phase)) for phase in PHASES]


def _all_and_by_phase(name: str, v1: str) -> Sequence[Field]:
    phases = [f"_l{phase}" for phase in PHASES]
    return [Field(name.format(phase), v1.format(phase)) for phase in ("", *phases)]


ENERGY = (
    Field("energy_import_kwh", "total_power_import_kwh"),
    # v1 tells the only register a second time, as that of a first tariff.
    Field("energy_import_t1_kwh", "total_power_import_t1_kwh", stand_in="energy_import_kwh", in_v2=False),
    Field("energy_export_kwh", "total_power_export_kwh"),
    Field("energy_export_t1_kwh", "total_power_export_t1_kwh", stand_in="energy_export_kwh", in_v2=False),
    Field("power_w", "active_power_w"),
)
ONE_PHASE = (
    *ENERGY,
    Field("power_l1_w", "active_power_l1_w", stand_in="power_w", in_v2=False),
    Field("voltage_v", "active_voltage_v"),
    Field("current_a", "active_current_a"),
    Field("apparent_current_a", "active_apparent_current_a"),
    Field("reactive_current_a", "active_reactive_current_a"),
    Field("apparent_power_va", "active_apparent_power_va"),
    Field("reactive_power_var", "active_reactive_power_var"),
    Field("power_factor", "active_power_factor"),
    Field("frequency_hz", "active_frequency_hz"),
)
THREE_PHASES = (
    *ENERGY,
    *_by_phase("power_l{}_w", "active_power_l{}_w"),
    *_by_phase("voltage_l{}_v", "active_voltage_l{}_v"),
    *_all_and_by_phase("current{}_a", "active_current{}_a"),
    *_all_and_by_phase("apparent_current{}_a", "active_apparent_current{}_a"),
    *_all_and_by_phase("reactive_current{}_a", "active_reactive_current{}_a"),
    *_all_and_by_phase("apparent_power{}_va", "active_apparent_power{}_va"),
    *_all_and_by_phase("reactive_power{}_var", "active_reactive_power{}_var"),
    *_by_phase("power_factor_l{}", "active_power_factor_l{}"),
    Field("frequency_hz", "active_frequency_hz"),
)


def _kwh_meter(type: str, fields: tuple[Field, ...]) -> Product:
    return Product(
        type=type,
        name="kWh Meter",
        certificate_part="energymeter",
        host_prefix="kwhmeter",
        firmware="5.0200",
        api_version="2.3.0",
        fields=fields,
        settings=(CLOUD, API_V1),
        has_batteries=True,
        can_identify_v1=True,
        can_reboot=True,
    )


KWH_METERS = (
    _kwh_meter("HWE-KWH1", ONE_PHASE),
    _kwh_meter("HWE-KWH3", THREE_PHASES),
    _kwh_meter("SDM230-wifi", ONE_PHASE),
    _kwh_meter("SDM630-wifi", THREE_PHASES),
)
