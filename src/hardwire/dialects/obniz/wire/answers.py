"""The JSON encoding of what a board answers and tells: an array of objects (obniz reference, section 1.8)."""

from collections.abc import Iterable, Mapping

from hardwire.dialects.obniz.wire import debug
from hardwire.dialects.obniz.wire.families import ANSWERS
from hardwire.dialects.obniz.wire.family import Findings
from hardwire.model.errors import CallerError, HardwireError
from hardwire.model.fact import Happening

# Boards name the fields of commands, programs know those of the JSON.
_JSON_FIELDS: Mapping[str, str] = {"depth": ".color_depth", "pixels": ".raw", "duration_ms": ".wait"}


def told(happening: Happening) -> str | None:
    """Return a happening as one JSON object; None for one that clients have no word for."""
    write = ANSWERS.get(type(happening))
    return None if write is None else write(happening)


def refused(key: str, error: HardwireError) -> str:
    """Return a command's failure as one JSON object: a warning where the client can mend it, else an error."""
    message = f"[{place(key, error)}]{error.message}"
    return debug.warning(message) if isinstance(error, CallerError) else debug.error(message)


def place(key: str, error: HardwireError) -> str:
    """Return where in a program's JSON the value stands that a board refused: `display.color_depth`."""
    return f"{key}{_JSON_FIELDS.get(error.path, '')}"


def not_understood(findings: Findings) -> list[str]:
    """Return what was not understood of a message: a JSON object for each trouble, none when all is well."""
    objects = [debug.warning(warning) for warning in findings.warnings]
    if findings.unsaid:
        objects.append(debug.warning(f"and {findings.unsaid} more of the same message"))
    if findings.error:
        objects.append(debug.error(findings.error))
    return objects


def array(objects: Iterable[str]) -> str:
    """Return JSON objects as the text of one frame."""
    return f"[{','.join(objects)}]"
