"""A WebSocket client of a v2 device in the order of one of the known clients: `homewizard_ws.py ORDER URL CA.PEM`."""

import asyncio
import json
import ssl
import sys

import aiohttp

IDENTIFIER = "appliance/p1dongle/5c2fafaabbcc"
AUTHORIZATION = {"type": "authorization", "data": "A" * 32}
SUBSCRIPTION = {"type": "subscribe", "data": "measurement"}
ENOUGH = 5


async def strict(socket: aiohttp.ClientWebSocketResponse, heard: list[object]) -> None:
    """The order of evcc: each message waits for the one before it."""
    heard.append(await socket.receive_json())
    await socket.send_json(AUTHORIZATION)
    heard.append(await socket.receive_json())
    await socket.send_json(SUBSCRIPTION)


async def early(socket: aiohttp.ClientWebSocketResponse, heard: list[object]) -> None:
    """The order of Homey: the token before anything was asked, the subscription when it was taken."""
    await socket.send_json(AUTHORIZATION)
    while True:
        heard.append(await socket.receive_json())
        if heard[-1]["type"] == "authorized":
            break
    await socket.send_json(SUBSCRIPTION)


async def pipelined(socket: aiohttp.ClientWebSocketResponse, heard: list[object]) -> None:
    """The order of homewizard_instant: token and subscription back to back, before reading anything."""
    await socket.send_json(AUTHORIZATION)
    await socket.send_json(SUBSCRIPTION)


async def wrong(socket: aiohttp.ClientWebSocketResponse, heard: list[object]) -> None:
    """A client whose token is none."""
    await socket.send_json({"type": "authorization", "data": "C" * 32})


async def polls(socket: aiohttp.ClientWebSocketResponse, heard: list[object]) -> None:
    """A client that asks for each topic, writes a setting and makes mistakes."""
    await socket.send_json(AUTHORIZATION)
    for topic in ("device", "user", "system", "batteries"):
        await socket.send_json({"type": topic})
    await socket.send_json({"type": "system", "data": {"status_led_brightness_pct": 55}})
    await socket.send_json({"type": "system", "data": {"status_led_brightness_pct": 555}})
    await socket.send_json({"type": "identify"})
    await socket.send_str("no JSON")
    await socket.send_str("[" * 20_000)
    await socket.send_json({"type": "subscribe", "data": "weather"})
    await socket.send_json({"type": "measurement"})


async def too_long(socket: aiohttp.ClientWebSocketResponse, heard: list[object]) -> None:
    """A client that sends more at once than any of these messages can be."""
    await socket.send_json(AUTHORIZATION)
    heard.append(await socket.receive_json())
    heard.append(await socket.receive_json())
    await socket.send_json({"type": "system", "data": "x" * 70_000})


ORDERS = {
    "strict": strict,
    "early": early,
    "pipelined": pipelined,
    "wrong": wrong,
    "polls": polls,
    "too_long": too_long,
}


async def converse(order: str, url: str, ca: str) -> dict[str, object]:
    """Speak in that order, hear the first messages, and say how it ended."""
    context = ssl.create_default_context(cafile=ca)
    context.hostname_checks_common_name = True
    heard: list[object] = []
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(url, ssl=context, server_hostname=IDENTIFIER, heartbeat=30) as socket,
    ):
        await ORDERS[order](socket, heard)
        count = 12 if order == "polls" else ENOUGH
        async with asyncio.timeout(20):
            while len(heard) < count:
                message = await socket.receive()
                if message.type is not aiohttp.WSMsgType.TEXT:
                    break
                heard.append(json.loads(message.data))
        return {"heard": heard, "close": socket.close_code}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(converse(*sys.argv[1:]))))
