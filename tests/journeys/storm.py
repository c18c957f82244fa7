"""A connection storm: thousands of clients are dropped at once and come back, by `make storm` or from a test.

`python -m tests.journeys.storm [COUNT]` runs it in a temporary folder and prints the figures.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import ClientSession, ClientTimeout
from msgspec import Struct

from tests.journeys.hub import Hub, environment, start_hub

BACK_WITHIN_S = 60.0
CALM_S = 2.0
SERVED = 20
EVERY_S = 0.1


class Return(Struct, frozen=True):
    """That all clients stand connected (again)."""

    back: int
    within_s: float
    met: dict[str, int]


class Storm(Struct, frozen=True):
    """What came of a storm."""

    first: Return
    after_cut: Return
    after_restart: Return
    calm_s: Sequence[float]
    """How long those waited for an answer who stood connected while nothing happened, sorted."""
    stormy_s: Sequence[float]
    """And while all others came back."""

    def __str__(self) -> str:
        returns = {"at first": self.first, "after a cut": self.after_cut, "after a restart": self.after_restart}
        lines = [
            f"{name:16}{one.back} clients within {one.within_s:.1f} s, met {one.met}" for name, one in returns.items()
        ]
        for name, delays_s in (("in calm", self.calm_s), ("in the storm", self.stormy_s)):
            lines.append(
                f"served {name:13}p50 {1000 * at(delays_s, 0.5):.1f} ms, p99 {1000 * at(delays_s, 0.99):.1f} ms, "
                f"worst {1000 * delays_s[-1]:.1f} ms, {len(delays_s)} answers"
            )
        return "\n".join(lines)


class Crowd:
    """The program of the crowd, from outside."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def stand(self) -> Return:
        """Wait until all of them stand connected."""
        assert self._process.stdout is not None
        line = await asyncio.wait_for(self._process.stdout.readline(), 2 * BACK_WITHIN_S)
        told = json.loads(line)
        return Return(told["back"], told["within_s"], told["met"])

    def cut(self) -> None:
        """Let all connections end at once."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"cut\n")


@asynccontextmanager
async def crowd_of(count: int, port: int) -> AsyncIterator[Crowd]:
    """A crowd that comes to a hub's plain port."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.journeys.crowd", str(count), str(port)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        env=environment(),
    )
    try:
        yield Crowd(process)
    finally:
        process.kill()
        await process.wait()


async def weather(folder: Path, count: int) -> Storm:
    """Drop so many clients by a cut of their connections, then by a restart of the hub; each time all come back."""
    hub = await asyncio.to_thread(start_hub, folder)
    try:
        async with crowd_of(count, hub.port) as crowd:
            first = await crowd.stand()
            delays_s: list[float] = []
            async with served(hub, delays_s):
                await asyncio.sleep(CALM_S)
                calm_s = sorted(delays_s)
                delays_s.clear()
                crowd.cut()
                after_cut = await crowd.stand()
                stormy_s = sorted(delays_s)
            await asyncio.to_thread(hub.stop)
            ports = ("--port", str(hub.port), "--tls-port", str(hub.tls_port))
            hub = await asyncio.to_thread(start_hub, folder, *ports, data=hub.data)
            return Storm(first, after_cut, await crowd.stand(), calm_s, stormy_s)
    finally:
        if hub.is_running:
            await asyncio.to_thread(hub.stop)


@asynccontextmanager
async def served(hub: Hub, delays_s: list[float]) -> AsyncIterator[None]:
    """Clients that stand connected meanwhile, and note how long each answer takes."""
    async with ClientSession(timeout=ClientTimeout(BACK_WITHIN_S)) as session:

        async def be_served(number: int) -> None:
            async with session.ws_connect(f"{hub.http}/obniz/2222-2222/ws/1") as socket:
                await socket.receive_str()
                while True:
                    began_s = time.monotonic()
                    await socket.send_str(json.dumps([{"system": {"ping": {"key": [number]}}}]))
                    while "pong" not in await socket.receive_str():
                        pass
                    delays_s.append(time.monotonic() - began_s)
                    await asyncio.sleep(EVERY_S)

        tasks = [asyncio.create_task(be_served(number)) for number in range(SERVED)]
        try:
            yield
            for task in tasks:
                if task.done():
                    task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def at(delays_s: Sequence[float], share: float) -> float:
    """The delay that so many of them do not exceed."""
    return delays_s[min(len(delays_s) - 1, int(share * len(delays_s)))]


def main() -> None:
    """Run one storm, print what came of it, and fail where it took too long."""
    with tempfile.TemporaryDirectory(prefix="hardwire-storm-") as folder:
        storm = asyncio.run(weather(Path(folder), int(sys.argv[1]) if len(sys.argv) > 1 else 5000))
    print(storm)
    if max(storm.after_cut.within_s, storm.after_restart.within_s) > BACK_WITHIN_S:
        sys.exit(f"it took longer than {BACK_WITHIN_S:.0f} s")


if __name__ == "__main__":
    main()
