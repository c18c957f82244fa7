"""The JSON of stream messages that few ask for: with numbers, with some fields only, with news of a gap."""

from collections.abc import Collection
from datetime import datetime

import msgspec

from hardwire.dialects.ezeio.wire import utc_text

Place = tuple[int, int]
"""Epoch and number of a message: where a reader stands in what was sent."""


def place_text(place: Place) -> str:
    """Return a place as clients read it and give it back: `1790000000-17`."""
    return f"{place[0]}-{place[1]}"


def with_seq(message: str, place: Place) -> str:
    """Return a message with its number, as the last key of its content."""
    # Both are objects, and their last braces are the message's end.
    return f'{message[:-2]},"seq":"{place_text(place)}"}}}}'


def narrowed(message: str, allowed: Collection[int]) -> str | None:
    """Return a message with those of its fields that are allowed; None when it has none of them."""
    whole = msgspec.json.decode(message)
    fields = [field for field in whole["data"]["fields"] if int(next(iter(field))) in allowed]
    if not fields:
        return None
    # The keys keep their order.
    return msgspec.json.encode({**whole, "data": {**whole["data"], "fields": fields}}).decode()


def gap_message(account: int, at: datetime, since: Place, until: Place) -> str:
    """Return the news that messages after `since` may be missing, up to and with `until`, the place to go on from."""
    content = {"type": "GAP", "time": utc_text(at), "since": place_text(since), "seq": place_text(until)}
    return msgspec.json.encode({"channel": f"export:{account}", "data": content}).decode()
