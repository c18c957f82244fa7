"""Who has a file or a socket open: process, program and service, as far as this user may see."""

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

# `0::/system.slice/nginx.service`, or a container's name below a slice of the engine.
UNIT = re.compile(r"/([^/]+\.service)(?:/|$)")
CONTAINER = re.compile(r"(?:docker|libpod|crio|cri-containerd)[-/]([0-9a-f]{12})[0-9a-f]*")


class Holder(Struct, frozen=True):
    """A process that has something open."""

    pid: int
    program: str
    unit: str = ""
    """The unit of the system that it belongs to, where it does."""
    container: str = ""
    """The first digits of its container's id, where it is in one."""

    def __str__(self) -> str:
        place = f", unit {self.unit}" if self.unit else ""
        place = f", container {self.container}" if self.container else place
        return f"{self.program} (process {self.pid}{place})"


OpenFiles: TypeAlias = Mapping[str, int]
"""What processes have open, `socket:[4711]` or a path, and the first process that has it."""


def gather(root: Path) -> OpenFiles:
    """Look into every process that this user may look into: root all, others their own."""
    pids: dict[str, int] = {}
    try:
        processes = sorted(int(entry) for entry in os.listdir(root / "proc") if entry.isdigit())
    except OSError:
        return {}
    for pid in processes:
        folder = root / "proc" / str(pid) / "fd"
        # Another's process, or one that is gone by now.
        with suppress(OSError):
            for descriptor in os.listdir(folder):
                pids.setdefault(os.readlink(folder / descriptor), pid)
    return pids


def holder(root: Path, pid: int) -> Holder:
    """Return who a process is; everybody may read this of every process."""
    folder = root / "proc" / str(pid)
    group = _text(folder / "cgroup")
    units, containers = UNIT.findall(group), CONTAINER.findall(group)
    return Holder(
        pid,
        _program(folder) or "a program",
        # A unit of a user's own is not the system's to stop.
        unit="" if not units or units[0].startswith("user@") else units[-1],
        container=containers[-1] if containers else "",
    )


def _program(folder: Path) -> str:
    """The name of a program; of an interpreter, that of its script."""
    words = [word for word in _text(folder / "cmdline").split("\0") if word]
    name = _text(folder / "comm").strip()
    if name.startswith(("python", "node", "perl", "ruby", "java", "sh", "bash")) and len(words) > 1:
        module = words.index("-m") + 1 if "-m" in words[:-1] else 0
        script = words[module] if module else next((word for word in words[1:] if not word.startswith("-")), "")
        return Path(script).name or name
    return name


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace")
    except OSError:
        return ""
