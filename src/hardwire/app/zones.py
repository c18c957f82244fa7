"""Time zones by name: the machine's own, and whether a name is one."""

import os
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hardwire.app.tables import bad


def machine_zone() -> str:
    """Return the IANA name of this machine's time zone; UTC where it tells none."""
    zone = os.environ.get("TZ", "").lstrip(":")
    link = Path("/etc/localtime")
    if not zone and link.is_symlink():
        _, _, zone = str(link.resolve()).partition("/zoneinfo/")
    return zone if zone and _is_zone(zone) else "UTC"


def check_zone(zone: str, place: str) -> None:
    """Raise BadValueError when there is no such time zone."""
    if not _is_zone(zone):
        raise bad(place, f"there is no time zone {zone!r}; write it as Europe/Amsterdam")


def _is_zone(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # A folder of zones, a name too long for a file, a path that leads elsewhere.
        return False
    return True
