"""How a part of the controller answers a command of HCI at once; what follows later it tells by itself."""

from collections.abc import Callable

from msgspec import Struct

from hardwire.drivers.simulated.board.ble.hci import Status

Given = tuple[Status, bytes]
"""How the command ended, and what it returns beside that."""


class Answer(Struct, frozen=True):
    """The answer to one command; the arguments of `give` are its parameters and the time."""

    needs_bytes: int
    """How many bytes of parameters it has at least."""
    give: Callable[[bytes, int], Given]
    is_begun: bool = False
    """Whether the answer is Command Status: it is over when an event says so. Else it is Command Complete."""
