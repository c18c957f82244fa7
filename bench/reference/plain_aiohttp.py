"""The fan-out reference on aiohttp as its users write it: `await ws.send_str(text)` for each client.

    python -m bench.reference.plain_aiohttp DEVICES CLIENTS PAYLOAD_BYTES

Speaks the lines of `fanout.c`, on uvloop as the hub does. A client watches the device that its path names, or `all`.
"""

import asyncio
import os
import sys

import uvloop
from aiohttp import web

from bench.processes import lift_file_limit


class Fanout:
    """Sets of clients, one for each device."""

    def __init__(self, devices: int, clients: int, size: int) -> None:
        self._clients = clients
        self._size = size
        self._watching: list[list[web.WebSocketResponse]] = [[] for _ in range(devices)]
        self._count = 0
        self._number = 0

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """Hold one client."""
        response = web.WebSocketResponse(compress=False)
        await response.prepare(request)
        named = request.path.rpartition("/")[2]
        for watching in self._watching if named == "all" else [self._watching[int(named)]]:
            watching.append(response)
        self._count += 1
        if self._count == self._clients:
            print("ready", flush=True)
        async for _ in response:
            pass
        return response

    async def go(self, bursts: int, each: int) -> int:
        """Send; `send_str` itself waits for a reader that is behind."""
        deliveries = 0
        for _ in range(bursts):
            for _ in range(each):
                for watching in self._watching:
                    text = f'{{"power_w":{1000 + self._number % 9000}}}'.ljust(self._size)
                    self._number += 1
                    for response in watching:
                        await response.send_str(text)
                    deliveries += len(watching)
            await asyncio.sleep(0)
        return deliveries


async def main(devices: int, clients: int, size: int) -> None:
    """Serve until standard input ends."""
    lift_file_limit()
    fanout = Fanout(devices, clients, size)
    runner = web.ServerRunner(web.Server(fanout.serve, access_log=None))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    print(f"port {runner.addresses[0][1]}", flush=True)
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := (await lines.readline()).decode():
        _, bursts, each = line.split()
        print("sent", await fanout.go(int(bursts), int(each)), flush=True)
    os._exit(0)


if __name__ == "__main__":
    uvloop.run(main(*map(int, sys.argv[1:4])))
