"""Who holds a unit in its unbuffered mode: the sockets whose clients have asked for it."""

from datetime import datetime, timedelta

UNBUFFERED_S = 1800
"""How long unbuffered updates last; a repeated call begins anew (ezeio reference, section 1.5)."""

GRACE_S = 60
"""How much of it is left when the last holder's socket is gone: time to connect and ask again."""


class Holders:
    """Remembers, unit by unit, which sockets hold it and for how long."""

    def __init__(self) -> None:
        self._until: dict[str, dict[str, datetime]] = {}

    def hold(self, device: str, socket: str, now: datetime) -> None:
        """A socket's client has asked for unbuffered updates of a unit, for the first time or again."""
        self._until.setdefault(device, {})[socket] = now + timedelta(seconds=UNBUFFERED_S)

    def let_go(self, device: str, socket: str, now: datetime) -> int:
        """Take a socket's hold back; return how many seconds of the mode nobody needs any more, 0 when somebody does.

        It is 0 too where the socket held nothing, or its time was over.
        """
        holds = self._until.get(device, {})
        until = holds.pop(socket, now)
        if not holds:
            self._until.pop(device, None)
        if any(other > now for other in holds.values()):
            return 0
        return max(0, int((until - now).total_seconds()))

    def held_by(self, socket: str) -> tuple[str, ...]:
        """Return the units that a socket holds."""
        return tuple(device for device, holds in self._until.items() if socket in holds)
