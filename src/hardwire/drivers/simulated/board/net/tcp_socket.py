"""A TCP connection of the simulated board to the world: looked up once, checked, bounded in every direction."""

import asyncio
import socket
from ipaddress import ip_address

from hardwire.drivers.simulated.board.function import Start
from hardwire.drivers.simulated.board.net.tcp_conversation import Conversation, OpenLink
from hardwire.drivers.simulated.board.net.tcp_policy import Address, TcpPolicy
from hardwire.model.board.tcp import TcpResult

CONNECT_TIMEOUT_S = 10.0
IDLE_LIMIT_S = 600.0
UNSENT_LIMIT_BYTES = 256 * 1024
READ_LIMIT_BYTES = 4 * 1024
# Every byte goes to each of the board's clients as up to four characters of JSON; a real board is slower than this.
READ_BYTES_PER_S = 256 * 1024


class LookupFailedError(Exception):
    """A host has no address."""


class SocketLink:
    """`Link` over a socket. It works in `run`, which ends when the connection does."""

    def __init__(
        self, host: str, port: int, conversation: Conversation, policy: TcpPolicy, *, idle_limit_s: float = IDLE_LIMIT_S
    ) -> None:
        self._host = host
        self._port = port
        self._conversation = conversation
        self._policy = policy
        self._idle_limit_s = idle_limit_s
        self._writer: asyncio.StreamWriter | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_closed = False
        self._wrote_at = 0.0

    def write(self, octets: bytes) -> bool:
        """Send bytes; False when more waits to be sent than is held."""
        writer = self._writer
        assert writer is not None, "only what is connected is written to"
        if writer.transport.get_write_buffer_size() + len(octets) > UNSENT_LIMIT_BYTES:
            return False
        self._wrote_at = asyncio.get_running_loop().time()
        writer.write(octets)
        return True

    def close(self) -> None:
        """End it, whatever its state."""
        self._is_closed = True
        if self._writer is not None:
            # What was written before is still sent.
            self._writer.close()
        if self._task is not None:
            self._task.cancel()

    async def run(self) -> None:
        """Connect, and tell what arrives until the end."""
        if self._is_closed:
            return
        self._task = asyncio.current_task()
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                reader, self._writer = await self._connected()
        except TimeoutError:
            self._conversation.failed(TcpResult.ERROR, f"no connection within {CONNECT_TIMEOUT_S:g} s")
        except LookupFailedError:
            self._conversation.failed(TcpResult.LOOKUP_ERROR, f"there is no host {self._host}")
        except OSError as error:
            self._conversation.failed(TcpResult.ERROR, str(error))
        else:
            self._conversation.connected()
            try:
                await self._read(reader)
            finally:
                self._writer.close()
            self._conversation.ended()

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        problem = OSError(
            f"{self._host} is at no address that may be connected to: the setting tcp_allow names none of them, "
            "and a name in it lets public addresses through only"
        )
        for address in await self._looked_up():
            if self._policy.may_connect(self._host, address, self._port):
                try:
                    # By its number: another look-up could give another address than the one that was checked.
                    return await asyncio.open_connection(str(address), self._port, limit=READ_LIMIT_BYTES)
                except OSError as error:
                    problem = error
        raise problem

    async def _looked_up(self) -> list[Address]:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise LookupFailedError from error
        return [ip_address(place[0]) for _, _, _, _, place in found]

    async def _read(self, reader: asyncio.StreamReader) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            try:
                async with asyncio.timeout(self._idle_limit_s):
                    octets = await reader.read(READ_LIMIT_BYTES)
            except TimeoutError:
                if self._wrote_at > began:
                    continue
                return
            except OSError:
                return
            if not octets:
                return
            self._conversation.received(octets)
            await asyncio.sleep(len(octets) / READ_BYTES_PER_S)


def opener(policy: TcpPolicy, start: Start) -> OpenLink:
    """Return what opens links whose work `start` runs."""

    def open_link(host: str, port: int, conversation: Conversation) -> SocketLink:
        link = SocketLink(host, port, conversation, policy)
        start(link.run())
        return link

    return open_link
