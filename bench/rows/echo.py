"""An obniz ping through the demo hub beside an echo in C."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack

from bench.processes import reference
from bench.row import Row
from bench.serving import BOARD_PATH, demo_hub, ready

# As obniz.js sends it: twelve bytes of time and number (obniz reference, section 3).
PING = '[{"system":{"ping":{"key":[0,0,1,162,0,169,37,139,0,0,0,2]}}}]'
# The greeting of each socket is no pong.
GREETED_S = 0.5


def echo(clients: int, pings: int, rounds: int) -> Iterator[Row]:
    """Let each client send the next ping when the pong is there, in turns."""
    costs: dict[str, list[float]] = {"hub": [], "C": []}
    shares: list[float] = []
    with tempfile.TemporaryDirectory() as folder, ExitStack() as programs:
        hub = programs.enter_context(demo_hub(folder))
        program = programs.enter_context(reference("echo"))
        (reference_port,) = program.wait_line("port")
        servers = {
            "hub": (hub, programs.enter_context(reference("client", ready(hub)[0], clients, 1, BOARD_PATH))),
            "C": (program, programs.enter_context(reference("client", reference_port, clients, 1, "/"))),
        }
        for _, load in servers.values():
            load.wait_line("connected")
            time.sleep(GREETED_S)
            load.tell("drain")
            load.wait_line("drained")
        for number in range(rounds + 1):
            for name, (server, load) in servers.items():
                before_s, load_before_s = server.cpu_s, load.cpu_s
                load.tell(f"ping {pings} {PING}")
                _, took_s, _ = map(float, load.wait_line("received"))
                # The first round warms up.
                if number:
                    costs[name].append((server.cpu_s - before_s) / (pings * clients) * 1e6)
                if number and name == "hub":
                    shares.append((load.cpu_s - load_before_s) / took_s)
    yield Row.beside(
        f"echo, {clients} connections: obniz ping through the hub",
        "CPU s per million",
        costs["hub"],
        "C echo",
        costs["C"],
        "<= 4 x",
        load_share=max(shares),
    )
