"""What a board that speaks this dialect tells, in either encoding (obniz reference, sections 3, 4 and 6)."""

from typing import Any

from msgspec import DecodeError, Struct, field, json

from hardwire.dialects.obniz.wire import debug
from hardwire.dialects.obniz.wire.families import FRAMED_REPORTS, MODULES, REPORTS
from hardwire.dialects.obniz.wire.framing import BadFrameError, frames
from hardwire.dialects.obniz.wire.shape import Misfit, named
from hardwire.model.fact import Happening

# A board that goes astray must not fill a log with one message.
TROUBLES_PER_MESSAGE = 100

_DECODER = json.Decoder()


class Reports(Struct):
    """What was understood of one message of a board, and what was not."""

    happenings: list[Happening] = field(default_factory=list)
    """In the board's order."""
    troubles: list[str] = field(default_factory=list)
    """One sentence for each thing that was not understood, up to a limit."""

    def complain(self, trouble: str) -> None:
        """Keep a sentence about what was not understood, unless there are too many."""
        if len(self.troubles) < TROUBLES_PER_MESSAGE:
            self.troubles.append(trouble)


def read(message: str | bytes) -> Reports:
    """Understand a message of a board as far as it can be: text is JSON, bytes are frames. Never raises."""
    return _read_text(message) if isinstance(message, str) else _read_frames(message)


def _read_text(message: str) -> Reports:
    reports = Reports()
    try:
        objects = _DECODER.decode(message)
    except (DecodeError, UnicodeError) as error:
        reports.complain(f"this is no JSON: {error}")
        return reports
    except RecursionError:
        reports.complain("this JSON is nested too deeply")
        return reports
    if type(objects) is not list:
        reports.complain(f"an array of objects is needed, not {named(objects)}")
        return reports
    for position, told in enumerate(objects):
        if type(told) is dict:
            _read_object(told, reports)
        else:
            reports.complain(f"[{position}]an object is needed, not {named(told)}")
    return reports


def _read_object(told: dict[str, Any], reports: Reports) -> None:  # Any: JSON
    for key, value in told.items():
        known = REPORTS.get(key)
        if known is None:
            reports.complain(f"[{key[:60]}]unknown")
            continue
        read_value, number = known
        try:
            reports.happenings += read_value(number, value)
        except Misfit as misfit:
            reports.complain(f"[{key}{misfit.field}]{misfit.message}")


def _read_frames(message: bytes) -> Reports:
    reports = Reports()
    try:
        for module, function, payload in frames(message):
            known = FRAMED_REPORTS.get(module << 8 | function)
            name = MODULES.get(module, f"module {module}")
            if known is None:
                if function == debug.NOTICE:
                    reports.happenings.append(debug.noticed(name, payload))
                else:
                    reports.complain(f"[{name}]unknown function {function}")
                continue
            try:
                reports.happenings += known[1](payload)
            except Misfit as misfit:
                reports.complain(f"[{name}]function {function}: {misfit.message}")
    except BadFrameError as error:
        reports.complain(str(error))
    return reports
