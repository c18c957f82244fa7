"""What of a unit's messages a stream carries: which fields, and whether each message has its number."""

from collections.abc import Collection
from functools import lru_cache

from msgspec import Struct

from hardwire.contracts.house import House

_NUMBERED = "seq"


class Selection(Struct, frozen=True):
    """The part of a channel's key that its bytes depend on beside unit, log and account."""

    is_numbered: bool = False
    fields: tuple[int, ...] = ()
    """The field numbers wanted; empty means all."""
    tags: tuple[str, ...] = ()
    """The asset tags wanted, in any case; empty means all. A field has to be among both."""

    @property
    def variant(self) -> str:
        """Return it as a channel's variant; that of the plain stream is empty. `selection_of` reads it."""
        lines = [_NUMBERED] if self.is_numbered else []
        lines += [f"fields={','.join(map(str, self.fields))}"] if self.fields else []
        lines += [f"tag={tag}" for tag in self.tags]
        return "\n".join(lines)

    @property
    def is_whole(self) -> bool:
        """Whether it carries all fields."""
        return not self.fields and not self.tags

    def allowed(self, house: House, device: str) -> Collection[int] | None:
        """Return the numbers of a device's fields that are wanted; None means whichever it has."""
        if not self.tags:
            return self.fields or None
        known = house.device(device)
        numbers = house.field_numbers(device)
        points = () if known is None else known.points
        wanted = {tag.lower() for tag in self.tags}
        tagged = {numbers[point.name] for point in points if point.tag.lower() in wanted and point.name in numbers}
        return tagged.intersection(self.fields) if self.fields else tagged


WHOLE = Selection()
"""All fields, no numbers: the plain stream."""


@lru_cache(maxsize=1024)
def selection_of(variant: str) -> Selection:
    """Return what a channel's variant says."""
    lines = variant.split("\n")
    texts = [line.removeprefix("fields=") for line in lines if line.startswith("fields=")]
    return Selection(
        is_numbered=_NUMBERED in lines,
        fields=tuple(int(number) for text in texts for number in text.split(",")),
        tags=tuple(line.removeprefix("tag=") for line in lines if line.startswith("tag=")),
    )
