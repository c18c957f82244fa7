"""A device's settings in this dialect, as `homewizard = { ... }` has them."""

import re
from difflib import get_close_matches
from ipaddress import IPv4Address, IPv6Address, ip_network

from msgspec import Struct

from hardwire.dialects.homewizard.product import Product
from hardwire.dialects.homewizard.products.catalogue import CATALOGUE
from hardwire.dialects.homewizard.release import RELEASES, Release, is_newer

# A MAC address without separators, lower case: the same in `/api`, the certificate name and mDNS.
SERIAL = re.compile(r"[0-9a-f]{12}")


class Face(Struct, frozen=True, forbid_unknown_fields=True):
    """How one device looks to HomeWizard clients.

    Raises:
        ValueError: the serial has another form, the product is not known or has no v1 to switch on, or a network in
            `v1_allow` is none; the sentence says which.
    """

    serial: str
    """Twelve hex digits in lower case, the same in `/api`, the certificate and mDNS; it stays for ever."""
    product: str = "HWE-P1"
    """The HomeWizard product that it is shown as."""
    api_version: str | None = None
    """The release of the v2 API that it speaks, from `2.0.0` on; the product's newest unless given."""
    v1: bool = False
    """Whether the v1 API, which knows no authentication, is on until a client writes `api_v1_enabled`, where it can."""
    v1_allow: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    """The networks whose members may use v1. This machine alone, unless the owner names others."""
    http: str | None = None
    """`host:port` of a plain listener of its own (v1)."""
    https: str | None = None
    """`host:port` of a TLS listener of its own (v2)."""

    def __post_init__(self) -> None:
        if SERIAL.fullmatch(self.serial) is None:
            raise ValueError(
                f"a HomeWizard serial is twelve hex digits in lower case such as 5c2fafaabbcc, not {self.serial!r}"
            )
        if self.product not in CATALOGUE:
            nearest = get_close_matches(self.product, CATALOGUE, 1, 0) or list(CATALOGUE)
            known = ", ".join(CATALOGUE)
            raise ValueError(
                f"product {self.product!r} is not known, did you mean {nearest[0]!r}? It is one of {known}"
            )
        if self.api_version is not None:
            self._check_release(self.api_version)
        if self.v1 and not self.hardware.has_v1:
            raise ValueError(f"product {self.product!r} has no v1 API: leave v1 out")
        for network in self.v1_allow:
            try:
                ip_network(network, strict=False)
            except ValueError:
                raise ValueError(f"v1_allow: {network!r} is not a network such as 192.168.1.0/24") from None

    @property
    def hardware(self) -> Product:
        """The product that it is shown as."""
        return CATALOGUE[self.product]

    @property
    def release(self) -> Release | None:
        """The release of the v2 API that it speaks; None where the product has v1 alone."""
        newest = self.hardware.api_version
        return None if newest is None else RELEASES[self.api_version or newest]

    @property
    def has_batteries(self) -> bool:
        """Whether the product steers batteries, and its release of the API shows it."""
        release = self.release
        return self.hardware.has_batteries and release is not None and release.has_batteries

    def allows_v1(self, peer: IPv4Address | IPv6Address | None) -> bool:
        """Say whether a peer may use v1 as far as its address goes; None is the machine's own Unix socket."""
        if peer is None:
            return True
        # A dual-stack listener shows IPv4 peers as ::ffff:a.b.c.d.
        mapped = peer.ipv4_mapped if isinstance(peer, IPv6Address) else None
        return any((mapped or peer) in ip_network(network, strict=False) for network in self.v1_allow)

    def _check_release(self, version: str) -> None:
        newest = self.hardware.api_version
        if newest is None:
            raise ValueError(f"product {self.product!r} speaks v1 alone: leave api_version out")
        if version not in RELEASES:
            raise ValueError(f"api_version {version!r} is not known; it is one of {', '.join(RELEASES)}")
        if is_newer(version, newest):
            raise ValueError(f"product {self.product!r} speaks api_version {newest!r} at most, not {version!r}")
