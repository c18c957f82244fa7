"""The other way in: aiohttp's own WebSocket reads, one awaited message after another."""

import asyncio

from aiohttp import WebSocketError, WSMsgType, web

from hardwire.server.rate import Rate
from hardwire.server.sockets.reader import NO_CODE, PROTOCOL_ERROR, Closed, Event, Ping, Pong, Violation, may_be_sent

# Who sends more than is read in a second is asked for more after so long.
REFILL_S = 0.05


class AwaitedWebSocket(web.WebSocketResponse):
    """aiohttp's socket, read only. After `prepare` it writes nothing by itself, neither pongs nor a close frame."""

    def __init__(self, limit_bytes: int, protocol: str | None, messages_per_s: int) -> None:
        self._rate = Rate(messages_per_s)
        super().__init__(
            compress=False,
            autoclose=False,
            autoping=False,
            # aiohttp refuses what is as long as its limit; ours is the longest that is taken.
            max_msg_size=limit_bytes + 1,
            protocols=() if protocol is None else (protocol,),
        )

    async def close(self, *, code: int = 1000, message: bytes = b"", drain: bool = True) -> bool:
        """Leave closing to the conversation: its close frame goes through the pending list, so it overtakes nothing."""
        return True

    async def next(self) -> Event | None:
        """Return what comes next, once the client is within its rate; None when the connection is gone."""
        while not self._rate.take(asyncio.get_running_loop().time()):  # noqa: ASYNC110 (time is what is waited for)
            await asyncio.sleep(REFILL_S)
        message = await self.receive()
        match message.type:
            case WSMsgType.TEXT | WSMsgType.BINARY:
                said: str | bytes = message.data
                return said
            case WSMsgType.PING:
                return Ping(message.data)
            case WSMsgType.PONG:
                return Pong(message.data)
            case WSMsgType.CLOSE:
                return _closed(message.data, message.extra or "")
            case _:
                fault = message.data
                return Violation(fault.code, str(fault)) if isinstance(fault, WebSocketError) else None


def _closed(code: int, reason: str) -> Closed | Violation:
    """aiohttp tells 0 where there is no code, and lets some pass that may not be sent, such as 1006."""
    if code and not may_be_sent(code):
        return Violation(PROTOCOL_ERROR, f"close code {code} may not be sent")
    return Closed(code or NO_CODE, reason)
