"""Home Assistant with a P1 meter: `home_assistant.py HOST`, added by its own dialog; what it saw as JSON.

It prints `silence` when it wants the meter silenced and `speech` when it wants it back, and reads a line after each.
"""

import asyncio
import json
import sys
import tempfile

from homeassistant import config_entries, core, loader
from homeassistant.helpers import (
    area_registry,
    device_registry,
    entity,
    entity_registry,
    issue_registry,
    restore_state,
    translation,
)
from homeassistant.setup import async_setup_component

POWER = "sensor.p1_meter_power"
SWITCH = "switch.p1_meter_cloud_connection"
IDENTIFY = "button.p1_meter_identify"
# It polls every 5 s.
WITHIN_S = 40


async def start(folder: str) -> core.HomeAssistant:
    """Return a Home Assistant without pages, accounts or discovery."""
    home = core.HomeAssistant(folder)
    home.config.skip_pip = True
    loader.async_setup(home)
    home.config_entries = config_entries.ConfigEntries(home, {})
    entity.async_setup(home)
    translation.async_setup(home)
    await asyncio.gather(
        area_registry.async_load(home),
        device_registry.async_load(home),
        entity_registry.async_load(home),
        issue_registry.async_load(home),
        restore_state.async_load(home),
        home.config_entries.async_initialize(),
    )
    await async_setup_component(home, "homeassistant", {})
    return home


async def until(home: core.HomeAssistant, entity_id: str, *, is_there: bool) -> bool:
    """Wait until an entity is available, or is not; return whether that came."""
    try:
        async with asyncio.timeout(WITHIN_S):
            # Home Assistant polls by itself; looking now and then is simpler than a listener on its bus.
            while (home.states.get(entity_id).state != "unavailable") is not is_there:  # noqa: ASYNC110 (as said above)
                await asyncio.sleep(0.1)
    except TimeoutError:
        return False
    return True


async def ask_for(word: str) -> None:
    """Print a word and wait for a line."""
    print(word, flush=True)
    await asyncio.to_thread(sys.stdin.readline)


async def main(host: str) -> dict[str, object]:
    """Add the meter, use what it offers, see it go and come back."""
    with tempfile.TemporaryDirectory() as folder:
        home = await start(folder)
        dialog = await home.config_entries.flow.async_init("homewizard", context={"source": "user"})
        done = await home.config_entries.flow.async_configure(dialog["flow_id"], {"ip_address": host})
        await home.async_block_till_done()
        await home.async_start()
        found: dict[str, object] = {
            "dialog": [done["type"], done.get("title"), done.get("errors")],
            "entries": [
                [entry.unique_id, entry.state.value] for entry in home.config_entries.async_entries("homewizard")
            ],
            "states": {state.entity_id: state.state for state in home.states.async_all()},
        }
        for turn in ("turn_off", "turn_on"):
            await home.services.async_call("switch", turn, {"entity_id": SWITCH}, blocking=True)
            await home.async_block_till_done()
            found[turn] = home.states.get(SWITCH).state
        await home.services.async_call("button", "press", {"entity_id": IDENTIFY}, blocking=True)
        found["identified"] = home.states.get(IDENTIFY).state not in ("unknown", "unavailable")
        await ask_for("silence")
        found["went"] = await until(home, POWER, is_there=False)
        await ask_for("speech")
        found["came"] = await until(home, POWER, is_there=True)
        found["power"] = home.states.get(POWER).state
        await home.async_stop(force=True)
        return found


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(sys.argv[1]))))
