"""Which requests may reach a dialect at all, judged by Host and Origin before anything else is read."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from msgspec import Struct

from hardwire.model.errors import BadValueError

# RFC 3986 reg-name without percent-encoding, as DNS and mDNS names are; an IPv6 literal stands in brackets.
_HOST = re.compile(
    r"(?:(?P<name>[A-Za-z0-9_.-]{1,253})|\[(?P<literal>[0-9A-Fa-f:.]{2,45})(?:%[\w.~%-]{1,32})?\])(?::(?P<port>[0-9]{0,5}))?",
    re.ASCII,
)
_AUTHORITY_END = re.compile("[/?#]")
_DEFAULT_PORTS = {"http": 80, "https": 443}

# What a page of another origin may send once it holds a token. The star stands for whatever headers a dialect knows;
# `Authorization` is never meant by it (Fetch, "CORS-preflight fetch").
CORS_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
CORS_HEADERS = "Authorization, Content-Type, *"
CORS_EXPOSED = "WWW-Authenticate, Retry-After, X-Api-Version"
CORS_AGE_S = 600


class Admission(Struct, frozen=True, kw_only=True):
    """A request that may go on, and what the gate has learnt about it."""

    host: str
    """The name or address that the client called: lower case, no port, no brackets, no final dot."""
    origin: str
    """The scheme, host and port that the request came to; the public URL where a proxy passed it on."""
    page: str | None = None
    """The Origin header of a browser page, as sent; None from any other program."""
    is_foreign: bool = False
    """The page belongs to none of the hub's origins: only a token of the dialect may let it in, a cookie never."""


class Refusal(Struct, frozen=True):
    """A request that goes no further: the status and the sentence for its answer."""

    status: int
    reason: str


class Gate:
    """Keeps pages of other origins away from devices that answer without a token.

    Host, against DNS rebinding (a page's own name that suddenly resolves to the hub): an IP literal, `localhost`, a
    name of the hub or of a device, or the host of `public_url`. Rebinding needs a name of the attacker's, so a literal
    is safe. A Host that is missing, doubled or no host at all is answered 400 (RFC 9112, section 3.2), another's 403.

    Origin: none (not a browser, or a plain navigation), the origin that the request came to, `public_url` or one of
    `origins` passes. Any other, `null` included, is marked foreign, whatever the method: the dialect asks it a token.

    Sec-Fetch-Site: what a page of another site embeds (an image, a script) bears no Origin, and is foreign as well. A
    link that somebody follows is not (Fetch Metadata Request Headers, sections 2.2 and 2.3).
    """

    def __init__(
        self,
        is_name: Callable[[str], bool],
        *,
        public_url: str = "",
        origins: Iterable[str] = (),
    ) -> None:
        """`is_name` says whether a lower-case DNS name is the hub's or a device's.

        Raises:
            BadValueError: `public_url` or one of `origins` is no origin.
        """
        self._is_name = is_name
        self._public = _configured(public_url, "hub.public_url") if public_url else None
        self._allowed = {_configured(origin, f"hub.origins[{n}]") for n, origin in enumerate(origins)}
        if self._public is not None:
            self._allowed.add(self._public)

    def admit(
        self,
        *,
        hosts: Sequence[str],
        origins: Sequence[str],
        is_tls: bool,
        target: str = "/",
        is_embedded: bool = False,
    ) -> Admission | Refusal:
        """Judge a request by its target and the values of all its Host and Origin header lines.

        `is_embedded`: the browser says that a page of another site asks, and nobody followed a link.
        """
        if len(hosts) != 1:
            return Refusal(400, "A request needs exactly one Host header.")
        split = _split_host(hosts[0])
        if split is None:
            return Refusal(400, "The Host header is no host name or address.")
        host, port = split
        # Only for a proxy a target names the host once more; RFC 9112 (section 3.2.2) has it count, and not the header.
        # Two names would be judged by one and served by the other.
        if not target.startswith("/") and target != "*" and _named(target) not in _origins_of(host, port):
            return Refusal(400, "The request's target and its Host header do not name the same host.")
        scheme = "https" if is_tls else "http"
        is_public = self._public is not None and self._public in _origins_of(host, port)
        if not (is_public or host == "localhost" or _is_literal(host) or self._knows(host)):
            return Refusal(
                403,
                "This hub does not go by that name: use its address, or set public_url in the [hub] table.",
            )
        came_to = self._public if is_public and self._public is not None else _origin(scheme, host, port)
        if not origins:
            return Admission(host=host, origin=came_to, is_foreign=is_embedded)
        # Two Origin lines are nobody's: a browser sends one.
        page = origins[0] if len(origins) == 1 else "null"
        canonical = _canonical(page)
        is_own = canonical is not None and (canonical == came_to or canonical in self._allowed)
        return Admission(host=host, origin=came_to, page=page, is_foreign=not is_own)

    def _knows(self, host: str) -> bool:
        public_host = urlsplit(self._public).hostname if self._public is not None else None
        return host == public_host or self._is_name(host)


def preflight(admission: Admission, *, method: str, wanted_method: str | None) -> Mapping[str, str] | None:
    """Return the headers of the 204 that answers a CORS preflight; None when the request is none.

    `wanted_method` is `Access-Control-Request-Method`. Every origin gets a yes, since a preflight never carries the
    token that may let the request itself in; that request is marked foreign again and judged by the dialect. Cookies
    stay out: there is no `Access-Control-Allow-Credentials`, so a browser keeps back what should go with them.
    """
    if method != "OPTIONS" or wanted_method is None or admission.page is None or not _is_printable(admission.page):
        return None
    return {
        "Access-Control-Allow-Origin": admission.page,
        "Access-Control-Allow-Methods": CORS_METHODS,
        "Access-Control-Allow-Headers": CORS_HEADERS,
        "Access-Control-Max-Age": str(CORS_AGE_S),
        "Vary": "Origin",
    }


def answer_headers(admission: Admission, *, has_token: bool) -> Mapping[str, str]:
    """Return the CORS headers of an answer.

    `has_token`: the session has borne a credential. A foreign page may read an answer only then, so what needs no token
    (HomeWizard v1, a demo board's state) stays closed to it even where a dialect would have answered.
    """
    if admission.page is None or not _is_printable(admission.page):
        return {}
    # Without Vary a cache could hand the answer for one origin to another.
    if admission.is_foreign and not has_token:
        return {"Vary": "Origin"}
    return {
        "Access-Control-Allow-Origin": admission.page,
        "Access-Control-Expose-Headers": CORS_EXPOSED,
        "Vary": "Origin",
    }


def origin_of(url: str, path: str) -> str:
    """Return a configured URL as a canonical origin: lower case, no default port.

    Raises:
        BadValueError: it is no http or https URL, or has more than scheme, host and port; `path` names the setting.
    """
    return _configured(url, path)


def _configured(text: str, path: str) -> str:
    canonical = _canonical(text.removesuffix("/"))
    if canonical is None:
        raise BadValueError(
            f"{path} must be an origin such as https://hub.example.org, without a path, not {text!r}.", path=path
        )
    return canonical


def _canonical(text: str) -> str | None:
    scheme, separator, authority = text.partition("://")
    scheme = scheme.lower()
    if not separator or scheme not in _DEFAULT_PORTS:
        return None
    split = _split_host(authority)
    return _origin(scheme, *split) if split is not None else None


def _origins_of(host: str, port: int | None) -> Sequence[str]:
    return _origin("http", host, port), _origin("https", host, port)


def _named(target: str) -> str | None:
    """The origin that a target in absolute form names; None for what is no such target."""
    scheme, separator, rest = target.partition("://")
    return _canonical(f"{scheme}{separator}{_AUTHORITY_END.split(rest, 1)[0]}")


def _origin(scheme: str, host: str, port: int | None) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}" if port in (None, _DEFAULT_PORTS[scheme]) else f"{scheme}://{shown}:{port}"


def _split_host(text: str) -> tuple[str, int | None] | None:
    """Return host and port, a link-local literal without its zone; None when it is neither a name nor a literal."""
    match = _HOST.fullmatch(text)
    if match is None:
        return None
    port = int(match["port"]) if match["port"] else None
    if port is not None and not 0 < port < 65536:
        return None
    if match["literal"] is not None:
        try:
            return str(IPv6Address(match["literal"])), port
        except ValueError:
            return None
    host = match["name"].lower().removesuffix(".")
    if not all(host.split(".")):
        return None
    return host, port


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_printable(page: str) -> bool:
    # It is echoed into a header of the answer.
    return len(page) <= 300 and page.isascii() and page.isprintable()
