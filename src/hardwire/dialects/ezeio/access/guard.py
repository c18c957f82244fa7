"""Who calls: Digest or a bearer key, judged without waiting for anybody."""

import hmac
import re
from collections.abc import Sequence
from datetime import datetime
from math import ceil
from typing import TypeAlias

from msgspec import Struct

from hardwire.contracts.dialect import Entropy
from hardwire.contracts.house import House
from hardwire.contracts.question import CountNonce
from hardwire.contracts.request import Request
from hardwire.dialects.ezeio.access.authorization import BearerProof, DigestProof, Unreadable, proof_of
from hardwire.dialects.ezeio.access.keys import KEPT_LENGTH, digest, kept, kept_ha1
from hardwire.dialects.ezeio.access.nonces import Nonces
from hardwire.model.access import Credential

DIALECT = "ezeio"
OPAQUE = "6861726477697265"
"""A constant: the nonce carries all that is needed."""

_NO_KEY = bytes(KEPT_LENGTH)
_ORIGIN = re.compile(r"^https?://[^/?#]*", re.IGNORECASE)


class Shown(Struct, frozen=True):
    """The caller has shown the key; where there is a `use`, it counts only if that use of the nonce is a new one."""

    credential: Credential
    use: CountNonce | None = None


class Refused(Struct, frozen=True):
    """The caller has not; `challenges` are the WWW-Authenticate headers to answer with, if any."""

    status: int
    reason: str
    challenges: tuple[str, ...] = ()
    wait_s: int = 0
    """When to come again; 0: whenever it likes."""


Verdict: TypeAlias = Shown | Refused


class Guard:
    """Judges the proof that a request brings along (ezeio reference, section 6)."""

    def __init__(self, house: House, entropy: Entropy, realm: str, algorithms: Sequence[str] = ("MD5",)) -> None:
        """`algorithms` are those that callers may choose from, the preferred one first."""
        self._house = house
        self._realm = realm
        self._algorithms = tuple(algorithms)
        self._nonces = Nonces(house.shared_secret, entropy)

    def judge(self, request: Request, now: datetime) -> Verdict:
        """Say who calls."""
        match proof_of(request.headers):
            case DigestProof() as proof:
                return self._judge_digest(proof, request, now)
            case BearerProof() as proof:
                return self._judge_bearer(proof, request, now)
            case Unreadable(reason):
                return Refused(400, reason)
            case _:
                return self._unauthorized("Authentication needed: Digest, or ezeAPIkey with Bearer", now)

    def stale(self, now: datetime) -> Refused:
        """Ask a caller whose key is right to come again with a new nonce."""
        return Refused(401, "The nonce was used or is too old", self._challenges(now, is_stale=True))

    def _judge_digest(self, proof: DigestProof, request: Request, now: datetime) -> Verdict:
        if request.is_foreign:
            # A browser adds Digest by itself once its user has logged in: on a foreign page it shows no consent.
            return Refused(403, "A page of another origin needs ezeAPIkey with Bearer")
        algorithm = proof.algorithm.upper()
        if proof.qop.lower() != "auth" or algorithm not in self._algorithms:
            offered = " or ".join(self._algorithms)
            return self._unauthorized(f"Digest with algorithm {offered} and qop auth is needed", now)
        if proof.realm not in (None, self._realm):
            return self._unauthorized("The Authorization header was made for another realm", now)
        if not _is_target(proof.uri, request):
            return Refused(400, "The uri of the Authorization header is not the one of the request")
        credential = self._credential(proof.username, now)
        # Unknown users cost the same computation, so that time does not tell which keys there are.
        secret = kept_ha1(_NO_KEY if credential is None else credential.secret_hash, algorithm)
        ha2 = digest(algorithm, f"{request.method}:{proof.uri}").hex()
        wanted = digest(
            algorithm,
            f"{secret.hex()}:{proof.nonce}:{proof.count_text}:{proof.cnonce}:{proof.qop}:{ha2}",
        ).hex()
        is_right = hmac.compare_digest(wanted.encode(), proof.response.lower().encode("utf-8", "replace"))
        if credential is None or not secret or not is_right:
            return self._wrong(proof.username, request, now)
        life_left_s = self._nonces.life_left_s(proof.nonce, now)
        if life_left_s is None:
            return self.stale(now)
        return Shown(credential, CountNonce(proof.nonce, proof.count, life_left_s))

    def _judge_bearer(self, proof: BearerProof, request: Request, now: datetime) -> Verdict:
        credential = self._credential(proof.username, now)
        secret = _NO_KEY if credential is None else credential.secret_hash
        # A key of an earlier version is kept as the first part alone.
        wanted = kept(self._realm, proof.username, proof.key)[: len(secret)]
        is_right = hmac.compare_digest(secret, wanted)
        if credential is None or not secret or not is_right:
            return self._wrong(proof.username, request, now)
        return Shown(credential)

    def _credential(self, id: str, now: datetime) -> Credential | None:
        credential = self._house.credential(id)
        if credential is None or credential.kind != "ezeio" or credential.is_expired(now):
            return None
        return credential

    def _wrong(self, id: str, request: Request, now: datetime) -> Refused:
        """Refuse a wrong key; whoever shows them on and on, from an address or for a key id, is told to wait."""
        # Without a name only the address counts: a client that forgets its header speaks for nobody.
        locked_s = self._house.strike(request.peer, f"{DIALECT}:{id}" if id else "", now)
        if locked_s:
            wait_s = ceil(locked_s)
            return Refused(429, f"Too many wrong keys; try again in {wait_s} s", wait_s=wait_s)
        return self._unauthorized("Wrong API key ID or key", now)

    def _unauthorized(self, reason: str, now: datetime) -> Refused:
        return Refused(401, reason, self._challenges(now, is_stale=False))

    def _challenges(self, now: datetime, *, is_stale: bool) -> tuple[str, ...]:
        """One for each algorithm; most clients take the first that they know, some the last."""
        nonce = self._nonces.mint(now)
        end = ", stale=true" if is_stale else ""
        return tuple(
            f'Digest realm="{self._realm}", qop="auth", algorithm={algorithm}, nonce="{nonce}", opaque="{OPAQUE}"{end}'
            for algorithm in self._algorithms
        )


def _is_target(uri: str, request: Request) -> bool:
    """Whether that is what was asked: byte for byte, query included, before anything is decoded.

    Either may be written with scheme and host (RFC 7616, section 3.4.6): a proxy is asked so. A client that names the
    host means the one it called.
    """
    if uri.encode("utf-8", "replace") == request.target.encode("utf-8", "replace"):
        return True
    origin = _ORIGIN.match(uri)
    if origin is not None and origin[0].lower() != request.origin.lower():
        return False
    asked, meant = (_ORIGIN.sub("", text, count=1).encode("utf-8", "replace") for text in (request.target, uri))
    return asked == meant
