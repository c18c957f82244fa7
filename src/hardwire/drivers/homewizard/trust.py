"""By what a device's certificate is known: the fingerprint of its pairing, or the authority that signed it."""

import ssl
from typing import TypeAlias

import aiohttp

from hardwire.drivers.homewizard.settings import Settings, fingerprint_of
from hardwire.model.errors import BadValueError

Trust: TypeAlias = ssl.SSLContext | aiohttp.Fingerprint
"""What aiohttp takes as `ssl`. A fingerprint is compared before the first byte of a request is sent."""


def trust_of(settings: Settings) -> Trust:
    """Return how the device is known over TLS.

    Raises:
        BadValueError: there is nothing to know it by, both ways are given, or the one given is none.
    """
    if settings.ca and settings.fingerprint:
        raise BadValueError("Give `ca` or `fingerprint`, not both.", path="ca")
    if settings.fingerprint:
        return aiohttp.Fingerprint(fingerprint_of(settings.fingerprint))
    if settings.ca:
        return _authority(settings)
    raise BadValueError(
        "With a token the device's certificate must be known, else anybody on the network could take its place: "
        f"run `hardwire pair {settings.host}`, which prints its fingerprint, or name a PEM file as `ca`.",
        path="fingerprint",
    )


def _authority(settings: Settings) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cafile=settings.ca)
    except (OSError, ValueError):
        raise BadValueError(f"{settings.ca!r} is no file with a certificate authority in PEM.", path="ca") from None
    # The vendor's authority is an X.509 version 1 certificate without extensions, which the strict rules of newer
    # Pythons refuse (HomeWizard reference, sections 1.2 and 5.2).
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    # A device's certificate bears its own name and no host's: without that name the chain alone is checked.
    context.check_hostname = bool(settings.identifier)
    return context
