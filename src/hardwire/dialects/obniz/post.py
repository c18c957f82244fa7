"""Messages from program to program, given to every program of the boards they name (obniz reference, section 3.14)."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from hardwire.contracts.act import Publish
from hardwire.contracts.house import House
from hardwire.dialects.obniz.admission import may_message
from hardwire.dialects.obniz.face import DIALECT
from hardwire.dialects.obniz.wire.message import SendMessage
from hardwire.model.access import Caller, Right
from hardwire.model.board.message import MessageReceived
from hardwire.model.fact import Event

READ_ONLY = "this token may only read"
# What a message may come to at all its targets together: one of 1 MiB to a hundred boards would take 100 MiB.
MOST_BYTES = 1 << 20


class Delivery(Struct, frozen=True):
    """What becomes of a message: acts for the boards that it reaches, a warning for the others."""

    acts: Sequence[Publish]
    warning: str


def deliver(house: House, caller: Caller, message: SendMessage, *, sender: str | None, now: datetime) -> Delivery:
    """Give a message to its targets. `sender` is the id of the board that the sending program is connected to.

    Unknown, offline and forbidden targets look the same in the warning: it may tell nobody which ids exist.
    """
    if Right.CONTROL not in caller.rights:
        return Delivery((), f"[message]{READ_ONLY}")
    if len(message.payload_json) * len(message.to) > MOST_BYTES:
        return Delivery((), f"[message]at most {MOST_BYTES} characters go out, those to each target counted")
    acts: list[Publish] = []
    missed: list[str] = []
    happening = MessageReceived(message.payload_json, sender)
    for address in message.to:
        target = house.find(DIALECT, address)
        if target is not None and house.is_fresh(target.id, now) and may_message(house, caller, target):
            acts.append(Publish(Event(target.id, now, happening)))
        else:
            missed.append(address)
    return Delivery(acts, f"[message.to]not reached: {', '.join(missed)}" if missed else "")
