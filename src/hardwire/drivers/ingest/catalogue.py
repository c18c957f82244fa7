"""The fields of one logger: what it calls them, what they are called here, which may still come."""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from msgspec import Struct

from hardwire.drivers.ingest.settings import DEFAULT_LOG_INTERVAL_S, FIELDS_LIMIT, Field, Settings
from hardwire.drivers.ingest.words import is_word
from hardwire.model import unit
from hardwire.model.point import Point

_NAME = re.compile(r"[^\W\d][\w .%°/()-]{0,63}")
_NUMBERED = re.compile(r"(?:field_)?0*([0-9]{1,3})", re.ASCII)
# What was meant is guessed for so many keys of a batch, and no longer ones: a guess takes ten milliseconds.
GUESSES = 5
GUESSED_LENGTH = 100
# A unit's words are its inputs, outputs and registers, of which it could name six thousand.
WORDS_LIMIT = 500
# Stands before the name of a field that nothing was sent for yet: only its number is taken.
_HIDDEN = "-"


class Proposal(Struct, frozen=True):
    """What unknown keys would mean."""

    names: Mapping[str, str]
    """Key -> point that is there, or would come."""
    reasons: Mapping[str, str]
    """Key -> why it means nothing."""


class Catalogue:
    """Knows the points of one logger and by which keys it may name them: numbers, names, the words of a unit."""

    def __init__(self, settings: Settings) -> None:
        self._are_fixed = settings.fields is not None
        self._fields = tuple(_point(field) for field in settings.fields or ())
        self._extras = {
            **{unit.output_name(number): unit.output_point(number) for number in settings.outputs},
            **{
                name: Point(name=name, writable=True, is_field=False)
                for name in (unit.register_name(device, register) for device, register in settings.registers)
            },
        }
        self._found: list[str] = []
        self._words: list[str] = []
        self._numbers: Mapping[str, int] = {}
        self.keys: Mapping[str, str] = {}
        """Number or name, as loggers write it -> point."""

    @property
    def found(self) -> tuple[str, ...]:
        """The fields that appeared, in the order of their numbers, to be kept and recalled."""
        return tuple(self._found)

    @property
    def words(self) -> tuple[str, ...]:
        """The words of a unit that appeared, to be kept and recalled."""
        return tuple(self._words)

    def recall(self, found: Iterable[str], words: Iterable[str]) -> None:
        """Take what appeared in earlier runs."""
        self._found = [] if self._are_fixed else list(found)
        self._words = list(words)

    def points(self, *, are_all: bool = False) -> tuple[Point, ...]:
        """Return the points; with `are_all` those too that only take a number, so that the next one is free."""
        shown = [name for name in self._found if are_all or not name.startswith(_HIDDEN)]
        appeared = (Point(name=name.removeprefix(_HIDDEN), log_interval_s=DEFAULT_LOG_INTERVAL_S) for name in shown)
        words = (Point(name=name, is_field=False) for name in self._words if name not in self._extras)
        return (*self._fields, *appeared, *self._extras.values(), *words)

    def number(self, numbers: Mapping[str, int]) -> None:
        """Learn the numbers of all fields, those of earlier settings included."""
        self._numbers = dict(numbers)
        points = self.points()
        fields = {str(numbers[point.name]): point.name for point in points if point.is_field and point.name in numbers}
        self.keys = {**fields, **{point.name: point.name for point in points}}

    def number_of(self, point: str) -> int | None:
        """Return the number of a field."""
        return self._numbers.get(point)

    def propose(self, unknown: Iterable[str]) -> Proposal:
        """Say what keys that are not among `keys` would mean; nothing changes. There may be thousands of them."""
        names: dict[str, str] = {}
        reasons: dict[str, str] = {}
        taken, words = set(self._numbers), set(self._words)
        highest, named = self._highest, 0
        for key in sorted(unknown, key=lambda key: (len(key), key)):
            meant = self._meant(key)
            if meant is None:
                reasons[key] = self._reason(key, is_guessed=len(reasons) < GUESSES)
            elif is_word(meant):
                if meant not in words and len(words) >= WORDS_LIMIT:
                    reasons[key] = f"a unit has at most {WORDS_LIMIT} inputs, outputs, registers and the like"
                    continue
                words.add(meant)
                names[key] = meant
            elif meant in taken:
                names[key] = meant
            else:
                number = _number_in(meant)
                # Fields with a number come before those with a name, which take the numbers behind them.
                greatest, others = max(highest, number or 0), named + (number is None)
                if greatest + others > FIELDS_LIMIT:
                    reasons[key] = f"a unit has at most {FIELDS_LIMIT} fields, and these are taken"
                    continue
                highest, named = greatest, others
                taken.add(meant)
                names[key] = meant
        return Proposal(names, reasons)

    def adopt(self, names: Iterable[str]) -> None:
        """Take points in that appeared; call `number` once the hub has numbered `points(are_all=True)`."""
        words = set(self._words)
        for name in names:
            if is_word(name):
                if name not in words:
                    self._words.append(name)
                    words.add(name)
                continue
            number = _number_in(name)
            hidden = _HIDDEN + name
            if hidden in self._found:
                self._found[self._found.index(hidden)] = name
            elif name not in self._found:
                # Numbers are given in order and for ever: those below are taken on the way, each by a field of its own.
                coming = sum(1 for one in self._found if one.removeprefix(_HIDDEN) not in self._numbers)
                highest = self._highest + coming
                if number is not None and name not in self._numbers:
                    self._found += [f"{_HIDDEN}field_{below}" for below in range(highest + 1, number)]
                self._found.append(name)

    @property
    def _highest(self) -> int:
        return max(self._numbers.values(), default=0)

    def _meant(self, key: str) -> str | None:
        numbered = _NUMBERED.fullmatch(key)
        if numbered is not None:
            number = int(numbered[1])
            known = self.keys.get(str(number))
            if known is not None or self._are_fixed or not 1 <= number <= FIELDS_LIMIT:
                return known
            given = next((name for name, taken in self._numbers.items() if taken == number), None)
            # One that was passed over when a greater one was chosen is given to nobody any more.
            return f"field_{number}" if given is None and number > self._highest else given
        if is_word(key):
            return key
        return None if self._are_fixed or not _NAME.fullmatch(key) or key != key.strip() else key

    def _reason(self, key: str, *, is_guessed: bool) -> str:
        if _NUMBERED.fullmatch(key) and not self._are_fixed:
            return f"there is no field of that number, and new ones go from {self._highest + 1} to {FIELDS_LIMIT}"
        if not self._are_fixed:
            return "a field's name is 1 to 64 letters, digits, blanks and . _ - / % ( ), a letter first"
        is_guessed = is_guessed and len(key) <= GUESSED_LENGTH
        near = get_close_matches(key, self.keys, n=1, cutoff=0.5) if is_guessed else ()
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(list(self.keys)[:10]) or 'none'}"
        return f"the unit has no such field; {hint}"


def ordered(names: Iterable[str]) -> Sequence[str]:
    """Return new points in the order in which they take numbers: numbered ones first, then names as they came."""
    listed = list(dict.fromkeys(names))
    return sorted(listed, key=lambda name: _number_in(name) or FIELDS_LIMIT + 1)


def _number_in(name: str) -> int | None:
    """The number that is the name of a field that came without another."""
    found = _NUMBERED.fullmatch(name)
    return int(found[1]) if found is not None and name.startswith("field_") else None


def _point(field: Field) -> Point:
    return Point(
        name=field.name,
        label=field.label,
        unit=field.unit,
        decimals=field.decimals,
        tag=field.tag,
        log_interval_s=field.log_interval_s,
        writable=field.writable,
    )
