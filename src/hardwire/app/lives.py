"""One hub after another in one process: a backup that is put back ends one life and begins the next, at its ports."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import structlog
from msgspec import Struct

from hardwire.app import pauses
from hardwire.app.backup import exchange
from hardwire.app.backup.renewal import HELD_BY_OTHERS_S, LOOK_EVERY_S, Renewal, is_held
from hardwire.app.config import Config
from hardwire.model.errors import HardwireError

log = structlog.get_logger("hardwire")


class Ready(Struct, frozen=True):
    """What a hub that accepts connections tells whoever started it."""

    http: str
    https: str
    admin_token: str | None
    """The admin credential, the one time that it can be shown; None after the first start."""


Open = Callable[[Config, AsyncExitStack, Renewal], Awaitable[Ready]]
"""Build a hub; what was opened is closed by the stack, in the opposite order."""


async def live(begin: Open, config: Config, folder: Path, on_ready: Callable[[Ready], None]) -> None:
    """Run a hub until SIGINT or SIGTERM, anew with each backup that is put back; `on_ready` is told of each beginning.

    A hub that cannot start with a backup goes back to what was there.

    Raises:
        HardwireError: the hub cannot start.
    """
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    renewal = Renewal(folder)
    given_up_at_s = 0.0
    while not stopped.is_set():
        try:
            await asyncio.to_thread(exchange.mend, folder)
            async with AsyncExitStack() as stack:
                pauses.begin()
                stack.callback(pauses.end)
                ready = await begin(config, stack, renewal)
                pauses.settle()
                renewal.before = None
                config = _on_the_same_ports(config, ready)
                on_ready(ready)
                await _first(stopped, renewal.is_due)
                log.info("starting anew" if renewal.is_due.is_set() else "stopping")
                given_up_at_s = loop.time() + HELD_BY_OTHERS_S
        except Exception as error:
            if is_held(error) and loop.time() < given_up_at_s:
                # A command that found no hub between two lives looks at the files: it will be gone in a moment.
                await asyncio.sleep(LOOK_EVERY_S)
                continue
            # The edge of a life: whatever kept it from beginning, the house that was there is to be served.
            if renewal.before is None:
                raise
            log.error("a restored hub could not start", exc_info=None if isinstance(error, HardwireError) else error)
            await renewal.take_back(error.message if isinstance(error, HardwireError) else repr(error))
        if renewal.is_due.is_set():
            try:
                await renewal.perform()
            except HardwireError as error:
                # The next life begins with what there is, or with what was decided and can be carried out by then.
                log.error("a backup could not be put in place", reason=error.message)


def _on_the_same_ports(config: Config, ready: Ready) -> Config:
    """Clients come back to where they were: a port that was free to choose is chosen now."""
    port, tls_port = (urlsplit(url).port for url in (ready.http, ready.https))
    if port is None or tls_port is None:
        return config
    return msgspec.structs.replace(config, hub=msgspec.structs.replace(config.hub, port=port, tls_port=tls_port))


async def _first(*events: asyncio.Event) -> None:
    """Wait for the first of them."""
    tasks = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
