"""The JSON of CONTROL_ACK: a unit has confirmed what was set with a key."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from hardwire.dialects.ezeio.wire import escaped, utc_text


class AckMeta(Struct, frozen=True):
    """Which unit has confirmed; the types are those of an event."""

    serial: str
    group: int
    accountgroupid: int | None
    name: str
    note: str


class _Ack(Struct, frozen=True, kw_only=True):
    apikeyid: int
    subject: str
    time: str
    meta: AckMeta
    actions: Sequence[str]


def control_ack(key: str, at: datetime, meta: AckMeta, actions: Sequence[str]) -> str:
    """Return the message; `apikeyid` is a number, as documented (ezeio reference, `control`)."""
    number = int(key) if key.isascii() and key.isdigit() else 0
    ack = _Ack(apikeyid=number, subject="CONTROL_ACK", time=utc_text(at), meta=meta, actions=actions)
    return escaped(ack).decode()
