"""The hub's certificate authority: whole, private, and far from its end."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from msgspec import Struct

from hardwire.app.doctor.finding import Finding, good, hint, wrong
from hardwire.server.tls.authority import CERTIFICATE_FILE, KEY_FILE

# Every client has to be given the next one: that takes its time.
NEAR = timedelta(days=180)


class Authority(Struct, frozen=True, kw_only=True):
    """What lies in the data folder."""

    folder: Path
    has_key: bool = False
    has_certificate: bool = False
    fault: str = ""
    """Why the certificate cannot be read."""
    not_before: datetime | None = None
    not_after: datetime | None = None


def gather(folder: Path) -> Authority:
    """Read the certificate. Nothing is made, and the key is not read."""
    file = folder / CERTIFICATE_FILE
    has_key = False
    try:
        has_key = (folder / KEY_FILE).exists()
        certificate = x509.load_pem_x509_certificate(file.read_bytes())
    except FileNotFoundError:
        return Authority(folder=folder, has_key=has_key)
    except OSError as error:
        return Authority(folder=folder, has_key=has_key, has_certificate=True, fault=error.strerror or str(error))
    except ValueError:
        return Authority(folder=folder, has_key=has_key, has_certificate=True, fault="it is damaged")
    return Authority(
        folder=folder,
        has_key=has_key,
        has_certificate=True,
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
    )


def check(authority: Authority, now: datetime) -> Iterator[Finding]:
    """Tell whether clients that trust it will go on doing so."""
    certificate, key = authority.folder / CERTIFICATE_FILE, authority.folder / KEY_FILE
    anew = "let every client trust the new authority that the next start makes"
    if not authority.has_certificate:
        yield good("ca", "it is made at the hub's first start, or by `hardwire ca export`")
    elif authority.fault:
        yield wrong("ca", f"{certificate} cannot be read: {authority.fault}. Restore it from a backup")
    elif not authority.has_key:
        yield wrong("ca", f"{certificate} has lost its key {key}: restore it, or remove {certificate} and {anew}")
    elif authority.not_before is not None and now < authority.not_before:
        yield wrong("ca", f"it begins on {authority.not_before:%Y-%m-%d}, which is still to come: is the clock right?")
    elif authority.not_after is not None and now >= authority.not_after:
        yield wrong("ca", f"it ended on {authority.not_after:%Y-%m-%d}: remove {certificate} and {key}, and {anew}")
    elif authority.not_after is not None and now >= authority.not_after - NEAR:
        yield hint(
            "ca", f"it ends on {authority.not_after:%Y-%m-%d}: plan a day to remove {certificate} and {key}, and {anew}"
        )
    else:
        yield good("ca", f"it is good until {authority.not_after:%Y-%m-%d}")
