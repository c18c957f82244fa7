"""python-homewizard-energy 10's v1 class, every method of it on every device that it is given.

`every_v1.py [{"http": ..., "https": ..., "serial": ...}, ...]`; prints what each did, by serial, as JSON.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable
from dataclasses import asdict

import aiohttp
from homewizard_energy import HomeWizardEnergyV1, has_v2_api
from homewizard_energy.errors import HomeWizardEnergyException

TRIES = 20


async def outcome(call: Awaitable[object]) -> object:
    """Return what a call gave, or the name of the error that it ended with."""
    try:
        return await call
    except HomeWizardEnergyException as error:
        return {"error": type(error).__name__}


async def measured(api: HomeWizardEnergyV1) -> tuple[object, object]:
    """Return what the library read and what was on the wire, both of the same measurement."""
    async with aiohttp.ClientSession() as session:

        async def look() -> object:
            async with session.get(f"http://{api.host}/api/v1/data") as answer:
                return await answer.json()

        for _ in range(TRIES):
            before = await look()
            read = await outcome(api.measurement())
            if await look() == before:
                return read, before
    raise SystemExit("the measurement changed at every look")


async def states(api: HomeWizardEnergyV1) -> dict[str, object]:
    """Switch a socket off and on, lock it, dim it."""
    found: dict[str, object] = {"at first": await outcome(api.state())}
    for name, wish in {
        "off": {"power_on": False},
        "locked": {"switch_lock": True},
        "off while locked": {"power_on": False},
        "unlocked and off": {"power_on": False, "switch_lock": False},
        "dim": {"brightness": 10},
        "on": {"power_on": True},
    }.items():
        found[name] = await outcome(api.state(**wish))
        found[f"then {name}"] = await outcome(api.state())
    return found


async def use(place: dict[str, str]) -> dict[str, object]:
    """Call every method on one device; what is changed is put back."""
    async with HomeWizardEnergyV1(place["http"]) as api:
        device = await outcome(api.device())
        if isinstance(device, dict):
            return {"device": device, "measurement": await outcome(api.measurement())}
        read, wire = await measured(api)
        found = {"device": asdict(device), "measurement": read, "raw": wire}
        found["has_v2_api"] = await has_v2_api(place["https"])
        found["telegram"] = await outcome(api.telegram())
        found["system"] = await outcome(api.system())
        found["cloud off"] = await outcome(api.system(cloud_enabled=False))
        found["cloud on"] = await outcome(api.system(cloud_enabled=True))
        found["half bright"] = await outcome(api.system(status_led_brightness_pct=50))
        found["v1 off"] = await outcome(api.system(api_v1_enabled=False))
        found["states"] = await states(api)
        found["identify"] = await outcome(api.identify())
        found["batteries"] = await outcome(api.batteries())
        found["reboot"] = await outcome(api.reboot())
        found["combined"] = asdict(await api.combined())
        return found


def shown(thing: object) -> object:
    """Return what JSON has no word for: the library's objects by their fields, the rest as text."""
    return asdict(thing) if hasattr(thing, "__dataclass_fields__") else str(thing)


async def main(places: str) -> None:
    """Use all devices side by side."""
    listed = json.loads(places)
    found = await asyncio.gather(*(use(place) for place in listed))
    print(json.dumps({place["serial"]: seen for place, seen in zip(listed, found, strict=True)}, default=shown))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
