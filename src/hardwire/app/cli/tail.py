"""`hardwire tail`: what a device tells, as it tells it."""

import asyncio
import json
import os
import sys
from urllib.parse import quote

import aiohttp
import click

from hardwire.app.cli.reach import Reach, reaching
from hardwire.model.errors import CallerError, DeviceError


@click.command(short_help="Print what a device tells.")
@click.argument("device")
@click.option("--count", type=click.IntRange(1), help="End after so many lines.")
@reaching
def tail(reach: Reach, device: str, count: int | None) -> None:
    """Print what a device tells, one line of JSON a fact, until Ctrl-C."""
    # Says what is wrong in a sentence before the socket is opened.
    reach.call("GET", f"/hub/v1/devices/{quote(device, safe='')}")
    try:
        asyncio.run(_follow(reach, device, count))
    except BrokenPipeError:
        # Whoever read has seen enough; what Python still wants to flush has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except aiohttp.WSServerHandshakeError as error:
        raise CallerError(f"the hub answered {error.status}") from error
    except (aiohttp.ClientError, OSError) as error:
        raise DeviceError(f"the connection to the hub broke: {error}") from error
    except KeyboardInterrupt:
        return


async def _follow(reach: Reach, device: str, count: int | None) -> None:
    connector = (
        aiohttp.TCPConnector(ssl=reach.context()) if reach.is_remote else aiohttp.UnixConnector(str(reach.socket))
    )
    base = reach.url.rstrip("/") if reach.is_remote else "http://localhost"
    path = f"/hub/v1/devices/{quote(device, safe='')}/tail"
    async with (
        aiohttp.ClientSession(connector=connector, headers=reach.headers()) as session,
        session.ws_connect(base + path, heartbeat=30) as socket,
    ):
        shown = 0
        while shown != count:
            message = await socket.receive()
            if message.type is not aiohttp.WSMsgType.TEXT:
                reason = message.extra if message.type is aiohttp.WSMsgType.CLOSE else ""
                raise DeviceError("the hub closed the connection" + (f": {reason}" if reason else ""))
            # JSON escapes the first 32 of the letters that command a terminal, and there are more.
            click.echo(message.data if message.data.isprintable() else json.dumps(json.loads(message.data)))
            shown += 1
