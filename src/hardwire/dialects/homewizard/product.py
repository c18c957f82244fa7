"""What a HomeWizard product is: names, abilities, measured fields and settings, declared once."""

from enum import Enum

from msgspec import Struct

from hardwire.model.point import PointKind
from hardwire.model.value import Value


class FieldKind(Enum):
    """What a measured field holds on the wire."""

    NUMBER = "number"
    WHOLE = "whole"
    """A number that stands for a count or a choice: clients in strict languages take no `3.0` for it."""
    TEXT = "text"
    MOMENT = "moment"
    """Local time without a zone: `YYYY-MM-DDTHH:MM:SS` in v2, the integer `YYMMDDhhmmss` in v1."""


class Field(Struct, frozen=True):
    """One measured field. Its v2 name is the name of the point that it shows."""

    name: str
    v1: str = ""
    """Its name in `/api/v1/data`; empty when v1 has no such field."""
    kind: FieldKind = FieldKind.NUMBER
    stand_in: str = ""
    """The point shown under this name when the source has no point of its own for it."""
    in_v2: bool = True
    """Whether `/api/measurement` has it; elsewhere v1 repeats under a further name what `stand_in` holds."""


class Setting(Struct, frozen=True, kw_only=True):
    """One setting in `/api/system`, kept by the hub where the source has no point of that name."""

    name: str
    kind: PointKind
    initial: Value | None
    """What it holds until somebody writes it; None: what the device's owner chose for v1."""
    high: int = 0
    """The highest number it takes, counted from 0."""
    writable: bool = True
    in_v1: bool = False
    """Whether `/api/v1/system` has it too."""


class Product(Struct, frozen=True, kw_only=True):
    """One product as clients know it.

    Source: HomeWizard reference, section 0.
    """

    type: str
    """`product_type`: clients accept no other strings than the vendor's."""
    name: str
    certificate_part: str
    """The middle of the certificate name, `appliance/<part>/<serial>`."""
    host_prefix: str
    """The start of the mDNS name, `<prefix>-<last six digits of the serial>`."""
    firmware: str
    """What it says to run when its source tells no firmware."""
    api_version: str | None
    """The newest v2 version that it speaks; None where it has v1 alone."""
    has_v1: bool = True
    fields: tuple[Field, ...]
    """In the order of the wire."""
    settings: tuple[Setting, ...]
    has_meters_behind: bool = False
    """Gas, water and heat meters are shown in `external`."""
    has_telegram: bool = False
    has_batteries: bool = False
    can_identify: bool = False
    """`PUT /api/system/identify` and the socket's message."""
    can_identify_v1: bool = False
    can_reboot: bool = False
    has_state: bool = False
    """`/api/v1/state`: a relay with its lock and its light."""
