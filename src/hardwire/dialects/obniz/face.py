"""How a device is shown in this dialect: `obniz = { id = "2345-6789", open = false }`."""

from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import force_setattr

from hardwire.dialects.obniz.wire.address import canonical

DIALECT = "obniz"


Listener = Annotated[str, Meta(pattern=r"^.+:[0-9]{1,5}$")]
"""`host:port`."""


class Face(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A board's settings in this dialect."""

    id: str
    """Eight digits, kept as `dddd-dddd` however they are written."""
    open: bool | None = None
    """Whether its id alone lets a program in until a token is made for it; unset: only a virtual board."""
    http: Listener | None = None
    """`host:port` of a plain listener of its own, for programs that know a board by its IP address (port 80 then)."""
    https: Listener | None = None
    """`host:port` of a TLS listener of its own."""

    def __post_init__(self) -> None:
        id = canonical(self.id)
        if id is None:
            # msgspec names the setting's place in the error that it makes of this one.
            raise ValueError(f"an obniz id has eight digits, such as 2345-6789, not {self.id!r}")
        force_setattr(self, "id", id)
