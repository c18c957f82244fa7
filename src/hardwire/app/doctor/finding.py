"""What the doctor finds: one sentence about one thing, with its grade."""

from enum import Enum

from msgspec import Struct


class Grade(Enum):
    """How good or bad a thing is."""

    GOOD = "good"
    HINT = "hint"
    """It works, and there is something to know or to do better."""
    WRONG = "wrong"
    """The hub cannot run like this, or clients cannot do what the configuration promises them."""


class Finding(Struct, frozen=True):
    """One thing that was looked at."""

    grade: Grade
    about: str
    """`folder`, `hub.port`, `devices.grid.homewizard.http`, ..."""
    text: str
    """A sentence; of what is wrong, it says what to do."""


def good(about: str, text: str) -> Finding:
    """Return a finding that asks for nothing."""
    return Finding(Grade.GOOD, about, text)


def hint(about: str, text: str) -> Finding:
    """Return a finding to know of."""
    return Finding(Grade.HINT, about, text)


def wrong(about: str, text: str) -> Finding:
    """Return a finding to mend."""
    return Finding(Grade.WRONG, about, text)
