"""aiohttp with its Digest middleware: ticket, socket, command, and the ticket once more."""

import asyncio
import json
import ssl
import sys

import aiohttp

base, key_id, key, ca = sys.argv[1:5]
tls = ssl.create_default_context(cafile=ca) if ca else True


async def main() -> None:
    digest = aiohttp.DigestAuthMiddleware(login=key_id, password=key)
    timeout = aiohttp.ClientTimeout(total=60)
    async with (
        aiohttp.ClientSession(middlewares=(digest,), timeout=timeout) as api,
        aiohttp.ClientSession(timeout=timeout) as plain,
    ):
        async with api.get(f"{base}/v1/subscribe/ticket", ssl=tls) as answer:
            ticket = await answer.json()
        async with plain.ws_connect(ticket["ws"], ssl=tls) as stream:
            first = await stream.receive_json(timeout=30)
            async with api.get(f"{ticket['api']}ABC456,-ABC123", ssl=tls) as answer:
                command = await answer.json()
            after = await stream.receive_json(timeout=30)
            while after["data"]["serial"] != "ABC-456":
                after = await stream.receive_json(timeout=30)
            try:
                await plain.ws_connect(ticket["ws"], ssl=tls)
                replay = 101
            except aiohttp.WSServerHandshakeError as error:
                replay = error.status
    print(json.dumps({"ticket": ticket, "first": first, "command": command, "after": after, "replay": replay}))


asyncio.run(main())
