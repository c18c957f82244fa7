"""What a board answers and tells, written for programs: JSON objects of an array, or frames (section 1.8)."""

from collections.abc import Iterable

from hardwire.dialects.obniz.wire import debug, places
from hardwire.dialects.obniz.wire.families import ANSWERS, FRAMED_ANSWERS
from hardwire.dialects.obniz.wire.family import Findings
from hardwire.model.board.system import Batch
from hardwire.model.errors import CallerError, HardwireError
from hardwire.model.fact import Happening


def told(happening: Happening) -> str | None:
    """Return a happening as one JSON object, a batch as several with commas between; None where there is no word."""
    write = ANSWERS.get(type(happening))
    if write is not None:
        return write(happening)
    if isinstance(happening, Batch):
        return ",".join(one for each in happening.happenings if (one := told(each)) is not None) or None
    return None


def framed(happening: Happening) -> bytes | None:
    """Return a happening as frames; None for one that has no binary form, and for a batch with such a one in it."""
    write = FRAMED_ANSWERS.get(type(happening))
    if write is not None:
        return write(happening)
    if isinstance(happening, Batch):
        frames = [framed(each) for each in happening.happenings]
        return None if None in frames else b"".join(frame for frame in frames if frame is not None)
    return None


def refused(key: str, error: HardwireError) -> str:
    """Return a command's failure as one JSON object: a warning where the client can mend it, else an error."""
    message = f"[{place(key, error)}]{error.message}"
    return debug.warning(message) if isinstance(error, CallerError) else debug.error(message)


def place(key: str, error: HardwireError) -> str:
    """Return where in a program's JSON the value stands that a board refused: `display.color_depth`."""
    return places.place(key, error.path)


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
