"""A sample's way to its readers: `hardwire serve` with many configured meters, each read by sockets over TLS."""

import asyncio
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from bench import stamped_meter
from bench.demo import HARDWIRE
from bench.processes import HERE, Program, python
from bench.row import Figure, Row
from hardwire.model.access import Credential, Right
from hardwire.storage.sqlite import SqliteStore

# The last of the handshakes is still being tidied away in this time.
SETTLED_S = 3
ENTRY_POINT = f"[hardwire.drivers]\n{stamped_meter.NAME} = {stamped_meter.__name__}:PART\n"


def sample(meters: int, readers: int, rounds: int, lasts_s: int) -> Iterator[Row]:
    """Measure from the telling of a sample to the return of each client's read, clocks being one machine's."""
    told: list[list[float]] = []
    busy: list[float] = []
    serials = [f"5c2faf{number:06x}" for number in range(meters)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        token = asyncio.run(_grant(folder / "data"))
        with _hub(folder, serials) as hub:
            words = dict(word.split("=", 1) for word in hub.wait_line("ready", 60))
            port, ca = urlsplit(words["https"]).port, _authority(folder)
            with python("bench.tls_readers", port, ca, token, readers, *serials) as load:
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


async def _grant(data: Path) -> str:
    """Write a user of all meters into a new data folder, as a hundred presses of buttons would; return its token."""
    token = secrets.token_hex(16).upper()
    store = SqliteStore(data)
    await store.open()
    try:
        await store.save_credential(
            Credential(
                id="bench",
                kind="homewizard",
                name="local/bench",
                rights=Right.READ,
                secret_hash=sha256(token.encode()).digest(),
            )
        )
    finally:
        await store.close()
    return token


def _hub(folder: Path, serials: Sequence[str]) -> Program:
    """Start the hub with a meter for each serial, and the driver of those within its reach."""
    driver = folder / "path" / "bench_stamped-0.dist-info"
    driver.mkdir(parents=True)
    (driver / "METADATA").write_text("Metadata-Version: 2.1\nName: bench-stamped\nVersion: 0\n")
    (driver / "entry_points.txt").write_text(ENTRY_POINT)
    config = folder / "hardwire.toml"
    config.write_text("".join(map(_device, serials)))
    serve = ["serve", "--config", config, "--data", folder / "data", "--port", "0", "--tls-port", "0"]
    return Program([str(HARDWIRE), *map(str, serve)], {"PYTHONPATH": f"{driver.parent}:{HERE.parent}"})


def _device(serial: str) -> str:
    return f'[devices.m{serial}]\ndriver = "{stamped_meter.NAME}"\nhomewizard = {{ serial = "{serial}" }}\n\n'


def _authority(folder: Path) -> Path:
    """Return the file of the hub's CA."""
    command = [sys.executable, str(HARDWIRE), "ca", "export", "--data", str(folder / "data")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    path = folder / "ca.pem"
    path.write_text(done.stdout)
    return path
