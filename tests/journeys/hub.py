"""A whole hub as its owner starts it: one process of the installed command, real sockets, a data folder of its own."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

HARDWIRE = Path(sys.executable).parent / "hardwire"
"""The command of the environment that the tests run in."""

READY_WITHIN_S = 30
STOPPED_WITHIN_S = 20
ANSWERED_WITHIN_S = 30


class Hub:
    """A running `hardwire serve`: where it listens, where it keeps its files, what it printed."""

    def __init__(self, process: "subprocess.Popen[str]", folder: Path, data: Path) -> None:
        self._process = process
        self._stderr_path = folder / "stderr.txt"
        self._ready = threading.Event()
        self._printed: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.folder = folder
        self.data = data
        self.http = ""
        """`http://127.0.0.1:PORT`, no slash at the end."""
        self.https = ""
        """`https://127.0.0.1:PORT`; empty when the hub was started without TLS."""

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def ws(self) -> str:
        """The plain address for WebSocket clients, `ws://127.0.0.1:PORT`."""
        return self.http.replace("http://", "ws://", 1)

    @property
    def wss(self) -> str:
        """The TLS address for WebSocket clients, `wss://127.0.0.1:PORT`."""
        return self.https.replace("https://", "wss://", 1)

    @property
    def port(self) -> int:
        """The plain port."""
        return urlsplit(self.http).port or 80

    @property
    def tls_port(self) -> int:
        """The TLS port."""
        return urlsplit(self.https).port or 443

    @property
    def ca(self) -> Path:
        """The hub's CA as a PEM file, as `hardwire ca export` gives it."""
        path = self.folder / "ca.pem"
        if not path.exists():
            path.write_text(self.cli("ca", "export", "--data", str(self.data)))
        return path

    @property
    def printed(self) -> str:
        """What it has written to standard output so far."""
        return "\n".join(self._printed)

    @property
    def logged(self) -> str:
        """What it has written to standard error so far."""
        return self._stderr_path.read_text("utf-8", "replace")

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self._process.poll() is None

    def cli(self, *args: str, stdin: str | None = None) -> str:
        """Run `hardwire ARGS` on this hub's data folder and return what it prints.

        Raises:
            AssertionError: it ended with another status than 0; the message has all that it printed.
        """
        done = self.cli_run(*args, stdin=stdin)
        assert done.returncode == 0, (
            f"hardwire {' '.join(args)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        )
        return done.stdout

    def cli_run(self, *args: str, stdin: str | None = None) -> "subprocess.CompletedProcess[str]":
        """Run `hardwire ARGS` on this hub's data folder, whatever comes of it."""
        return subprocess.run(
            [str(HARDWIRE), *args],
            capture_output=True,
            text=True,
            input=stdin,
            env=environment({"HARDWIRE_DATA": str(self.data)}),
            timeout=ANSWERED_WITHIN_S,
            check=False,
        )

    def wait_ready(self) -> None:
        """Wait for the `ready ...` line. Raises AssertionError with what was printed when it does not come."""
        self._ready.wait(READY_WITHIN_S)
        assert self.http, f"the hub did not become ready within {READY_WITHIN_S} s:\n{self.printed}\n{self.logged}"

    def stop(self) -> None:
        """End it as a service manager would, and see that it ended well: status 0 and no traceback."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            status = self._process.wait(STOPPED_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the hub did not stop within {STOPPED_WITHIN_S} s:\n{self.logged}") from None
        self._close()
        assert status == 0, f"the hub ended with {status}:\n{self.printed}\n{self.logged}"
        assert "Traceback (most recent call last)" not in self.logged, self.logged

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self._process.kill()
        self._process.wait(STOPPED_WITHIN_S)
        self._close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._printed.append(line.rstrip("\n"))
            if line.startswith("ready "):
                found = dict(word.split("=", 1) for word in line.split()[1:] if "=" in word)
                self.https = found.get("https", "").rstrip("/")
                self.http = found.get("http", "").rstrip("/")
                self._ready.set()
        # The end of its output without a ready line means that it died: no use in waiting on.
        self._ready.set()

    def _close(self) -> None:
        self._reader.join(STOPPED_WITHIN_S)
        if self._process.stdout is not None:
            self._process.stdout.close()


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return this process's environment without what would lead a hub or a client astray, and with `more`."""
    kept = {
        name: text
        for name, text in os.environ.items()
        # A terminal's own size counts, not that of the tests' output.
        if not name.startswith(("HARDWIRE_", "PYTEST_", "COV_", "COLUMNS", "LINES"))
        and not name.lower().endswith("_proxy")
    }
    return {**kept, "NO_PROXY": "*", **(more or {})}


def start_hub(
    folder: Path,
    *options: str,
    demo: bool = True,
    data: Path | None = None,
    config: str | None = None,
    env: Mapping[str, str] | None = None,
) -> Hub:
    """Start `hardwire serve` on free ports and wait until it is ready; the caller stops or kills it.

    `folder` takes the hub's files. `data` is the data folder, to start again on what an earlier hub left there.
    `config` is the text of a `hardwire.toml`. `options` go to `hardwire serve` as they are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    data = data or folder / "data"
    command = [str(HARDWIRE), "serve", "--data", str(data)]
    # Options given by the caller win: click takes the last one.
    command += ["--port", "0", "--tls-port", "0"]
    if demo:
        command.append("--demo")
    if config is not None:
        path = folder / "hardwire.toml"
        path.write_text(config, "utf-8")
        command += ["--config", str(path)]
    with (folder / "stderr.txt").open("w") as stderr:
        process = subprocess.Popen(
            [*command, *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            cwd=folder,
            env=environment(env),
        )
    hub = Hub(process, folder, data)
    try:
        hub.wait_ready()
    except AssertionError:
        hub.kill()
        raise
    return hub


@contextlib.contextmanager
def running_hub(
    folder: Path,
    *options: str,
    demo: bool = True,
    data: Path | None = None,
    config: str | None = None,
    env: Mapping[str, str] | None = None,
) -> Iterator[Hub]:
    """Start a hub as `start_hub` does; stop it at the end and see that it ended well."""
    hub = start_hub(folder, *options, demo=demo, data=data, config=config, env=env)
    try:
        yield hub
    except BaseException:
        # The first failure is the one to show: end the hub without judging it.
        if hub.is_running:
            hub.kill()
        raise
    if hub.is_running:
        hub.stop()
