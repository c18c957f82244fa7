"""The hub's half of a Digest: nonces that need no memory."""

import hmac
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from hardwire.contracts.dialect import Entropy

# Clients reuse a nonce with a rising count; an old one costs them one more request (ezeio reference, section 6).
LIFE_S = 300

# The bus's secret may serve others too: each makes a key of its own from it.
_PURPOSE = b"ezeio digest nonce"


class Nonces:
    """Makes nonces `boot-time-salt-seal` and knows its own again, and those of every hub of the bus.

    The secret is that of the bus, new at each start of it: after a restart every older nonce is unknown, its callers
    are told `stale` and come again with a new one, so that no count of the time before can be replayed.
    """

    def __init__(self, shared_secret: Callable[[], bytes], entropy: Entropy) -> None:
        """`shared_secret` is `House.shared_secret`."""
        self._shared_secret = shared_secret
        self._entropy = entropy

    def mint(self, now: datetime) -> str:
        """Return a new nonce, good for `LIFE_S`."""
        key = self._key()
        # People who read a log see by it which nonces are of one start.
        boot = sha256(key).hexdigest()[:8]
        body = f"{boot}-{int(now.timestamp()):x}-{self._entropy(8).hex()}"
        return f"{body}-{_seal(key, body)}"

    def life_left_s(self, nonce: str, now: datetime) -> float | None:
        """Return how long a nonce still lives; None when it is too old or was made by no hub of this bus."""
        body, _, seal = nonce.rpartition("-")
        if not hmac.compare_digest(seal.encode("utf-8", "replace"), _seal(self._key(), body).encode()):
            return None
        # What carries the seal was made by `mint`, so it has this very shape.
        age_s = now.timestamp() - int(body.split("-")[1], 16)
        # A clock that was set back leaves nonces of the future: they live no longer for it.
        return LIFE_S - age_s if abs(age_s) < LIFE_S else None

    def _key(self) -> bytes:
        return hmac.new(self._shared_secret(), _PURPOSE, sha256).digest()


def _seal(key: bytes, body: str) -> str:
    return hmac.new(key, body.encode("utf-8", "replace"), sha256).hexdigest()[:32]
