"""Whether a hub runs on the data folder, asked through its own socket."""

import json
import re
import socket
import struct
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from enum import Enum
from pathlib import Path

from msgspec import Struct

from hardwire.app.doctor.finding import Finding, good, hint, wrong
from hardwire.app.folder import socket_path
from hardwire.storage.folder import LOCK_FILE
from hardwire.version import VERSION

# A hub answers within milliseconds; one that is that busy is in trouble.
ANSWER_WITHIN_S = 1.0
ASK = b"GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n"
# The most of an answer that is read.
ANSWER_LIMIT_BYTES = 65536


class State(Enum):
    """What became of asking."""

    RUNS = "runs"
    SILENT = "silent"
    """Something holds the folder or its socket, and does not answer."""
    ABSENT = "absent"
    HIDDEN = "hidden"
    """This user may not ask."""


class Hub(Struct, frozen=True):
    """The hub of a data folder."""

    state: State
    pid: int | None = None
    """Its process, where the system tells."""
    uid: int | None = None
    """The user that it runs as."""
    version: str = ""


def gather(folder: Path, environment: Mapping[str, str], root: Path) -> Hub:
    """Ask it for its health."""
    path = socket_path(folder, environment)
    pid, uid = None, None
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
            sock.settimeout(ANSWER_WITHIN_S)
            sock.connect(str(path))
            pid, uid = _peer(sock)
            sock.sendall(ASK)
            return Hub(State.RUNS, pid, uid, _version(_read(sock)))
    except PermissionError:
        return Hub(State.HIDDEN)
    except (FileNotFoundError, ConnectionRefusedError):
        # The socket of a hub that was killed stays behind.
        holder = lock_holder(folder, root)
        return Hub(State.ABSENT if holder is None else State.SILENT, holder)
    except (OSError, ValueError, RecursionError):
        return Hub(State.SILENT, pid, uid)


def check(hub: Hub, folder: Path) -> Iterator[Finding]:
    """Tell whether it runs, and whether it is the one that is installed."""
    process = f" (process {hub.pid})" if hub.pid else ""
    match hub.state:
        case State.RUNS if hub.version and hub.version != VERSION:
            yield hint(
                "hub", f"a hub of version {hub.version} runs{process}, installed is {VERSION}: restart it to use that"
            )
        case State.RUNS:
            yield good("hub", f"it runs{process} and answers")
        case State.SILENT:
            yield wrong(
                "hub",
                f"a hub holds {folder}{process} and does not answer within {ANSWER_WITHIN_S:.0f} s: where it has just "
                "been started, look again; else see its log, and stop it",
            )
        case State.HIDDEN:
            yield wrong("hub", f"this user may not ask the hub of {folder}: look again as the user that it belongs to")
        case State.ABSENT:
            yield good("hub", f"none runs on {folder} now")


def lock_holder(folder: Path, root: Path) -> int | None:
    """Return the process that holds the folder's lock; None where nobody does. The lock itself is not touched.

    Source: proc_locks(5): `1: FLOCK ADVISORY WRITE pid major:minor:inode start end`.
    """
    with suppress(OSError):
        inode = (folder / LOCK_FILE).stat().st_ino
        for line in (root / "proc" / "locks").read_text("ascii", "replace").splitlines():
            found = re.search(r" FLOCK +\S+ +\S+ +(-?\d+) +\S+:\S+:(\d+) ", line)
            if found and int(found[2]) == inode:
                return int(found[1])
    return None


def _peer(sock: socket.socket) -> tuple[int | None, int | None]:
    """The process and the user at the other end: Linux tells (unix(7), SO_PEERCRED), other systems do not."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return None, None
    pid, uid, _ = struct.unpack("3i", sock.getsockopt(socket.SOL_SOCKET, option, struct.calcsize("3i")))
    return pid or None, uid


def _read(sock: socket.socket) -> bytes:
    answer = bytearray()
    ends = time.monotonic() + ANSWER_WITHIN_S
    while len(answer) < ANSWER_LIMIT_BYTES and (more := sock.recv(4096)):
        answer += more
        left_s = ends - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        sock.settimeout(left_s)
    return bytes(answer)


def _version(answer: bytes) -> str:
    """Return what the hub says of itself. Raises ValueError where the answer is none of a healthy hub."""
    head, _, body = answer.partition(b"\r\n\r\n")
    if b" 200 " not in head.partition(b"\r\n")[0] + b" ":
        raise ValueError("it is not well")
    health = json.loads(body)
    return str(health.get("version", "")) if isinstance(health, dict) else ""
