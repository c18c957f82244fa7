"""What transcripts of numbered streams say of the hub: what it has sent, what memory and the store have of it."""

from collections.abc import Sequence

from hardwire.dialects.ezeio.wire import log_message
from hardwire.model.history import Export
from tests.dialects.ezeio.premises import START, House

EPOCH = 1790000000


def export(number: int, level: float, *, epoch: int = EPOCH, device: str = "tank", flow: float = 8.0) -> Export:
    """Return a LOGDATA message of a unit as it was sent."""
    serial = {"tank": "ABC-123", "meter": "GRD-001"}.get(device, "XYZ-900")
    message = log_message(123, serial, START.replace(hour=11, minute=59, second=number % 60), 0, {1: level, 2: flow})
    return Export("demo", epoch, number, device, START, message)


def remember(house: House, newest: int, *exports: Export) -> None:
    """Let the newest number be this one, and memory hold these messages, which end with it."""
    forgotten = exports[0].number - 1 if exports else newest

    def after(account: str, place: tuple[int, int]) -> Sequence[Export] | None:
        if place < (EPOCH, forgotten):
            return None
        return [one for one in exports if (one.epoch, one.number) > place]

    house.premises.last_export = lambda account: (EPOCH, newest)
    house.premises.exports_after = after
