"""Wrong credentials, and who was locked out for them."""

from collections.abc import Iterable
from typing import Protocol

from hardwire.app.metrics.family import Family, counter


class Logins(Protocol):
    """Who counts wrong credentials (`hub.lockout.Lockout`)."""

    strikes: int
    """How many wrong credentials were shown."""
    begun: int
    """How many times an address or a user was locked out."""


def families(logins: Logins) -> Iterable[Family]:
    """Tell it."""
    yield counter("hardwire_auth_failures_total", "Wrong credentials that were shown, in all dialects.", logins.strikes)
    yield counter("hardwire_lockouts_total", "Times that an address or a user was locked out for them.", logins.begun)
