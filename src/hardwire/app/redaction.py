"""What is a secret in what the hub writes about itself, and what is left of it there."""

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

# Four letters of a secret tell an owner which one it was, and nobody what it is.
_SHOWN = 4
_REST = "[A-Za-z0-9._~+/-]"
_NAMED = (
    "access_token|token|ezeapikey|api[_-]?key|key|password|secret|ticket|hardwire_admin|authorization|response|c?nonce"
)
_NAMES = frozenset(name.replace("?", "") for name in ("key", "cookie", "apikey", *re.split(r"\|", _NAMED)))
# In an address, in a body, in a header: `access_token=...`, `"token": "..."`, `response="..."`, `Bearer ...`.
_BY_NAME = re.compile(
    rf"(?i)(?P<before>\bbearer\s+|\bbasic\s+|wstkt|(?<![a-z])(?:{_NAMED})(?:=[\"']?|[\"']\s*[:=]\s*[\"']))"
    rf"(?P<shown>{_REST}{{{_SHOWN}}})(?:{_REST}|=)*"
)
# Without a name beside it: 32 hex digits (HomeWizard tokens, the hub's random ones), 24 letters (ezeio keys) and 32
# letters (the first admin token), where both cases and a digit are mixed as in no word.
_MIXED = r"(?=[A-Za-z0-9_-]*[a-z])(?=[A-Za-z0-9_-]*[A-Z])(?=[A-Za-z0-9_-]*[0-9])"
_BY_LOOK = re.compile(
    r"(?<![A-Za-z0-9_-])"
    rf"(?P<shown>(?=[0-9A-Fa-f]{{32}}(?![A-Za-z0-9_-])|{_MIXED}(?:[A-Za-z0-9]{{24}}|[A-Za-z0-9_-]{{32}})(?![A-Za-z0-9_-]))"
    rf"[A-Za-z0-9_-]{{{_SHOWN}}})[A-Za-z0-9_-]+"
)


def masked(text: str) -> str:
    """Return a text with every secret in it cut to its first letters."""
    return _BY_LOOK.sub(r"\g<shown>…", _BY_NAME.sub(r"\g<before>\g<shown>…", text))


def redacted(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # Any: structlog's own
    """Return a line of the log without secrets, however deep they stand in it: a processor of structlog."""
    return {name: _shown(name, value) for name, value in event.items()}


def _shown(name: str, value: Any) -> Any:  # Any: whatever a line says
    match value:
        case str() if name.lower() in _NAMES:
            return value[:_SHOWN] + "…" if len(value) > _SHOWN else "…"
        case str():
            return masked(value)
        case bytes():
            return masked(value.decode("utf-8", "backslashreplace"))
        case Mapping():
            return {key: _shown(str(key), inner) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_shown(name, inner) for inner in value]
        case bool() | int() | float() | None:
            return value
        case _:
            return masked(str(value))
