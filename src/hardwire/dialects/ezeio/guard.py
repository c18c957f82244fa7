"""Who calls: Digest or a bearer key, judged without waiting for anybody."""

import hmac
from datetime import datetime
from typing import TypeAlias

from msgspec import Struct

from hardwire.contracts.dialect import Entropy
from hardwire.contracts.house import House
from hardwire.contracts.question import CountNonce
from hardwire.contracts.request import Request
from hardwire.dialects.ezeio.authorization import BearerProof, DigestProof, Unreadable, proof_of
from hardwire.dialects.ezeio.keys import digest, ha1
from hardwire.dialects.ezeio.nonces import Nonces
from hardwire.model.access import Credential

ALGORITHM = "MD5"
"""RFC 2617 knows nothing else, and what is built on older libcurl does not either (ezeio reference, section 6)."""

OPAQUE = "6861726477697265"
"""A constant: the nonce carries all that is needed."""

_NO_KEY = bytes(16)


class Shown(Struct, frozen=True):
    """The caller has shown the key; where there is a `use`, it counts only if that use of the nonce is a new one."""

    credential: Credential
    use: CountNonce | None = None


class Refused(Struct, frozen=True):
    """The caller has not; `challenge` is the WWW-Authenticate header to answer with, if any."""

    status: int
    reason: str
    challenge: str = ""


Verdict: TypeAlias = Shown | Refused


class Guard:
    """Judges the proof that a request brings along (ezeio reference, section 6)."""

    def __init__(self, house: House, entropy: Entropy, realm: str) -> None:
        self._house = house
        self._realm = realm
        self._nonces = Nonces(entropy)

    def judge(self, request: Request, now: datetime) -> Verdict:
        """Say who calls."""
        match proof_of(request.headers):
            case DigestProof() as proof:
                return self._judge_digest(proof, request, now)
            case BearerProof() as proof:
                return self._judge_bearer(proof, now)
            case Unreadable(reason):
                return Refused(400, reason)
            case _:
                return self._unauthorized("Authentication needed: Digest, or ezeAPIkey with Bearer", now)

    def stale(self, now: datetime) -> Refused:
        """Ask a caller whose key is right to come again with a new nonce."""
        return Refused(401, "The nonce was used or is too old", self._challenge(now, is_stale=True))

    def _judge_digest(self, proof: DigestProof, request: Request, now: datetime) -> Verdict:
        if request.is_foreign:
            # A browser adds Digest by itself once its user has logged in: on a foreign page it shows no consent.
            return Refused(403, "A page of another origin needs ezeAPIkey with Bearer")
        if proof.qop.lower() != "auth" or proof.algorithm.upper() != ALGORITHM:
            return self._unauthorized("Digest with algorithm MD5 and qop auth is needed", now)
        if proof.uri.encode("utf-8", "replace") != request.target.encode("utf-8", "replace"):
            # Byte for byte, query included, before anything is decoded: what was signed is what was asked.
            return Refused(400, "The uri of the Authorization header is not the one of the request")
        credential = self._credential(proof.username, now)
        secret = _NO_KEY if credential is None else credential.secret_hash
        ha2 = digest(ALGORITHM, f"{request.method}:{proof.uri}").hex()
        wanted = digest(
            ALGORITHM,
            f"{secret.hex()}:{proof.nonce}:{proof.count_text}:{proof.cnonce}:{proof.qop}:{ha2}",
        ).hex()
        # Unknown users cost the same computation, so that time does not tell which keys there are.
        is_right = hmac.compare_digest(wanted.encode(), proof.response.lower().encode("utf-8", "replace"))
        if credential is None or not is_right:
            return self._unauthorized("Wrong API key ID or key", now)
        life_left_s = self._nonces.life_left_s(proof.nonce, now)
        if life_left_s is None:
            return self.stale(now)
        return Shown(credential, CountNonce(proof.nonce, proof.count, life_left_s))

    def _judge_bearer(self, proof: BearerProof, now: datetime) -> Verdict:
        credential = self._credential(proof.username, now)
        secret = _NO_KEY if credential is None else credential.secret_hash
        is_right = hmac.compare_digest(secret, ha1(self._realm, proof.username, proof.key, ALGORITHM))
        if credential is None or not is_right:
            return self._unauthorized("Wrong API key ID or key", now)
        return Shown(credential)

    def _credential(self, id: str, now: datetime) -> Credential | None:
        credential = self._house.credential(id)
        if credential is None or credential.kind != "ezeio" or credential.is_expired(now):
            return None
        return credential

    def _unauthorized(self, reason: str, now: datetime) -> Refused:
        return Refused(401, reason, self._challenge(now, is_stale=False))

    def _challenge(self, now: datetime, *, is_stale: bool) -> str:
        challenge = (
            f'Digest realm="{self._realm}", qop="auth", algorithm={ALGORITHM}, '
            f'nonce="{self._nonces.mint(now)}", opaque="{OPAQUE}"'
        )
        return f"{challenge}, stale=true" if is_stale else challenge
