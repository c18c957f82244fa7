"""Requests to the device, each bounded in time and size; every way to fail is a DeviceError with a sentence."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from socket import SHUT_RDWR
from types import SimpleNamespace

import aiohttp
from msgspec import Struct

from hardwire.drivers.homewizard.pace import CERTIFICATE
from hardwire.drivers.homewizard.trust import Trust
from hardwire.drivers.homewizard.wire import MESSAGE_LIMIT_BYTES, Table, encoded
from hardwire.model.errors import DeviceError

# One socket, and one connection for requests beside it.
CONNECTIONS = 2
# The version of the API that is spoken here (HomeWizard reference, section 1.3).
API_MAJOR = "2"
IDLE_S = 30
# A device that hangs does not answer a close either.
CLOSED_WITHIN_S = 1.0


class Upstream(Struct, frozen=True, kw_only=True):
    """Where the device is, and how it is known there."""

    origin: str
    trust: Trust | None = None
    """None: plain HTTP."""
    server_name: str | None = None
    """The certificate name that is asked for by SNI."""
    token: str = ""
    answer_s: float

    def __repr__(self) -> str:
        """Return what may stand in a log."""
        return f"Upstream(origin={self.origin!r})"


class Answer(Struct, frozen=True):
    """Status and body."""

    status: int
    body: bytes


class Calls:
    """One device's requests, over connections that are kept open."""

    def __init__(self, session: aiohttp.ClientSession, upstream: Upstream) -> None:
        self._session = session
        self._upstream = upstream

    async def get(self, path: str) -> Answer:
        """GET."""
        return await self._request("GET", path, None)

    async def put(self, path: str, table: Table | None = None) -> Answer:
        """PUT, with a JSON object or nothing."""
        return await self._request("PUT", path, table)

    async def post(self, path: str, table: Table) -> Answer:
        """POST."""
        return await self._request("POST", path, table)

    @asynccontextmanager
    async def socket(self, path: str) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        """Open a WebSocket; its pings are the caller's to answer. Inside, the caller meets its failures itself."""
        # It asks for its token itself: none goes with the upgrade.
        with failures():
            async with asyncio.timeout(self._upstream.answer_s):
                socket = await self._session.ws_connect(
                    self._upstream.origin + path,
                    autoping=False,
                    max_msg_size=MESSAGE_LIMIT_BYTES,
                    timeout=aiohttp.ClientWSTimeout(ws_close=CLOSED_WITHIN_S),
                    ssl=self._upstream.trust or True,
                    server_hostname=self._upstream.server_name,
                )
        try:
            yield socket
        finally:
            await _leave(socket)

    async def _request(self, method: str, path: str, table: Table | None) -> Answer:
        headers = {"Authorization": f"Bearer {self._upstream.token}"} if self._upstream.token else {}
        if self._upstream.trust is not None:
            headers["X-Api-Version"] = API_MAJOR
        if table is not None:
            headers["Content-Type"] = "application/json"
        with failures():
            async with (
                asyncio.timeout(self._upstream.answer_s),
                self._session.request(
                    method,
                    self._upstream.origin + path,
                    data=None if table is None else encoded(table),
                    headers=headers,
                    allow_redirects=False,
                    ssl=self._upstream.trust or True,
                    server_hostname=self._upstream.server_name,
                ) as response,
            ):
                return Answer(response.status, await _body(response))


@asynccontextmanager
async def calls_to(upstream: Upstream) -> AsyncIterator[Calls]:
    """Open what requests to a device need, and close it."""
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=IDLE_S),
        cookie_jar=aiohttp.DummyCookieJar(),
        # A packed body may unfold to any size.
        auto_decompress=False,
        headers={"Accept-Encoding": "identity"},
        timeout=aiohttp.ClientTimeout(total=None),
        trace_configs=[_staying()],
    ) as session:
        yield Calls(session, upstream)


@contextmanager
def failures() -> Iterator[None]:
    """Turn whatever the network does into a DeviceError with a sentence; no header of a request is repeated in it."""
    try:
        yield
    except TimeoutError:
        raise DeviceError("The device does not answer in time.") from None
    except aiohttp.ServerFingerprintMismatch:
        raise DeviceError(
            "The device's certificate is not the one of its pairing. If the device was reset, run `hardwire pair` "
            "again; else something else answers in its place.",
            code=CERTIFICATE,
        ) from None
    except (aiohttp.ClientConnectorCertificateError, ssl.SSLCertVerificationError) as error:
        raise DeviceError(
            f"The device's certificate is not one of the authority in `ca`, or bears another name: {_cause(error)}.",
            code=CERTIFICATE,
        ) from None
    except aiohttp.WSServerHandshakeError as error:
        raise DeviceError(f"The device opens no socket: it answers {error.status}.") from None
    except aiohttp.ClientConnectorError as error:
        raise DeviceError(f"The device cannot be reached: {error.os_error.strerror or error.os_error}.") from None
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise DeviceError(f"The connection to the device broke: {type(error).__name__}.") from None


def _staying() -> aiohttp.TraceConfig:
    """Return what keeps every request where it was sent.

    An upgrade can only be kept by it: where it is followed, a plain socket elsewhere is told the token.
    """
    trace = aiohttp.TraceConfig()
    trace.on_request_redirect.append(_stay)
    trace.freeze()
    return trace


async def _stay(
    session: aiohttp.ClientSession, context: SimpleNamespace, redirect: aiohttp.TraceRequestRedirectParams
) -> None:
    redirect.response.close()
    raise DeviceError(f"The device answers {redirect.response.status} and sends its clients elsewhere.")


async def _leave(socket: aiohttp.ClientWebSocketResponse) -> None:
    """Close a socket; where the device reads nothing, cut it off: aiohttp waits without end for room for a goodbye."""
    try:
        async with asyncio.timeout(2 * CLOSED_WITHIN_S):
            await socket.close()
    except TimeoutError:
        with suppress(OSError):
            socket.get_extra_info("socket").shutdown(SHUT_RDWR)


async def _body(response: aiohttp.ClientResponse) -> bytes:
    chunks = bytearray()
    async for chunk in response.content.iter_any():
        chunks += chunk
        if len(chunks) > MESSAGE_LIMIT_BYTES:
            response.close()
            raise DeviceError("The device's answer is longer than 1 MiB.")
    return bytes(chunks)


def _cause(error: Exception) -> str:
    inner = getattr(error, "certificate_error", error)
    return str(getattr(inner, "verify_message", "") or "it cannot be checked")
