"""A device's past as the hub's API tells it, page by page."""

from collections.abc import Callable, Generator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from msgspec import Struct

from hardwire.model.errors import DeviceError

PAGE_ROWS = 10_000


class Wish(Struct, frozen=True, kw_only=True):
    """What is asked; texts that are empty leave the choice to the hub."""

    device: str
    """Its id, or its address in any dialect."""
    since: datetime
    until: datetime
    fields: tuple[str, ...] = ()
    """Names or numbers; none means all."""
    log: str = ""
    interval_s: int = 0
    aggregation: str = ""


class Column(Struct, frozen=True):
    """A point whose values were asked for."""

    name: str
    label: str = ""
    unit: str = ""
    decimals: int | None = None


class Row(Struct, frozen=True):
    """The values of one instant, which is told in RFC 3339, UTC, with milliseconds."""

    at: str
    values: Mapping[str, float]


class Page(Struct, frozen=True):
    """Some rows, oldest first, and where those that follow begin."""

    device: str
    log: str
    interval_s: int
    aggregation: str
    points: tuple[Column, ...]
    rows: tuple[Row, ...]
    next: str | None


Call = Callable[[str], Any]  # Any: JSON
"""Get a path of the hub's API."""


def pages(call: Call, wish: Wish) -> Generator[Page, None, None]:
    """Yield pages until the range is told to its end; the first comes in any case, with the columns.

    Raises:
        CallerError, DeviceError: as `call` does.
    """
    since: str | None = instant(wish.since)
    while since is not None:
        asked = {
            "since": since,
            "until": instant(wish.until),
            "point": ",".join(wish.fields),
            "log": wish.log,
            "interval": str(wish.interval_s or ""),
            "aggregation": wish.aggregation,
            "limit": str(PAGE_ROWS),
        }
        query = urlencode({name: text for name, text in asked.items() if text})
        page = _page(call(f"/hub/v1/devices/{quote(wish.device, safe='')}/history?{query}"))
        yield page
        if page.next is not None and page.next <= since:
            raise DeviceError("what answers there goes round in circles: is it a hub?")
        since = page.next


def instant(at: datetime) -> str:
    """Return an instant as the API writes it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _page(told: Any) -> Page:  # Any: JSON
    try:
        return msgspec.convert(told, Page)
    except msgspec.ValidationError as error:
        raise DeviceError(f"what answers there tells no history: {error}") from error
