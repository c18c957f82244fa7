"""The families of P1 meters, by the names that dsmr-parser gives them."""

from msgspec import Struct


class Version(Struct, frozen=True, kw_only=True):
    """How the meters of a family speak on their serial line."""

    name: str
    has_crc: bool = True
    baud: int = 115200
    bytesize: int = 8
    parity: str = "none"
    protocol_version: int | None = None
    """What the meter would say of itself, for families whose telegrams do not carry it."""


# Serial settings: DSMR P1 companion standard 2.2 and 3.0 (9600 7E1), 5.0 (115200 8N1). Meters of version 4 differ among
# themselves; the preset is dsmr-parser's 7E1, and a meter that sends 8N1 is set so by `bytesize` and `parity`.
VERSIONS = {
    version.name: version
    for version in (
        Version(name="2.2", has_crc=False, baud=9600, bytesize=7, parity="even", protocol_version=22),
        Version(name="3", has_crc=False, baud=9600, bytesize=7, parity="even", protocol_version=30),
        Version(name="4", bytesize=7, parity="even"),
        Version(name="4+", bytesize=7, parity="even"),
        Version(name="5"),
        Version(name="5B"),
        Version(name="5L"),
        Version(name="5S"),
        Version(name="5EONHU"),
        Version(name="ISKRA_IE", has_crc=False),
        Version(name="Q3D", has_crc=False),
    )
}

# Families whose telegrams are encrypted; they come in binary frames, which this driver does not open.
ENCRYPTED = frozenset({"MSn", "SAGEMCOM_T210_D_R"})
