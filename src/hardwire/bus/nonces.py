"""Which uses of a Digest nonce were seen: the replay guard."""

from collections import OrderedDict
from collections.abc import Callable

# Clients that share a nonce among concurrent calls arrive out of order (ezeio reference, section 6, "nc").
WINDOW = 64
_WINDOW_MASK = (1 << WINDOW) - 1

# Nonces live some minutes and curl takes a new one for each call: enough for 650 calls a second at 5 min.
NONCE_LIMIT = 200_000


class _Uses:
    """The uses of one nonce: bit n of `window` says that the count `highest - n` was seen."""

    __slots__ = ("ends", "highest", "window")

    def __init__(self, count: int, ends: float) -> None:
        self.highest = count
        self.window = 1
        self.ends = ends

    def register(self, count: int) -> bool:
        ahead = count - self.highest
        if ahead > 0:
            # A count may jump by up to 2**32: shift by no more than the window is wide.
            self.window = (self.window << min(ahead, WINDOW) | 1) & _WINDOW_MASK
            self.highest = count
            return True
        bit = 1 << min(-ahead, WINDOW)
        if bit > _WINDOW_MASK or self.window & bit:
            return False
        self.window |= bit
        return True


class Nonces:
    """The highest count of each living nonce, with a 64-wide window below it.

    When they are too many, new nonces are refused: forgetting a living one would let its calls be replayed.
    """

    def __init__(self, clock: Callable[[], float], *, limit: int = NONCE_LIMIT) -> None:
        self._clock = clock
        self._limit = limit
        self._uses: OrderedDict[str, _Uses] = OrderedDict()

    def count(self, nonce: str, count: int, life_s: float) -> bool:
        """Register one use; False when it was seen, is too old for the window, or is no count (they start at 1).

        A nonce is remembered for `life_s` from its first use. Whether it is too old to be used at all is for
        whoever made it to say.
        """
        if count < 1:
            return False
        now = self._clock()
        self._forget_expired(now)
        uses = self._uses.get(nonce)
        if uses is not None and uses.ends > now:
            return uses.register(count)
        if uses is None and len(self._uses) >= self._limit:
            return False
        self._uses[nonce] = _Uses(count, now + life_s)
        self._uses.move_to_end(nonce)
        return True

    def __len__(self) -> int:
        return len(self._uses)

    def _forget_expired(self, now: float) -> None:
        while self._uses:
            nonce, uses = next(iter(self._uses.items()))
            if uses.ends > now:
                return
            del self._uses[nonce]
