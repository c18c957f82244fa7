"""Becomes a user of a device whose button somebody presses, and notes by what certificate it is known."""

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable
from hashlib import sha256

import aiohttp
from cryptography import x509
from cryptography.x509.oid import NameOID
from msgspec import Struct

from hardwire.drivers.homewizard.calls import Upstream, calls_to
from hardwire.drivers.homewizard.link import checked
from hardwire.drivers.homewizard.settings import HTTP_PORT, HTTPS_PORT, address_of, is_identifier
from hardwire.drivers.homewizard.wire import Identity, identity_of, refusal_of, token_of
from hardwire.model.errors import BadValueError, CallerError, DeviceError

ANSWER_S = 5.0
# Other programs ask as often, for as long (HomeWizard reference, section 2.3).
ASK_EVERY_S = 2.0
ASK_FOR_S = 60.0
# HomeWizard reference, section 1.2.
VENDORS_AUTHORITY = "Appliance Access CA"

_NAME = re.compile(r"local/[a-zA-Z0-9\-_/\\# ]{1,40}", re.ASCII)
_SERIAL = re.compile(r"[0-9a-f]{12}", re.ASCII)


class Shown(Struct, frozen=True):
    """The certificate that a device shows."""

    fingerprint: str
    """SHA-256 in hex."""
    name: str
    """The common name; empty where it has none."""
    issuer: str

    @property
    def is_appliances(self) -> bool:
        """Whether it bears a name as devices have them."""
        return is_identifier(self.name)

    @property
    def is_vendors(self) -> bool:
        """Whether it says to be signed by the vendor's authority. What it says is not proven by it."""
        return self.issuer == VENDORS_AUTHORITY


class Found(Struct, frozen=True):
    """What answers at an address."""

    host: str
    """As it was given, for the settings."""
    v2: Upstream | None
    """Where the v2 API is; None where there is none."""
    certificate: Shown | None
    identity: Identity | None
    """What v1 tells; None where it is off, or cannot be asked."""
    is_v1_off: bool = False


def local_name(name: str) -> str:
    """Return the name of a user with the prefix that devices want.

    Raises:
        BadValueError: it is none.
    """
    full = name if name.startswith("local/") else f"local/{name}"
    if _NAME.fullmatch(full) is None:
        raise BadValueError(
            f"{name!r} is no name for a user: 1 to 40 letters, digits, spaces and -_/\\# after local/.", path="name"
        )
    return full


def serial_of_its_own(serial: str) -> str:
    """Return a serial for the device as the hub shows it: two devices with one serial confuse programs.

    A serial is a MAC address. The one with the bit for locally given addresses is nobody else's (IEEE 802).
    """
    lower = serial.lower()
    return f"{int(lower[:2], 16) | 2:02x}{lower[2:]}" if _SERIAL.fullmatch(lower) else ""


async def look(
    host: str, *, answer_s: float = ANSWER_S, http_port: int = HTTP_PORT, https_port: int = HTTPS_PORT
) -> Found:
    """Find out what answers at an address: v2 on its port or 443, and v1 on its port or 80.

    Raises:
        BadValueError: it is no address.
        DeviceError: nothing answers there, or no HomeWizard device.
    """
    address = address_of(host)
    certificate = await _certificate(address.host, address.port or https_port, answer_s)
    v2 = None if certificate is None else await _v2(address.url("https", https_port), certificate, answer_s)
    v1 = Upstream(origin=address.url("http", http_port), answer_s=answer_s)
    if v2 is not None and address.port is not None:
        # Both APIs are never on one port.
        return Found(host, v2, certificate, None)
    async with calls_to(v1) as calls:
        try:
            answer = await calls.get("/api")
            if answer.status == 403:
                return Found(host, v2, certificate, None, is_v1_off=True)
            return Found(host, v2, certificate, identity_of(checked(answer)))
        except DeviceError as error:
            if v2 is None:
                raise DeviceError(f"{host}: {error.message}") from None
            return Found(host, v2, certificate, None)


async def ask_for_token(
    upstream: Upstream,
    name: str,
    *,
    every_s: float = ASK_EVERY_S,
    for_s: float = ASK_FOR_S,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> str:
    """Ask to become a user until somebody has pressed the button; return the token.

    Raises:
        CallerError: the device refuses the name.
        DeviceError: nobody pressed in time, or the device cannot.
    """
    async with calls_to(upstream) as calls:
        for _ in range(max(1, round(for_s / every_s))):
            answer = await calls.post("/api/user", {"name": name})
            code = refusal_of(answer.body).code
            match answer.status:
                case 200:
                    return token_of(answer.body)
                case 403:
                    await pause(every_s)
                case 400 if code == "user:no-storage":
                    raise DeviceError("The device has no room for another user: remove one in the vendor's app.")
                case 400:
                    raise CallerError(f"The device refuses the name {name!r}{': ' + code if code else ''}.")
                case status:
                    raise DeviceError(f"The device answers {status}{': ' + code if code else ''}.")
    raise DeviceError(
        f"Nobody pressed the button within {for_s:g} s: run the command again, and press once it says so."
    )


async def identity(upstream: Upstream, token: str) -> Identity:
    """Return which device a token is for. Raises DeviceError when it does not say."""
    known = Upstream(
        origin=upstream.origin,
        trust=upstream.trust,
        server_name=upstream.server_name,
        token=token,
        answer_s=upstream.answer_s,
    )
    async with calls_to(known) as calls:
        return identity_of(checked(await calls.get("/api")))


async def _certificate(host: str, port: int, answer_s: float) -> Shown | None:
    """Return the certificate that is shown at an address; None where nobody speaks TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # It is looked at, not believed: the owner is shown its fingerprint, and all that follows goes to it alone.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        async with asyncio.timeout(answer_s):
            _, writer = await asyncio.open_connection(host, port, ssl=context)
    except (OSError, ValueError):
        return None
    try:
        octets = writer.get_extra_info("ssl_object").getpeercert(binary_form=True) or b""
    finally:
        writer.transport.abort()
    return _shown(octets)


def _shown(octets: bytes) -> Shown:
    fingerprint = sha256(octets).hexdigest()
    try:
        certificate = x509.load_der_x509_certificate(octets)
        subject, issuer = certificate.subject, certificate.issuer
    except ValueError:
        return Shown(fingerprint, "", "")
    return Shown(fingerprint, _common_name(subject), _common_name(issuer))


def _common_name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value)[:64] if found else ""


async def _v2(origin: str, certificate: Shown, answer_s: float) -> Upstream | None:
    """Return where the v2 API is, known by its certificate; None where what speaks TLS is no such API."""
    upstream = Upstream(
        origin=origin,
        trust=aiohttp.Fingerprint(bytes.fromhex(certificate.fingerprint)),
        server_name=certificate.name if certificate.is_appliances else None,
        answer_s=answer_s,
    )
    async with calls_to(upstream) as calls:
        try:
            # Without a token v2 answers 401 and nothing else (HomeWizard reference, section 1.1).
            return upstream if (await calls.get("/api")).status == 401 else None
        except DeviceError:
            return None
