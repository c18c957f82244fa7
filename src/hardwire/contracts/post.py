"""A message that the hub posts to somebody's web address, however long that takes."""

from datetime import datetime

from msgspec import Struct


class Post(Struct, frozen=True, kw_only=True):
    """A body with where it goes; it is tried again until it arrives or is given up."""

    id: str
    """Told to the receiver with each try, so that a message that comes twice is known."""
    url: str
    body: str
    signer: str = ""
    """`key:10009` or `destination:ops`: whose secret signs it; empty for none."""
    device: str = ""
    """Whose event log tells that it was given up; empty: nobody's."""
    made: datetime
    tries: int = 0
    due: datetime
    """When it is tried next."""
