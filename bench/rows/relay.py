"""From program to program through the hub and back: two boards' programs that send each other messages."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from bench.processes import Program, reference
from bench.row import Row
from bench.serving import demo_hub, ready

PAIRS = 32
FIRST = 100
"""The number of the first pair; with three digits it ends the eight of a board's id."""
# The greeting of each socket is no answer.
GREETED_S = 0.5


def relay(rounds: int, each: int) -> Iterator[Row]:
    """A client's message goes to a device's program, whose answer goes back: four sockets' work, beside a C relay."""
    costs: dict[str, list[float]] = {"hub": [], "C": []}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as programs:
        hub, port = hub_with_boards(programs, folder)
        program = programs.enter_context(reference("echo"))
        (reference_port,) = program.wait_line("port")
        servers = {
            "hub": (hub, *_ends(programs, port, "/obniz/11000%d/ws/1", "/obniz/22000%d/ws/1")),
            "C": (program, *_ends(programs, reference_port, "/pair/%d/a", "/pair/%d/b")),
        }
        for number in range(rounds + 1):
            for name, (server, client, device) in servers.items():
                before = server.cpu_s
                device.tell(f"answer {each * PAIRS} {_message('11000%d')}")
                client.tell(f"ping {each} {_message('22000%d')}")
                client.wait_line("received")
                device.wait_line("received")
                # The first round warms up.
                if number:
                    costs[name].append((server.cpu_s - before) / (each * PAIRS) * 1e6)
    yield Row.beside(
        f"relay, {PAIRS} pairs: client, hub, device's program, hub, client",
        "CPU s per million",
        costs["hub"],
        "C relay",
        costs["C"],
        "<= 4 x",
    )


def hub_with_boards(programs: ExitStack, folder: str) -> tuple[Program, int]:
    """Start a demo hub that has two boards for each pair; return it with its port."""
    config = Path(folder, "hardwire.toml")
    config.write_text(
        "\n".join(
            f'[devices.{end}{number}]\ndriver = "simulated"\nkind = "board"\nbench = "empty"\n'
            f'obniz = {{ id = "{start}{number}" }}\n'
            for number in range(FIRST, FIRST + PAIRS)
            for end, start in (("client", "11000"), ("device", "22000"))
        )
    )
    hub = programs.enter_context(demo_hub(folder, "--config", str(config)))
    return hub, ready(hub)[0]


def settle(load: Program) -> None:
    """Wait until a load is connected, and throw away what it was greeted with."""
    load.wait_line("connected")
    time.sleep(GREETED_S)
    load.tell("drain")
    load.wait_line("drained")


def _ends(programs: ExitStack, port: object, client_path: str, device_path: str) -> tuple[Program, Program]:
    ends = [
        programs.enter_context(reference("client", port, PAIRS, PAIRS, path, FIRST))
        for path in (client_path, device_path)
    ]
    for end in ends:
        settle(end)
    return ends[0], ends[1]


def _message(to: str) -> str:
    return f'[{{"message":{{"to":["{to}"],"data":[0,0,1,162,0,169,37,139,0,0,0,2]}}}}]'
