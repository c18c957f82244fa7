"""What functions of the virtual board need around them, on paper."""

from collections.abc import Sequence

from hardwire.drivers.simulated.board.function import Aside, Outcome
from hardwire.drivers.simulated.board.instants import unix_us
from hardwire.model.fact import Happening
from tests.fakes.paper_feed import NOON

NOON_US = unix_us(NOON)


def settled(outcome: Outcome, now_us: int = NOON_US) -> Sequence[Happening]:
    """Return the one-shot answers of a command, whose work aside is done here and now."""
    if isinstance(outcome, Aside):
        return outcome.work()(now_us)
    assert isinstance(outcome, Sequence)
    return outcome
