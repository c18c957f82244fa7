"""One conversation as a pure state machine: messages and time in, acts out."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol, TypeAlias

from msgspec import Struct

from hardwire.contracts.act import Act
from hardwire.contracts.question import Answer
from hardwire.model.command import Reply


class Upgrade(Struct, frozen=True):
    """End a one-shot session by turning the request into a WebSocket that `session` holds."""

    session: "Session"
    limit_bytes: int | None = None
    """The longest message this socket takes; None means the dialect's own limit."""
    protocol: str | None = None
    """The sub-protocol to agree to, one that the client has asked for: many clients go without an answer to that."""
    headers: Mapping[str, str] = {}
    """Further headers of the answer to the handshake."""
    device: str | None = None
    """The device that the conversation is with, where it is with one: its owner is shown which."""
    shown_path: str | None = None
    """What its owner is shown in place of the request's path, where that holds a secret."""
    tolerates_unmasked: bool = False
    """Whether control frames without a mask are borne: RFC 6455 forbids them; a documented client sends pongs so."""


Acts: TypeAlias = Iterable[Act | Upgrade]


class Session(Protocol):
    """A conversation with one client. It opens nothing, sleeps never and reads no clock.

    Every method is given `now` (aware UTC) and gives back acts, which the carrier performs in order.
    A one-shot session (REST) gets no `receive` and ends in exactly one `Respond` or `Upgrade`.
    """

    def open(self, now: datetime) -> Acts:
        """Begin: the socket stands, or the request has been read."""
        ...

    def receive(self, message: str | bytes, now: datetime) -> Acts:
        """Take one message: `str` from a text frame (valid UTF-8), `bytes` from a binary frame."""
        ...

    def reply(self, tag: int, answer: Reply | Answer, now: datetime) -> Acts:
        """Take the answer to the `Execute` or `Ask` with that tag."""
        ...

    def notice(self, topic: str, message: str, now: datetime) -> Acts:
        """Take a notice of a topic that this session listens to."""
        ...

    def tick(self, now: datetime) -> Acts:
        """The time of the last `WakeAt` has come."""
        ...

    def closed(self, now: datetime) -> Acts:
        """The socket is gone. Watches and listenings end by themselves; Send and Close are ignored here."""
        ...
