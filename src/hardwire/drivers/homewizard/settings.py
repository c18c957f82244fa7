"""What the configuration file may say of a HomeWizard device, checked."""

import re
from ipaddress import ip_address
from typing import Annotated

from msgspec import Meta, Struct

from hardwire.model.errors import BadValueError

HTTP_PORT = 80
HTTPS_PORT = 443
# The vendor asks programs not to poll faster (HomeWizard reference, section 1.3).
FASTEST_POLL_S = 0.5
# A fetch takes as long as a measurement needs to come, and a telegram says little more than the measurements do.
FASTEST_TELEGRAM_S = 1.0
PORT_DIGITS = 5

_HOST_NAME = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?", re.ASCII)
_IDENTIFIER = re.compile(r"appliance/[a-z0-9_-]{1,32}/[0-9A-Za-z]{1,32}", re.ASCII)
# Real tokens are 32 hex digits; what else can stand in a header is left to the device to refuse.
_TOKEN = re.compile(r"[!-~]{1,256}", re.ASCII)
_FINGERPRINT = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A HomeWizard device on the network; `hardwire pair HOST` prints a table with all of it."""

    host: str
    """Where the device is: `192.168.1.20`, `p1meter-aabbcc.local`, or either with a port."""
    token: Annotated[str, Meta(extra={"secret": True})] = ""
    """The token of a local user of the device, for the v2 API. Without it the v1 API is polled."""
    fingerprint: str = ""
    """SHA-256 of the device's own certificate, as it was when it was paired."""
    ca: str = ""
    """A PEM file with the authority that signed the device's certificate, in place of `fingerprint`."""
    identifier: str = ""
    """The device's certificate name, such as `appliance/p1dongle/5c2fafaabbcc`: another device is refused."""
    poll_interval_s: float = 1
    """How often the v1 API is polled; 0.5 or more."""
    telegram_interval_s: float = 10
    """How often a P1 meter is asked for its telegram; 0: never."""
    stale_after_s: float = 30
    """How long measurements may stay away until the last values no longer count as current."""

    def __repr__(self) -> str:
        """Return what may stand in a log: the token is no part of it."""
        return f"Settings(host={self.host!r}, token={'***' if self.token else ''!r}, identifier={self.identifier!r})"


class Address(Struct, frozen=True):
    """A host with a port."""

    host: str
    port: int | None

    def url(self, scheme: str, port: int) -> str:
        """Return the origin to call; `port` is for an address that names none."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port or port}"


def check(settings: Settings) -> None:
    """Raise BadValueError for the first setting that is out of range; `path` names it, and no secret is repeated."""
    address_of(settings.host)
    if settings.token and _TOKEN.fullmatch(settings.token) is None:
        raise BadValueError("This is no token: copy it as `hardwire pair` printed it.", path="token")
    if settings.identifier and not is_identifier(settings.identifier):
        raise BadValueError(
            f"{settings.identifier!r} is no certificate name; write it as appliance/p1dongle/5c2fafaabbcc.",
            path="identifier",
        )
    # TOML has nan, which is below nothing and above nothing, and would lame the loop's clock.
    if not settings.poll_interval_s >= FASTEST_POLL_S:
        raise BadValueError(f"poll_interval_s must be {FASTEST_POLL_S} or more.", path="poll_interval_s")
    if settings.telegram_interval_s and not settings.telegram_interval_s >= FASTEST_TELEGRAM_S:
        raise BadValueError(
            f"telegram_interval_s must be {FASTEST_TELEGRAM_S:g} or more, or 0 for no telegrams.",
            path="telegram_interval_s",
        )
    if not 0 < settings.stale_after_s <= 86400:
        raise BadValueError("stale_after_s must be more than 0 seconds, and a day at most.", path="stale_after_s")


def address_of(host: str) -> Address:
    """Return host and port of the setting `host`.

    Raises:
        BadValueError: it is none; `path` is `host`.
    """
    try:
        # An IPv6 address by itself is full of colons.
        return Address(str(ip_address(host.removeprefix("[").removesuffix("]"))), None)
    except ValueError:
        pass
    name, separator, port = host.rpartition(":")
    if not separator:
        name, port = host, ""
    bare = name.removeprefix("[").removesuffix("]")
    is_port = port.isascii() and port.isdigit() and len(port) <= PORT_DIGITS and 0 < int(port) <= 65535
    if (separator and not is_port) or not (_is_ip(bare) or _HOST_NAME.fullmatch(name)):
        raise BadValueError(
            f"{host!r} is no host; write 192.168.1.20, p1meter-aabbcc.local, or either with a port as in "
            "192.168.1.20:8443, and no https:// before it.",
            path="host",
        )
    return Address(bare, int(port) if separator else None)


def fingerprint_of(text: str) -> bytes:
    """Return the SHA-256 that a text stands for, with or without colons, in either case.

    Raises:
        BadValueError: it is none; `path` is `fingerprint`.
    """
    digits = text.replace(":", "").replace(" ", "").lower()
    if _FINGERPRINT.fullmatch(digits) is None:
        raise BadValueError(
            "This is no SHA-256 fingerprint of a certificate: it has 64 hex digits, with or without colons.",
            path="fingerprint",
        )
    return bytes.fromhex(digits)


def is_identifier(text: str) -> bool:
    """Say whether a text is a certificate name as devices have them."""
    return _IDENTIFIER.fullmatch(text) is not None


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
