"""A receiver of webhooks on a port of this machine: it answers as it is told and writes down what it gets."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from aiohttp import web


class Receiver:
    """A web server that answers as it is told and writes down what it gets."""

    def __init__(self) -> None:
        self.status = 204
        self.headers: Mapping[str, str] = {}
        self.hangs = False
        self.got: list[tuple[str, Mapping[str, str], bytes]] = []
        self.url = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Take it."""
        self.got.append((f"{request.method} {request.path_qs}", request.headers, await request.read()))
        if self.hangs:
            await asyncio.sleep(30)
        return web.Response(status=self.status, headers=self.headers)

    async def pour(self, request: web.Request) -> web.StreamResponse:
        """Answer without end."""
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(b"x" * 65536)


@asynccontextmanager
async def listening(receiver: Receiver) -> AsyncIterator[None]:
    """Have it listen."""
    app = web.Application()
    app.router.add_route("*", "/pour", receiver.pour)
    app.router.add_route("*", "/{path:.*}", receiver.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None  # the only way to its port
    receiver.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"  # type: ignore[attr-defined]  # as above
    try:
        yield
    finally:
        await runner.cleanup()
