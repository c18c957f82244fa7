"""The bodies of HTTP answers (obniz reference, section 2)."""

from collections.abc import Sequence

from msgspec import json


def refusal(reason: str) -> bytes:
    """Return the body of every answer that is no success."""
    return json.encode({"error": reason})


def accepted(warnings: Sequence[str]) -> bytes:
    """Return the body of commands that were carried out, with what was wrong with the others."""
    return json.encode({"result": "ok", "warnings": warnings} if warnings else {"result": "ok"})


def state(*, is_online: bool) -> bytes:
    """Return whether a board can be reached now."""
    return json.encode({"state": "online" if is_online else "offline"})
