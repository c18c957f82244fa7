"""What a subscription command asks for, serial by serial."""

from enum import Enum

from msgspec import Struct

from hardwire.dialects.ezeio.unit.serial import dashed

SERIALS_PER_CALL = 50
"""The documented limit (ezeio reference, section 1.5)."""


class Wish(Enum):
    """What a serial's prefix says."""

    START = "+"
    """Unbuffered updates; a unit that was cancelled on the socket comes back."""

    CANCEL = "-"
    """No more messages of the unit on this ticket's socket."""


class Order(Struct, frozen=True):
    """One wish about one unit. `serial` is None where the text is no serial; `text` is what the caller wrote."""

    wish: Wish
    serial: str | None
    text: str


def orders_of(text: str) -> tuple[Order, ...]:
    """Return the orders of a comma list such as `-ABC123,ABC124,!ABC-321`; empty parts are no orders.

    Source: ezeio reference, section 1.5: only the first character is the operator, so `-ABC-123` is clear.
    `!` is how a start was written until 2021.
    """
    return tuple(_order(part) for part in text.split(",") if part.strip())


def _order(part: str) -> Order:
    text = part.strip()
    wish = Wish.CANCEL if text.startswith("-") else Wish.START
    told = text[1:] if text[0] in "-!" else text
    # Dashes within it say nothing, wherever they stand.
    serial = None if told.startswith("-") or told.endswith("-") else dashed(told.replace("-", ""))
    return Order(wish, serial, text)
