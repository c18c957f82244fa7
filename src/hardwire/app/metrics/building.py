"""Which Hardwire this is, and since when it runs."""

from collections.abc import Iterable
from datetime import datetime

from hardwire.app.metrics.family import Family, gauge, info
from hardwire.version import VERSION


def families(began: datetime) -> Iterable[Family]:
    """Tell it."""
    yield info("hardwire_build_info", "The version of the hub.", {"version": VERSION})
    yield gauge(
        "hardwire_start_time_seconds",
        "When this hub began, in seconds since 1970; a restored backup begins it anew.",
        began.timestamp(),
    )
