"""Fan-out: what one delivery costs the server, beside a C program that writes the same frames."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack

from msgspec import Struct

from bench.processes import BenchError, Program, python, reference
from bench.row import Figure, Row

UNIT = "CPU s per million deliveries"
# So that the first round has warmed paths too.
WARM_UP_BURSTS = 2


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


class _Lane:
    """A server with its own load: all sockets between the two."""

    def __init__(self, server: Program, load: Program, frames: int) -> None:
        self.server = server
        self.load = load
        self._frames = frames
        """How many frames this server takes for one update of all the devices that it knows."""

    def run(self, bursts: int, each: int, deliveries: int) -> float:
        """Let every subscriber get its frames; return the server's CPU seconds per million deliveries."""
        before_s = self.server.cpu_s
        self.load.tell(f"count {deliveries}")
        self.server.tell(f"go {bursts} {each * self._frames}")
        self.server.wait_line("sent")
        self.load.wait_line("received")
        return (self.server.cpu_s - before_s) / deliveries * 1e6


def fanout(size: Size) -> Iterator[Row]:
    """Measure, round by round in turns, so that a busy neighbour troubles all alike."""
    with ExitStack() as open_programs:
        hub, frame_bytes, idle_bytes = _hub(open_programs, size, "homewizard")
        lanes = {
            "hub": hub,
            "carrier": _hub(open_programs, size, "fixed")[0],
            "joined": _reference(open_programs, size, frame_bytes, "joined"),
            "single": _reference(open_programs, size, frame_bytes, "single"),
        }
        _round(lanes, size, WARM_UP_BURSTS, size.each)
        costs: dict[str, list[float]] = {name: [] for name in lanes}
        for _ in range(size.rounds):
            for name, cost in _round(lanes, size, size.bursts, size.each).items():
                costs[name].append(cost)
    joined, single = costs["joined"], costs["single"]
    goals = ("", "") if size.is_wide else ("<= 2.0 x", "<= 1.6 x")
    title = f"fan-out, {size.devices} devices x {size.subscribers} on {size.sockets} sockets, {frame_bytes} B"
    yield Row.beside(f"{title}: hub, HomeWizard", UNIT, costs["hub"], "C joined", joined, goals[0])
    yield Row.beside(f"{title}: carrier alone", UNIT, costs["carrier"], "C joined", joined, goals[1])
    yield Row.beside(f"{title}: hub, HomeWizard", UNIT, costs["hub"], "C single", single, "")
    if not size.is_wide:
        yield Row(
            work=f"idle WebSocket with one channel, plain, {size.sockets} of them",
            unit="KB resident each",
            hub=Figure.of([idle_bytes / size.sockets / 1024]),
            goal="<= 16 KB",
        )


def _round(lanes: Mapping[str, _Lane], size: Size, bursts: int, each: int) -> Mapping[str, float]:
    deliveries = bursts * each * size.devices * size.subscribers
    return {name: lane.run(bursts, each, deliveries) for name, lane in lanes.items()}


def _hub(open_programs: ExitStack, size: Size, channel: str) -> tuple[_Lane, int, int]:
    """Start a hub and fill it; return it with its frame's length and what its sockets take in memory, in bytes."""
    server = open_programs.enter_context(python("bench.hub", size.devices, size.sockets, channel))
    port, _, frame_bytes = map(int, server.wait_line("port"))
    empty_bytes = server.resident_bytes
    lane = _Lane(server, _load(open_programs, size, port, size.path), 1)
    return lane, frame_bytes, server.resident_bytes - empty_bytes


def _reference(open_programs: ExitStack, size: Size, frame_bytes: int, kind: str) -> _Lane:
    head_bytes = 2 if frame_bytes < 128 else 4
    # To a subscriber that watches all, the devices are one device that tells so many times more.
    devices = 1 if size.is_wide else size.devices
    server = open_programs.enter_context(reference("fanout", devices, size.subscribers, frame_bytes - head_bytes, kind))
    (port,) = map(int, server.wait_line("port"))
    return _Lane(
        server, _load(open_programs, size, port, "/bench/0" if size.is_wide else size.path), size.devices // devices
    )


def _load(open_programs: ExitStack, size: Size, port: int, path: str) -> Program:
    load = open_programs.enter_context(reference("client", port, size.sockets, size.devices, path))
    (connected,) = map(int, load.wait_line("connected"))
    if connected != size.sockets:
        raise BenchError(f"only {connected} of {size.sockets} clients connected")
    return load
