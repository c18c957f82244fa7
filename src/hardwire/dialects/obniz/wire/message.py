"""The `message` family: from program to program by board id, never for a board (obniz reference, section 3.14)."""

from collections.abc import Sequence
from typing import Any

from msgspec import json

from hardwire.dialects.obniz.wire.address import canonical
from hardwire.dialects.obniz.wire.family import Family, Written, quoted, unknown_command
from hardwire.dialects.obniz.wire.shape import Misfit, fields_of, needed, text
from hardwire.model.board.message import MessageReceived
from hardwire.model.command import Command
from hardwire.model.fact import Happening

# One message of 1 MiB could name 70,000 targets, each of which costs a copy of it.
MOST_TARGETS = 100


class SendMessage(Command, frozen=True):
    """Give JSON to every program connected to these board ids. For the hub itself: no board carries it out."""

    to: tuple[str, ...]
    payload_json: str


def _decode(_number: int, value: Any) -> Sequence[Command]:  # Any: JSON
    if type(value) is not dict:
        raise unknown_command()
    targets = needed(value, "to")
    payload = needed(value, "data")
    if len(value) > 2:
        raise Misfit("to and data are all that it may hold")
    return (SendMessage(addresses(targets), json.encode(payload).decode()),)


def addresses(targets: Any) -> tuple[str, ...]:  # Any: JSON
    """Return the boards that an array names, each of them once.

    Raises:
        Misfit: it is no array of ids, or too long a one.
    """
    if type(targets) is not list or not 0 < len(targets) <= MOST_TARGETS:
        raise Misfit(f"an array of 1 to {MOST_TARGETS} obniz ids is needed", ".to")
    return tuple(dict.fromkeys(_address(target) for target in targets))


def _address(target: Any) -> str:  # Any: JSON
    text = f"{target:08d}" if type(target) is int else target
    address = canonical(text) if type(text) is str else None
    if address is None:
        raise Misfit("an obniz id has 8 digits", ".to")
    return address


def _received(happening: MessageReceived) -> str:
    sender = "null" if happening.sender is None else quoted(happening.sender)
    return f'{{"message":{{"data":{happening.payload_json},"from":{sender}}}}}'


def _sent(message: SendMessage) -> Written:
    return {"message": {"to": [*message.to], "data": json.decode(message.payload_json)}}


def _told(_number: int, value: Any) -> Sequence[Happening]:  # Any: JSON
    fields = fields_of(value, "")
    payload_json = json.encode(needed(fields, "data")).decode()
    sender = needed(fields, "from")
    return (MessageReceived(payload_json, None if sender is None else text(sender, ".from")),)


FAMILY = Family(
    name="message",
    decode=_decode,
    requests={SendMessage: _sent},
    answers={MessageReceived: _received},
    reports=_told,
)
