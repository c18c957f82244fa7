"""How the hub finds the ezeio dialect: its settings, what a device has to say to be shown in it."""

from collections.abc import Callable
from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import force_setattr, replace

from hardwire.contracts.dialect import DialectPart, Entropy
from hardwire.contracts.house import House
from hardwire.dialects.ezeio.access.flood import Flood
from hardwire.dialects.ezeio.access.keys import kept, new_key
from hardwire.dialects.ezeio.access.privileges import NEEDED
from hardwire.dialects.ezeio.dialect import Ezeio
from hardwire.dialects.ezeio.functions.acknowledgement import acknowledge
from hardwire.dialects.ezeio.unit.account import DIALECT
from hardwire.dialects.ezeio.unit.serial import dashed, serials

DEFAULT_REALM = "hardwire"

ALGORITHMS = {"md5": ("MD5",), "sha-256": ("SHA-256",), "both": ("SHA-256", "MD5")}
"""What a setting of `digest` offers, the preferred one first."""

# A realm stands in a quoted string of the challenge, so neither quotes nor backslashes nor control characters.
Realm = Annotated[
    str,
    Meta(
        pattern=r"^[ !#-\[\]-~]{1,100}$", description="1 to 100 printable ASCII characters, no quotes, no backslashes"
    ),
]


class Face(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A device's settings in this dialect: `ezeio = { serial = "GRD-001", group = "home" }`."""

    serial: str = ""
    """Three letters and three digits, kept as `ABC-123` however they are written; empty: the hub gives one for ever."""
    group: str = ""
    """The group whose keys reach the unit; empty means the device's own group."""
    name: str = ""
    """What clients read as the unit's name; empty means the device's own name."""
    note: str = ""
    """What clients read as the unit's note."""
    log_interval_s: Annotated[int, Meta(ge=0, le=599)] = 0
    """How often the fast log takes the points that have no interval of their own; 0 means never."""

    def __post_init__(self) -> None:
        serial = dashed(self.serial)
        if serial is None and self.serial:
            # msgspec names the setting's place in the error that it makes of this one.
            raise ValueError(f"an ezeio serial is three letters and three digits such as ABC-123, not {self.serial!r}")
        force_setattr(self, "serial", serial or "")


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The `[ezeio]` table of the configuration file."""

    realm: Realm = DEFAULT_REALM
    """The realm of the Digest challenge. Keys are kept as hashes of it: it stays as it is while there are keys."""
    digest: Literal["md5", "sha-256", "both"] = "md5"
    """Which algorithms of Digest callers may choose from. Every client knows MD5; older ones know nothing else."""
    every_device: bool = True
    """Whether devices without an `ezeio` table are units too, under serials that the hub gives."""
    calls_per_minute: Annotated[int, Meta(ge=0)] | None = None
    """How many calls a key has in a minute; 0 means no limit. Unless it is set: 100, and none for a demo's key."""
    calls_per_day: Annotated[int, Meta(ge=0)] | None = None
    """How many calls a key has in 24 hours; 0 means no limit. Unless it is set: 50,000, and none for a demo's key."""


def make(house: House, entropy: Entropy, settings: Settings | None) -> Ezeio:
    """Build the dialect; without settings the defaults count."""

    def is_everybodys(key: str) -> bool:
        secret = house.known_secret(DIALECT)
        return secret is not None and secret.partition(":")[0] == key

    chosen = settings or Settings()
    flood = Flood(
        calls_per_minute=chosen.calls_per_minute,
        calls_per_day=chosen.calls_per_day,
        is_everybodys=is_everybodys,
    )
    return Ezeio(house, entropy, realm=chosen.realm, algorithms=ALGORITHMS[chosen.digest], flood=flood)


def give_address(
    face: Face | None, own: str | None, is_taken: Callable[[str], bool], settings: Settings | None
) -> Face | None:
    """Return the face of a device that names no serial, with the one that it has had, else with the next free one."""
    if face is None and not (settings or Settings()).every_device:
        return None
    serial = own or next((serial for serial in serials() if not is_taken(serial)), None)
    return None if serial is None else replace(face or Face(), serial=serial)


def make_key(entropy: Entropy, settings: Settings | None, id: str) -> tuple[str, bytes]:
    """Return the text of a new key with that number, and what the hub keeps of it."""
    text = new_key(entropy)
    return text, kept((settings or Settings()).realm, id, text)


PART = DialectPart(
    name="ezeio",
    face=Face,
    address="serial",
    settings=Settings,
    make=make,
    give_address=give_address,
    new_key=make_key,
    functions=NEEDED,
    acknowledge=acknowledge,
)
