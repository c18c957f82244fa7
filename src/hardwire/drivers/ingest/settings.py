"""What the configuration file may say of a logger that brings its rows itself."""

from enum import Enum
from typing import Annotated

from msgspec import Meta, Struct

from hardwire.drivers.ingest.words import is_word
from hardwire.model.errors import BadValueError

FIELDS_LIMIT = 90
"""As many fields as a unit has (ezeio reference, section 4)."""

DEFAULT_LOG_INTERVAL_S = 60

# Twenty minutes is the longest that a unit buffers (ezeio reference, section 1.4); it may be two minutes late.
DEFAULT_STALE_AFTER_S = 1320.0

OutputNumber = Annotated[int, Meta(ge=1, le=4)]
BusDevice = Annotated[int, Meta(ge=1, le=40)]
Register = Annotated[int, Meta(ge=1, le=150)]


class StatusRows(Enum):
    """Who makes the rows of the status log."""

    MADE = "made"
    """The hub, every ten minutes, of what the fast log has brought until then."""
    SENT = "sent"
    """The logger itself, marked as such."""


class Field(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One field of a logger."""

    name: Annotated[str, Meta(pattern=r"^[^\d\s](.{0,62}\S)?$", description="1 to 64 characters, no digit first")]
    """The point's name, one of its own within the unit."""
    label: str = ""
    """What people read; empty means the name itself."""
    unit: str = ""
    """The unit of measure, as clients show it."""
    decimals: Annotated[int, Meta(ge=0, le=6)] | None = None
    """How many decimals people want to see."""
    tag: str = ""
    """The asset tag."""
    log_interval_s: Annotated[int, Meta(ge=0, le=599)] = DEFAULT_LOG_INTERVAL_S
    """How often the logger takes it into its fast log, as clients are told; rows may come at any time."""
    writable: bool = False
    """Whether clients may give it a value, which the logger then finds among its commands."""


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A logger of your own, which brings its rows by HTTP or MQTT."""

    fields: Annotated[tuple[Field, ...], Meta(max_length=FIELDS_LIMIT)] | None = None
    """What it logs. Without it fields appear as they come, up to 90, and keep their numbers for ever."""
    outputs: tuple[OutputNumber, ...] = ()
    """Which of the outputs 1 to 4 clients may set."""
    registers: tuple[tuple[BusDevice, Register], ...] = ()
    """Which registers (device, register) clients may set."""
    status: StatusRows = StatusRows.MADE
    """Who makes the rows of the status log."""
    stale_after_s: Annotated[float, Meta(gt=0)] = DEFAULT_STALE_AFTER_S
    """How long it may be silent before its values count as stale."""
    mqtt: Annotated[str, Meta(extra={"secret": True})] = ""
    """The broker that it is heard by too: `mqtt://user:password@host:1883`, or `mqtts://` for TLS."""
    mqtt_ca: str = ""
    """A PEM file with the certificate that the broker's is signed by, where the machine does not know it."""


def check(settings: Settings) -> None:
    """Raise BadValueError for names that mean two things; `path` names the setting."""
    names = [field.name for field in settings.fields or ()]
    for number, name in enumerate(names):
        if name in names[:number]:
            raise BadValueError(f"two fields are called {name!r}", path=f"fields[{number}].name")
        if is_word(name):
            raise BadValueError(
                f"{name!r} is what a unit's own input, output, register or supply is called: choose another name",
                path=f"fields[{number}].name",
            )
    if len(set(settings.outputs)) < len(settings.outputs):
        raise BadValueError("an output stands twice", path="outputs")
    if len(set(settings.registers)) < len(settings.registers):
        raise BadValueError("a register stands twice", path="registers")
