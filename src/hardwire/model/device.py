"""A thing with an id, a kind, a name, an owner group, a time zone and points."""

from msgspec import Struct

from hardwire.model.alarm import Alarm
from hardwire.model.point import Point


class Device(Struct, frozen=True, kw_only=True):
    """What the hub knows of a device, apart from its values.

    `parent` is the meter that a gas or water meter hangs behind: it has instants of its own, so it is a
    device of its own, and a dialect that shows both as one joins them.
    """

    id: str
    kind: str
    """`board`, `meter`, `unit`, or an M-Bus kind such as `gas_meter`."""
    name: str = ""
    group: str = "home"
    timezone: str = "UTC"
    points: tuple[Point, ...] = ()
    parent: str | None = None
    stale_after_s: float | None = None
    """How long the source may be silent before its values count as stale; None: it never says, never stale."""
    profile: str = ""
    """Which hardware it is, where the kind leaves a choice: `obnizb1`, `HWE-P1`."""
    firmware: str = ""
    is_virtual: bool = False
    """There is no hardware behind it: an obniz board of this kind needs no token until it is given one."""
    sources: tuple[str, ...] = ()
    """The devices whose values it is made from; empty for one that has hardware, or plays it."""
    log: str = ""
    """`self` when the device keeps the two ezeio logs itself; empty when the hub keeps them for it."""
    alarms: tuple[Alarm, ...] = ()
    """What the hub watches its values for."""

    def point(self, name: str) -> Point | None:
        """Return the point of that name, or None."""
        for point in self.points:
            if point.name == name:
                return point
        return None
