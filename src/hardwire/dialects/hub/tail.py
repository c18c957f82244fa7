"""A socket that shows what one device tells, as it tells it."""

from datetime import datetime

from hardwire.contracts.act import Bear, Close, Watch
from hardwire.contracts.question import Answer
from hardwire.contracts.session import Acts
from hardwire.model.access import Caller
from hardwire.model.channel import Channel
from hardwire.model.command import Reply

TOPIC = "facts"


class Tail:
    """A conversation in which only the hub speaks."""

    def __init__(self, device: str, caller: Caller) -> None:
        """`caller` asked for it: the tail ends with the credential that was shown."""
        self._device = device
        self._caller = caller

    def open(self, now: datetime) -> Acts:
        """Show what is told from now on."""
        yield Bear(self._caller)
        yield Watch(Channel("hub", self._device, TOPIC))

    def receive(self, message: str | bytes, now: datetime) -> Acts:
        """Whoever speaks here is in the wrong place."""
        yield Close(1008, "this socket only shows; it takes no messages")

    def reply(self, tag: int, answer: Reply | Answer, now: datetime) -> Acts:
        """It asks nothing."""
        return ()

    def notice(self, topic: str, message: str, now: datetime) -> Acts:
        """It listens to nothing."""
        return ()

    def tick(self, now: datetime) -> Acts:
        """It wants no wake-up."""
        return ()

    def closed(self, now: datetime) -> Acts:
        """Nothing is left to do."""
        return ()
