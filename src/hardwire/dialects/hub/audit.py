"""The audit log of the hub's own API: what is asked of it, how its lines are shown."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from hardwire.contracts.question import ReadAudit
from hardwire.dialects.hub.query import past, whole
from hardwire.dialects.hub.wire import instant
from hardwire.model.audit import Action, AuditEntry
from hardwire.model.errors import BadValueError

LINES_DEFAULT = 100
LINES_LIMIT = 10_000
SETTINGS = ("since", "action", "limit")


def asked(query: Mapping[str, str], now: datetime) -> ReadAudit:
    """Return what a query asks of the log; without a time, its newest lines. Raises BadValueError."""
    for name in query:
        if name not in SETTINGS:
            raise BadValueError(f"there is no setting {name!r} here; known are {', '.join(SETTINGS)}", path=name)
    action = query.get("action", "")
    # A word that stands for nothing would look like a log in which nothing has happened.
    if not any(known.startswith(action) for known in Action):
        raise BadValueError(f"action is the beginning of one of {', '.join(Action)}", path="action")
    return ReadAudit(
        since=past(query["since"], "since", now) if "since" in query else None,
        action=action,
        limit=whole(query, "limit", LINES_DEFAULT, LINES_LIMIT),
    )


def shown(lines: Sequence[tuple[int, AuditEntry]]) -> Sequence[Mapping[str, object]]:
    """Return lines with their numbers, oldest first."""
    return [
        {
            "no": no,
            "at": instant(line.at),
            "actor": line.actor,
            "action": line.action,
            "subject": line.subject,
            "detail": line.detail,
            "peer": line.peer,
        }
        for no, line in lines
    ]
