"""Whether a hub may listen on a port below 1024 here."""

import os
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

# linux/capability.h
CAP_NET_BIND_SERVICE = 10
FIRST_FREE_PORT = 1024
UNITS = ("etc/systemd/system", "run/systemd/system", "usr/local/lib/systemd/system", "usr/lib/systemd/system")


class Rights(Struct, frozen=True):
    """What this user may do with ports, and a service in its place."""

    user: str
    has_capability: bool
    """Whether this process may bind to every port, as root or by CAP_NET_BIND_SERVICE."""
    first_free_port: int = FIRST_FREE_PORT
    """From which port on everybody may (`net.ipv4.ip_unprivileged_port_start`)."""
    has_unit: bool = False
    """Whether the machine has a unit `hardwire.service` that gives its hub CAP_NET_BIND_SERVICE."""

    def may_bind(self, port: int) -> bool:
        """Whether a hub that is started from here may listen on a port."""
        return self.has_capability or port >= self.first_free_port


def gather(root: Path, user: str) -> Rights:
    """Look at this process and at the machine's settings."""
    first = FIRST_FREE_PORT
    with suppress(OSError, ValueError):
        first = int((root / "proc/sys/net/ipv4/ip_unprivileged_port_start").read_text("ascii"))
    return Rights(user, _has_capability(root), first, any(_gives_right(root / folder) for folder in UNITS))


def how_to(port: int) -> str:
    """Return what gives a hub the right to listen on a port, as the end of a sentence."""
    return (
        "run the hub as the service of deploy/systemd, whose unit has AmbientCapabilities=CAP_NET_BIND_SERVICE, or let "
        f"every user have it: `sudo sysctl -w net.ipv4.ip_unprivileged_port_start={port}`, and the same line in a file "
        "of /etc/sysctl.d to keep it"
    )


def _has_capability(root: Path) -> bool:
    try:
        lines = (root / "proc/self/status").read_text("ascii", "replace").splitlines()
    except OSError:
        return os.geteuid() == 0
    effective = next((line.split()[1] for line in lines if line.startswith("CapEff:")), "0")
    return bool(int(effective, 16) >> CAP_NET_BIND_SERVICE & 1)


def _gives_right(folder: Path) -> bool:
    try:
        text = (folder / "hardwire.service").read_text("utf-8", "replace")
    except OSError:
        return False
    return any(line.startswith("AmbientCapabilities=") and "CAP_NET_BIND_SERVICE" in line for line in text.splitlines())
