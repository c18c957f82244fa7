"""A driver made of paper: it writes down its commands and answers as it is told."""

from collections.abc import Awaitable, Callable

from hardwire.contracts.driver import Feed
from hardwire.model.command import Command, Done, Reply
from hardwire.model.device import Device

Answering = Callable[[Command], Reply | Awaitable[Reply]]


class PaperDriver:
    """`contracts.driver.Driver` on paper."""

    def __init__(self, *devices: Device, answer: Answering = lambda command: Done()) -> None:
        self.devices = devices
        self.answer = answer
        self.commands: list[Command] = []
        self.interests: list[tuple[str, str, bool]] = []

    async def run(self, feed: Feed) -> None:
        """There is nothing to do."""

    def execute(self, device: str, command: Command) -> Reply | Awaitable[Reply]:
        """Write it down, then answer as told."""
        self.commands.append(command)
        return self.answer(command)

    def interest(self, device: str, topic: str, *, is_watched: bool) -> None:
        """Write it down."""
        self.interests.append((device, topic, is_watched))
