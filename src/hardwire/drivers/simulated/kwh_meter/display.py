"""What a kWh meter shows of the phases that it measures, and which points it has.

Source: HomeWizard reference, sections 2.4 and 8.2.
"""

from collections.abc import Mapping, Sequence

from hardwire.drivers.simulated.grid import frequency_hz, voltage_v
from hardwire.drivers.simulated.kwh_meter.electricity import Phase, shown
from hardwire.drivers.simulated.register import register_kwh
from hardwire.model.energy import PHASES
from hardwire.model.value import Value

CURRENTS_AND_POWERS = (
    "current{}_a",
    "apparent_current{}_a",
    "reactive_current{}_a",
    "apparent_power{}_va",
    "reactive_power{}_var",
)
TOTAL = ("energy_import_kwh", "energy_export_kwh", "power_w", *(name.format("") for name in CURRENTS_AND_POWERS))
ONE_PHASE_NAMES = (*TOTAL, "voltage_v", "power_factor", "frequency_hz")
THREE_PHASE_NAMES = (
    *TOTAL,
    "frequency_hz",
    *(
        name.format(f"_l{phase}")
        for name in (*CURRENTS_AND_POWERS, "power{}_w", "voltage{}_v", "power_factor{}")
        for phase in PHASES
    ),
)


def reading(
    watts: Sequence[float], reactive: tuple[float, float], energy_wh: tuple[float, float], at_s: float
) -> Mapping[str, Value]:
    """Return all that a meter shows of one phase or of three.

    `reactive` is the reactive power as a share of the power, and in var that are always there, on all phases together;
    `energy_wh` is what was drawn and what was fed in; the instant is given as seconds since 1970.
    """
    phases = []
    for number, watt in enumerate(watts, start=1):
        with_power, always_var = reactive
        reactive_var = with_power * abs(watt) + always_var / len(watts)
        phases.append(Phase(shown(voltage_v(number, at_s, watt)), shown(watt), shown(reactive_var)))
    drawn_wh, fed_wh = energy_wh
    values: dict[str, Value] = {
        "energy_import_kwh": register_kwh(drawn_wh),
        "energy_export_kwh": register_kwh(fed_wh),
        "frequency_hz": frequency_hz(at_s),
    }
    _add_totals(values, phases)
    if len(phases) > 1:
        for number, phase in enumerate(phases, start=1):
            _add_phase(values, f"_l{number}", phase)
    else:
        values["voltage_v"] = phases[0].voltage_v
        values["power_factor"] = shown(phases[0].power_factor)
    return values


def _add_totals(values: dict[str, Value], phases: list[Phase]) -> None:
    """Powers are summed with their signs, currents as magnitudes."""
    values["power_w"] = shown(sum(phase.power_w for phase in phases))
    values["current_a"] = shown(sum(abs(phase.current_a) for phase in phases))
    values["apparent_current_a"] = shown(sum(phase.apparent_current_a for phase in phases))
    values["reactive_current_a"] = shown(sum(phase.reactive_current_a for phase in phases))
    values["apparent_power_va"] = shown(sum(phase.apparent_power_va for phase in phases))
    values["reactive_power_var"] = shown(sum(phase.reactive_power_var for phase in phases))


def _add_phase(values: dict[str, Value], mark: str, phase: Phase) -> None:
    values[f"power{mark}_w"] = phase.power_w
    values[f"voltage{mark}_v"] = phase.voltage_v
    values[f"current{mark}_a"] = shown(phase.current_a)
    values[f"apparent_current{mark}_a"] = shown(phase.apparent_current_a)
    values[f"reactive_current{mark}_a"] = shown(phase.reactive_current_a)
    values[f"apparent_power{mark}_va"] = shown(phase.apparent_power_va)
    values[f"reactive_power{mark}_var"] = phase.reactive_power_var
    values[f"power_factor{mark}"] = shown(phase.power_factor)
