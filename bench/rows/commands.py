"""Commands to one board at a steady pace: boards as programs use them."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack

from bench.processes import reference
from bench.row import Figure, Row
from bench.rows.relay import hub_with_boards, settle
from bench.serving import BOARD_PATH

COMMANDS_PER_S = 5_000
READ_PIN = '[{"io2":"get"}]'
CONNECTIONS = 64


def commands(lasts_s: int) -> Iterator[Row]:
    """Pins are read at a steady pace, and each answer is timed."""
    count = COMMANDS_PER_S * lasts_s
    with tempfile.TemporaryDirectory() as folder, ExitStack() as programs:
        hub, port = hub_with_boards(programs, folder)
        load = programs.enter_context(reference("client", port, CONNECTIONS, 1, BOARD_PATH))
        settle(load)
        load.tell(f"pace {COMMANDS_PER_S} {COMMANDS_PER_S} {READ_PIN}")
        load.wait_line("held")
        before_s, load_before_s = hub.cpu_s, load.cpu_s
        load.tell(f"pace {COMMANDS_PER_S} {count} {READ_PIN}")
        _, took_s, half_ms, p99_ms = map(float, load.wait_line("held"))
        cpu_s, share = hub.cpu_s - before_s, (load.cpu_s - load_before_s) / took_s
    work = f"{count / took_s:,.0f} of {COMMANDS_PER_S:,} commands/s to one board"
    yield Row(work=work, unit="CPU s per million", hub=Figure.of([cpu_s / count * 1e6]), load_share=share)
    yield Row(work=f"{work}: answer, median", unit="ms", hub=Figure.of([half_ms]))
    yield Row(work=f"{work}: answer, 99 of 100", unit="ms", hub=Figure.of([p99_ms]), goal="<= 5 ms")
