"""`make soak-stream`: ten minutes of the documented PHP client's loop at a demo hub; it may not end nor miss a row.

    python -m bench.soak.stream [--minutes 10]

One client for each version of its library at a time, and one that reads nothing but pings: all units cancelled. Prints
what each has read; ends with 1 where one was left in silence, was thrown out, or missed a row of the fast log.
"""

import argparse
import json
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

from bench.processes import Program
from bench.serving import HARDWIRE
from bench.soak.php_client import VERSIONS, Habits, PhpClient, SilenceError

KEY_ID, KEY = "12345", "abcdefghijklmnopqrstuvwx"
INTERVAL_S = 5
"""The demo's fast log."""
# A row falls between two ends of the run.
EDGE_ROWS = 2


class Reader(threading.Thread):
    """One client in its loop, until the time is over."""

    def __init__(self, base: str, habits: Habits, until_s: float, cancel: str = "") -> None:
        super().__init__(daemon=True)
        self.name = f"{habits.version}{' that hears pings alone' if cancel else ''}"
        self.rows: list[str] = []
        self.faults: list[str] = []
        self.is_over = False
        """The time is over: the hub may go."""
        self._cancel = cancel
        self._until_s = until_s
        self._base = base
        self._habits = habits
        self.client: PhpClient

    def run(self) -> None:
        """Fetch a ticket, read in a loop."""
        ticket = call(f"{self._base}/v1/subscribe/ticket")
        self.client = PhpClient(ticket["ws"], self._habits)
        is_first = True
        while time.monotonic() < self._until_s:
            try:
                message = self.client.receive()
            except (SilenceError, ConnectionError) as fault:
                self.faults.append(str(fault))
                return
            if message is None and self.is_over:
                return
            if message is None:
                self.faults.append("the hub closed")
                return
            told = json.loads(message)["data"]
            if told["type"] == "LOGDATA" and told["serial"] == "ABC-123":
                self.rows.append(told["time"])
            if is_first and self._cancel:
                call(ticket["api"] + self._cancel)
                # What was on its way when the call was made.
                self.rows.clear()
            is_first = False


def call(url: str) -> dict[str, str]:
    """Return a call's answer."""
    bearer = {"ezeAPIkey": KEY_ID, "Authorization": f"Bearer {KEY}"}
    with urllib.request.urlopen(urllib.request.Request(url, headers=bearer), timeout=5) as answer:
        found: dict[str, str] = json.load(answer)
        return found


def watch(base: str, minutes: float) -> list[Reader]:
    """Let one client of each version read for so long."""
    until_s = time.monotonic() + 60 * minutes
    readers = [Reader(base, habits, until_s) for habits in VERSIONS]
    readers.append(Reader(base, VERSIONS[1], until_s, cancel="-ABC123,-ABC456"))
    for reader in readers:
        reader.start()
    for reader in readers[:-1]:
        reader.join(60 * minutes + 30)
    # The last one stays in its receive for as long as the pings go on.
    for reader in readers:
        reader.is_over = True
    return readers


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak.stream")
    parser.add_argument("--minutes", type=float, default=10.0)
    minutes = parser.parse_args().minutes
    with tempfile.TemporaryDirectory() as folder:
        command = [
            str(HARDWIRE),
            "serve",
            "--demo",
            "--port",
            "0",
            "--tls-port",
            "0",
            "--data",
            str(Path(folder, "data")),
        ]
        with Program(command) as hub:
            words = dict(word.split("=", 1) for word in hub.wait_line("ready", 60))
            readers = watch(words["http"], minutes)
    is_good = True
    for reader in readers:
        due = 0 if "alone" in reader.name else int(60 * minutes / INTERVAL_S) - EDGE_ROWS
        is_well = not reader.faults and len(set(reader.rows)) == len(reader.rows) >= due
        is_good = is_good and is_well
        faults = ", ".join(reader.faults) or ("good" if is_well else "rows are missing")
        print(f"{reader.name}: {len(reader.rows)} rows, {reader.client.pings} pings: {faults}")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
