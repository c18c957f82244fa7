"""`python -m bench [--quick] [--only NAME]`: measure the hub beside its references, print a table, keep it."""

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import chain

import msgspec

from bench.codec import codec
from bench.demo import echo, start
from bench.fanout import Size, fanout
from bench.held import held
from bench.history import history
from bench.idle import idle_tls
from bench.ingest import ingest
from bench.processes import HERE, BenchError, build_references, lift_file_limit
from bench.relay import commands, relay
from bench.row import Row, table
from bench.sample import sample
from hardwire.version import VERSION

# Subscribers that watch all devices, as an account's programs do; and a socket for each pair, as a meter's readers.
WIDE = Size(devices=100, subscribers=100, is_wide=True, bursts=100, each=1, rounds=5)
NARROW = Size(devices=100, subscribers=100, is_wide=False, bursts=10, each=10, rounds=3)
QUICK_WIDE = Size(devices=50, subscribers=50, is_wide=True, bursts=100, each=1, rounds=3)
QUICK_NARROW = Size(devices=20, subscribers=50, is_wide=False, bursts=20, each=10, rounds=3)
# What has not begun by then is left out, so that a run ends within five minutes.
BEGIN_WITHIN_S = 180
# A fan-out takes two files of the machine's limit for each subscriber, but in two processes.
SPARE_FILES = 100

Measure = Callable[[], Iterator[Row]]


def main() -> int:
    """Measure all that was asked for; a measurement that fails is a row that says so, never an exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the hub beside its references.")
    parser.add_argument("--quick", action="store_true", help="smaller and fewer rounds: under a minute")
    parser.add_argument(
        "--only",
        action="append",
        metavar="NAME",
        help="start, codec, echo, relay, commands, sample, idle, ingest, fanout, held or history; may be repeated",
    )
    options = parser.parse_args()
    files = lift_file_limit()
    why_not = build_references()
    title = _title(options.quick)
    begin = time.monotonic()
    rows: list[Row] = []
    for name, (measure, needs_reference) in _measures(options.quick, files).items():
        if options.only and name not in options.only:
            continue
        if needs_reference and why_not:
            rows.append(Row(work=name, unit="", hub=None, note=f"not measured: {why_not}"))
            continue
        if time.monotonic() - begin > BEGIN_WITHIN_S:
            rows.append(Row(work=name, unit="", hub=None, note="not measured: the machine is too busy to end in time"))
            continue
        print(f"{name} ...", file=sys.stderr, flush=True)
        try:
            rows.extend(measure())
        except (BenchError, OSError) as error:
            rows.append(Row(work=name, unit="", hub=None, note=f"not measured: {error}"))
    took_s = time.monotonic() - begin
    print(title)
    print(table(rows))
    print(f"Medians (lowest-highest) of interleaved rounds; {took_s:.0f} s in all.")
    _keep(rows, is_quick=options.quick)
    return 0


def _measures(is_quick: bool, files: int) -> dict[str, tuple[Measure, bool]]:
    wide, narrow = (QUICK_WIDE, QUICK_NARROW) if is_quick else (WIDE, NARROW)
    if narrow.sockets + SPARE_FILES > files:
        narrow = msgspec.structs.replace(narrow, subscribers=max(1, (files - SPARE_FILES) // narrow.devices))
    lasts_s = 3 if is_quick else 10
    return {
        "start": (lambda: start(3), False),
        "echo": (lambda: echo(64, 200 if is_quick else 500, 3 if is_quick else 5), True),
        "codec": (lambda: codec(5, 500 if is_quick else 2_000), False),
        "relay": (lambda: relay(3 if is_quick else 5, 50 if is_quick else 150), True),
        "commands": (lambda: commands(2 if is_quick else 5), True),
        "sample": (lambda: sample(20 if is_quick else 100, 10, 3, 3 if is_quick else 7), False),
        "idle": (lambda: idle_tls(200 if is_quick else 500), False),
        "ingest": (lambda: ingest(3 if is_quick else 5, 3 if is_quick else 10), False),
        "fanout": (lambda: chain(fanout(wide), fanout(narrow)), True),
        "held": (lambda: chain(held(wide, lasts_s), held(narrow, lasts_s)), True),
        # The last one: it makes ten million rows first, which takes a minute or two.
        "history": (lambda: history(10 if is_quick else 40, 0.1 if is_quick else 1.0), False),
    }


def _title(is_quick: bool) -> str:
    kind = "quick" if is_quick else "full"
    return (
        f"Hardwire {VERSION}, {kind} run, {datetime.now(UTC):%Y-%m-%d}; {os.cpu_count()} cores {platform.machine()}, "
        f"Python {platform.python_version()}, load before {os.getloadavg()[0]:.1f}"
    )


def _keep(rows: list[Row], *, is_quick: bool) -> None:
    folder = HERE / "results"
    folder.mkdir(exist_ok=True)
    kept = {
        "version": VERSION,
        "at": datetime.now(UTC),
        "quick": is_quick,
        "machine": {"cores": os.cpu_count(), "kind": platform.machine(), "system": platform.system()},
        "python": platform.python_version(),
        "rows": rows,
    }
    path = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(kept), indent=2) + b"\n")
    print(f"Kept in bench/results/{path.name}")


if __name__ == "__main__":
    raise SystemExit(main())
