"""What every page has around it: head, style, the way to the others."""

from datetime import datetime
from html import escape

PAGES = (("/", "Devices"), ("/clients", "Clients"))
"""The pages that show something, by their paths."""


def framed(title: str, body: str) -> bytes:
    """Return a page of the hub's own."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · Hardwire</title>"
        f'<link rel="stylesheet" href="/static/console.css"></head><body>{body}</body></html>'
    ).encode()


def refreshed(path: str, source: str, content: bytes, *, is_open_house: bool) -> bytes:
    """Return the page of that path around its content, which a script fetches anew from `source`."""
    title = dict(PAGES)[path]
    ways = "".join(
        f'<a href="{way}"{" aria-current=page" if way == path else ""}>{escape(name)}</a>' for way, name in PAGES
    )
    leave = "" if is_open_house else '<form method="post" action="/logout"><button>Log out</button></form>'
    return framed(
        title,
        f'<header><h1>Hardwire</h1><nav>{ways}</nav><p id="pulse" role="status">live</p>{leave}</header>'
        f'<main id="{title.lower()}" data-source="{source}">{content.decode()}</main>'
        '<script src="/static/console.js" defer></script>',
    )


def instant(at: datetime) -> str:
    """Return an instant in UTC, to the second."""
    return at.strftime("%Y-%m-%d %H:%M:%S UTC")
