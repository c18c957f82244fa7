"""python-homewizard-energy against older releases of v2: `releases_v2.py HOST CA.PEM {SERIAL: TOKEN}`; prints JSON."""

import asyncio
import json
import sys
from pathlib import Path

import homewizard_energy.v2
from homewizard_energy import HomeWizardEnergyV2
from homewizard_energy.errors import RequestError, UnsupportedError
from homewizard_energy.models import Batteries


async def look(host: str, serial: str, token: str) -> dict[str, object]:
    """Ask a meter for its batteries and try each mode."""
    async with HomeWizardEnergyV2(host, f"appliance/p1dongle/{serial}", token) as api:
        device = await api.device()
        combined = await api.combined()
        return {
            "api_version": str(device.api_version),
            "power_w": combined.measurement.power_w,
            "batteries": await batteries(api, None),
            "modes": {mode.name: await batteries(api, mode) for mode in Batteries.Mode},
            "reboot": await api.reboot(),
        }


async def batteries(api: HomeWizardEnergyV2, mode: Batteries.Mode | None) -> object:
    """Return the mode and the number of batteries after a write; the error where there is none."""
    try:
        told = await (api.batteries() if mode is None else api.batteries(mode))
    except (RequestError, UnsupportedError) as error:
        return [type(error).__name__, str(error)]
    return [told.mode.name, told.battery_count]


async def look_at_all(host: str, tokens: dict[str, str]) -> dict[str, object]:
    """Return what was seen of each, by serial."""
    return {serial: await look(host, serial, token) for serial, token in tokens.items()}


def main(host: str, ca: str, tokens: str) -> None:
    """The library trusts the hub's CA in place of the vendor's."""
    homewizard_energy.v2.CACERT = Path(ca).read_text()
    print(json.dumps(asyncio.run(look_at_all(host, json.loads(tokens))), default=str))


if __name__ == "__main__":
    main(*sys.argv[1:])
