"""One examination of a house: every fact is gathered, then every check is made."""

import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from hardwire.app.doctor import (
    addresses,
    authority,
    clock,
    devices,
    folder,
    holders,
    hub,
    listeners,
    products,
    rights,
    serial,
    store,
    v1,
)
from hardwire.app.doctor import sockets as listed
from hardwire.app.doctor.finding import Finding

# Where the system's own files are.
ROOT = Path("/")


def examine(file: Path | None, data: Path, environment: Mapping[str, str], root: Path = ROOT) -> Iterator[Finding]:
    """Yield what is found of a configuration file (none is fine) and a data folder.

    Nothing is changed, nothing is opened to others, and no packet leaves the machine.
    """
    now = datetime.now(UTC)
    user = folder.user_name(os.geteuid())
    place = folder.gather(data, user)
    # Into a folder that is closed to this user it cannot look any further.
    is_seen = place.is_visible or not place.exists
    running = hub.gather(data, environment, root) if is_seen else hub.Hub(hub.State.HIDDEN)
    kept = store.gather(data, is_hub_running=running.state is hub.State.RUNS) if is_seen else store.Kept()
    estate = devices.gather(file, environment, kept)
    files = holders.gather(root)
    here = addresses.gather()
    wanted = listeners.wanted(estate.config, estate.devices) if estate.is_read else ()
    ports = listeners.gather(root, listed.gather(root), files, here, rights.gather(root, user), running)
    yield from estate.findings
    yield from folder.check(place)
    yield from hub.check(running, data)
    yield from listeners.check(wanted, ports)
    if estate.config.hub.discovery is not False:
        yield from listeners.discovery(ports)
    yield from products.check(estate.devices)
    yield from v1.check(estate.devices, wanted, here)
    yield from (serial.check(port) for port in serial.gather(root, estate.devices, files, running, user))
    if is_seen:
        yield from authority.check(authority.gather(data), now)
    yield from clock.check(clock.gather(root, now))
