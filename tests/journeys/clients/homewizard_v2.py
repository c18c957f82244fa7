"""python-homewizard-energy against a v2 device: `homewizard_v2.py read|pair HOST CA.PEM SERIAL`; prints JSON."""

import asyncio
import json
import os
import sys
from pathlib import Path

import homewizard_energy.v2
from homewizard_energy import HomeWizardEnergyV2, has_v2_api
from homewizard_energy.errors import DisabledError, InvalidUserNameError, RequestError, UnauthorizedError
from homewizard_energy.models import Batteries

# That of the demo, unless the journey has another.
DEMO_TOKEN = os.environ.get("HOMEWIZARD_TOKEN", "A" * 32)
FIELDS = ("power_w", "energy_import_kwh", "energy_import_t1_kwh", "energy_import_t2_kwh", "wifi_ssid", "timestamp")


async def read(host: str, identifier: str) -> dict[str, object]:
    """Ask for all that there is, change what can be changed, and put it back."""
    async with HomeWizardEnergyV2(host, identifier, DEMO_TOKEN) as api:
        device = await api.device()
        measurement = await api.measurement()
        system = await api.system()
        dark = await api.system(cloud_enabled=False, status_led_brightness_pct=5)
        await api.system(cloud_enabled=True, status_led_brightness_pct=100)
        await api.identify()
        modes = {mode.name: await batteries(api, mode) for mode in Batteries.Mode}
        await api.batteries(Batteries.Mode.ZERO)
        combined = await api.combined()
        try:
            await api.system(status_led_brightness_pct=200)
        except (RequestError, ValueError) as error:
            too_bright = str(error)
        return {
            "has_v2_api": await has_v2_api(host),
            "device": [device.product_type, device.product_name, device.serial, str(device.api_version)],
            "measurement": {name: getattr(measurement, name) for name in FIELDS},
            "external": [
                [meter.type, meter.unique_id, meter.value, meter.unit, meter.timestamp.isoformat()]
                for meter in (measurement.external_devices or {}).values()
            ],
            "system": [system.cloud_enabled, system.wifi_ssid, system.uptime_s is not None],
            "dark": [dark.cloud_enabled, dark.status_led_brightness_pct],
            "telegram": await api.telegram(),
            "modes": modes,
            "combined": [combined.device is not None, combined.system is not None, combined.batteries is not None],
            "too_bright": too_bright,
            "without_identifier": await without_identifier(host),
            "other_identifier": await outcome(HomeWizardEnergyV2(host, identifier[:-1] + "0", DEMO_TOKEN)),
            "wrong_token": await outcome(HomeWizardEnergyV2(host, identifier, "C" * 32)),
        }


async def batteries(api: HomeWizardEnergyV2, mode: Batteries.Mode) -> list[object]:
    """Set a mode and return what the device says of it."""
    told = await api.batteries(mode)
    return [told.mode.name, told.battery_count, told.power_w]


async def without_identifier(host: str) -> str:
    """Return the serial that a client sees which knows no certificate name."""
    async with HomeWizardEnergyV2(host, token=DEMO_TOKEN) as api:
        return (await api.device()).serial


async def outcome(api: HomeWizardEnergyV2) -> str:
    """Return the name of the error that this client ends with."""
    async with api:
        try:
            await api.device()
        except (RequestError, UnauthorizedError) as error:
            return type(error).__name__
    return "no error"


async def pair(host: str, identifier: str) -> dict[str, object]:
    """Become a user: wait for the button, take the token, use it, and go. A line on stdin says it was pressed."""
    async with HomeWizardEnergyV2(host, identifier) as api:
        seen: dict[str, object] = {}
        try:
            await api.get_token("journey")
        except DisabledError:
            seen["before"] = "DisabledError"
        try:
            await api.get_token("a.b")
        except InvalidUserNameError as error:
            seen["bad_name"] = str(error.args[-1])
        print("press", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        seen["token"] = await api.get_token("journey")
        seen["serial"] = (await api.device()).serial
        try:
            await HomeWizardEnergyV2(host, identifier).get_token("journey")
        except DisabledError:
            seen["second"] = "DisabledError"
        await api.delete_token()
        seen["after"] = await outcome(HomeWizardEnergyV2(host, identifier, str(seen["token"])))
        return seen


def main(what: str, host: str, ca: str, serial: str) -> None:
    """Run one of the two; the library trusts the hub's CA in place of the vendor's."""
    homewizard_energy.v2.CACERT = Path(ca).read_text()
    print(
        json.dumps(asyncio.run({"read": read, "pair": pair}[what](host, f"appliance/p1dongle/{serial}")), default=str)
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
