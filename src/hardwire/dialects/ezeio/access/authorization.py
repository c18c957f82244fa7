"""What a caller's Authorization header says."""

import re
from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct

# An honest header stays below 600 characters; this bounds the work for others.
HEADER_LIMIT = 4096

_NAME = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
# Possessive throughout: what was taken is never tried in another way, so the work grows with the length and no faster.
_PARAMETER = re.compile(
    rf'[\s,]*+({_NAME}+)\s*+=\s*+(?:"((?:[^"\\]|\\.)*+)"|([^\s",]*+))\s*+(?=,|$)',
    re.DOTALL,
)
_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)
_COUNT = re.compile(r"[0-9A-Fa-f]{8}")
_NEEDED = ("username", "nonce", "uri", "response")


class DigestProof(Struct, frozen=True):
    """The parameters of a Digest header of the form with qop, taken apart but not yet believed."""

    username: str
    nonce: str
    uri: str
    response: str
    algorithm: str
    qop: str
    cnonce: str
    count_text: str
    """`nc` as it was sent: the response is made of these very eight characters."""
    realm: str | None = None
    """The realm that it says it was made for; a client may leave it out."""

    @property
    def count(self) -> int:
        """`nc` as a number."""
        return int(self.count_text, 16)


class BearerProof(Struct, frozen=True):
    """A key as it is, beside its number in the `ezeAPIkey` header."""

    username: str
    key: str


class Unreadable(Struct, frozen=True):
    """A header that is no proof at all; the text says why, for people."""

    reason: str


Proof: TypeAlias = DigestProof | BearerProof | Unreadable


def proof_of(headers: Mapping[str, str]) -> Proof | None:
    """Return the proof that a request brings along; None when it brings none of a kind that is known here.

    Source: ezeio reference, section 6 ("Parser"), and section 3 for the headers `ezeAPIkey` and Bearer.
    """
    scheme, _, rest = headers.get("authorization", "").strip().partition(" ")
    match scheme.lower():
        case "digest":
            return _digest_proof(rest)
        case "bearer":
            return BearerProof(headers.get("ezeapikey", "").strip(), rest.strip())
        case _:
            return None


def parameters(text: str) -> dict[str, str] | None:
    """Return the parameters of a header by lower-case name, quotes taken off; None when it is not made of such.

    Order does not matter, values may be quoted or bare, commas may stand inside quotes. A name that comes twice
    makes the header unreadable: two readers of it could understand two things.
    """
    found: dict[str, str] = {}
    position = 0
    end = len(text.rstrip(" \t,"))
    while position < end:
        parameter = _PARAMETER.match(text, position)
        if parameter is None:
            return None
        name, quoted, bare = parameter.groups()
        if name.lower() in found:
            return None
        found[name.lower()] = bare if quoted is None else _QUOTED_PAIR.sub(r"\1", quoted)
        position = parameter.end()
    return found


def _digest_proof(text: str) -> Proof:
    if len(text) > HEADER_LIMIT:
        return Unreadable("The Authorization header is too long")
    found = parameters(text)
    if found is None:
        return Unreadable("The Authorization header cannot be read")
    if "username*" in found or found.get("userhash", "").lower() == "true":
        # RFC 7616, sections 3.4.4 and 4: both are there for names that are no numbers, and none was asked for.
        return Unreadable("The username has to stand in plain text: it is the number of the key")
    if not all(found.get(name, "").isascii() for name in ("username", "realm")):
        return Unreadable("The Authorization header has a username or realm that is not ASCII")
    missing = [name for name in _NEEDED if name not in found]
    if missing:
        return Unreadable(f"The Authorization header has no {missing[0]}")
    count = found.get("nc", "")
    # The form without qop has no count, hence no guard against replay (ezeio reference, section 6).
    has_qop = "qop" in found
    if has_qop and not _COUNT.fullmatch(count):
        return Unreadable("The Authorization header has no nc of eight hexadecimal digits")
    if has_qop and not found.get("cnonce"):
        return Unreadable("The Authorization header has no cnonce")
    return DigestProof(
        username=found["username"],
        nonce=found["nonce"],
        uri=found["uri"],
        response=found["response"],
        algorithm=found.get("algorithm", "MD5"),
        qop=found.get("qop", ""),
        cnonce=found.get("cnonce", ""),
        count_text=count,
        realm=found.get("realm"),
    )
