"""The releases of the v2 API: which there are, and what came with each."""

import re
from collections.abc import Mapping

from msgspec import Struct

VERSION = re.compile(r"\d{1,3}(\.\d{1,3}){0,2}", re.ASCII)


class Release(Struct, frozen=True, kw_only=True):
    """One release: what products can do in it, as far as it is not the same in all of them.

    Source: HomeWizard reference, section 0, "v2 history", and section 2.8, column "since".
    """

    version: str
    has_batteries: bool = False
    """`/api/batteries` and the topic `batteries`."""
    has_permissions: bool = False
    """`permissions` and `battery_count`; a new `target_power_w` is pushed."""
    has_predictive: bool = False
    """The mode `predictive`, and `charge_to_full`."""


RELEASES: Mapping[str, Release] = {
    release.version: release
    for release in (
        Release(version="2.0.0"),
        Release(version="2.0.1"),
        Release(version="2.1.0", has_batteries=True),
        Release(version="2.2.0", has_batteries=True, has_permissions=True),
        Release(version="2.3.0", has_batteries=True, has_permissions=True, has_predictive=True),
    )
}
"""Version -> release, oldest first."""


def is_newer(version: str, than: str) -> bool:
    """Whether a version came after another one; both are numbers with points between them."""
    return _numbers(version) > _numbers(than)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))
