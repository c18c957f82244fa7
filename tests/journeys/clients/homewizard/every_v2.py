"""python-homewizard-energy 10's v2 class, every method of it on every device that it is given.

`every_v2.py CA.PEM [{"https": ..., "serial": ..., "identifier": ...}, ...]`; prints what each did, by serial, as JSON.
It prints `press SERIAL` when it wants a button pressed, and goes on at the next line of its input.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path

import aiohttp
import homewizard_energy.v2
from homewizard_energy import HomeWizardEnergyV2, has_v2_api
from homewizard_energy.errors import HomeWizardEnergyException
from homewizard_energy.models import Batteries

NAME = "journey"
BACK_WITHIN_S = 30
TRIES = 20


async def outcome(call: Awaitable[object]) -> object:
    """Return what a call gave, or the error that it ended with: its class and what it says."""
    try:
        return await call
    except HomeWizardEnergyException as error:
        return {"error": type(error).__name__, "says": [str(arg) for arg in error.args]}


async def raw(api: HomeWizardEnergyV2, host: str, token: str, path: str) -> dict[str, object]:
    """Return what the device says without the library."""
    headers = {"Authorization": f"Bearer {token}"}
    context = await api._get_ssl_context()
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"https://{host}{path}", headers=headers, ssl=context, server_hostname=api._identifier) as answer,
    ):
        return await answer.json()


async def same_instant(
    call: Callable[[], Awaitable[object]], look: Callable[[], Awaitable[dict[str, object]]]
) -> tuple[object, dict[str, object]]:
    """Return what the library read and what was on the wire, both of the same measurement."""
    for _ in range(TRIES):
        before = await look()
        read = await call()
        if await look() == before:
            return read, before
    raise SystemExit("the measurement changed at every look")


async def join(api: HomeWizardEnergyV2, serial: str, turn: asyncio.Lock) -> dict[str, object]:
    """Become a user: refused before the press, and with a bad name after it."""
    found: dict[str, object] = {"before": await outcome(api.get_token(NAME))}
    async with turn:
        print("press", serial, flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        bad = {name: await outcome(api.get_token(name)) for name in ("", "a.b", "x" * 41)}
        token = await outcome(api.get_token(NAME))
    return {**found, "bad_names": bad, "token": token, "second": await outcome(fresh(api).get_token(NAME))}


def fresh(api: HomeWizardEnergyV2, identifier: str = "", token: str | None = None) -> HomeWizardEnergyV2:
    """Return a new client of the same device."""
    return HomeWizardEnergyV2(api.host, identifier or api._identifier, token, clientsession=api._session)


async def trust(api: HomeWizardEnergyV2, token: str) -> dict[str, object]:
    """Say which identifiers the certificate stands for."""
    identifier = str(api._identifier)
    seen = {"right": identifier, "other serial": identifier[:-1] + "0", "other kind": "appliance/display/x"}
    found = {name: await outcome(fresh(api, named, token).device()) for name, named in seen.items()}
    async with HomeWizardEnergyV2(api.host, token=token) as unnamed:
        found["none"] = await outcome(unnamed.device())
    return {name: getattr(told, "serial", told) for name, told in found.items()}


async def back(api: HomeWizardEnergyV2) -> int | None:
    """Wait until a device that was rebooted counts its uptime from then; return it, or None when it never does."""
    begin = time.monotonic()
    while time.monotonic() - begin < BACK_WITHIN_S:
        system = await outcome(api.system())
        if not isinstance(system, dict) and system.uptime_s <= time.monotonic() - begin + 1:
            return system.uptime_s
        await asyncio.sleep(0.2)
    return None


async def use(place: dict[str, str], turn: asyncio.Lock) -> dict[str, object]:
    """Call every method on one device; what is changed is put back, save for the user, who goes."""
    async with HomeWizardEnergyV2(place["https"], place["identifier"]) as api:
        found: dict[str, object] = {"has_v2_api": await has_v2_api(place["https"])}
        found |= {"join": await join(api, place["serial"], turn)}
        token = str(api._token)
        found["combined"] = asdict(await api.combined())
        device = await api.device(reset_cache=True)
        found["device"] = asdict(device)
        found["supports"] = {
            name: getattr(device, name)() for name in dir(device) if name.startswith(("supports_", "supported_"))
        }
        read, wire = await same_instant(api.measurement, lambda: raw(api, place["https"], token, "/api/measurement"))
        found |= {"measurement": asdict(read), "raw": wire}
        found["telegram"] = await outcome(api.telegram())
        found["system"] = await outcome(api.system())
        found["writes"] = {
            "cloud": await outcome(api.system(cloud_enabled=False)),
            "led": await outcome(api.system(status_led_brightness_pct=5)),
            "too bright": await outcome(api.system(status_led_brightness_pct=101)),
            "v1": await outcome(api.system(api_v1_enabled=False)),
            "all": await outcome(api.system(cloud_enabled=True, status_led_brightness_pct=100, api_v1_enabled=True)),
        }
        found["batteries"] = await outcome(api.batteries())
        found["modes"] = {mode.name: await outcome(api.batteries(mode)) for mode in Batteries.Mode}
        await outcome(api.batteries(Batteries.Mode.ZERO))
        found["state"] = await outcome(api.state())
        found["identify"] = await outcome(api.identify())
        found["trust"] = await trust(api, token)
        found["strange token"] = await outcome(fresh(api, token="C" * 32).device())
        found["without token"] = await outcome(fresh(api).device())
        found["reboot"] = await outcome(api.reboot())
        if found["reboot"] is None:
            found["uptime after"] = await back(api)
        found["delete unknown"] = await outcome(api.delete_token("local/nobody"))
        found["delete own"] = await outcome(api.delete_token())
        found["after"] = await outcome(fresh(api, token=token).device())
        return found


def shown(thing: object) -> object:
    """Return what JSON has no word for: the library's objects by their fields, the rest as text."""
    return asdict(thing) if hasattr(thing, "__dataclass_fields__") else str(thing)


async def main(places: str) -> None:
    """Use all devices side by side."""
    listed = json.loads(places)
    turn = asyncio.Lock()
    found = await asyncio.gather(*(use(place, turn) for place in listed))
    print(json.dumps({place["serial"]: seen for place, seen in zip(listed, found, strict=True)}, default=shown))


if __name__ == "__main__":
    # The library trusts the hub's CA in place of the vendor's.
    homewizard_energy.v2.CACERT = Path(sys.argv[1]).read_text()
    asyncio.run(main(sys.argv[2]))
