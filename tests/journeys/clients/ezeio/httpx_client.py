"""httpx and websockets: ticket, socket, command, and the ticket once more; then many calls at once on one nonce."""

import asyncio
import json
import ssl
import sys

import httpx
import websockets

base, key_id, key, ca = sys.argv[1:5]
tls = ssl.create_default_context(cafile=ca) if ca else None


async def main() -> None:
    auth = httpx.DigestAuth(key_id, key)
    async with httpx.AsyncClient(auth=auth, timeout=5, verify=tls or True) as client:
        ticket = (await client.get(f"{base}/v1/subscribe/ticket")).json()
        async with websockets.connect(ticket["ws"], ssl=tls, proxy=None) as stream:
            first = json.loads(await asyncio.wait_for(stream.recv(), 30))
            command = (await client.get(f"{ticket['api']}ABC456,-ABC123")).json()
            after = json.loads(await asyncio.wait_for(stream.recv(), 30))
            while after["data"]["serial"] != "ABC-456":
                after = json.loads(await asyncio.wait_for(stream.recv(), 30))
            try:
                await websockets.connect(ticket["ws"], ssl=tls, proxy=None)
                replay = 101
            except websockets.InvalidStatus as error:
                replay = error.response.status_code
        many = await asyncio.gather(*(client.get(f"{base}/v1/subscribe/ticket") for _ in range(20)))
    print(
        json.dumps(
            {
                "ticket": ticket,
                "first": first,
                "command": command,
                "after": after,
                "replay": replay,
                "many": [answer.status_code for answer in many],
            }
        )
    )


asyncio.run(main())
