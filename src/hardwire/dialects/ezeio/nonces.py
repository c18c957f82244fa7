"""The hub's half of a Digest: nonces that need no memory."""

import hmac
from datetime import datetime
from hashlib import sha256

from hardwire.contracts.dialect import Entropy

# Clients reuse a nonce with a rising count; an old one costs them one more request (ezeio reference, section 6).
LIFE_S = 300


class Nonces:
    """Makes nonces `boot-time-salt-mac` and knows its own again.

    The secret lives as long as the process: after a restart every older nonce is unknown, its callers are told
    `stale` and come again with a new one, so that no count of the time before can be replayed.
    """

    def __init__(self, entropy: Entropy) -> None:
        self._entropy = entropy
        self._secret = entropy(32)
        self._boot = entropy(4).hex()

    def mint(self, now: datetime) -> str:
        """Return a new nonce, good for `LIFE_S`."""
        body = f"{self._boot}-{int(now.timestamp()):x}-{self._entropy(8).hex()}"
        return f"{body}-{self._seal(body)}"

    def life_left_s(self, nonce: str, now: datetime) -> float | None:
        """Return how long a nonce still lives; None when it is too old or was never made here."""
        body, _, seal = nonce.rpartition("-")
        if not hmac.compare_digest(seal.encode("utf-8", "replace"), self._seal(body).encode()):
            return None
        # What carries the seal was made by `mint`, so it has this very shape.
        age_s = now.timestamp() - int(body.split("-")[1], 16)
        # A clock that was set back leaves nonces of the future: they live no longer for it.
        return LIFE_S - age_s if abs(age_s) < LIFE_S else None

    def _seal(self, body: str) -> str:
        return hmac.new(self._secret, body.encode("utf-8", "replace"), sha256).hexdigest()[:32]
