"""The clients as a table: who does not keep up stands first, and each can be cut."""

from datetime import datetime
from html import escape

from hardwire.console import figures
from hardwire.console.frame import instant
from hardwire.contracts.house import House
from hardwire.dialects.hub.clients import lag_s, ranked
from hardwire.model.client import ClientState

# A longer page would be slow to read and to fetch every two seconds; `hardwire clients` shows them all.
ROWS = 200
NAMES = {"obniz": "obniz", "homewizard": "HomeWizard", "ezeio": "ezeio", "hub": "Hardwire"}
# What is a number stands to the right.
HEADS = (
    ("Client", ""),
    ("From", ""),
    ("Device", ""),
    ("Key", ""),
    ("Since", ""),
    ("Lag", "n"),
    ("Unread", "n"),
    ("Dropped", "n"),
    ("Sent", "n"),
)


def table(house: House, now: datetime) -> bytes:
    """Return the rows, those that are behind the longest first."""
    clients = ranked(house.clients(), now)
    if not clients:
        return b"<p>Nobody is connected.</p>"
    slow = sum(one.behind_since is not None for one in clients)
    told = f"{len(clients)} connected, {f'{slow} behind' if slow else 'all keep up'}"
    if len(clients) > ROWS:
        told += f"; these are the first {ROWS}"
    heads = "".join(f'<th scope="col" class="{look}">{head}</th>' for head, look in HEADS)
    rows = "".join(_row(one, now) for one in clients[:ROWS])
    return (
        f'<p class="kind">{told}</p><table class="clients"><thead><tr>{heads}<th></th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    ).encode()


def _row(client: ClientState, now: datetime) -> str:
    cells = (
        f"{NAMES.get(client.dialect, client.dialect)} {client.id}",
        client.peer or "the owner's socket",
        client.device or "",
        client.credential or "",
        _since(client.since, now),
        "closing" if client.is_closing else figures.lag(lag_s(client, now)),
        figures.size(client.pending_bytes),
        figures.number(client.dropped),
        figures.number(client.sent),
    )
    shown = "".join(
        f'<td class="{look}" data-head="{head}">{escape(cell)}</td>'
        for (head, look), cell in zip(HEADS, cells, strict=True)
    )
    look = "" if client.behind_since is None else ' class="behind"'
    return (
        f'<tr{look} title="{escape(client.path)}">{shown}<td><form method="post" action="/clients/{client.id}/cut">'
        f'<button aria-label="Cut client {client.id}">Cut</button></form></td></tr>'
    )


def _since(since: datetime, now: datetime) -> str:
    """The time of today, else the day."""
    text = instant(since)
    return text[11:] if since.date() == now.date() else text[:10]
