"""How a program wants to be spoken to: text or frames, and what must never be said to it (obniz reference, 1.8)."""

from collections.abc import Sequence

from msgspec import Struct

from hardwire.contracts.request import Request
from hardwire.dialects.obniz.face import DIALECT, Face
from hardwire.dialects.obniz.wire import answers
from hardwire.model.board.system import Batch, Timestamped
from hardwire.model.channel import Channel
from hardwire.model.fact import Happening

EVENTS = "events"
TEXT = "text"
BINARY = "binary"
# obniz.py ends its receive loop on `system.timestamp`, and dies of every binary frame (sections 1.1 and 3.2).
PYTHON = "python"


class Tongue(Struct, frozen=True):
    """An encoding and a variant of it, as a channel's key holds them."""

    encoding: str = TEXT
    variant: str = ""

    @property
    def is_python(self) -> bool:
        """Whether the program is one of obniz.py."""
        return self.variant == PYTHON

    def channel(self, device: str) -> Channel:
        """Return the channel that renders in this tongue what a board tells."""
        return Channel(DIALECT, device, EVENTS, encoding=self.encoding, variant=self.variant)

    def fit(self, happenings: Sequence[Happening]) -> Sequence[Happening]:
        """Return those that such a program may hear."""
        if not self.is_python:
            return happenings
        return [happening for happening in happenings if not isinstance(happening, Timestamped)]

    def framed(self, happenings: Sequence[Happening]) -> bytes | None:
        """Return one binary message; None where this is no tongue for it, or one of them has no binary form.

        All or none, since one message is either text or binary and the order has to be kept.
        """
        return answers.framed(Batch(tuple(happenings))) or None if self.encoding == BINARY else None


def tongue_of(request: Request, face: Face) -> Tongue:
    """Return the tongue of the program that asks for a conversation.

    Binary answers need three to agree: the board's settings, the program's `accept_binary`, and that it is no obniz.py.
    """
    if "obnizpy" in request.query:
        return Tongue(variant=PYTHON)
    return Tongue(BINARY if face.replies == BINARY and takes_binary(request) else TEXT)


def takes_binary(request: Request) -> bool:
    """Say whether a program has said that it takes binary frames (section 1.1)."""
    return request.query.get("accept_binary") == "true"


def rendered(channel: Channel, happening: Happening) -> str | bytes | None:
    """Return the message of what a board tells for every program of a channel; None when it means nothing to them."""
    tongue = Tongue(channel.encoding, channel.variant)
    happenings = tongue.fit(happening.happenings if isinstance(happening, Batch) else (happening,))
    framed = tongue.framed(happenings)
    if framed is not None:
        return framed
    objects = [told for one in happenings if (told := answers.told(one)) is not None]
    return answers.array(objects) if objects else None
