"""What the hub writes about itself: one line an event on standard error, tokens masked, no flood."""

import logging
import re
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, TextIO, TypeAlias, cast

import msgspec
import structlog

from hardwire.app.redaction import redacted
from hardwire.app.repeats import Repeats

# What would end a line, or move the cursor of who reads it: a peer may have sent it.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")

Line: TypeAlias = MutableMapping[str, Any]  # Any: structlog's own type of what a line says


def configure(level: str = "info", *, is_json: bool = False, repeats: Repeats | None = None) -> None:
    """Send the hub's log, and that of its libraries, to standard error.

    `is_json`: each line is an object with `at`, `level`, `event` and the event's own fields. `repeats` bounds how often
    the same is said; without it nothing does.
    """
    logging.basicConfig(level=logging.WARNING, handlers=[_Forward()])
    # It warns of every client that offers a sub-protocol, with the client's own words.
    logging.getLogger("aiohttp.websocket").setLevel(logging.ERROR)
    structlog.configure(
        processors=[
            *(() if repeats is None else (repeats,)),
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at" if is_json else "timestamp"),
            # A traceback quotes what an error says, so it is text before the secrets are masked.
            structlog.processors.format_exc_info,
            redacted,
            _on_one_line,
            _as_json if is_json else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(file=cast(TextIO, _Patient(sys.stderr))),
        cache_logger_on_first_use=True,
    )


class _Patient:
    """Where lines go. One that cannot be written is lost: the log may lie on the disk whose end it is telling of."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> None:
        """Write, if that is possible."""
        with suppress(OSError, ValueError):
            self._file.write(text)

    def flush(self) -> None:
        """Hand it over, if that is possible."""
        with suppress(OSError, ValueError):
            self._file.flush()


class _Forward(logging.Handler):
    """What a library has to say goes the way of all lines."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger(record.name)
        log.log(record.levelno, record.getMessage(), library=record.name, exc_info=record.exc_info)


def _on_one_line(_: object, __: str, event: Line) -> Line:
    return {
        key: _UNPRINTABLE.sub(lambda found: repr(found[0])[1:-1], value)
        if isinstance(value, str) and key != "exception"
        else value
        for key, value in event.items()
    }


def _as_json(_: object, __: str, event: Line) -> str:
    first = {key: event.pop(key) for key in ("at", "level", "event") if key in event}
    return msgspec.json.encode({**first, **event}, enc_hook=str).decode()
