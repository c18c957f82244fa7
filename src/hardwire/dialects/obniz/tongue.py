"""How a program wants to be spoken to: text or frames, and what must never be said to it (obniz reference, 1.8)."""

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct

from hardwire.contracts.request import Request
from hardwire.dialects.obniz.face import DIALECT, Face
from hardwire.dialects.obniz.wire import answers, ble, logic_analyzer
from hardwire.model.board.analog import AnalogValue
from hardwire.model.board.pin import PinFailed
from hardwire.model.board.system import Batch, BoardFailed, Timestamped
from hardwire.model.channel import Channel
from hardwire.model.fact import Happening

EVENTS = "events"
TEXT = "text"
BINARY = "binary"
# obniz.py ends its receive loop on `system.timestamp`, and dies of every binary frame (sections 1.1 and 3.2).
PYTHON = "python"
# obniz.js reads the volts in frames of this hardware at a scale of its own, whatever the frame says (section 6.3).
OWN_SCALE_HW = "cc3235mod"
VOLTS_AS_TEXT = "volts as text"
# It ends too on what these families tell where its own program has not used them yet: another's scan would end it.
_SHIELDED: Mapping[str, Collection[type[Happening]]] = {
    family.name: frozenset(family.answers) for family in (logic_analyzer.FAMILY, ble.FAMILY)
}
_ALL_SHIELDED = frozenset[type[Happening]]().union(*_SHIELDED.values())


class Tongue(Struct, frozen=True):
    """An encoding and a variant of it, as a channel's key holds them."""

    encoding: str = TEXT
    variant: str = ""

    def channel(self, device: str) -> Channel:
        """Return the channel that renders in this tongue what a board tells."""
        return Channel(DIALECT, device, EVENTS, encoding=self.encoding, variant=self.variant)

    def opened_by(self, key: str) -> "Tongue | None":
        """Return what a program hears beside this once it has used a key for the first time; None for nothing more."""
        return Tongue(self.encoding, f"{PYTHON} {key}") if self.variant == PYTHON and key in _SHIELDED else None

    def heard(self, happenings: Sequence[Happening]) -> Sequence[Happening]:
        """Return what every program of this tongue may hear of what a board tells."""
        if not self.variant.startswith(PYTHON):
            return happenings
        family = self.variant.removeprefix(PYTHON).strip()
        if family:
            return [one for one in happenings if type(one) in _SHIELDED[family]]
        return self.borne([one for one in happenings if type(one) not in _ALL_SHIELDED])

    def borne(self, happenings: Sequence[Happening]) -> Sequence[Happening]:
        """Return what a program may hear of the answers to its own commands."""
        if not self.variant.startswith(PYTHON):
            return happenings
        return [_mended(one) for one in happenings if not isinstance(one, Timestamped)]

    def framed(self, happenings: Sequence[Happening]) -> bytes | None:
        """Return one binary message; None where this is no tongue for it, or one of them has no binary form.

        All or none, since one message is either text or binary and the order has to be kept.
        """
        if self.encoding != BINARY:
            return None
        if self.variant == VOLTS_AS_TEXT and any(isinstance(one, AnalogValue) for one in happenings):
            return None
        return answers.framed(Batch(tuple(happenings))) or None


def tongue_of(request: Request, face: Face, hw: str) -> Tongue:
    """Return the tongue of the program that asks for a conversation with a board of this hardware.

    Binary answers need three to agree: the board's settings, the program's `accept_binary`, and that it is no obniz.py.
    """
    if "obnizpy" in request.query:
        return Tongue(variant=PYTHON)
    if face.replies == BINARY and takes_binary(request):
        return frames_of(hw)
    return Tongue(TEXT)


def frames_of(hw: str) -> Tongue:
    """Return the tongue of a program that takes frames from this hardware."""
    return Tongue(BINARY, VOLTS_AS_TEXT if hw == OWN_SCALE_HW else "")


def takes_binary(request: Request) -> bool:
    """Say whether a program has said that it takes binary frames (section 1.1)."""
    return request.query.get("accept_binary") == "true"


def _mended(happening: Happening) -> Happening:
    if isinstance(happening, PinFailed):
        # obniz.py cannot print a pin's error (section 4: its format is broken), but any other.
        return BoardFailed(f"io{happening.pin}: {happening.message}")
    return happening


def rendered(channel: Channel, happening: Happening) -> str | bytes | None:
    """Return the message of what a board tells for every program of a channel; None when it means nothing to them."""
    tongue = Tongue(channel.encoding, channel.variant)
    happenings = tongue.heard(happening.happenings if isinstance(happening, Batch) else (happening,))
    framed = tongue.framed(happenings)
    if framed is not None:
        return framed
    objects = [told for one in happenings if (told := answers.told(one)) is not None]
    return answers.array(objects) if objects else None
