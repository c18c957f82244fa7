"""`python -m bench [--quick] [--only NAME]`: measure the hub beside its references, print a table, keep and draw it."""

import argparse
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bench.plan import Task, tasks
from bench.processes import HERE, BenchError, build_references, end_in_order, lift_file_limit
from bench.results import Results, machine
from bench.row import Row, table
from hardwire.version import VERSION


def main() -> int:
    """Measure all that was asked for; 1 where a measurement could not be made, whatever the figures are."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the hub beside its references.")
    parser.add_argument("--quick", action="store_true", help="smaller sizes, fewer rounds: about a minute")
    parser.add_argument("--only", action="append", metavar="NAME", help="one part; may be repeated")
    parser.add_argument("--picture", type=Path, help="where the plot goes; without it none is drawn")
    options = parser.parse_args()
    end_in_order()
    files = lift_file_limit()
    planned = tasks(files, is_quick=options.quick)
    unknown = set(options.only or ()) - set(planned)
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}: {', '.join(planned)}")
    why_not = build_references()
    began, load_before = datetime.now(UTC), os.getloadavg()[0]
    begin = time.monotonic()
    faults: list[str] = []
    rows: list[Row] = []
    for name, task in planned.items():
        if options.only and name not in options.only:
            continue
        since_s = time.monotonic()
        print(f"{name} ...", file=sys.stderr, flush=True)
        rows.extend(_measured(name, task, why_not, faults))
        print(f"{name}: {time.monotonic() - since_s:.0f} s", file=sys.stderr, flush=True)
    results = Results(
        version=VERSION,
        at=began,
        quick=options.quick,
        machine=machine(),
        python=platform.python_version(),
        load_before=load_before,
        took_s=time.monotonic() - begin,
        rows=rows,
    )
    print(results.title)
    print(table(rows))
    print(f"Medians (lowest-highest) of interleaved rounds; {results.took_s:.0f} s in all.")
    path = _keep(results)
    print(f"Kept in {path.relative_to(HERE.parent)}")
    if options.picture is not None:
        _draw(path, options.picture)
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def _measured(name: str, task: Task, why_not: str, faults: list[str]) -> Iterator[Row]:
    if task.needs_reference and why_not:
        yield Row.missing(name, why_not)
        return
    try:
        yield from task.measure()
    except (BenchError, OSError, AssertionError) as error:
        faults.append(f"{name}: {error}")
        yield Row.missing(name, error)


def _keep(results: Results) -> Path:
    folder = HERE / "results"
    folder.mkdir(exist_ok=True)
    path = folder / f"{results.at:%Y%m%dT%H%M%SZ}.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=2) + b"\n")
    return path


def _draw(results: Path, picture: Path) -> None:
    # In a process of its own: who only measures needs no matplotlib.
    done = subprocess.run([sys.executable, "-m", "bench.plot", str(results), str(picture)], check=False)
    print(f"Drawn in {picture}" if done.returncode == 0 else "Not drawn: `make bench` installs what draws")


if __name__ == "__main__":
    raise SystemExit(main())
