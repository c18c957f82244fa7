"""Home Assistant with every v1 product: `home_assistant_products.py '{"HWE-P1": HOST, ...}' HOST_OF_ANOTHER`, as JSON.

It adds each product by its own dialog, and tries one that speaks no v1. It prints `closed` when it wants the P1 meter's
v1 API switched off and `open` when it wants it back, and reads a line after each.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress

from home_assistant import ask_for, start
from homeassistant import config_entries, core
from homeassistant.data_entry_flow import UnknownFlow
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry

WITHIN_S = 40
P1, SOCKET = "HWE-P1", "HWE-SKT"


async def add(home: core.HomeAssistant, host: str) -> list[object]:
    """Add a device by the dialog; return how that went."""
    dialog = await home.config_entries.flow.async_init("homewizard", context={"source": "user"})
    done = await home.config_entries.flow.async_configure(dialog["flow_id"], {"ip_address": host})
    return [str(done["type"]), done.get("title"), done.get("errors"), done.get("reason")]


def entry_of(home: core.HomeAssistant, product: str) -> config_entries.ConfigEntry:
    """Return the entry of a product."""
    return next(
        entry for entry in home.config_entries.async_entries("homewizard") if entry.unique_id.startswith(f"{product}_")
    )


def states_of(home: core.HomeAssistant, product: str) -> dict[str, str]:
    """Return what the entities of a product show, by what the integration calls each."""
    entry = entry_of(home, product)
    listed = entity_registry.async_entries_for_config_entry(entity_registry.async_get(home), entry.entry_id)
    return {
        f"{one.domain}.{one.unique_id.removeprefix(f'{entry.unique_id}_')}": home.states.get(one.entity_id).state
        for one in listed
        if home.states.get(one.entity_id) is not None
    }


def hidden_of(home: core.HomeAssistant, product: str) -> list[str]:
    """Return the entities of a product that Home Assistant makes, and shows only to who asks for them."""
    entry = entry_of(home, product)
    listed = entity_registry.async_entries_for_config_entry(entity_registry.async_get(home), entry.entry_id)
    return [one.unique_id.removeprefix(f"{entry.unique_id}_") for one in listed if one.disabled_by is not None]


async def until(is_so: Callable[[], bool]) -> bool:
    """Wait until something has come; return whether it has."""
    try:
        async with asyncio.timeout(WITHIN_S):
            # Home Assistant polls by itself; looking now and then is simpler than a listener on its bus.
            while not is_so():  # noqa: ASYNC110 (as said above)
                await asyncio.sleep(0.1)
    except TimeoutError:
        return False
    return True


class Socket:
    """The socket's entities, as somebody at the dashboard uses them."""

    def __init__(self, home: core.HomeAssistant) -> None:
        self._home = home
        entry = entry_of(home, SOCKET)
        listed = entity_registry.async_entries_for_config_entry(entity_registry.async_get(home), entry.entry_id)
        self._names = {
            f"{one.domain}.{one.unique_id.removeprefix(f'{entry.unique_id}_')}": one.entity_id for one in listed
        }

    async def call(self, name: str, service: str, **more: object) -> str:
        """Call a service of an entity; return what the entity shows then, or the error."""
        entity = self._names[name]
        try:
            await self._home.services.async_call(
                entity.partition(".")[0], service, {"entity_id": entity, **more}, blocking=True
            )
        except HomeAssistantError as error:
            return f"error: {error}"
        await self._home.async_block_till_done()
        return self.state(name)

    def state(self, name: str) -> str:
        """What an entity shows."""
        return self._home.states.get(self._names[name]).state

    async def use(self) -> dict[str, object]:
        """Switch, lock, dim; it ends as it began."""
        power = "sensor.active_power_w"
        found: dict[str, object] = {"off": await self.call("switch.power_on", "turn_off")}
        found["nothing drawn"] = await until(lambda: float(self.state(power)) == 0)
        found["on"] = await self.call("switch.power_on", "turn_on")
        found["drawn again"] = await until(lambda: float(self.state(power)) > 0)
        found["locked"] = await self.call("switch.switch_lock", "turn_on")
        found["switch while locked"] = self.state("switch.power_on")
        found["unlocked"] = await self.call("switch.switch_lock", "turn_off")
        found["switch after"] = self.state("switch.power_on")
        found["dim"] = await self.call("number.status_light_brightness", "set_value", value=20)
        found["bright"] = await self.call("number.status_light_brightness", "set_value", value=100)
        found["identified"] = await self.call("button.identify", "press") not in ("unknown", "unavailable")
        return found


async def main(places: dict[str, str], other: str) -> dict[str, object]:
    """Add all, look, use the socket, and see the P1 meter's API go and come back."""
    with tempfile.TemporaryDirectory() as folder:
        home = await start(folder)
        found: dict[str, object] = {"dialogs": {product: await add(home, host) for product, host in places.items()}}
        await home.async_block_till_done()
        found["again"] = await add(home, places[P1])
        found["other"] = await add(home, other)
        await home.async_start()
        found["entries"] = {product: entry_of(home, product).state.value for product in places}
        found["states"] = {product: states_of(home, product) for product in places}
        found["hidden"] = {product: hidden_of(home, product) for product in places}
        found["socket"] = await Socket(home).use()

        await ask_for("closed")
        flows = home.config_entries.flow
        found["asks"] = await until(lambda: bool(flows.async_progress_by_handler("homewizard")))
        asking = flows.async_progress_by_handler("homewizard")
        found["step"] = [asking[0]["context"]["source"], asking[0]["step_id"]] if asking else []
        found["closed"] = entry_of(home, P1).state.value
        found["dialog while closed"] = await add(home, places[P1])
        still = await flows.async_configure(asking[0]["flow_id"], {})
        found["still closed"] = still.get("errors")
        await ask_for("open")
        # The reload that this dialog ends with closes the dialog too, and the dialog then misses itself.
        with suppress(UnknownFlow):
            await flows.async_configure(asking[0]["flow_id"], {})
        await home.async_block_till_done()
        found["open"] = entry_of(home, P1).state.value
        found["back"] = "unavailable" not in states_of(home, P1).values()
        await home.async_stop(force=True)
        return found


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(json.loads(sys.argv[1]), sys.argv[2]))))
