"""Wishes, with the answers they get."""

from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct

from hardwire.model.errors import HardwireError
from hardwire.model.fact import Happening
from hardwire.model.value import Value


class Command(Struct, frozen=True):
    """The base of every wish to a device; the board's typed requests are in `model.board`."""

    @property
    def pause_s(self) -> float:
        """How long it may hold the commands behind it without doing anything that outlasts it."""
        return 0.0


class WritePoints(Command, frozen=True):
    """Give points new values, all or none."""

    values: Mapping[str, Value]


class Identify(Command, frozen=True):
    """Make the device show which one it is, for a few seconds."""


class Reboot(Command, frozen=True):
    """Start the device anew: it goes offline, then comes back online as at power-on. Done before it goes."""


class LogUnbuffered(Command, frozen=True):
    """Send log rows as they are taken for the next `seconds`; 0 goes back to buffering.

    Source: ezeio reference, section 1.5.
    """

    seconds: int


class FlushLog(Command, frozen=True):
    """Send the log rows that are buffered at once, without changing anything (ezeio reference, `control`, `field[0]`).

    Writing a field flushes too; writing an output or a register does not.
    """


class Done(Struct, frozen=True):
    """The wish was carried out; `happenings` are its one-shot answers, in order."""

    happenings: tuple[Happening, ...] = ()
    pending: str = ""
    """Where the device fetches its wishes: the name under which this one is durably kept for it. Not carried out yet;
    a `Confirmation` with that name tells when it was."""


class Failed(Struct, frozen=True):
    """The wish was not carried out, and why."""

    error: HardwireError


Reply: TypeAlias = Done | Failed
