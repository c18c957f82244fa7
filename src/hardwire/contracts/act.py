"""What a session wants done; the only way a conversation touches the world."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeAlias

from msgspec import Struct

from hardwire.contracts.question import Question
from hardwire.model.access import Caller
from hardwire.model.channel import Channel
from hardwire.model.command import Command
from hardwire.model.fact import Fact


class Send(Struct, frozen=True):
    """Give this client one message: a text frame for `str`, a binary frame for `bytes`."""

    payload: str | bytes


class Ping(Struct, frozen=True):
    """Send a WebSocket ping; a missing pong closes nothing. The payload may not be empty: some answer no empty one."""

    payload: bytes = b"hw"


class Respond(Struct, frozen=True):
    """End a one-shot session with an HTTP answer."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = {}
    """The server adds the length of the body itself; with 204 it tells `Content-Length: 0` where that stands here."""
    close: bool = False
    """Close the connection after it (`Connection: close`)."""
    challenges: tuple[str, ...] = ()
    """Each is told in a `WWW-Authenticate` header of its own, in this order: few clients read two in one."""


class Execute(Struct, frozen=True):
    """Have the device carry out a command; the answer comes to `Session.reply` with the same tag."""

    device: str
    command: Command
    tag: int = 0


class Ask(Struct, frozen=True):
    """Ask the hub what a pure session cannot know or do; the answer comes to `Session.reply` with the same tag."""

    question: Question
    tag: int = 0


class Watch(Struct, frozen=True):
    """From now on send this client what the channel renders."""

    channel: Channel
    latest: bool = False
    """Send the channel's newest message at once too, where there is one and its source is fresh."""


class Unwatch(Struct, frozen=True):
    """Stop sending what the channel renders."""

    channel: Channel


class Latest(Struct, frozen=True):
    """Send this client the channel's newest message once; nothing when there is none or its source is stale."""

    channel: Channel


class Listen(Struct, frozen=True):
    """From now on hear the notices of a topic, by `Session.notice`."""

    topic: str


class Notify(Struct, frozen=True):
    """Tell every session that listens to the topic, on every hub of the bus."""

    topic: str
    message: str = ""


class Publish(Struct, frozen=True):
    """Publish a fact as if a device had told it (a message from board to board)."""

    fact: Fact


class Bear(Struct, frozen=True):
    """From here on act as this caller; when its credential is revoked the connection is closed."""

    caller: Caller


class WakeAt(Struct, frozen=True):
    """Call `Session.tick` at this time; a new wish replaces the old one, None takes it back."""

    at: datetime | None


class Close(Struct, frozen=True):
    """Send what is pending, then close the WebSocket with this code and reason."""

    code: int = 1000
    reason: str = ""


Act: TypeAlias = (
    Send | Ping | Respond | Execute | Ask | Watch | Unwatch | Latest | Listen | Notify | Publish | Bear | WakeAt | Close
)
