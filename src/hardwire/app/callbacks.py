"""Web addresses that the hub is told to post to."""

from urllib.parse import urlsplit

from hardwire.model.errors import BadValueError

URI_LIMIT = 1000


def check_callback(uri: str) -> None:
    """Raise BadValueError, with a sentence, for what is no address to post to."""
    if len(uri) > URI_LIMIT:
        raise BadValueError(f"a callback has at most {URI_LIMIT} characters", path="callback")
    # Printable ASCII without spaces: it is shown in lists, and goes into a request as it is.
    if not uri.isascii() or not uri.isprintable() or " " in uri:
        raise BadValueError("a callback is written in ASCII without spaces; percent-encode the rest", path="callback")
    no_address = BadValueError(
        f"a callback is an address such as https://example.org/ack, not {uri!r}", path="callback"
    )
    try:
        parts = urlsplit(uri)
        # Reading the port is what checks it.
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise no_address from error
    if not is_whole:
        raise no_address
    if "@" in parts.netloc:
        raise BadValueError("a callback holds no user name and no password: lists show it", path="callback")
    if parts.fragment:
        raise BadValueError("a callback has no part after #: it is never sent", path="callback")
