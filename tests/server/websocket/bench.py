"""A client that breaks a rule of RFC 6455 on a real socket while another keeps them all: what became of both."""

import asyncio
import struct
from collections.abc import Iterable, Mapping, Sequence
from itertools import cycle
from operator import xor
from typing import Any

from tests.fakes.paper_dialect import PaperSession
from tests.server.doors import CLOSE, TEXT, Dialled, Doors, framed, until

PART_TEXT, PART_BINARY, PART, LAST = 0x01, 0x02, 0x00, 0x80
"""The first frame of a message in parts, one in the middle, the last."""
RULE_BROKEN = "websocket rule broken"
HANDSHAKE = (
    b"GET /paper HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n"
)


def closing(code: int, reason: bytes = b"") -> bytes:
    """A close frame as a client sends it."""
    return framed(CLOSE, struct.pack("!H", code) + reason)


def masked(first: int, payload: bytes, key: bytes) -> bytes:
    """A frame under a key of its own."""
    length = len(payload)
    if length < 126:
        head = struct.pack("!BB", first, 0x80 | length)
    elif length < 65536:
        head = struct.pack("!BBH", first, 0x80 | 126, length)
    else:
        head = struct.pack("!BBQ", first, 0x80 | 127, length)
    return head + key + bytes(map(xor, payload, cycle(key)))


class Bench:
    """An echo behind real doors, with a good client on it all the while."""

    def __init__(self, doors: Doors, logs: Sequence[Any]) -> None:  # Any: structlog's own entries
        self.doors = doors
        self.logs = logs
        self.sessions: list[PaperSession] = []
        self._good: Dialled | None = None
        self._said = 0
        doors.dialect.conversation = self._converse

    async def opened(self) -> Dialled:
        """A WebSocket to the echo."""
        return await self.doors.upgraded()

    async def outcomes(self, cases: Mapping[str, bytes]) -> Mapping[str, str]:
        """Send each on a connection of its own; see `outcome`."""
        return {name: await self.outcome(raw) for name, raw in cases.items()}

    async def outcome(self, *raws: bytes) -> str:
        """Send the bytes, in segments where there are several, and return the code of the close that answers them.

        To it is added what is not as it has to be: the good client disturbed, the connection not ended, anything after
        the close frame, the session not told once, and for the codes of a broken rule any but one line in the log.
        """
        if self._good is None:
            self._good = await self.opened()
        before = len(self.logs)
        client = await self.opened()
        session = self.sessions[-1]
        for raw in raws:
            client.send(raw)
            await asyncio.sleep(0)
        code, _ = await client.hear_close()
        client.writer.write_eof()
        faults = [*_after(await client.hear_end())]
        await until(lambda: session.told[-1] == ("closed",))
        if session.told.count(("closed",)) != 1:
            faults.append("closed twice")
        faults += self._lines(before, is_broken=code in (1002, 1007, 1009))
        faults += await self._disturbed()
        client.drop()
        return " but ".join((str(code), *faults))

    def rules(self) -> Sequence[str]:
        """The rules that the log has named as broken."""
        return [line["rule"] for line in self.logs if line["event"] == RULE_BROKEN]

    def heard(self) -> Sequence[object]:
        """The messages that the newest session was given."""
        return [told[1] for told in self.sessions[-1].told if told[0] == "receive"]

    async def gone(self) -> None:
        """Wait until the newest session was told of its end."""
        await until(lambda: self.sessions[-1].told[-1] == ("closed",))

    def forget(self) -> None:
        """Let go of the conversations that are over: thousands of them may follow."""
        self.sessions.clear()

    def _converse(self) -> PaperSession:
        self.sessions.append(PaperSession())
        return self.sessions[-1]

    def _lines(self, before: int, *, is_broken: bool) -> Iterable[str]:
        lines = self.logs[before:]
        told = [line for line in lines if line["event"] == RULE_BROKEN and line["rule"] and line["peer"] == "127.0.0.1"]
        if len(lines) != is_broken or len(told) != is_broken:
            yield f"logged {lines}"

    async def _disturbed(self) -> Iterable[str]:
        assert self._good is not None
        self._said += 1
        text = f"good {self._said}".encode()
        self._good.frame(TEXT, text)
        answer = await self._good.hear()
        return () if answer == (TEXT, text) else (f"the good client heard {answer!r}",)


def _after(rest: bytes) -> Iterable[str]:
    if rest:
        yield f"sent {rest!r} after the close"
