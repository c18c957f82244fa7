"""A server with a load of its own: all sockets between the two, and what a round of fan-out costs."""

import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from msgspec import Struct
from msgspec.json import decode

from bench.processes import HERE, BenchError, Program, python, reference
from bench.reference.brokers import Broker, RunningBroker

# A broker has answered all greetings by then.
SETTLED_S = 1.0
WAIT_S = 120


class Size(Struct, frozen=True):
    """How much of it is measured: in each burst each device tells `each` updates."""

    devices: int
    subscribers: int
    is_wide: bool
    """Each subscriber is one socket that watches all devices; else there is a socket for each pair."""
    bursts: int
    each: int
    rounds: int

    @property
    def sockets(self) -> int:
        """How many sockets there are."""
        return self.subscribers if self.is_wide else self.devices * self.subscribers

    @property
    def path(self) -> str:
        """What the load asks for, with a hole for the device."""
        return "/bench/all" if self.is_wide else "/bench/%d"


class Turn(Struct, frozen=True):
    """What one round of a lane came to; CPU in seconds per million deliveries."""

    cost: float
    load_cost: float
    load_share: float
    """Of a core."""
    per_s: float


class Lane(Protocol):
    """A server with its load."""

    server: Program
    load: Program

    def run(self, bursts: int, each: int, deliveries: int) -> None:
        """Let every subscriber get its frames: so many deliveries in all."""
        ...


def turn(lane: Lane, size: Size, bursts: int, each: int) -> Turn:
    """Run one round."""
    deliveries = bursts * each * size.devices * size.subscribers
    server_s, load_s, begin = lane.server.cpu_s, lane.load.cpu_s, time.monotonic()
    lane.run(bursts, each, deliveries)
    took_s = time.monotonic() - begin
    server_s, load_s = lane.server.cpu_s - server_s, lane.load.cpu_s - load_s
    return Turn(server_s / deliveries * 1e6, load_s / deliveries * 1e6, load_s / took_s, deliveries / took_s)


class OwnLane:
    """A server that tells by itself, at the word `go`."""

    def __init__(self, server: Program, load: Program, frames: int = 1) -> None:
        """`frames` is how many frames the server takes for one update of all the devices that it knows."""
        self.server = server
        self.load = load
        self._frames = frames

    def run(self, bursts: int, each: int, deliveries: int) -> None:
        self.load.tell(f"count {deliveries}")
        self.server.tell(f"go {bursts} {each * self._frames}")
        # The load first: when it is thrown out, it says so at once.
        self.load.wait_line("received", WAIT_S)
        self.server.wait_line("sent", WAIT_S)


class BrokerLane:
    """A broker that is published to, burst by burst: the next one when the readers have this one."""

    def __init__(self, running: RunningBroker, load: Program, size: Size, frame_bytes: int) -> None:
        self.server = running.program
        self.load = load
        self._running = running
        self._devices = size.devices
        self._size = frame_bytes

    def run(self, bursts: int, each: int, deliveries: int) -> None:
        for _ in range(bursts):
            self.load.tell(f"marks {deliveries // bursts}")
            self._running.publish(self._devices, each, self._size)
            self.load.wait_line("received", WAIT_S)


Opener = Callable[[ExitStack, Size, int], Lane]
"""Starts a reference for frames with that many bytes of payload."""


def hub_lane(programs: ExitStack, size: Size, kind: str, *, is_tls: bool = False) -> tuple[OwnLane, int, int]:
    """Start a hub and fill it; return it with its frame's length and what its sockets take in memory, in bytes."""
    server = programs.enter_context(python("bench.hub", size.devices, size.sockets, kind))
    plain, tls, frame_bytes = map(int, server.wait_line("port"))
    empty_bytes = server.resident_bytes
    load = connected(programs, size, f"tls:{tls}" if is_tls else plain, size.path)
    server.wait_line("ready")
    return OwnLane(server, load), frame_bytes, server.resident_bytes - empty_bytes


def c_lane(kind: str, pem: Path | None = None) -> Opener:
    """Return what starts the C program, `joined` or `single`."""

    def open_lane(programs: ExitStack, size: Size, payload_bytes: int) -> Lane:
        # To a subscriber that watches all, the devices are one device that tells so many times more.
        devices = 1 if size.is_wide else size.devices
        name, more = ("fanout", ()) if pem is None else ("fanout_tls", (pem,))
        server = programs.enter_context(reference(name, devices, size.subscribers, payload_bytes, kind, *more))
        path = "/bench/0" if size.is_wide else size.path
        load = connected(programs, size, _port(server, is_tls=pem is not None), path)
        return OwnLane(server, load, size.devices // devices)

    return open_lane


def node_lane(pem: Path | None = None) -> Opener:
    """Return what starts Node's `ws`."""

    def open_lane(programs: ExitStack, size: Size, payload_bytes: int) -> Lane:
        where = [sys.executable, HERE.parent / "scripts" / "clients", "--where", "node-ws"]
        found = subprocess.run(list(map(str, where)), capture_output=True, text=True, timeout=60, check=False)
        if found.returncode:
            raise BenchError(found.stderr.strip())
        node = decode(found.stdout)
        script = HERE / "reference" / "node_ws.cjs"
        command = [node["program"], script, size.devices, size.sockets, payload_bytes, *([] if pem is None else [pem])]
        server = programs.enter_context(Program(list(map(str, command)), node["env"]))
        return OwnLane(server, connected(programs, size, _port(server, is_tls=pem is not None), size.path))

    return open_lane


def aiohttp_lane(programs: ExitStack, size: Size, payload_bytes: int) -> Lane:
    """Start aiohttp as its users write it."""
    server = programs.enter_context(python("bench.reference.plain_aiohttp", size.devices, size.sockets, payload_bytes))
    return OwnLane(server, connected(programs, size, _port(server), size.path))


def broker_lane(broker: Broker, folder: Path) -> Opener:
    """Return what starts a broker with its WebSocket listener."""

    def open_lane(programs: ExitStack, size: Size, payload_bytes: int) -> Lane:
        running = programs.enter_context(RunningBroker(broker, folder))
        load = connected(programs, size, running.port, broker.path, 0, broker.protocol)
        load.tell(f"say {broker.greeting(broker.all if size.is_wide else broker.one)}")
        load.wait_line("said")
        time.sleep(SETTLED_S)
        load.tell("drain")
        load.wait_line("drained")
        return BrokerLane(running, load, size, payload_bytes)

    return open_lane


def connected(programs: ExitStack, size: Size, port: object, path: str, *more: object) -> Program:
    """Start a load and let it connect.

    Raises:
        BenchError: it could not, or it would need TLS and was compiled without.
    """
    name = "client_tls" if str(port).startswith("tls:") else "client"
    load = programs.enter_context(reference(name, port, size.sockets, size.devices, path, *more))
    (count,) = map(int, load.wait_line("connected", WAIT_S))
    if count != size.sockets:
        raise BenchError(f"only {count} of {size.sockets} clients connected")
    return load


def _port(server: Program, *, is_tls: bool = False) -> str:
    (port,) = server.wait_line("port")
    return f"tls:{port}" if is_tls else port
