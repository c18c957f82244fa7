"""python-homewizard-energy 6.3.0 and aiohwenergy 0.8.0 on v1: `older_v1.py '{"HWE-P1": HOST, ...}'`, as JSON."""

import asyncio
import json
import sys
from collections.abc import Awaitable
from dataclasses import asdict

import aiohwenergy
import homewizard_energy


async def outcome(call: Awaitable[object]) -> object:
    """Return what a call gave, or the name of the error that it ended with."""
    try:
        return await call
    except Exception as error:  # noqa: BLE001 (the two libraries share no base of their errors)
        return {"error": type(error).__name__}


async def newer(host: str) -> dict[str, object]:
    """Every method of python-homewizard-energy 6.3.0."""
    async with homewizard_energy.HomeWizardEnergy(host) as api:
        found = {"device": await outcome(api.device()), "data": await outcome(api.data())}
        found["system"] = await outcome(api.system())
        found["cloud off"] = await outcome(api.system_set(cloud_enabled=False))
        found["cloud on"] = await outcome(api.system_set(cloud_enabled=True))
        found["identify"] = await outcome(api.identify())
        found["state"] = await outcome(api.state())
        found["off"] = await outcome(api.state_set(power_on=False))
        found["state off"] = await outcome(api.state())
        found["on"] = await outcome(api.state_set(power_on=True, brightness=255))
        return found


async def oldest(host: str) -> dict[str, object]:
    """What aiohwenergy 0.8.0 does of itself, and its switching."""
    async with aiohwenergy.HomeWizardEnergy(host) as api:
        started = await outcome(api.initialize())
        if started is not None:
            return {"started": started}
        found = {"started": None, "serial": api.device.serial, "points": sorted(api.data.available_datapoints)}
        found["power_w"] = api.data.active_power_w
        found["gas"] = [api.data.total_gas_m3, api.data.gas_timestamp]
        found["updated"] = await outcome(api.update())
        if api.state is not None:
            found["off"] = [await api.state.set(power_on=False), api.state.power_on]
            found["locked"] = [await api.state.set(switch_lock=True), api.state.switch_lock]
            found["refused"] = await api.state.set(power_on=False)
            found["on"] = [await api.state.set(power_on=True, switch_lock=False), api.state.power_on]
        return found


def shown(thing: object) -> object:
    """Return what JSON has no word for: the library's objects by their fields, the rest as text."""
    return asdict(thing) if hasattr(thing, "__dataclass_fields__") else str(thing)


async def main(places: dict[str, str]) -> dict[str, object]:
    """Use each product with one library, then with the other."""
    return {product: {"newer": await newer(host), "oldest": await oldest(host)} for product, host in places.items()}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(json.loads(sys.argv[1]))), default=shown))
