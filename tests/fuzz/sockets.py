"""`make fuzz`: thousands of WebSocket conversations at random, on real sockets; each has to go as a model says.

    python -m tests.fuzz.sockets [--conversations 10000] [--seed 1]

Prints how many there were and how long they took; ends with 1 and the shortest one that went another way.
"""

import argparse
import asyncio
import time
from contextlib import ExitStack

import structlog
import uvloop
from hypothesis import HealthCheck, Phase, given, seed, settings
from structlog.testing import capture_logs

from hardwire.server.limits import Limits
from tests.server.doors import Doors, open_doors
from tests.server.websocket.bench import Bench
from tests.server.websocket.scripts import LIMIT_BYTES, Script, play, scripts

# One program leads all of them, one behind the other.
UNHURRIED = Limits(handshakes_per_s=100_000, messages_per_s=1_000_000)


def main() -> int:
    """Lead as many conversations as were asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.sockets", description="Lead conversations at random.")
    parser.add_argument("--conversations", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    structlog.reset_defaults()
    begin = time.monotonic()
    with ExitStack() as stack:
        runner = stack.enter_context(asyncio.Runner(loop_factory=uvloop.new_event_loop))
        logs = stack.enter_context(capture_logs())
        doors_of = open_doors(UNHURRIED)
        doors: Doors = runner.run(doors_of.__aenter__())
        stack.callback(lambda: runner.run(doors_of.__aexit__(None, None, None)))
        doors.dialect.message_limit_bytes = LIMIT_BYTES
        bench = Bench(doors, logs)

        @seed(options.seed)
        @settings(
            max_examples=options.conversations,
            report_multiple_bugs=False,
            deadline=None,
            database=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        )
        @given(script=scripts())
        def lead(script: Script) -> None:
            bench.forget()
            runner.run(play(bench, script))

        try:
            lead()
        except Exception as fault:  # noqa: BLE001 (that none comes is what is tested)
            print(f"a conversation of seed {options.seed} went another way: {fault!r}")
            print("\n".join(getattr(fault, "__notes__", [])))
            return 1
    print(f"{options.conversations:,} conversations in {time.monotonic() - begin:.0f} s, all as the model says")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
