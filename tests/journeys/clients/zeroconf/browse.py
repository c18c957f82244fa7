"""What zeroconf's own browser hears on loopback, a line of JSON each, until its input ends: `browse.py`."""

import asyncio
import json
import sys

from zeroconf import AddressResolverIPv4, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

TYPES = ["_hwenergy._tcp.local.", "_homewizard._tcp.local."]
WITHIN_MS = 5000


async def look_up(zeroconf: Zeroconf, type: str, name: str, change: str) -> None:
    """Print what a service says of itself, and which addresses its host name has."""
    info = AsyncServiceInfo(type, name)
    if not await info.async_request(zeroconf, WITHIN_MS) or info.server is None:
        return
    host = AddressResolverIPv4(info.server)
    await host.async_request(zeroconf, WITHIN_MS)
    found = {
        "change": change,
        "type": type,
        "name": name,
        "text": info.decoded_properties,
        "port": info.port,
        "host": info.server,
        "addresses": info.parsed_addresses(),
        "resolved": host.parsed_addresses(),
    }
    print(json.dumps(found), flush=True)


async def main() -> None:
    """Listen until nobody listens to this."""
    zeroconf = AsyncZeroconf(interfaces=["127.0.0.1"])
    looking = set()

    def heard(zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        if state_change is ServiceStateChange.Removed:
            print(json.dumps({"change": "removed", "type": service_type, "name": name}), flush=True)
            return
        task = asyncio.create_task(look_up(zeroconf, service_type, name, state_change.name.lower()))
        looking.add(task)
        task.add_done_callback(looking.discard)

    browser = AsyncServiceBrowser(zeroconf.zeroconf, TYPES, handlers=[heard])
    print(json.dumps({"change": "listening"}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await browser.async_cancel()
    await zeroconf.async_close()


asyncio.run(main())
