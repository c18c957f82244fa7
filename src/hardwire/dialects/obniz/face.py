"""How a device is shown in this dialect: `obniz = { id = "2345-6789", open = false }`."""

from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import force_setattr

from hardwire.dialects.obniz.wire.address import canonical, is_serial, origin

DIALECT = "obniz"


Listener = Annotated[str, Meta(pattern=r"^.+:[0-9]{1,5}$", description="host and port, such as 192.168.1.5:80")]
"""`host:port`."""

# A listener on these takes connections by any address, so they are none that a program could call.
_ANY_ADDRESS = frozenset({"0.0.0.0", "::", "[::]", "*"})


class Face(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A board's settings in this dialect."""

    id: str
    """Eight digits, kept as `dddd-dddd` however they are written."""
    serial: str | None = None
    """A second name, such as `sn_abc123`, by which obniz.js finds the board too."""
    open: bool | None = None
    """Whether its id alone lets a program in until a token is made for it; unset: only a virtual board."""
    replies: Literal["text", "binary"] = "text"
    """How programs are answered that take binary frames, as obniz.js does; all others are always answered in text."""
    redirect: str | None = None
    """Another origin of the board, such as `ws://192.168.1.5:8080`: programs that come by any other are sent there."""
    local_connect: bool = False
    """Whether obniz.js is offered the board's own listener (`http`) as a direct link. Only while the board is open."""
    http: Listener | None = None
    """`host:port` of a plain listener of its own, for programs that know a board by its IP address (port 80 then)."""
    https: Listener | None = None
    """`host:port` of a TLS listener of its own."""

    def __post_init__(self) -> None:
        # msgspec names the setting's place in the errors that it makes of these.
        id = canonical(self.id)
        if id is None:
            raise ValueError(f"an obniz id has eight digits, such as 2345-6789, not {self.id!r}")
        force_setattr(self, "id", id)
        if self.serial is not None and not is_serial(self.serial):
            raise ValueError(f"a serial is sn_ with letters, digits, - or _ behind it, not {self.serial!r}")
        if self.redirect is not None:
            target = origin(self.redirect)
            if target is None:
                problem = f"redirect is an origin such as ws://192.168.1.5:8080, without a path, not {self.redirect!r}"
                raise ValueError(problem)
            force_setattr(self, "redirect", target)
        if self.local_connect and (self.http is None or self.http.rpartition(":")[0] in _ANY_ADDRESS):
            raise ValueError("local_connect needs http with the address that programs call, such as 192.168.1.5:8081")
