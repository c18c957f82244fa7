"""What goes between the board and its Lua program: how much it may do, what it tells."""

from msgspec import Struct


class Budget(Struct, frozen=True):
    """How much a program may do in one turn, whichever is used up first."""

    instructions: int
    cpu_s: float
    """CPU time of the whole hub, all its threads together: the only clock that Lua has."""


class Told(Struct, frozen=True):
    """One thing that a program told, in its order: bytes, a line of its log, the end of a call, a wait."""

    kind: str
    """`send`, `frame`, `frame end`, `log`, `ask`, `wait`, `returned` or `raised`."""
    number: int | None = None
    """The frame, the token of what is waited for, or the call; None for an error that belongs to no call."""
    octets: bytes = b""
    """What is sent, logged, asked, returned, or what went wrong."""
    amount: int = 0
    """The bytes of a frame; how long is waited, in ms."""
