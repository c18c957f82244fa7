"""Clients of a demo hub that say what they must and then nothing: they answer pings, and read what comes.

    python -m bench.loads.idlers PORT TLS_PORT CA.PEM DIALECT CLIENTS

DIALECT is `obniz`, `ezeio` or `homewizard`. Prints `connected N`, ends with its input.
"""

import asyncio
import json
import ssl
import sys

import aiohttp
import uvloop

from bench.loads.wire import Line
from bench.processes import lift_file_limit
from bench.serving import BOARD_PATH, DEMO_BEARER, DEMO_TOKEN

HOST = "127.0.0.1"
SERIAL = "5c2fafaabbcc"


class Idlers:
    """The clients of one dialect."""

    def __init__(self, port: int, tls_port: int, ca: str) -> None:
        self._port = port
        self._tls_port = tls_port
        self._context = ssl.create_default_context(cafile=ca)
        self._context.hostname_checks_common_name = True

    async def open(self, dialect: str, session: aiohttp.ClientSession) -> Line:
        """Open one."""
        match dialect:
            case "obniz":
                return await self._line(BOARD_PATH)
            case "ezeio":
                url = f"http://{HOST}:{self._port}/v1/subscribe/ticket"
                async with session.get(url, headers=DEMO_BEARER) as answer:
                    ticket = await answer.json(content_type=None)
                # All units cancelled: nothing but pings is left.
                line = await self._line("/ws/" + ticket["ws"].rpartition("/")[2])
                async with session.get(ticket["api"] + "-ABC123,-ABC456", headers=DEMO_BEARER):
                    return line
            case _:
                line = await self._line("/api/ws", is_tls=True)
                line.send(json.dumps({"type": "authorization", "data": DEMO_TOKEN}))
                return line

    async def _line(self, path: str, *, is_tls: bool = False) -> Line:
        _, line = await asyncio.get_running_loop().create_connection(
            lambda: Line(path, lambda line, text: None, lambda why: print("lost:", why, flush=True)),
            HOST,
            self._tls_port if is_tls else self._port,
            ssl=self._context if is_tls else None,
            server_hostname=f"appliance/p1dongle/{SERIAL}" if is_tls else None,
        )
        await asyncio.wait_for(line.opened, 30)
        return line


async def main(port: int, tls_port: int, ca: str, dialect: str, clients: int) -> None:
    """Open them and hold them."""
    lift_file_limit()
    idlers = Idlers(port, tls_port, ca)
    async with aiohttp.ClientSession() as session:
        lines = [await idlers.open(dialect, session) for _ in range(clients)]
        print("connected", len(lines), flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        for line in lines:
            line.close()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4], int(sys.argv[5])))
