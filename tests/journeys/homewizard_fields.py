"""What the vendor documents that each product measures, by the names of both API versions."""

PHASES = (1, 2, 3)


def _phases(name: str) -> set[str]:
    return {name.format(phase) for phase in PHASES}


def _all(name: str) -> set[str]:
    """A total, with its three phases: the name has its place for `_l1`."""
    return {name.format(""), *(name.format(f"_l{phase}") for phase in PHASES)}


ONE_PHASE = {
    *("energy_import_kwh", "energy_export_kwh", "power_w", "voltage_v", "current_a", "apparent_current_a"),
    *("reactive_current_a", "apparent_power_va", "reactive_power_var", "power_factor", "frequency_hz"),
}
THREE_PHASES = {
    *("energy_import_kwh", "energy_export_kwh", "frequency_hz"),
    *_all("power{}_w"),
    *_phases("voltage_l{}_v"),
    *_all("current{}_a"),
    *_all("apparent_current{}_a"),
    *_all("reactive_current{}_a"),
    *_all("apparent_power{}_va"),
    *_all("reactive_power{}_var"),
    *_phases("power_factor_l{}"),
}
SMART_METER = {
    *("unique_id", "protocol_version", "meter_model", "timestamp", "tariff", "power_w", "current_a", "external"),
    *(f"energy_{way}{tariff}_kwh" for way in ("import", "export") for tariff in ("", "_t1", "_t2")),
    *_phases("power_l{}_w"),
    *_phases("voltage_l{}_v"),
    *_phases("current_l{}_a"),
    *_phases("voltage_sag_l{}_count"),
    *_phases("voltage_swell_l{}_count"),
    *("any_power_fail_count", "long_power_fail_count"),
}
"""Of a Dutch meter with three phases and a gas meter: no tariff 3 and 4, no frequency, no quarter-hour peaks."""

V2_FIELDS = {
    "HWE-P1": SMART_METER,
    "HWE-KWH1": ONE_PHASE,
    "HWE-KWH3": THREE_PHASES,
    "SDM230-wifi": ONE_PHASE,
    "SDM630-wifi": THREE_PHASES,
    "HWE-BAT": {
        *("energy_import_kwh", "energy_export_kwh", "power_w", "voltage_v", "current_a", "frequency_hz"),
        *("state_of_charge_pct", "cycles"),
    },
}

_V1_TOTALS = {f"total_power_{way}{tariff}_kwh" for way in ("import", "export") for tariff in ("", "_t1")}
_V1_ONE_PHASE = {
    *("wifi_ssid", "wifi_strength", *_V1_TOTALS, "active_power_w", "active_power_l1_w", "active_voltage_v"),
    *("active_current_a", "active_apparent_current_a", "active_reactive_current_a", "active_apparent_power_va"),
    *("active_reactive_power_var", "active_power_factor", "active_frequency_hz"),
}
_V1_THREE_PHASES = {
    *("wifi_ssid", "wifi_strength", *_V1_TOTALS, "active_frequency_hz"),
    *_all("active_power{}_w"),
    *_phases("active_voltage_l{}_v"),
    *_all("active_current{}_a"),
    *_all("active_apparent_current{}_a"),
    *_all("active_reactive_current{}_a"),
    *_all("active_apparent_power{}_va"),
    *_all("active_reactive_power{}_var"),
    *_phases("active_power_factor_l{}"),
}
_V1_SMART_METER = {
    *("wifi_ssid", "wifi_strength", "smr_version", "meter_model", "unique_id", "active_tariff", "active_power_w"),
    *(f"total_power_{way}{tariff}_kwh" for way in ("import", "export") for tariff in ("", "_t1", "_t2")),
    "active_current_a",
    *_phases("active_power_l{}_w"),
    *_phases("active_voltage_l{}_v"),
    *_phases("active_current_l{}_a"),
    *_phases("voltage_sag_l{}_count"),
    *_phases("voltage_swell_l{}_count"),
    *("any_power_fail_count", "long_power_fail_count"),
    *("total_gas_m3", "gas_timestamp", "gas_unique_id", "external"),
}
V1_FIELDS = {
    "HWE-P1": _V1_SMART_METER,
    "HWE-KWH1": _V1_ONE_PHASE,
    "HWE-KWH3": _V1_THREE_PHASES,
    "SDM230-wifi": _V1_ONE_PHASE,
    "SDM630-wifi": _V1_THREE_PHASES,
    "HWE-SKT": {
        *("wifi_ssid", "wifi_strength", *_V1_TOTALS, "active_power_w", "active_power_l1_w", "active_voltage_v"),
        *("active_current_a", "active_frequency_hz", "active_reactive_power_var", "active_apparent_power_va"),
        "active_power_factor",
    },
    "HWE-WTR": {"wifi_ssid", "wifi_strength", "active_liter_lpm", "total_liter_m3", "total_liter_offset_m3"},
}


def v1_name(v2: str) -> str:
    """Return what v1 calls a v2 field."""
    match v2:
        case "protocol_version":
            return "smr_version"
        case "tariff":
            return "active_tariff"
        case _ if v2.startswith("energy_"):
            return v2.replace("energy_", "total_power_", 1)
        case _ if v2.startswith(("power_", "voltage_", "current_", "apparent_", "reactive_", "frequency_")) and not (
            v2.startswith(("voltage_sag", "voltage_swell"))
        ):
            return f"active_{v2}"
        case _:
            return v2
