"""One family of commands in both encodings and both directions: what a further family has to bring."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from msgspec import Struct, field, json

from hardwire.dialects.obniz.wire.shape import Misfit
from hardwire.model.command import Command
from hardwire.model.fact import Happening

# One message may hold 300,000 bad commands; nobody reads that many warnings, and none should be sent.
WARNINGS_PER_MESSAGE = 100
# obniz.js sends everything that is issued in one turn as one message: a few thousand commands at most. A message
# of 1 MiB could hold 350,000, which would wait in the hub's memory while the board is held by a `wait`.
COMMANDS_PER_MESSAGE = 10_000


class Findings(Struct):
    """What was understood of one message, and what was not."""

    wishes: list[tuple[str, Command]] = field(default_factory=list)
    """Each command with the key that it came under, in order."""
    warnings: list[str] = field(default_factory=list)
    """One sentence for each object that was not understood, with its path in brackets."""
    unsaid: int = 0
    """How many more warnings there would be."""
    error: str = ""
    """Why the message, or its rest, could not be read at all."""

    @property
    def has_trouble(self) -> bool:
        """Whether anything was not understood."""
        return bool(self.warnings or self.error)

    def cut(self) -> bool:
        """Drop what is more than one message may hold, good and bad; True when there was something to drop."""
        if len(self.wishes) + len(self.warnings) + self.unsaid <= COMMANDS_PER_MESSAGE:
            return False
        del self.wishes[COMMANDS_PER_MESSAGE:]
        self.error = f"one message may hold {COMMANDS_PER_MESSAGE} commands; the rest was dropped"
        return True

    def warn(self, warning: str) -> None:
        """Keep a warning, or count it when there are too many."""
        if len(self.warnings) < WARNINGS_PER_MESSAGE:
            self.warnings.append(warning)
        else:
            self.unsaid += 1


TextDecoder: TypeAlias = Callable[[int, Any], Sequence[Command]]  # Any: JSON
"""Make commands of the number in a key (`io3`: 3; 0 where there is none) and the value under it; may raise Misfit."""
FrameDecoder: TypeAlias = Callable[[bytes], Sequence[Command]]
"""Make commands of the payload of a frame; may raise Misfit."""
TextReader: TypeAlias = Callable[[int, Any], Sequence[Happening]]  # Any: JSON
"""Make happenings of the number in a key and the value that a board tells under it; may raise Misfit."""
FrameReader: TypeAlias = Callable[[bytes], Sequence[Happening]]
"""Make happenings of the payload of a frame that a board tells; may raise Misfit."""
Form: TypeAlias = tuple[str, Callable[[int, Mapping[str, Any]], Sequence[Command]]]  # Any: JSON
"""A field that makes its object a command, and how: number in the key, all fields of the object."""


class MixedError(Exception):
    """Parts of an object are no commands; `commands` are those that are."""

    def __init__(self, misfits: Sequence[Misfit], commands: Sequence[Command]) -> None:
        super().__init__()
        self.misfits = misfits
        self.commands = commands


Written: TypeAlias = dict[str, Any]  # Any: JSON
"""One object of the JSON encoding: `{"io3": True}`."""


class Family(Struct, frozen=True, kw_only=True):
    """A top-level key of the JSON encoding and a module of the binary one, in both directions.

    Programs send requests to a board; boards answer and tell happenings.
    """

    name: str
    keys: int | None = None
    """How many numbered keys there are (40: `io0` to `io39`); None for the bare name."""
    module: int | None = None
    """Its number in binary frames; None for a family that has text only."""

    decode: TextDecoder
    """Reads the JSON of a request."""
    functions: Mapping[int, FrameDecoder] = {}
    """Function number -> reads the payload of a request's frame."""
    requests: Mapping[type[Command], Callable[[Any], Written]] = {}  # Any: the command of that type
    """How its commands are written as one JSON object."""
    framed_requests: Mapping[type[Command], Callable[[Any], bytes | None]] = {}  # Any: as above
    """How its commands are written as frames, header included; None where this one has no binary form."""

    answers: Mapping[type[Happening], Callable[[Any], str]] = {}  # Any: the happening of that type
    """How its happenings are written as one JSON object: text, since this is what goes out to many."""
    framed_answers: Mapping[type[Happening], Callable[[Any], bytes | None]] = {}  # Any: as above
    """How its happenings are written as frames, header included; None where this one has no binary form."""
    reports: TextReader | None = None
    """Reads the JSON of what a board tells (number in the key, value under it); may raise Misfit."""
    framed_reports: Mapping[int, FrameReader] = {}
    """Function number -> reads the payload of a frame that a board tells; may raise Misfit."""


def unknown_command() -> Misfit:
    """Say that a value is no command of its family, in the vendor's words (obniz reference, section 4)."""
    return Misfit("unknown command")


def quoted(text: str) -> str:
    """Return a text as a JSON string."""
    return json.encode(text).decode()


def listed(octets: bytes) -> str:
    """Return bytes as a JSON array of numbers."""
    return json.encode([*octets]).decode()


def by_forms(number: int, value: Any, forms: Sequence[Form]) -> Sequence[Command]:  # Any: JSON
    """Make every command that an object holds, in the order of `forms` (obniz reference, section 2: clear, then text).

    Raises:
        Misfit: the value is no object, or holds no command.
        MixedError: it holds a bad command, perhaps beside good ones.
    """
    if type(value) is not dict:
        raise unknown_command()
    commands: list[Command] = []
    misfits: list[Misfit] = []
    is_known = False
    for name, make in forms:
        if name in value:
            is_known = True
            try:
                commands += make(number, value)
            except Misfit as misfit:
                misfits.append(misfit)
            except MixedError as mixed:
                misfits += mixed.misfits
                commands += mixed.commands
    if misfits:
        raise MixedError(misfits, commands)
    if not is_known:
        raise unknown_command()
    return commands


def sized(payload: bytes, size_bytes: int) -> bytes:
    """Return a payload that has the size its function needs.

    Raises:
        Misfit: it has another.
    """
    if len(payload) != size_bytes:
        raise Misfit(f"{size_bytes} bytes are needed, not {len(payload)}")
    return payload
