"""A sample's way to its readers: `hardwire serve` with many configured meters, each read by sockets over TLS."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench import stamped_meter
from bench.processes import Program, python
from bench.row import Figure, Row
from bench.serving import HARDWIRE, authority, grant_meters, lend_driver, ready

# The last of the handshakes is still being tidied away in this time.
SETTLED_S = 3


def sample(meters: int, readers: int, rounds: int, lasts_s: int) -> Iterator[Row]:
    """Measure from the telling of a sample to the return of each client's read, clocks being one machine's."""
    told: list[list[float]] = []
    busy: list[float] = []
    serials = [f"5c2faf{number:06x}" for number in range(meters)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        token = grant_meters(folder / "data")
        with _hub(folder, serials) as hub:
            port, ca = ready(hub)[1], authority(folder)
            with python("bench.loads.tls_readers", port, ca, token, readers, *serials) as load:
                load.wait_line("connected")
                load.tell(f"read {SETTLED_S}")
                load.wait_line("read")
                for _ in range(rounds):
                    before_s = hub.cpu_s
                    load.tell(f"read {lasts_s}")
                    told.append([float(word) for word in load.wait_line("read")])
                    busy.append((hub.cpu_s - before_s) / lasts_s)
    frames, half_ms, p99_ms, most_ms = zip(*told, strict=True)
    per_s = sum(frames) / rounds / lasts_s
    work = f"sample to socket, {meters} meters at 1 Hz x {readers} sockets, TLS, {per_s:,.0f} frames/s"
    yield Row(work=f"{work}: median", unit="ms", hub=Figure.of(half_ms))
    yield Row(work=f"{work}: 99 of 100", unit="ms", hub=Figure.of(p99_ms), goal="<= 10 ms")
    yield Row(work=f"{work}: the slowest", unit="ms", hub=Figure.of(most_ms))
    yield Row(work=f"{work}: of a core", unit="share", hub=Figure.of(busy))


def _hub(folder: Path, serials: Sequence[str]) -> Program:
    """Start the hub with a meter for each serial, and the driver of those within its reach."""
    config = folder / "hardwire.toml"
    config.write_text("".join(map(_device, serials)))
    serve = ["serve", "--config", config, "--data", folder / "data", "--port", "0", "--tls-port", "0"]
    return Program([str(HARDWIRE), *map(str, serve)], lend_driver(folder))


def _device(serial: str) -> str:
    return f'[devices.m{serial}]\ndriver = "{stamped_meter.NAME}"\nhomewizard = {{ serial = "{serial}" }}\n\n'
