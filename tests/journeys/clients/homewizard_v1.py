"""python-homewizard-energy against a v1 device: `homewizard_v1.py HOST`, what it saw as JSON."""

import asyncio
import json
import sys

from homewizard_energy import DisabledError, HomeWizardEnergyV1, UnsupportedError

FIELDS = ("power_w", "energy_import_kwh", "energy_import_t1_kwh", "energy_import_t2_kwh", "wifi_ssid", "timestamp")


async def read(host: str) -> dict[str, object]:
    """Ask for all that there is, change what can be changed, and put it back."""
    async with HomeWizardEnergyV1(host) as api:
        try:
            device = await api.device()
        except DisabledError:
            return {"error": "DisabledError"}
        measurement = await api.measurement()
        system = await api.system()
        off = await api.system(cloud_enabled=False)
        await api.system(cloud_enabled=True)
        try:
            await api.state()
            state = "there is one"
        except UnsupportedError:
            state = "UnsupportedError"
        return {
            "device": [device.product_type, device.product_name, device.serial, str(device.api_version)],
            "measurement": {name: getattr(measurement, name) for name in FIELDS},
            "external": [
                [meter.type, meter.value, meter.unit] for meter in (measurement.external_devices or {}).values()
            ],
            "system": system.cloud_enabled,
            "off": off.cloud_enabled,
            "telegram": await api.telegram(),
            "identify": await api.identify(),
            "state": state,
        }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(read(sys.argv[1])), default=str))
