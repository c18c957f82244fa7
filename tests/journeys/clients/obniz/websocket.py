"""The plain `websockets` client: a handshake with a sub-protocol. Arguments: URL, sub-protocol."""

import asyncio
import json
import sys

import websockets


async def shake_hands(url: str, protocol: str) -> dict:
    """Connect and be greeted."""
    async with websockets.connect(url, subprotocols=[protocol]) as socket:
        return {"protocol": socket.subprotocol, "greeting": json.loads(await socket.recv())}


print(json.dumps(asyncio.run(shake_hands(sys.argv[1], sys.argv[2]))))
