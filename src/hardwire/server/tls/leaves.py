"""The leaves that were signed before, kept in the data folder: a device shows the same certificate after a restart.

Programs that pin a device's own certificate would otherwise have to be told of a new one at each start of the hub.
"""

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import structlog
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from msgspec import Struct

from hardwire.server.tls.authority import Authority, Leaf

FOLDER = "leaves"
# Renewed while it still holds good, so that a client with a fast clock notices nothing.
RENEWED_AHEAD = timedelta(days=30)

log = structlog.get_logger("hardwire.server")


class Wanted(Struct, frozen=True):
    """What a leaf has to say: its common name, its DNS names, and the addresses that it holds good for."""

    common_name: str
    hosts: Sequence[str]
    addresses: Sequence[IPv4Address | IPv6Address]


class Leaves:
    """Gives the leaf for a name: the one of before as long as it holds good, else one that is signed now and kept."""

    def __init__(self, authority: Authority, folder: Path | None) -> None:
        """Without a data folder nothing is kept."""
        self._authority = authority
        self._folder = None if folder is None else folder / FOLDER

    def leaf(self, wanted: Wanted, now: datetime) -> Leaf:
        """Return a leaf that holds good now. A folder that cannot be used costs a line in the log, no handshake."""
        path = None if self._folder is None else self._folder / f"{sha256(wanted.common_name.encode()).hexdigest()}.pem"
        kept = None if path is None else self._kept(path, wanted, now)
        if kept is not None:
            return kept
        leaf = self._authority.issue(wanted.common_name, now, hosts=wanted.hosts, addresses=wanted.addresses)
        if path is not None:
            _keep(path, leaf)
        return leaf

    def _kept(self, path: Path, wanted: Wanted, now: datetime) -> Leaf | None:
        try:
            key_pem, mark, rest = path.read_bytes().partition(b"-----BEGIN CERTIFICATE-----")
            certificate_pem = mark + rest
            certificate = x509.load_pem_x509_certificate(certificate_pem)
            load_pem_private_key(key_pem, password=None)
            self._authority.check(certificate)
            names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        except (OSError, ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
            # None yet, one of another authority, or a damaged file: it is written anew.
            return None
        is_good = (
            certificate.subject.rfc4514_string() == f"CN={wanted.common_name}"
            and certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc - RENEWED_AHEAD
            and set(names.get_values_for_type(x509.DNSName)) == set(wanted.hosts)
            # An address that was left does no harm: nobody is reached there.
            and set(names.get_values_for_type(x509.IPAddress)) >= set(wanted.addresses)
        )
        if not is_good:
            return None
        return Leaf(
            certificate_pem=certificate_pem,
            key_pem=key_pem,
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
        )


def _keep(path: Path, leaf: Leaf) -> None:
    """Put the leaf with its key in its place, readable by the hub alone. Lost in a power cut, it is signed anew."""
    draft = path.with_suffix(".new")
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(leaf.key_pem + leaf.certificate_pem)
        draft.rename(path)
    except OSError as error:
        log.warning("a certificate could not be kept: the next start shows another", file=str(path), reason=str(error))
