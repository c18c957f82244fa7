"""The settings of a simulated unit: its fields, inputs, registers, link."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from hardwire.drivers.simulated.unit.shapes import Quantity, Shape, Wave

DAY_S = 86_400
PeriodS = Annotated[float, Meta(ge=0.001, le=1e9)]
Text = Annotated[str, Meta(max_length=200)]


class Field(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One field of a unit: what it is called, how often it is logged, what it shows."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    """The point's name, one of its own within the unit."""
    label: Text = ""
    """What people read; empty means the name itself."""
    unit: Text = ""
    """The unit of measure, as clients show it."""
    decimals: Annotated[int, Meta(ge=0, le=6)] = 2
    """How many decimals people want to see."""
    tag: Text = ""
    """The asset tag."""
    log_interval_s: Annotated[int, Meta(ge=0, le=599)] = 0
    """How often the fast log takes it; 0 means never."""
    expression: str | None = None
    """What it is computed from; blank: it keeps its value until it is written; None: it moves by its shape."""
    value: Quantity = 0.0
    """What a field with a blank expression holds until it is written for the first time."""
    shape: Shape = Shape.SINE
    """How the value moves."""
    offset: Quantity = 0.0
    """The value that it moves around, or starts from."""
    amplitude: Quantity = 1.0
    """How far it moves."""
    period_s: PeriodS = 600.0
    """How many seconds one turn of it takes."""

    @property
    def is_held(self) -> bool:
        """Whether it keeps its value until somebody writes it."""
        return self.expression is not None and not self.expression.strip()

    @property
    def wave(self) -> Wave:
        """How it moves without an expression."""
        return Wave(
            seed=self.name,
            shape=self.shape,
            offset=self.offset,
            amplitude=self.amplitude,
            period_s=self.period_s,
        )


class Register(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One register of a device on the unit's bus; one with a `value` is written by clients, another one moves."""

    device: Annotated[int, Meta(ge=1, le=40)]
    """Which device, 1 to 40."""
    register: Annotated[int, Meta(ge=1, le=150)]
    """Which register of it, 1 to 150."""
    label: Text = ""
    """What people read; empty means the name itself."""
    unit: Text = ""
    """The unit of measure."""
    value: Quantity | None = None
    """What a register that can be written holds at first; None: it moves by its shape and cannot be written."""
    shape: Shape = Shape.SINE
    """How the value moves."""
    offset: Quantity = 0.0
    """The value that it moves around, or starts from."""
    amplitude: Quantity = 1.0
    """How far it moves."""
    period_s: PeriodS = 600.0
    """How many seconds one turn of it takes."""


class Input(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What hangs on one of the eight inputs: whole numbers, never below 0."""

    input: Annotated[int, Meta(ge=1, le=8)]
    """Which input, 1 to 8."""
    shape: Shape = Shape.CONSTANT
    """How the value moves."""
    offset: Quantity = 0.0
    """The value that it moves around, or starts from."""
    amplitude: Quantity = 1.0
    """How far it moves."""
    period_s: PeriodS = 600.0
    """How many seconds one turn of it takes."""


class Offline(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A time that comes again and again in which the link is down; counted from 1970 in UTC."""

    every_s: Annotated[int, Meta(ge=2, le=31 * DAY_S)]
    """How often it comes."""
    for_s: Annotated[int, Meta(ge=1, le=31 * DAY_S)]
    """How long the link is down then; less than `every_s`."""
    after_s: Annotated[int, Meta(ge=0, le=31 * DAY_S)] = 0
    """How long after each multiple of `every_s` it begins."""

    def __post_init__(self) -> None:
        if self.for_s >= self.every_s:
            raise ValueError("for_s has to be less than every_s: the link is up in between")


Firmware = Annotated[
    str, Meta(pattern=r"^[0-9]{8}$", description="eight digits such as 24061501: year, month, day, number")
]


class Settings(Struct, frozen=True, kw_only=True, tag_field="kind", tag="unit", forbid_unknown_fields=True):
    """The settings of a device with `driver = "simulated"` and `kind = "unit"`."""

    fields: Annotated[tuple[Field, ...], Meta(min_length=1, max_length=90)]
    """What it logs; 90 is as many as such a unit has."""
    inputs: Annotated[tuple[Input, ...], Meta(max_length=8)] = ()
    """What hangs on its inputs; the others show 0."""
    registers: Annotated[tuple[Register, ...], Meta(max_length=500)] = ()
    """The registers of the devices on its bus."""
    condition: str = ""
    """The expression that enables the fast log: rows are taken while it is greater than 0; empty: always."""
    buffer_s: Annotated[int, Meta(ge=0, le=1200)] = 0
    """How long it gathers rows before it uploads them, as real ones do for up to 20 minutes; 0 uploads each at once."""
    backlog_s: Annotated[int, Meta(ge=0, le=DAY_S)] = 0
    """For how long it has been logging without a connection when it starts."""
    offline: Annotated[tuple[Offline, ...], Meta(max_length=20)] = ()
    """When its link is down; it goes on logging then, and uploads all of it afterwards."""
    firmware: Firmware = "24061501"
    """Which firmware it reports; below 21012701 it is no part of a stream."""
    link: Literal["Cell", "Ethernet", "WiFi"] = "Cell"
    """How it is connected."""
    latitude_deg: Annotated[float, Meta(ge=-90, le=90)] = 52.370216
    """Where it stands."""
    longitude_deg: Annotated[float, Meta(ge=-180, le=180)] = 4.895168
    """Where it stands."""
    altitude_m: Annotated[float, Meta(ge=-500, le=9000)] = 2.0
    """Where it stands."""
