"""Idle sockets: what one takes in the hub's memory over TLS, and what keeping each dialect's alive costs."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from bench.lanes import Size, connected
from bench.processes import Program, python
from bench.row import Figure, Row
from bench.serving import authority, demo_hub, ready

# The first handshakes load code and fill pools that the others share.
WARM_UP = 20
SETTLED_S = 2.0
DIALECTS = {"obniz": "a ping every 30 s", "ezeio": "a ping every 3.5 s", "HomeWizard": "nothing, over TLS"}


def idle_tls(clients: int) -> Iterator[Row]:
    """Open that many and look at the process."""
    with ExitStack() as programs:
        server = programs.enter_context(python("bench.hub", 1, clients + WARM_UP, "homewizard"))
        _, tls, _ = map(int, server.wait_line("port"))
        connected(programs, Size(1, WARM_UP, False, 0, 0, 0), f"tls:{tls}", "/bench/%d")
        before_bytes = server.resident_bytes
        connected(programs, Size(1, clients, False, 0, 0, 0), f"tls:{tls}", "/bench/%d")
        time.sleep(SETTLED_S)
        each_kb = (server.resident_bytes - before_bytes) / clients / 1024
    yield Row(
        work=f"idle WebSocket with one channel, TLS, {clients:,} of them",
        unit="KB resident each",
        hub=Figure.of([each_kb]),
        goal="<= 60 KB",
    )


def keep_alive(clients: int, lasts_s: int) -> Iterator[Row]:
    """Hold sockets that say nothing at a demo hub of each dialect's own; see what the hub spends on them, beside one
    that has none. The hubs run at the same time: what counts is their own CPU.

    obniz boards ping each client every 30 s, ezeio every 3.5 s; HomeWizard sends nothing by itself.
    """
    with ExitStack() as programs:
        hubs: dict[str, Program] = {}
        for dialect in ("", *DIALECTS):
            folder = Path(programs.enter_context(tempfile.TemporaryDirectory()))
            config = folder / "hardwire.toml"
            config.write_text("[limits]\nhandshakes_per_s = 100000\n")
            hub = hubs[dialect] = programs.enter_context(demo_hub(str(folder), "--config", str(config)))
            ports, ca = ready(hub), authority(folder)
            if dialect:
                load = programs.enter_context(python("bench.loads.idlers", *ports, ca, dialect.lower(), clients))
                load.wait_line("connected")
        time.sleep(SETTLED_S)
        before_s = {dialect: hub.cpu_s for dialect, hub in hubs.items()}
        time.sleep(lasts_s)
        spent_s = {dialect: hub.cpu_s - before_s[dialect] for dialect, hub in hubs.items()}
    for dialect, how in DIALECTS.items():
        each = (spent_s[dialect] - spent_s[""]) / lasts_s / clients
        yield Row(
            work=f"keep-alive of {clients:,} idle clients, {dialect}: {how}",
            unit="share of a core per 1,000",
            hub=Figure.of([max(0.0, each * 1000)]),
        )
