"""A HomeWizard device of paper on real sockets: it says what stands on it, and fails as it is told to."""

import asyncio
import json
import ssl
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from hashlib import sha256
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from hardwire.server.tls.authority import Authority

TOKEN = "0123456789ABCDEF" * 2
SERIAL = "5c2fafaabbcc"
IDENTIFIER = f"appliance/p1dongle/{SERIAL}"

Json = Any  # Any: what a device says is as deep as JSON may be


class PaperAppliance:
    """What the device holds, what it was asked, and which of its failures are on."""

    def __init__(self, product_type: str = "HWE-P1", product_name: str = "P1 Meter") -> None:
        self.device: dict[str, Json] = {
            "product_type": product_type,
            "product_name": product_name,
            "serial": SERIAL,
            "firmware_version": "6.0400",
            "api_version": "2.3.0",
        }
        self.system: dict[str, Json] = {
            "wifi_ssid": "Home",
            "wifi_rssi_db": -61,
            "cloud_enabled": True,
            "uptime_s": 356,
            "status_led_brightness_pct": 100,
            "api_v1_enabled": True,
        }
        self.batteries: dict[str, Json] | None = None
        self.measurement: dict[str, Json] | None = None
        """What a subscriber gets at once; None: nothing."""
        self.telegram: bytes | None = None
        self.data: dict[str, Json] = {}
        """The answer to `/api/v1/data`."""
        self.state: dict[str, Json] | None = None
        self.token = TOKEN
        self.users: list[int] = []
        """The statuses that the next `POST /api/user` are answered with."""
        self.refusals: dict[str, tuple[int, bytes]] = {}
        """`METHOD path` -> the status and body that it is answered with."""
        self.elsewhere: dict[str, str] = {}
        """`METHOD path` -> the URL that it sends its client to."""
        self.hangs: set[str] = set()
        """`METHOD path` that are never answered."""
        self.greeting: list[Json] | None = None
        """What a socket says in place of all that it should."""
        self.answers_pings = True
        self.asked: list[tuple[str, str, Json]] = []
        """Method, path and body of every request, upgrades included."""
        self.headers: list[Mapping[str, str]] = []
        self.messages: list[Json] = []
        """What clients have said on sockets."""
        self.connections = 0
        self.sockets: list[web.WebSocketResponse] = []
        self.address = ""
        """`host:port`."""
        self.certificate_name = IDENTIFIER
        self.fingerprint = ""
        self.ca = ""
        """The PEM of the authority that signed its certificate."""

    def asked_for(self, method: str, path: str) -> list[Json]:
        """Return the bodies of the requests of one kind."""
        return [body for each, asked, body in self.asked if (each, asked) == (method, path)]

    async def push(self, topic: str, told: Json = None) -> None:
        """Push a message to every socket."""
        await self.say(json.dumps({"type": topic} if told is None else {"type": topic, "data": told}))

    async def say(self, text: str | bytes) -> None:
        """Say something to every socket, whatever it is."""
        for socket in self.sockets:
            await (socket.send_str(text) if isinstance(text, str) else socket.send_bytes(text))

    async def hang_up(self, code: int = 1000, reason: str = "") -> None:
        """Close every socket."""
        for socket in tuple(self.sockets):
            await socket.close(code=code, message=reason.encode())

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer a request."""
        body = await request.read()
        self.asked.append((request.method, request.path, json.loads(body) if body else None))
        self.headers.append(request.headers)
        asked = f"{request.method} {request.path}"
        if asked in self.hangs:
            await asyncio.Event().wait()
        if asked in self.elsewhere:
            return web.Response(status=307, headers={"Location": self.elsewhere[asked]})
        if asked in self.refusals:
            status, text = self.refusals[asked]
            return web.Response(status=status, body=text)
        if request.path == "/api/ws":
            return await self._converse(request)
        if asked == "POST /api/user":
            return self._join(json.loads(body))
        if request.secure and request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.json_response({"error": "user:unauthorized"}, status=401)
        return self._shown(request.method, request.path, json.loads(body) if body else None)

    def _join(self, body: Json) -> web.Response:
        status = self.users.pop(0) if self.users else 200
        if status != 200:
            return web.json_response({"error": "user:creation-not-enabled"}, status=status)
        return web.json_response({"token": self.token, "name": body["name"]})

    def _shown(self, method: str, path: str, body: Json) -> web.Response:
        places = {
            "/api": self.device,
            "/api/system": self.system,
            "/api/batteries": self.batteries,
            "/api/v1/data": self.data,
            "/api/v1/system": {"cloud_enabled": self.system.get("cloud_enabled")},
            "/api/v1/state": self.state,
        }
        if path in ("/api/telegram", "/api/v1/telegram"):
            return web.Response(status=503) if self.telegram is None else web.Response(body=self.telegram)
        if path in ("/api/system/identify", "/api/system/reboot"):
            return web.Response(status=204)
        if path == "/api/v1/identify":
            return web.json_response({"identify": "ok"})
        place = places.get(path)
        if place is None:
            return web.Response(status=404, text="Nothing matches the given URI")
        if method == "PUT" and body is not None:
            place.update(body)
            if path == "/api/v1/system":
                self.system.update(body)
            if path.startswith("/api/v1"):
                return web.json_response(body)
        return web.json_response(place)

    async def _converse(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=False, max_msg_size=0)
        await socket.prepare(request)
        self.sockets.append(socket)
        try:
            if self.greeting is not None:
                for text in self.greeting:
                    await socket.send_str(json.dumps(text))
            else:
                await socket.send_json({"type": "authorization_requested", "data": {"api_version": "2.3.0"}})
            async for frame in socket:
                if frame.type is WSMsgType.PING:
                    if self.answers_pings:
                        await socket.pong(frame.data)
                elif frame.type is WSMsgType.TEXT:
                    await self._hear(socket, json.loads(frame.data))
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self.sockets.remove(socket)
        return socket

    async def _hear(self, socket: web.WebSocketResponse, told: Json) -> None:
        self.messages.append(told)
        shown = {"measurement": self.measurement, "system": self.system, "batteries": self.batteries}
        match told:
            case {"type": "authorization", "data": self.token}:
                await socket.send_json({"type": "authorized"})
            case {"type": "authorization"}:
                await socket.send_json({"type": "error", "data": {"message": "user:unauthorized"}})
            case {"type": "subscribe", "data": topic} | {"type": topic}:
                if shown.get(topic) is not None:
                    await socket.send_json({"type": topic, "data": shown[topic]})


@asynccontextmanager
async def on_the_network(
    appliance: PaperAppliance, *, is_tls: bool = True, authority: Authority | None = None, port: int = 0
) -> AsyncIterator[PaperAppliance]:
    """Have it listen on a port of this machine."""
    app = web.Application(client_max_size=2**24)
    app.router.add_route("*", "/{path:.*}", appliance.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    context = _context(appliance, authority or Authority.create(datetime.now(UTC))) if is_tls else None
    make = runner.server
    assert make is not None

    def count() -> Any:  # Any: aiohttp's own protocol
        appliance.connections += 1
        return make()

    loop = asyncio.get_running_loop()
    server = await loop.create_server(count, "127.0.0.1", port, ssl=context)
    appliance.address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield appliance
    finally:
        server.close()
        for socket in tuple(appliance.sockets):
            await socket.close()
        await runner.cleanup()


def _context(appliance: PaperAppliance, authority: Authority) -> ssl.SSLContext:
    leaf = authority.issue(appliance.certificate_name, datetime.now(UTC), addresses=[IPv4Address("127.0.0.1")])
    der = x509.load_pem_x509_certificate(leaf.certificate_pem).public_bytes(Encoding.DER)
    appliance.fingerprint = sha256(der).hexdigest()
    appliance.ca = authority.pem
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "leaf.pem"
        path.write_bytes(leaf.key_pem + leaf.certificate_pem)
        context.load_cert_chain(path)
    return context
