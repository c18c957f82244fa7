"""The hub's own certificate authority: one key in the data folder that signs every leaf the hub shows."""

import os
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from msgspec import Struct

from hardwire.model.errors import HubFaultError

CERTIFICATE_FILE = "ca.pem"
KEY_FILE = "ca.key"

# A client's clock may run behind the hub's by this much.
BACKDATED = timedelta(days=1)
AUTHORITY_LIFE = timedelta(days=3653)
# Apple's clients refuse a leaf that lives longer than 398 days, the backdated day included.
LEAF_LIFE = timedelta(days=397)
# X.509 limits a common name (RFC 5280, appendix A, ub-common-name).
COMMON_NAME_LIMIT = 64
# A board without a battery-backed clock wakes up in 1970: an authority made then would be long dead an hour later.
EARLIEST_YEAR = 2024


class Leaf(Struct, frozen=True):
    """A server certificate with its private key, both PEM, and the time it holds good."""

    certificate_pem: bytes
    key_pem: bytes
    not_before: datetime
    not_after: datetime


class Authority:
    """Signs leaves. Clients that trust `pem` trust every leaf of this hub, and of no other."""

    def __init__(self, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
        self._certificate = certificate
        self._key = key

    @classmethod
    def open(cls, folder: Path, now: datetime) -> "Authority":
        """Load the authority of a data folder; the first start makes it. Two starts at once end with the same one.

        Raises:
            HubFaultError: a file is damaged, missing, has expired or cannot be read; the text says what to do.
        """
        try:
            return cls._load_or_create(folder, now)
        except OSError as error:
            raise HubFaultError(f"The hub cannot use the certificate authority in {folder}: {error}.") from error

    @classmethod
    def create(cls, now: datetime) -> "Authority":
        """Make an authority that lives in memory only."""
        key = ec.generate_private_key(ec.SECP256R1())
        return cls(_self_signed(key, now), key)

    @property
    def name(self) -> str:
        """The common name, which no other hub's authority shares: trust stores list authorities by it."""
        return str(self._certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)

    @property
    def pem(self) -> str:
        """The certificate that clients have to trust."""
        return self._certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate as browsers show it, for people who compare."""
        return self._certificate.fingerprint(hashes.SHA256()).hex(":").upper()

    @property
    def not_after(self) -> datetime:
        """When it expires, and every leaf with it."""
        return self._certificate.not_valid_after_utc

    def check(self, certificate: x509.Certificate) -> None:
        """Do nothing where this authority signed the certificate.

        Raises:
            ValueError, TypeError, InvalidSignature: it did not.
        """
        certificate.verify_directly_issued_by(self._certificate)

    def issue(
        self,
        common_name: str,
        now: datetime,
        *,
        hosts: Iterable[str] = (),
        addresses: Iterable[IPv4Address | IPv6Address] = (),
    ) -> Leaf:
        """Sign a leaf for a new key.

        `hosts` become DNS names, `addresses` IP addresses of the subject alternative name. A leaf that clients check by
        its common name must have no `hosts`: with one, OpenSSL does not look at the common name any more.

        Raises:
            ValueError: the common name is empty or too long, or a host is not ASCII.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        not_before = max(now - BACKDATED, self._certificate.not_valid_before_utc).replace(microsecond=0)
        not_after = min(not_before + LEAF_LIFE, self.not_after)
        alternatives: list[x509.GeneralName] = [x509.DNSName(host) for host in hosts]
        alternatives += [x509.IPAddress(address) for address in addresses]
        builder = (
            x509.CertificateBuilder()
            .subject_name(_common_name(common_name))
            .issuer_name(self._certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(not_before)
            .not_valid_after(not_after)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(is_authority=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),
                critical=False,
            )
        )
        if alternatives:
            builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        certificate = builder.sign(self._key, hashes.SHA256())
        return Leaf(
            certificate_pem=certificate.public_bytes(serialization.Encoding.PEM),
            key_pem=_key_pem(key),
            not_before=not_before,
            not_after=not_after,
        )

    @classmethod
    def _load_or_create(cls, folder: Path, now: datetime) -> "Authority":
        certificate_file, key_file = folder / CERTIFICATE_FILE, folder / KEY_FILE
        if not key_file.exists():
            if certificate_file.exists():
                raise HubFaultError(
                    f"{certificate_file} has lost its key: restore {key_file} from a backup, or remove "
                    f"{certificate_file} and let every client trust the new authority that the next start makes."
                )
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _publish(key_file, _key_pem(ec.generate_private_key(ec.SECP256R1())), mode=0o600)
        # A backup tool or an editor may have opened it to others.
        key_file.chmod(0o600)
        key = _read_key(key_file)
        # The key comes first: a start that died between the two files, or two starts at once, agree on it here.
        if not certificate_file.exists():
            _publish(certificate_file, _self_signed(key, now).public_bytes(serialization.Encoding.PEM), mode=0o644)
        certificate = _read_certificate(certificate_file)
        if certificate.public_key() != key.public_key():
            raise HubFaultError(
                f"{certificate_file} and {key_file} do not belong together: restore both from one backup, or remove "
                "both and let every client trust the new authority that the next start makes."
            )
        if now >= certificate.not_valid_after_utc:
            raise HubFaultError(
                f"The authority in {certificate_file} expired on {certificate.not_valid_after_utc:%Y-%m-%d}: remove it "
                f"and {key_file}, and let every client trust the new authority that the next start makes."
            )
        return cls(certificate, key)


def _self_signed(key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    if now.year < EARLIEST_YEAR:
        raise HubFaultError(f"The clock says {now:%Y-%m-%d}: set it before the hub makes its certificate authority.")
    name = _common_name(f"Hardwire {secrets.token_hex(4)} CA")
    not_before = (now - BACKDATED).replace(microsecond=0)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_before + AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(is_authority=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _key_usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )


def _common_name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _read_key(path: Path) -> ec.EllipticCurvePrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise HubFaultError(f"{path} is damaged: restore it from a backup.") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise HubFaultError(f"{path} holds no elliptic curve key: restore it from a backup.")
    return key


def _read_certificate(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except ValueError as error:
        raise HubFaultError(f"{path} is damaged: restore it from a backup.") from error


def _publish(path: Path, content: bytes, *, mode: int) -> None:
    """Put a whole file in its place, durably; where another start was faster, its file stays."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # A link, unlike a rename, never replaces what is there.
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
