"""The demo hub as its owner starts it: how fast it is ready, how much memory it takes, what a ping through it costs."""

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

from bench.processes import Program, reference
from bench.row import Figure, Row

HARDWIRE = Path(sys.executable).with_name("hardwire")
# The demo devices have told their first values by then.
SETTLED_S = 2.0
BOARD_PATH = "/obniz/1111-1111/ws/1"
# As obniz.js sends it: twelve bytes of time and number (obniz reference, section 3).
PING = '[{"system":{"ping":{"key":[0,0,1,162,0,169,37,139,0,0,0,2]}}}]'


def start(rounds: int) -> Iterator[Row]:
    """Start it again and again, on a new data folder each time, which is the slow case."""
    ready_s, resident_mb = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            begin = time.monotonic()
            with _demo_hub(folder) as hub:
                hub.wait_line("ready", 60)
                ready_s.append(time.monotonic() - begin)
                time.sleep(SETTLED_S)
                resident_mb.append(hub.resident_bytes / 1024 / 1024)
    yield Row(work="start of the demo hub to its ready line", unit="s", hub=Figure.of(ready_s), goal="<= 1.0 s")
    yield Row(work="demo hub", unit="MB resident", hub=Figure.of(resident_mb), goal="<= 80 MB")


def echo(clients: int, pings: int, rounds: int) -> Iterator[Row]:
    """An obniz ping through the hub beside an echo in C, in turns."""
    costs: dict[str, list[float]] = {"hub": [], "C": []}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as open_programs:
        hub = open_programs.enter_context(_demo_hub(folder))
        words = dict(word.split("=", 1) for word in hub.wait_line("ready", 60))
        port = urlsplit(words["http"]).port
        program = open_programs.enter_context(reference("echo"))
        (reference_port,) = program.wait_line("port")
        servers = {
            "hub": (hub, open_programs.enter_context(reference("client", port, clients, 1, BOARD_PATH))),
            "C": (program, open_programs.enter_context(reference("client", reference_port, clients, 1, "/"))),
        }
        for _, load in servers.values():
            load.wait_line("connected")
            # The greeting of each socket is no pong.
            time.sleep(0.5)
            load.tell("drain")
            load.wait_line("drained")
        for number in range(rounds + 1):
            for name, (server, load) in servers.items():
                before = server.cpu_s
                load.tell(f"ping {pings} {PING}")
                load.wait_line("received")
                # The first round warms up.
                if number:
                    costs[name].append((server.cpu_s - before) / (pings * clients) * 1e6)
    yield Row.beside(
        f"echo, {clients} connections: obniz ping through the hub",
        "CPU s per million",
        costs["hub"],
        "C echo",
        costs["C"],
        "<= 4 x",
    )


def _demo_hub(folder: str) -> Program:
    command = [str(HARDWIRE), "serve", "--demo", "--port", "0", "--tls-port", "0", "--data", f"{folder}/data"]
    return Program(command)


def is_there() -> bool:
    """Whether the command is installed beside this Python."""
    return shutil.which(str(HARDWIRE)) is not None
