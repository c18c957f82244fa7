"""A measured program: started by the bench, spoken to by lines, read from `/proc`, ended by its id."""

import os
import queue
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

HERE = Path(__file__).parent
REFERENCE = HERE / "reference"
BUILT = REFERENCE / "bin"
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
LINE_WITHIN_S = 120.0


class BenchError(Exception):
    """A program did not do its part; the sentence says which and how."""


class Program:
    """One process of the bench. Leaving the `with` block ends it."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str] | None = None, log: Path | None = None) -> None:
        """`log` is where its standard error goes; nowhere by default."""
        self._name = Path(command[0]).name if len(command) < 3 else " ".join(command[:3])
        with (log or Path(os.devnull)).open("ab") as errors:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                bufsize=1,
                cwd=HERE.parent,
                env={**os.environ, **(env or {})},
            )
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> "Program":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def cpu_s(self) -> float:
        """The CPU seconds it has used, its own and the kernel's for it."""
        # The scheduler's own count is in nanoseconds; `stat` counts ticks of 10 ms, too coarse for a short round.
        threads = list(Path(f"/proc/{self.pid}/task").glob("*/schedstat"))
        if threads:
            return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_PER_S

    @property
    def resident_bytes(self) -> int:
        """What of it is in memory, shared libraries included."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise BenchError(f"{self._name} is gone")

    @property
    def open_files(self) -> int:
        """How many files and sockets it has open."""
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def tell(self, line: str) -> None:
        """Give it a line on its standard input."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise BenchError(f"{self._name} is gone") from None

    def wait_line(self, start: str, within_s: float = LINE_WITHIN_S) -> list[str]:
        """Return the words after `start` of the next line that begins with it; other lines are skipped.

        Raises:
            BenchError: it ended, lost a connection or stayed silent.
        """
        end = time.monotonic() + within_s
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                raise BenchError(f"{self._name} did not say {start!r} within {within_s:.0f} s") from None
            if line is None:
                raise BenchError(f"{self._name} ended before it said {start!r}")
            if line.startswith("lost"):
                raise BenchError(f"{self._name}: {line}")
            if line.startswith(start):
                return line[len(start) :].split()

    def end(self) -> None:
        """End it: by the end of its input, or by force."""
        process = self._process
        if process.stdin is not None:
            try:
                process.stdin.close()
            except BrokenPipeError:
                pass
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._lines.put(line.rstrip("\n"))
        self._lines.put(None)


def python(module: str, *args: object) -> Program:
    """Start a module of the bench in a Python of its own."""
    return Program([sys.executable, "-m", module, *map(str, args)])


def reference(name: str, *args: object) -> Program:
    """Start one of the C programs.

    Raises:
        BenchError: it was not compiled here: `client_tls` and `fanout_tls` need OpenSSL's headers.
    """
    if not (BUILT / name).exists():
        raise BenchError("no OpenSSL headers on this machine (Debian: apt install libssl-dev)")
    return Program([str(BUILT / name), *map(str, args)])


def build_references() -> str:
    """Compile the C programs; return an empty text, or why there are none. Without OpenSSL there are none with TLS."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        return "no C compiler (gcc) on this machine"
    BUILT.mkdir(exist_ok=True)
    headers = max(header.stat().st_mtime for header in REFERENCE.glob("*.h"))
    for source in sorted(REFERENCE.glob("*.c")):
        newest = max(source.stat().st_mtime, headers)
        fault = _build([compiler, "-O2", "-D_GNU_SOURCE", str(source)], BUILT / source.stem, newest)
        if fault:
            return f"{source.name} does not compile here: {fault}"
        if "stream.h" in source.read_text():
            tls = [compiler, "-O2", "-D_GNU_SOURCE", "-DWITH_TLS", str(source), "-lssl", "-lcrypto"]
            _build(tls, BUILT / f"{source.stem}_tls", newest)
    return ""


def _build(command: Sequence[str], target: Path, newest: float) -> str:
    """Compile unless what there is is newer than that; return the first line of what went wrong."""
    if target.exists() and target.stat().st_mtime > newest:
        return ""
    target.unlink(missing_ok=True)
    done = subprocess.run([*command, "-o", str(target)], capture_output=True, text=True, timeout=60, check=False)
    return "" if done.returncode == 0 else (done.stderr.splitlines() or [command[0]])[0]


def end_in_order() -> None:
    """Let SIGTERM end this program as Ctrl-C does: what it has started is ended with it."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))


def lift_file_limit() -> int:
    """Let this process and those it starts open as many files as the machine allows; return how many."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard
