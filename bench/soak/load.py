"""The programs and loggers around the soaked hub, all in one process.

    python -m bench.soak.load PLAN.json

Readers of meters (HomeWizard v2 over TLS), loggers that bring rows and the account's streams (ezeio), and programs that
command boards and hear their pins (obniz). Prints `connected N`, then every window one line `window JSON` with what
each dialect's clients have received. Ends with its input; a lost connection is told in the next window, not mended.
"""

import asyncio
import json
import ssl
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic, monotonic_ns

import aiohttp
import msgspec
import uvloop

from bench.loads.wire import Line, key
from bench.processes import lift_file_limit
from bench.soak.plan import BOARD_COMMANDS_PER_S, POST_EVERY_S, READERS, STREAMS, WINDOW_S, Plan
from bench.soak.tally import Tally

STAMP = b'"power_w":'
HOST = "127.0.0.1"
# The first field's number of a unit (ezeio reference, section 4: fields are numbered from 1).
FIRST_FIELD = b'"1":'
PONG_KEY = b'"key":['


class Load:
    """All of them, with what they have heard."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._tally = Tally()
        self._lines: list[Line] = []
        self._faults: list[str] = []
        self._context = ssl.create_default_context(cafile=plan.ca)
        self._context.hostname_checks_common_name = True

    async def run(self) -> None:
        """Connect, then work until the input ends."""
        async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as tasks:
            for serial in self._plan.meters:
                for _ in range(READERS):
                    await self._read_meter(serial)
            for _ in range(STREAMS):
                await self._read_account(session)
            boards = [await self._open(f"/obniz/{board}/ws/1", self._hear_board) for board in self._plan.boards]
            print("connected", len(self._lines), flush=True)
            work = [
                tasks.create_task(self._command(boards)),
                tasks.create_task(self._tell()),
                *(
                    tasks.create_task(self._bring(session, serial, number))
                    for number, serial in enumerate(self._plan.loggers)
                ),
            ]
            await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
            for task in work:
                task.cancel()

    async def _open(self, path: str, hear: Callable[[Line, bytes], None], serial: str = "") -> Line:
        loop = asyncio.get_running_loop()
        port = self._plan.tls_port if serial else self._plan.port
        _, line = await loop.create_connection(
            lambda: Line(path, hear, self._faults.append),
            HOST,
            port,
            ssl=self._context if serial else None,
            server_hostname=f"appliance/p1dongle/{serial}" if serial else None,
        )
        await asyncio.wait_for(line.opened, 30)
        self._lines.append(line)
        return line

    async def _read_meter(self, serial: str) -> None:
        line = await self._open("/api/ws", self._hear_meter, serial)
        line.send(json.dumps({"type": "authorization", "data": self._plan.token}))
        line.send('{"type":"subscribe","data":"measurement"}')

    def _hear_meter(self, line: Line, text: bytes) -> None:
        at = text.find(STAMP)
        if at >= 0:
            sent_us = int(text[at + len(STAMP) : text.index(b",", at)])
            self._tally.count("homewizard", (monotonic_ns() // 1000 - sent_us) / 1000)

    async def _read_account(self, session: aiohttp.ClientSession) -> None:
        url = f"http://{HOST}:{self._plan.port}/v1/subscribe/ticket"
        bearer = {"ezeAPIkey": self._plan.ezeio_id, "Authorization": f"Bearer {self._plan.ezeio_key}"}
        async with session.get(url, headers=bearer) as answer:
            ticket = await answer.json(content_type=None)
        await self._open("/ws/" + ticket["ws"].rpartition("/")[2], self._hear_unit)

    def _hear_unit(self, line: Line, text: bytes) -> None:
        at = text.find(FIRST_FIELD)
        if b'"LOGDATA"' not in text or at < 0:
            self._tally.count("ezeio")
            return
        sent_ms = float(text[at + len(FIRST_FIELD) :].split(b",", 1)[0].split(b"}", 1)[0].strip(b'"'))
        self._tally.count("ezeio", monotonic() * 1000 - sent_ms)

    async def _bring(self, session: aiohttp.ClientSession, serial: str, number: int) -> None:
        """Bring a row again and again, whose first field tells when it was posted."""
        url = f"http://{HOST}:{self._plan.port}/ingest/v1/{serial}"
        bearer = {"Authorization": f"Bearer {self._plan.ingest_key}"}
        due = monotonic() + POST_EVERY_S * number / len(self._plan.loggers)
        while True:
            await asyncio.sleep(max(0.0, due - monotonic()))
            row = {f"f{field}": field * 1.5 for field in range(2, 9)} | {"f1": round(monotonic() * 1000, 3)}
            async with session.post(url, json=[{"fields": row}], headers=bearer) as answer:
                if answer.status != 200:
                    self._faults.append(f"{serial}: {answer.status} {(await answer.text())[:200]}")
            due += POST_EVERY_S

    async def _command(self, boards: list[Line]) -> None:
        """Write, read and ping each board in turn, all of them so often a second."""
        for line in boards:
            line.send('[{"io3":{"direction":"input","stream":true}}]')
        pause_s = 1 / (BOARD_COMMANDS_PER_S * len(boards))
        begin, number = monotonic(), 0
        while True:
            await asyncio.sleep(max(0.0, begin + number * pause_s - monotonic()))
            level = "true" if number // len(boards) % 2 else "false"
            ping = json.dumps({"system": {"ping": {"key": key(monotonic_ns())}}})
            boards[number % len(boards)].send(f'[{{"io0":{level}}},{{"io2":"get"}},{ping}]')
            number += 1

    def _hear_board(self, line: Line, text: bytes) -> None:
        at = text.find(PONG_KEY)
        if b'"pong"' not in text or at < 0:
            self._tally.count("obniz")
            return
        sent = bytes(map(int, text[at + len(PONG_KEY) :].split(b"]", 1)[0].split(b",")[:8]))
        self._tally.count("obniz", (monotonic_ns() - int.from_bytes(sent, "big")) / 1e6)

    async def _tell(self) -> None:
        self._tally.take()
        due = monotonic()
        while True:
            due += WINDOW_S
            await asyncio.sleep(max(0.0, due - monotonic()))
            faults, self._faults[:] = self._faults[:5], []
            print("window", json_word({"heard": self._tally.take(), "faults": faults}), flush=True)


def json_word(told: object) -> str:
    """Return JSON in one word: the lines between programs are split at spaces."""
    return msgspec.json.encode(told).decode().replace(" ", "_")


def main() -> None:
    """Read the plan and work."""
    lift_file_limit()
    plan = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Plan)
    uvloop.run(Load(plan).run())


if __name__ == "__main__":
    main()
