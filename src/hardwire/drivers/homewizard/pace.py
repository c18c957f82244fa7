"""How long this driver waits, and for what."""

from collections.abc import Callable

from msgspec import Struct

from hardwire.model.errors import DeviceError

UNAUTHORIZED = "unauthorized"
CERTIFICATE = "certificate"
SWITCHED_OFF = "switched-off"
STRANGER = "stranger"
REFUSED = frozenset({UNAUTHORIZED, CERTIFICATE, SWITCHED_OFF, STRANGER})
"""Codes of errors that time alone does not mend: somebody has to act."""


class Pace(Struct, frozen=True, kw_only=True):
    """All pauses and deadlines, in seconds."""

    answer_s: float = 10
    """For a connection, an answer, and a socket to let us in (HomeWizard reference, section 3.5, client time-outs)."""
    ping_every_s: float = 30
    pong_within_s: float = 10
    settings_every_s: float = 60
    """How often network and settings are asked for beside what the device pushes."""
    state_every_s: float = 5
    """How often a socket's relay, which has a button of its own, is asked for over v1."""
    first_pause_s: float = 1
    longest_pause_s: float = 300
    opened_pause_s: float = 30
    """The longest pause after a connection that stood: the device is there, and may speak again any moment."""
    refused_pause_s: float = 300
    """After a refusal that time does not mend. Real firmware suffers from handshakes (reference, section 7)."""
    switched_off_pause_s: float = 30
    """While the device's local API is off: whoever is told so switches it on, and waits."""
    stable_s: float = 60
    """After a connection that stood this long, pauses begin anew."""
    silence_factor: float = 1.5
    """A socket without news for `stale_after_s` times this is opened anew: the firmware can wedge."""


class BackOff:
    """Pauses that double, each up to a quarter longer by chance, so that many hubs do not come back at one moment."""

    def __init__(self, pace: Pace, chance: Callable[[], float]) -> None:
        """`chance` gives numbers from 0 to 1."""
        self._pace = pace
        self._chance = chance
        self._next_s = pace.first_pause_s

    def after(self, error: DeviceError, lived_s: float, *, was_open: bool) -> float:
        """Return the pause after a connection that failed with this error once it had stood for `lived_s`."""
        if error.code == SWITCHED_OFF:
            return self._some_more(self._pace.switched_off_pause_s)
        if error.code in REFUSED:
            return self._some_more(self._pace.refused_pause_s)
        if was_open and lived_s >= self._pace.stable_s:
            self._next_s = self._pace.first_pause_s
        pause_s = min(self._next_s, self._pace.opened_pause_s) if was_open else self._next_s
        self._next_s = min(2 * self._next_s, self._pace.longest_pause_s)
        return self._some_more(pause_s)

    def _some_more(self, pause_s: float) -> float:
        return pause_s * (1 + self._chance() / 4)
