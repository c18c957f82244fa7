"""A client that nobody here wrote, in its own environment under `.cache/clients/`."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.journeys.hub import environment

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(__file__).parent / "clients"
"""Where the scripts stand that run inside a client's environment."""

MUST_HAVE_ALL = os.environ.get("CI", "") not in ("", "0", "false")
"""In CI every client is there and no journey is skipped; on a user's machine a missing client skips its journeys."""


class MissingClientError(Exception):
    """The client cannot run here; the text says why, in a sentence."""


class Client:
    """Programs and environment of one client."""

    def __init__(self, name: str, program: str, env: Mapping[str, str], folder: str) -> None:
        self.name = name
        self.program = program
        """The path of its Python, Node, curl or browser."""
        self.folder = Path(folder)
        """Where its environment stands (`node_modules` is below it); the working folder for plain programs."""
        self.env = environment(env)

    def run(
        self,
        script: str | Path,
        *args: object,
        env: Mapping[str, str] | None = None,
        timeout_s: float = 60,
    ) -> Any:  # Any: whatever JSON the script prints
        """Run a script of `tests/journeys/clients/` in this environment; return the JSON of its last printed line.

        Raises:
            AssertionError: it ended with another status than 0; the message has all that it printed.
        """
        done = self.call(self.path(script), *args, env=env, timeout_s=timeout_s)
        assert done.returncode == 0, f"{script} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        lines = [line for line in done.stdout.splitlines() if line.strip()]
        assert lines, f"{script} printed nothing:\n{done.stderr}"
        return json.loads(lines[-1])

    def call(
        self,
        *args: object,
        env: Mapping[str, str] | None = None,
        timeout_s: float = 60,
    ) -> "subprocess.CompletedProcess[str]":
        """Run the program itself with these arguments, whatever comes of it (`client("curl").call("-s", url)`)."""
        return subprocess.run(
            [self.program, *map(str, args)],
            capture_output=True,
            text=True,
            env={**self.env, **(env or {})},
            timeout=timeout_s,
            check=False,
        )

    def start(
        self,
        script: str | Path,
        *args: object,
        env: Mapping[str, str] | None = None,
    ) -> "subprocess.Popen[str]":
        """Start a script and go on, for conversations that the test takes part in; the caller waits for its end."""
        return subprocess.Popen(
            [self.program, str(self.path(script)), *map(str, args)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**self.env, **(env or {})},
        )

    @staticmethod
    def path(script: str | Path) -> Path:
        """Return where a script stands: `homewizard/user.py` is below `tests/journeys/clients/`."""
        return SCRIPTS / script


def find_client(name: str) -> Client:
    """Return the client of that name. Raises MissingClientError with the reason when it cannot run here."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "clients"), "--where", name],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode:
        raise MissingClientError(done.stderr.strip() or f"the {name} client is not installed")
    found = json.loads(done.stdout)
    return Client(name, found["program"], found["env"], found["folder"])
