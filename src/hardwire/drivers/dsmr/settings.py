"""What the configuration file may say of a P1 meter, checked."""

from typing import Literal
from urllib.parse import urlsplit

from msgspec import Struct

from hardwire.drivers.dsmr.versions import ENCRYPTED, VERSIONS, Version
from hardwire.model.errors import BadValueError

BAUD_RATES = (300, 600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400)


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A P1 meter on a serial port or behind a TCP connection."""

    port: str
    """`/dev/ttyUSB0`, or `tcp://host:port`."""
    version: str | int | float = "5"
    """The meter's family by dsmr-parser's name; `5` and `"5"` mean the same."""
    baud: int | None = None
    """The serial port's speed, where it is another than the version's own."""
    bytesize: Literal[5, 6, 7, 8] | None = None
    """The serial port's bits per character, where they are others than the version's own."""
    parity: Literal["none", "even", "odd"] | None = None
    """The serial port's parity, where it is another than the version's own."""
    stale_after_s: float = 30
    """How long telegrams may stay away until the last values no longer count as current."""


class SerialLine(Struct, frozen=True):
    """A serial port and how it is set."""

    path: str
    baud: int
    bytesize: int
    parity: str


class TcpLine(Struct, frozen=True):
    """A host that passes a P1 port's bytes on."""

    host: str
    port: int


def version_of(settings: Settings) -> Version:
    """Return the family that the settings name.

    Raises:
        BadValueError: there is no such family, or its telegrams are encrypted; `path` is `version`.
    """
    name = str(settings.version).strip()
    if name in ENCRYPTED:
        raise BadValueError(
            f"Meters of version {name} send encrypted telegrams, which the dsmr driver does not read. "
            "Put a decrypting reader before it and use `tcp://`.",
            path="version",
        )
    # TOML's 5.0, 4.0 and 3.0 are how many people write these versions.
    for candidate in (name, name.removesuffix(".0"), name.upper()):
        if candidate in VERSIONS:
            return VERSIONS[candidate]
    raise BadValueError(f"There is no version {name!r}; it is one of {', '.join(VERSIONS)}.", path="version")


def line_of(settings: Settings) -> SerialLine | TcpLine:
    """Return where the telegrams come from.

    Raises:
        BadValueError: a setting is out of range; `path` names it.
    """
    version = version_of(settings)
    if settings.stale_after_s <= 0:
        raise BadValueError("stale_after_s must be more than 0 seconds.", path="stale_after_s")
    if "://" in settings.port:
        return _tcp_line(settings)
    if not settings.port.startswith("/"):
        raise BadValueError(
            f"{settings.port!r} is no port; write a serial device such as /dev/ttyUSB0, or tcp://host:port.",
            path="port",
        )
    if settings.baud is not None and settings.baud not in BAUD_RATES:
        raise BadValueError(
            f"{settings.baud} is no baud rate of a meter; it is one of {', '.join(map(str, BAUD_RATES))}.", path="baud"
        )
    return SerialLine(
        settings.port,
        settings.baud or version.baud,
        settings.bytesize or version.bytesize,
        settings.parity or version.parity,
    )


def _tcp_line(settings: Settings) -> TcpLine:
    example = "write tcp://host:port, such as tcp://192.168.1.7:2001."
    try:
        parts = urlsplit(settings.port)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise BadValueError(f"{settings.port!r} is no address; {example}", path="port") from None
    if parts.scheme != "tcp":
        raise BadValueError(f"{parts.scheme}:// is not spoken here; {example}", path="port")
    if not host or not port or parts.path not in ("", "/") or parts.query or parts.fragment or parts.username:
        raise BadValueError(f"{settings.port!r} names no host with a port; {example}", path="port")
    for name in ("baud", "bytesize", "parity"):
        if getattr(settings, name) is not None:
            raise BadValueError(
                f"{name} is for a serial port; behind tcp:// the other end sets it. Take it out.", path=name
            )
    return TcpLine(host, port)
