"""Fan-out: what one delivery costs the server, beside a C program that writes the same frames."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack

from msgspec import Struct

from bench.processes import BenchError, Program, python, reference
from bench.row import Figure, Row

# Nobody's readers: enough that a burst fits, and that the first rounds have warmed every path.
WARM_UP_BURSTS = 2


class Size(Struct, frozen=True):
    """How much of it is measured."""

    devices: int
    subscribers: int
    bursts: int
    each: int
    rounds: int


class _Lane:
    """A server with its own load: N sockets between the two."""

    def __init__(self, server: Program, load: Program) -> None:
        self.server = server
        self.load = load

    def run(self, bursts: int, each: int, deliveries: int) -> float:
        """Let every subscriber get its frames; return the server's CPU seconds per million deliveries."""
        before = self.server.cpu_s
        self.load.tell(f"count {deliveries}")
        self.server.tell(f"go {bursts} {each}")
        self.server.wait_line("sent")
        self.load.wait_line("received")
        return (self.server.cpu_s - before) / deliveries * 1e6


def fanout(size: Size) -> Iterator[Row]:
    """Measure, round by round in turns, so that a busy neighbour troubles all alike."""
    clients = size.devices * size.subscribers
    with ExitStack() as open_programs:
        hub, frame_bytes, idle_bytes = _hub(open_programs, size, "homewizard")
        lanes = {
            "hub": hub,
            "carrier": _hub(open_programs, size, "fixed")[0],
            "joined": _reference(open_programs, size, frame_bytes, "joined"),
            "single": _reference(open_programs, size, frame_bytes, "single"),
        }
        _round(lanes, size, WARM_UP_BURSTS, size.each)
        burst = _rounds(lanes, size, size.bursts, size.each)
        lone = _rounds(lanes, size, size.bursts, 1)
    title = f"{size.devices} devices x {size.subscribers} subscribers, {frame_bytes} B frames"
    unit = "CPU s per million deliveries"
    saturated = f"fan-out saturated, {title}"
    yield Row.beside(
        f"{saturated}: hub, HomeWizard channel", unit, burst["hub"], "C joined", burst["joined"], "<= 2.0 x"
    )
    yield Row.beside(f"{saturated}: carrier alone", unit, burst["carrier"], "C joined", burst["joined"], "<= 1.6 x")
    yield Row.beside(f"{saturated}: hub, HomeWizard channel", unit, burst["hub"], "C single", burst["single"], "")
    yield Row.beside("fan-out, one update per burst: hub", unit, lone["hub"], "C single", lone["single"], "")
    yield Row(
        work=f"idle WebSocket with one channel, plain, {clients} of them",
        unit="KB resident each",
        hub=Figure.of([idle_bytes / clients / 1024]),
        goal="<= 16 KB",
    )


def _rounds(lanes: Mapping[str, _Lane], size: Size, bursts: int, each: int) -> Mapping[str, list[float]]:
    found: dict[str, list[float]] = {name: [] for name in lanes}
    for _ in range(size.rounds):
        for name, cost in _round(lanes, size, bursts, each).items():
            found[name].append(cost)
    return found


def _round(lanes: Mapping[str, _Lane], size: Size, bursts: int, each: int) -> Mapping[str, float]:
    deliveries = bursts * each * size.devices * size.subscribers
    return {name: lane.run(bursts, each, deliveries) for name, lane in lanes.items()}


def _hub(open_programs: ExitStack, size: Size, channel: str) -> tuple[_Lane, int, int]:
    """Start a hub and fill it; return it with its frame's length and what its sockets take in memory, in bytes."""
    server = open_programs.enter_context(python("bench.hub", size.devices, size.subscribers, channel))
    port, _, frame_bytes = map(int, server.wait_line("port"))
    empty_bytes = server.resident_bytes
    lane = _Lane(server, _load(open_programs, size, port))
    return lane, frame_bytes, server.resident_bytes - empty_bytes


def _reference(open_programs: ExitStack, size: Size, frame_bytes: int, kind: str) -> _Lane:
    head_bytes = 2 if frame_bytes < 128 else 4
    server = open_programs.enter_context(
        reference("fanout", size.devices, size.subscribers, frame_bytes - head_bytes, kind)
    )
    (port,) = map(int, server.wait_line("port"))
    return _Lane(server, _load(open_programs, size, port))


def _load(open_programs: ExitStack, size: Size, port: int) -> Program:
    clients = size.devices * size.subscribers
    load = open_programs.enter_context(reference("client", port, clients, size.devices, "/bench/%d"))
    (connected,) = map(int, load.wait_line("connected"))
    if connected != clients:
        raise BenchError(f"only {connected} of {clients} clients connected")
    return load
