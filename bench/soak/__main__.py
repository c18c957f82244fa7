"""`make soak`: 500 devices and 2,000 messages a second through all dialects; do memory, files and delays stay flat?

    python -m bench.soak [--minutes 30] [--picture FILE]

`hardwire serve` as its users run it, with a configuration file, TLS, store and recorder; the clients are one process of
their own. Every ten seconds it notes the hub's memory, open files and CPU with what the clients have received and how
long that took. Ends by itself: prints what stayed flat, writes the readings as JSON into `bench/results`, draws them.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bench.processes import HERE, BenchError, Program, end_in_order, lift_file_limit
from bench.serving import HARDWIRE, authority, grant_meters, lend_driver, ready
from bench.soak.plan import WINDOW_S, Plan, board_ids, configuration, logger_serials, meter_serials
from bench.soak.plot import plot
from bench.soak.tally import Heard
from bench.soak.verdict import Reading, verdicts
from bench.stamped_meter import NAME

PICTURE = HERE.parent / "docs" / "explain" / "soak.svg"
LINE = "{:>5.1f} min  {:6.1f} MiB  {:>5} files  {:4.2f} of a core (clients {:4.2f})  {:>6,.0f} messages/s  {}"


class Told(msgspec.Struct):
    """A window, as the clients tell it."""

    heard: dict[str, Heard]
    faults: list[str]


def soak(minutes: float, results: Path) -> tuple[list[Reading], list[str]]:
    """Run it; return the readings, and what has failed."""
    readings: list[Reading] = []
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        token = grant_meters(folder / "data")
        (folder / "hardwire.toml").write_text(configuration(NAME))
        command = [HARDWIRE, "serve", "--config", folder / "hardwire.toml", "--data", folder / "data"]
        command += ["--port", "0", "--tls-port", "0"]
        with Program(list(map(str, command)), lend_driver(folder), results / "soak.log") as hub:
            port, tls_port = ready(hub)
            ezeio_id, ezeio_key = _key(folder, "ezeio")
            plan = Plan(
                port=port,
                tls_port=tls_port,
                ca=str(authority(folder)),
                token=token,
                ezeio_id=ezeio_id,
                ezeio_key=ezeio_key,
                ingest_key=_key(folder, "ingest")[1],
                meters=meter_serials(),
                loggers=logger_serials(),
                boards=board_ids(),
            )
            (folder / "plan.json").write_bytes(msgspec.json.encode(plan))
            with Program(
                [sys.executable, "-m", "bench.soak.load", str(folder / "plan.json")], log=results / "soak-load.log"
            ) as load:
                print(f"{load.wait_line('connected', 300)[0]} sockets are connected", flush=True)
                begin = last_s = time.monotonic()
                hub_cpu_s, load_cpu_s = hub.cpu_s, load.cpu_s
                while last_s < begin + minutes * 60:
                    told = msgspec.json.decode(load.wait_line("window", WINDOW_S * 6)[0], type=Told)
                    now_s = time.monotonic()
                    reading = Reading(
                        at_s=now_s - begin,
                        resident_mib=hub.resident_bytes / 1024 / 1024,
                        files=hub.open_files,
                        cpu_share=(hub.cpu_s - hub_cpu_s) / (now_s - last_s),
                        load_share=(load.cpu_s - load_cpu_s) / (now_s - last_s),
                        heard=told.heard,
                    )
                    last_s, hub_cpu_s, load_cpu_s = now_s, hub.cpu_s, load.cpu_s
                    readings.append(reading)
                    faults += told.faults
                    print(_line(reading), *told.faults, sep="\n  ", flush=True)
    return readings, faults


def _line(reading: Reading) -> str:
    heard = ", ".join(f"{dialect} p99 {one.p99_ms:.1f} ms" for dialect, one in sorted(reading.heard.items()))
    per_s = sum(one.messages for one in reading.heard.values()) / WINDOW_S
    shares = (reading.cpu_share, reading.load_share)
    return LINE.format(reading.at_s / 60, reading.resident_mib, reading.files, *shares, per_s, heard)


def _key(folder: Path, kind: str) -> tuple[str, str]:
    """Have the hub make a key; return its id and its text."""
    command = [str(HARDWIRE), "key", "create", kind, "--name", "soak", "--data", str(folder / "data")]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.split()
    return told[1], told[3]


def _keep(readings: list[Reading], results: Path) -> Path:
    path = results / f"soak-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(readings), indent=1) + b"\n")
    return path


def main() -> int:
    """Soak; 1 where something was lost or did not stay flat."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description="Soak a hub of 500 devices.")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--picture", type=Path, default=PICTURE, help="where the picture goes")
    options = parser.parse_args()
    lift_file_limit()
    end_in_order()
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    began, load_before = datetime.now(UTC), os.getloadavg()[0]
    try:
        readings, faults = soak(options.minutes, results)
    except BenchError as error:
        print(error, file=sys.stderr)
        return 1
    path = _keep(readings, results)
    per_s = sum(one.messages for reading in readings for one in reading.heard.values()) / readings[-1].at_s
    title = (
        f"500 devices, {per_s:,.0f} messages/s, {began:%Y-%m-%d}, {os.cpu_count()} cores, load before {load_before:.1f}"
    )
    plot(readings, title, options.picture)
    judged = verdicts(readings)
    print(title, *judged, f"{len(faults)} faults", f"Kept in {path}, drawn in {options.picture}", sep="\n")
    return 0 if all(one.is_met for one in judged) and not faults else 1


if __name__ == "__main__":
    raise SystemExit(main())
