"""What the hub writes about itself: one line an event on standard error, tokens masked."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# Tokens of every dialect as they may stand in a path or a message; four letters of each are left.
_SECRET = re.compile(
    r"(?i)(bearer\s+|access_token=|wstkt|token=|key=|hardwire_admin=)([A-Za-z0-9._~+/-]{4})[A-Za-z0-9._~+/=-]*"
)


def masked(text: str) -> str:
    """Return a text with every secret in it cut to its first letters."""
    return _SECRET.sub(r"\1\2…", text)


def configure(level: str = "info") -> None:
    """Send the hub's log, and that of its libraries, to standard error."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    # It warns of every client that offers a sub-protocol, with the client's own words.
    logging.getLogger("aiohttp.websocket").setLevel(logging.ERROR)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # A traceback quotes what an error says, so it is text before the secrets are masked.
            structlog.processors.format_exc_info,
            _mask,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )


def _mask(
    _: Any, __: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:  # Any: structlog's processor signature
    return {key: masked(value) if isinstance(value, str) else value for key, value in event.items()}
