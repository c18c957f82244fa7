"""The front of the house: takes every request, finds the dialect or door that it is for, gives back the answer."""

import asyncio
import secrets
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

import msgspec
from aiohttp import web
from msgspec import Struct

from hardwire.contracts.dialect import Dialect
from hardwire.contracts.door import Door
from hardwire.contracts.request import Request
from hardwire.contracts.session import Upgrade
from hardwire.hub.desk import Desk
from hardwire.hub.hub import Hub
from hardwire.model.access import OWNER
from hardwire.server.admission import Arrival, Connections, connections_limit
from hardwire.server.figures import ServerFigures
from hardwire.server.files import open_files_limit
from hardwire.server.limits import DEFAULT_LIMITS, Carrier, Limits
from hardwire.server.network.names import Names
from hardwire.server.rate import Rate
from hardwire.server.requests.answer import response_of
from hardwire.server.requests.exchange import Bodies, BodyError, Exchange
from hardwire.server.requests.gate import Admission, Gate, Refusal, answer_headers, preflight
from hardwire.server.requests.handshake import VERSION, asks_upgrade, flaw_of
from hardwire.server.requests.source import address_of, host_of_old, is_embedded, is_tls
from hardwire.server.sockets.carrier import Conversation, Terms
from hardwire.server.sockets.clients import Called, Clients
from hardwire.server.sockets.flusher import Flusher
from hardwire.server.sockets.handshake import SERVER
from hardwire.server.sockets.rota import Rota
from hardwire.server.tls.certificates import sni_of

GOING_AWAY = 1001
# Under this name a request bears whose path it has called.
DOOR = web.RequestKey("hardwire.door", str)
# How long clients have to answer the goodbye of a hub that stops. Less than the listeners' own patience with handlers:
# aiohttp stumbles over those that end just when it gives them up.
GOODBYE_S = 1.0
# When a client that comes in a crowd is asked to come back, at the latest.
LONGEST_RETRY_S = 5
# A client may call a path of any length; its owner reads the beginning.
SHOWN_PATH_LETTERS = 200


class WayIn(Struct, frozen=True, kw_only=True):
    """What a listener is: the main one, a device's own, or the owner's Unix socket."""

    device: str | None = None
    is_private: bool = False
    """Only the owner can reach it (file mode 0600): every request has the owner's rights."""


class _Farewell:
    """Conversations that were told to end, and when the last of them has."""

    def __init__(self, leaving: set[Conversation]) -> None:
        self._leaving = leaving
        self.over = asyncio.Event()

    def left(self, conversation: Conversation) -> None:
        """One has ended."""
        self._leaving.discard(conversation)
        if not self._leaving:
            self.over.set()


class Front:
    """Knows the dialects and doors by their paths and the devices by their names; holds every open conversation."""

    def __init__(
        self,
        hub: Hub,
        desk: Desk,
        gate: Gate,
        names: Names,
        dialects: Mapping[str, Dialect],
        limits: Limits = DEFAULT_LIMITS,
        *,
        carrier: Carrier = "direct",
    ) -> None:
        self._hub = hub
        self._messages_per_s = limits.messages_per_s
        self._carrier = carrier
        self.connections = Connections(
            connections_limit(limits.connections, open_files_limit()),
            per_address=limits.connections_per_address,
            unproven=limits.unproven,
        )
        """Who stands connected."""
        self._handshakes = Rate(limits.handshakes_per_s)
        self._desk = desk
        self._gate = gate
        self._names = names
        self._rota = Rota(asyncio.get_running_loop())
        self.flusher = Flusher(asyncio.get_running_loop(), limits.client_budget_bytes)
        self._dialects = dict(dialects)
        self._doors: dict[str, Door] = dict(dialects)
        self._prefixes = _by_length(self._doors.values())
        self._bodies = Bodies()
        self._open: dict[asyncio.BaseTransport, tuple[Conversation, WayIn]] = {}
        self._farewells: list[_Farewell] = []
        self.clients = Clients()
        """Every open conversation, for the owner's eyes."""
        self.figures = ServerFigures()

    def add_door(self, door: Door) -> None:
        """Take requests for a driver's paths too, from now on; one of the same name is replaced."""
        self._doors[door.name] = door
        self._prefixes = _by_length(self._doors.values())

    async def serve(self, request: web.BaseRequest, way: WayIn, arrival: Arrival) -> web.StreamResponse:
        """Answer one request of a connection."""
        admission = self._admit(request, way)
        device = None if isinstance(admission, Refusal) else self._device_of(request, admission, way)
        door = self._door_of(request.path, device, is_upgrade=asks_upgrade(request))
        if door is None:
            return web.Response(status=404, text="There is nothing at this path.\n", headers={"Server": SERVER})
        request[DOOR] = door.name
        asked = self._request(request, admission, device, way)
        if isinstance(admission, Refusal):
            return self._refused(door, asked, admission.status, admission.reason)
        allowed = preflight(
            admission, method=request.method, wanted_method=request.headers.get("Access-Control-Request-Method")
        )
        if allowed is not None:
            return web.Response(status=204, headers={"Server": SERVER, **allowed})
        readable = answer_headers(admission, has_token=False)
        if asked.is_upgrade and (flaw := flaw_of(request)) is not None:
            # Before a session has used up a ticket for it (RFC 6455, section 4.4).
            return self._refused(door, asked, 400, flaw, {"Sec-WebSocket-Version": VERSION, **readable})
        if asked.is_upgrade and not way.is_private and not self._handshakes.take(asyncio.get_running_loop().time()):
            # Before anything is spent on it, so that those who are served notice nothing of a crowd that comes at once.
            reason = "too many clients connect at once; try again in a few seconds"
            # Each is given another time, lest they all come back at once.
            later = {"Retry-After": str(1 + secrets.randbelow(LONGEST_RETRY_S)), **readable}
            crowded = self._refused(door, asked, 503, reason, later)
            crowded.force_close()
            return crowded
        try:
            body = await self._bodies.read(request, door.message_limit_bytes)
        except BodyError as error:
            refusal = self._refused(door, asked, error.status, error.reason, readable)
            refusal.force_close()
            return refusal
        exchange = Exchange(door, msgspec.structs.replace(asked, body=body), self._hub, self._desk)
        answer = await exchange.answer()
        if isinstance(answer, Upgrade):
            return await self._converse(answer, request, door, way, device=device, arrival=arrival)
        return response_of(answer, answer_headers(admission, has_token=exchange.has_token))

    def lost(self, transport: asyncio.BaseTransport) -> None:
        """A connection is gone: tell the conversation that it carried."""
        known = self._open.get(transport)
        if known is not None:
            known[0].lost()

    async def close(self, device: str | None = None) -> None:
        """Say goodbye to every open conversation; one that does not answer in time is cut.

        With a device, to those at its own listeners.
        """
        leaving = {one for one, way in self._open.values() if device is None or way.device == device}
        if not leaving:
            return
        farewell = _Farewell(leaving)
        self._farewells.append(farewell)
        reason = "the hub stops" if device is None else "this device was removed"
        for conversation in list(leaving):
            conversation.close(GOING_AWAY, reason)
        with suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_S):
                await farewell.over.wait()
        self._farewells.remove(farewell)
        for conversation in list(leaving):
            conversation.cut()

    async def _converse(
        self,
        upgrade: Upgrade,
        request: web.BaseRequest,
        door: Door,
        way: WayIn,
        *,
        device: str | None,
        arrival: Arrival,
    ) -> web.StreamResponse:
        limit_bytes = door.message_limit_bytes if upgrade.limit_bytes is None else upgrade.limit_bytes
        transport = request.transport
        conversation = Conversation(
            upgrade.session,
            self._hub,
            self._desk,
            self.flusher,
            self._rota,
            terms=Terms(
                limit_bytes=limit_bytes,
                messages_per_s=self._messages_per_s,
                tolerates_unmasked=upgrade.tolerates_unmasked,
                protocol=upgrade.protocol,
                headers=upgrade.headers,
                carrier=self._carrier,
            ),
        )
        if transport is None:
            conversation.abandon()
            raise ConnectionResetError("the client left before it was answered")
        self._open[transport] = conversation, way
        self.connections.await_credential(arrival, conversation.is_borne)
        called = Called(
            dialect=door.name,
            peer="" if way.is_private else request.remote or "",
            path=(request.path if upgrade.shown_path is None else upgrade.shown_path)[:SHOWN_PATH_LETTERS],
            device=upgrade.device or device,
            since=self._hub.now(),
            is_tls=is_tls(request),
        )
        number = self.clients.enter(called, conversation)
        try:
            return await conversation.hold(request)
        finally:
            self.clients.leave(number)
            del self._open[transport]
            for farewell in self._farewells:
                farewell.left(conversation)

    def _admit(self, request: web.BaseRequest, way: WayIn) -> Admission | Refusal:
        if way.is_private:
            return Admission(host="localhost", origin="http://localhost")
        return self._gate.admit(
            hosts=request.headers.getall("Host", []) or host_of_old(request),
            origins=request.headers.getall("Origin", []),
            is_tls=is_tls(request),
            target=request.raw_path,
            is_embedded=is_embedded(request),
        )

    def _device_of(self, request: web.BaseRequest, admission: Admission, way: WayIn) -> str | None:
        """The device whose own address this is: by listener, by SNI, by Host, in this order."""
        if way.device is not None:
            return way.device
        return self._names.device(sni_of(request.transport)) or self._names.device(admission.host)

    def _door_of(self, path: str, device: str | None, *, is_upgrade: bool) -> Door | None:
        if path == "/" and is_upgrade and device is not None:
            # A board's own listener takes the upgrade at the root (obniz reference, section 1.7).
            for dialect in self._dialects.values():
                if dialect.takes_root and self._hub.roster.address(dialect.name, device) is not None:
                    return dialect
        for prefix, door in self._prefixes:
            if path == prefix or path.startswith(prefix if prefix.endswith("/") else prefix + "/"):
                return door
        return None

    def _request(
        self, request: web.BaseRequest, admission: Admission | Refusal, device: str | None, way: WayIn
    ) -> Request:
        """The request as the door sees it, its body not yet read. What the gate refuses counts as foreign."""
        return Request(
            method=request.method,
            target=request.raw_path,
            path=request.path,
            query=dict(request.query),
            headers={name.lower(): value for name, value in request.headers.items()},
            peer=address_of(request.remote),
            origin=admission.origin if isinstance(admission, Admission) else "",
            is_tls=is_tls(request),
            is_upgrade=asks_upgrade(request),
            device=device,
            caller=OWNER if way.is_private else None,
            is_foreign=admission.is_foreign if isinstance(admission, Admission) else True,
        )

    def _refused(
        self, door: Door, asked: Request, status: int, reason: str, headers: Mapping[str, str] = {}
    ) -> web.Response:
        return response_of(door.refuse(status, reason, asked, self._hub.now()), headers)


def _by_length(doors: Iterable[Door]) -> Sequence[tuple[str, Door]]:
    """Every prefix with who answers it, the longest first."""
    pairs = [(prefix, door) for door in doors for prefix in door.prefixes]
    return sorted(pairs, key=lambda pair: -len(pair[0]))
