"""The commands that wait for a logger, until it has confirmed each of them."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec import Struct

from hardwire.drivers.ingest.batch import Number, Wish
from hardwire.model import unit
from hardwire.model.errors import DeviceError

# A logger that fetches nothing for long; whoever asks for more is told so.
WISHES_LIMIT = 100
# Who opened a valve does not want it to open days later, when a logger comes back; the hub gives its order up by then.
LIFE_S = 24 * 3600

_OUTPUTS = {unit.output_name(number): number for number in range(1, unit.OUTPUTS + 1)}


class Waiting(Struct, frozen=True):
    """One command of a client: all its writes, or none for a flush."""

    id: str
    writes: dict[str, Number]
    asked_s: int
    """When, in seconds since 1970 UTC."""
    open: tuple[str, ...]
    """The parts that are not confirmed yet."""
    has_failed: bool = False

    @property
    def parts(self) -> Sequence[str]:
        """The ids under which the logger knows it: one for each write."""
        return (self.id,) if len(self.writes) < 2 else tuple(f"{self.id}.{n}" for n in range(1, len(self.writes) + 1))


class Ended(Struct, frozen=True):
    """A command of which every part is confirmed."""

    id: str
    is_done: bool
    writes: Mapping[str, Number] = {}
    """What it wrote, where it is done."""


FLUSH: Sequence[tuple[str, Number | None]] = (("", None),)
"""What a command without writes asks for."""

_decoder = msgspec.json.Decoder(list[Waiting])


class Wishes:
    """What one logger is to do. Each change gives a new list; it counts once it was kept."""

    def __init__(self, waiting: Iterable[Waiting] = ()) -> None:
        self._waiting = tuple(waiting)

    @classmethod
    def recalled(cls, text: str) -> "Wishes":
        """Return what an earlier run kept; empty where it cannot be read."""
        try:
            return cls(_decoder.decode(text)) if text else cls()
        except msgspec.MsgspecError:
            return cls()

    def __bool__(self) -> bool:
        """Whether any waits."""
        return bool(self._waiting)

    def text(self) -> str:
        """Return them as they are kept."""
        return msgspec.json.encode(self._waiting).decode()

    def asked(self, id: str, writes: Mapping[str, Number], now_s: int) -> "Wishes":
        """Return them with one more. Raises DeviceError with code `busy` where too many wait already."""
        if len(self._waiting) >= WISHES_LIMIT:
            raise DeviceError(
                f"{WISHES_LIMIT} commands wait for the logger, which fetches none: try again later", code="busy"
            )
        one = Waiting(id, dict(writes), now_s, ())
        return Wishes((*self._waiting, msgspec.structs.replace(one, open=tuple(one.parts))))

    def confirmed(self, done: Iterable[str], failed: Iterable[str], now_s: int) -> tuple["Wishes", Sequence[Ended]]:
        """Return what still waits, and what has ended; the id of a whole command stands for all its parts.

        Ids that nobody knows were confirmed before. What has waited too long has failed.
        """
        done, failed = set(done), set(failed)
        waiting: list[Waiting] = []
        ended: list[Ended] = []
        for one in self._waiting:
            is_late = now_s - one.asked_s > LIFE_S and one.id not in done
            is_whole = is_late or one.id in done or one.id in failed
            left = () if is_whole else tuple(part for part in one.open if part not in done and part not in failed)
            has_failed = is_late or one.has_failed or one.id in failed or any(part in failed for part in one.open)
            if left:
                waiting.append(msgspec.structs.replace(one, open=left, has_failed=has_failed))
            else:
                ended.append(Ended(one.id, not has_failed, {} if has_failed else one.writes))
        return Wishes(waiting), ended

    def told(self, numbers: Mapping[str, int], now_s: int) -> Sequence[Wish]:
        """Return what the logger is told, the oldest first; `numbers` are those of its fields."""
        return [
            _told(part, point, value, numbers)
            for one in self._waiting
            for part, (point, value) in zip(one.parts, one.writes.items() or FLUSH, strict=True)
            if part in one.open and now_s - one.asked_s <= LIFE_S
        ]


def _told(id: str, point: str, value: Number | None, numbers: Mapping[str, int]) -> Wish:
    if value is None:
        return Wish(id=id, is_flush=True)
    if point in _OUTPUTS:
        return Wish(id=id, output=_OUTPUTS[point], value=value)
    register = unit.register_of(point)
    if register is not None:
        return Wish(id=id, register=register, value=value)
    return Wish(id=id, field=numbers.get(point), name=point, value=value)
