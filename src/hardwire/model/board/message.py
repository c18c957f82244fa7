"""Messages between the programs of boards; no board ever sees them."""

from hardwire.model.fact import Happening


class MessageReceived(Happening, frozen=True):
    """A program sent something to every program of this board.

    `payload_json` is any JSON value, valid and verbatim. `sender` is the address of the sending program's
    board, None when it came by HTTP (obniz reference, section 3.14).
    """

    payload_json: str
    sender: str | None
