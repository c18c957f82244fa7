"""python-homewizard-energy reads a meter that has no telegram: `virtual.py HOST`, what v1 showed it as JSON."""

import asyncio
import json
import sys

from homewizard_energy import HomeWizardEnergyV1

FIELDS = (
    "power_w",
    "power_l1_w",
    "power_l2_w",
    "power_l3_w",
    "current_a",
    "current_l1_a",
    "voltage_l1_v",
    "energy_import_kwh",
    "energy_import_t1_kwh",
    "tariff",
    "meter_model",
)


async def read(host: str) -> dict[str, object]:
    """Ask who it is and what it measures."""
    async with HomeWizardEnergyV1(host) as api:
        device = await api.device()
        measurement = await api.measurement()
        return {
            "device": [device.product_type, device.serial],
            "measurement": {name: getattr(measurement, name) for name in FIELDS},
            "external": [
                [meter.type, meter.value, meter.unit] for meter in (measurement.external_devices or {}).values()
            ],
        }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(read(sys.argv[1])), default=str))
