"""Home Assistant that is told of a device by discovery: `discovered.py ADDRESS ANNOUNCEMENT`; what came of it as JSON.

ANNOUNCEMENT is what a browser found, as JSON. Home Assistant connects to an address alone, always at port 80; ADDRESS,
with a port, stands in its place.
"""

import asyncio
import json
import sys
import tempfile

from home_assistant import start
from homeassistant.components.zeroconf import ZeroconfServiceInfo


async def main(address: str, found: dict) -> dict[str, object]:
    """Let discovery begin a dialog, confirm it, and let discovery come again."""
    told = ZeroconfServiceInfo(
        ip_address=address,
        ip_addresses=[address],
        port=found["port"],
        hostname=found["host"],
        type=found["type"],
        name=found["name"],
        properties=found["text"],
    )
    with tempfile.TemporaryDirectory() as folder:
        home = await start(folder)
        flow = home.config_entries.flow
        dialog = await flow.async_init("homewizard", context={"source": "zeroconf"}, data=told)
        seen: dict[str, object] = {"dialog": [dialog["type"], dialog.get("step_id"), dialog.get("reason")]}
        if dialog["type"] == "form":
            done = await flow.async_configure(dialog["flow_id"], {})
            await home.async_block_till_done()
            again = await flow.async_init("homewizard", context={"source": "zeroconf"}, data=told)
            seen["done"] = [done["type"], done.get("title"), done.get("errors")]
            seen["again"] = [again["type"], again.get("reason")]
        seen["entries"] = [
            [entry.unique_id, entry.state.value] for entry in home.config_entries.async_entries("homewizard")
        ]
        await home.async_stop(force=True)
        return seen


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(sys.argv[1], json.loads(sys.argv[2])))))
