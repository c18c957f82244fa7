"""Loggers that bring rows by HTTP: each posts a batch, waits for the answer, and posts the next.

    python -m bench.loads.ingest_load PORT TOKEN SERIAL...

Prints `connected N`. Takes `post BATCHES ROWS FIELDS EVERY_MS` and prints `posted VALUES SECONDS P50_MS P95_MS P99_MS`:
each logger posts that many batches of so many rows, at even distances, or at once after an answer where EVERY_MS is 0.
The bodies are made before the clock starts.
"""

import http.client
import json
import sys
import threading
import time
from collections.abc import Sequence

# The first row of the first batch; each following row is a second later.
FIRST_S = int(time.time()) - 20 * 86_400


class Logger:
    """One logger with one connection."""

    def __init__(self, port: int, token: str, serial: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._connection.connect()
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._path = f"/ingest/v1/{serial}"
        self._next_s = FIRST_S

    def bodies(self, batches: int, rows: int, fields: int) -> Sequence[bytes]:
        """Return batches of rows that follow each other."""
        made = []
        for _ in range(batches):
            batch = [
                {
                    "time": self._next_s + n,
                    "fields": {f"f{field}": (n * field % 997) / 8 for field in range(1, fields + 1)},
                }
                for n in range(rows)
            ]
            self._next_s += rows
            made.append(json.dumps(batch).encode())
        return made

    def post(self, bodies: Sequence[bytes], every_s: float, took_ms: list[float]) -> None:
        """Post batches; notes how long each answer took, from the moment at which it was due."""
        due = time.monotonic()
        for body in bodies:
            time.sleep(max(0.0, due - time.monotonic()))
            begin = due if every_s else time.monotonic()
            self._connection.request("POST", self._path, body, self._headers)
            with self._connection.getresponse() as answer:
                text = answer.read()
                if answer.status != 200:
                    print("lost:", answer.status, text[:200], flush=True)
                    return
            took_ms.append((time.monotonic() - begin) * 1000)
            due += every_s


def main(port: int, token: str, serials: Sequence[str]) -> None:
    """Connect, then obey the lines of standard input."""
    loggers = [Logger(port, token, serial) for serial in serials]
    print("connected", len(loggers), flush=True)
    for line in sys.stdin:
        batches, rows, fields, every_ms = map(int, line.split()[1:])
        work = [(logger, logger.bodies(batches, rows, fields)) for logger in loggers]
        took_ms: list[float] = []
        threads = [
            threading.Thread(target=logger.post, args=(bodies, every_ms / 1000, took_ms)) for logger, bodies in work
        ]
        begin = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took_s = time.monotonic() - begin
        took_ms.sort()
        shown = " ".join(f"{took_ms[int(len(took_ms) * part)]:.3f}" for part in (0.5, 0.95, 0.99))
        print("posted", len(took_ms) * rows * fields, f"{took_s:.3f}", shown, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
