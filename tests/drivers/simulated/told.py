"""What a simulated device tells while a paper clock runs, second by second."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from inspect import isawaitable

import pytest
from hypothesis import settings

from hardwire.contracts.driver import Driver
from hardwire.model.command import Command, Reply
from hardwire.model.device import Device
from hardwire.model.fact import Fact, Sample
from hardwire.model.value import Value
from tests.fakes.paper_feed import PaperFeed

unhurried = settings(deadline=None)
"""For properties of what is built slowly at first, or on a busy machine."""


@asynccontextmanager
async def running(driver: Driver, feed: PaperFeed) -> AsyncIterator[None]:
    """Let a driver run while the body lasts."""
    task = asyncio.create_task(driver.run(feed))
    await feed.settle()
    yield
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def told_in(seconds: float, driver: Driver, feed: PaperFeed) -> list[Sample]:
    """Return all that a driver tells in so many seconds."""
    async with running(driver, feed):
        await feed.until(feed.now() + timedelta(seconds=seconds))
    return feed.samples


async def executed(driver: Driver, device: str, command: Command) -> Reply:
    """Return a driver's reply, which may have to be waited for."""
    reply = driver.execute(device, command)
    return await reply if isawaitable(reply) else reply


def number(value: Value) -> float:
    """Return a value that is a number."""
    assert isinstance(value, int | float)
    assert not isinstance(value, bool)
    return value


def newest(feed: PaperFeed, device: str, name: str) -> Value:
    """Return what a device told last of a point."""
    return next(
        sample.values[name] for sample in reversed(feed.samples) if sample.device == device and name in sample.values
    )


class SharedFeed(PaperFeed):
    """A paper hub with several drivers: what one tells, the others can read."""

    def publish(self, fact: Fact) -> None:
        """Write it down, and let everybody know."""
        super().publish(fact)
        self.hear(fact)

    def declare(self, device: Device) -> None:
        """Write it down, and let everybody know."""
        super().declare(device)
        self.meet(device)
