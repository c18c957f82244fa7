"""The serial ports of the devices: there, readable, and nobody else's."""

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from hardwire.app.doctor import holders
from hardwire.app.doctor.finding import Finding, good, wrong
from hardwire.app.doctor.folder import group_name
from hardwire.app.doctor.holders import Holder, OpenFiles
from hardwire.app.doctor.hub import Hub
from hardwire.app.entries import DeviceEntry

# Where people find the names of their ports, the lasting ones first.
PLACES = ("dev/serial/by-id/*", "dev/ttyUSB*", "dev/ttyACM*", "dev/ttyAMA*")


class SerialPort(Struct, frozen=True, kw_only=True):
    """One device's port."""

    setting: str
    """`devices.grid.port`."""
    path: str
    exists: bool = True
    is_serial: bool = True
    may_use: bool = True
    group: str = ""
    """The group that owns it."""
    holder: Holder | None = None
    """Another program that has it open."""
    others: tuple[str, ...] = ()
    """What ports the machine has, where this one is missing."""
    user: str = ""


def gather(root: Path, devices: Sequence[DeviceEntry], files: OpenFiles, hub: Hub, user: str) -> tuple[SerialPort, ...]:
    """Look at the port of each device that has one. None is opened: that alone resets some adapters."""
    ports = [(device.id, getattr(device.settings, "port", None)) for device in devices]
    return tuple(
        _looked_at(root, f"devices.{id}.port", port, files, hub, user)
        for id, port in ports
        if isinstance(port, str) and port.startswith("/")
    )


def check(port: SerialPort) -> Finding:
    """Tell what keeps a driver from its port."""
    if not port.exists:
        there = f"the machine has {', '.join(port.others)}" if port.others else "the machine has none: is the cable in?"
        return wrong(port.setting, f"there is no {port.path}; {there}")
    if not port.is_serial:
        return wrong(port.setting, f"{port.path} is no serial port")
    if not port.may_use:
        return wrong(
            port.setting,
            f"{port.user} may not use {port.path}, which belongs to the group {port.group}: "
            f"`sudo usermod -aG {port.group} {port.user}`, then log in anew (a service: restart it)",
        )
    if port.holder is not None:
        return wrong(
            port.setting,
            f"{port.path} is in use by {port.holder}, and two readers get half of it each: stop that one, and let it "
            "read the hub",
        )
    return good(port.setting, f"{port.path} is there and may be used")


def _looked_at(root: Path, setting: str, path: str, files: OpenFiles, hub: Hub, user: str) -> SerialPort:
    real = (root / path.lstrip("/")).resolve()
    try:
        status = real.stat()
    except OSError:
        others = next((found for place in PLACES if (found := sorted(root.glob(place)))), [])
        names = tuple("/" + str(one.relative_to(root)) for one in others)
        return SerialPort(setting=setting, path=path, exists=False, others=names)
    pid = files.get(str(real))
    return SerialPort(
        setting=setting,
        path=path,
        is_serial=stat.S_ISCHR(status.st_mode),
        may_use=os.access(real, os.R_OK | os.W_OK),
        group=group_name(status.st_gid),
        holder=None if pid is None or pid in (hub.pid, os.getpid()) else holders.holder(root, pid),
        user=user,
    )
