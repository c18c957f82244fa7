"""One named value of a device."""

from enum import Enum

from msgspec import Struct

from hardwire.model.value import Value


class PointKind(Enum):
    """What a point holds."""

    NUMBER = "number"
    TEXT = "text"
    FLAG = "flag"
    TEXTS = "texts"


class Keeper(Enum):
    """Who owns a point's value."""

    SOURCE = "source"
    """The device itself; the driver reports it and takes writes to it."""

    HUB = "hub"
    """The hub, on the device's behalf: a setting that the dialect has and the hardware has not. Durable."""


class Point(Struct, frozen=True, kw_only=True):
    """A device's value by name: what it is called, what it holds, whether clients may write it."""

    name: str
    kind: PointKind = PointKind.NUMBER
    label: str = ""
    """What people read; empty means the name itself."""
    unit: str = ""
    decimals: int | None = None
    """How many decimals people want to see; values are never rounded to it."""
    writable: bool = False
    keeper: Keeper = Keeper.SOURCE
    initial: Value | None = None
    """What a hub-kept point holds until somebody writes it."""
    tag: str = ""
    """The asset tag of ezeio's field settings."""
    log_interval_s: int = 0
    """How often the fast log takes it; 0 means never."""
    is_field: bool = True
    """Whether a logger counts it among its fields. Inputs, outputs, registers and supply voltages are none."""

    @property
    def has_number(self) -> bool:
        """Whether it gets a field number, for ever: a number of the source's own that counts as a field."""
        return self.kind is PointKind.NUMBER and self.keeper is Keeper.SOURCE and self.is_field
