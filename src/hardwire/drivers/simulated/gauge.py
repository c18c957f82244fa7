"""A simulated device that only tells: what it shows depends on the time alone, and it takes no writes."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

from hardwire.contracts.driver import Feed
from hardwire.drivers.simulated.telling import Sleep, Telling
from hardwire.model.command import Command, Failed, Reply
from hardwire.model.device import Device
from hardwire.model.errors import CallerError
from hardwire.model.fact import Sample
from hardwire.model.value import Value

Reading = Callable[[datetime], Mapping[str, Value]]


class Gauge:
    """The driver of such a device."""

    def __init__(self, device: Device, reading: Reading, *, sleep: Sleep = asyncio.sleep) -> None:
        """`reading` gives all that the device measures at an instant."""
        self.devices: tuple[Device, ...] = (device,)
        self._device = device.id
        self._reading = reading
        self._telling = Telling(device.id, self._tell, sleep)
        self._feed: Feed | None = None

    async def run(self, feed: Feed) -> None:
        """Tell the values of every second until cancelled."""
        self._feed = feed
        await self._telling.run(feed)

    def sample(self, now: datetime) -> Sample:
        """Return all that it shows at that instant."""
        return Sample(self._device, now, {**self._reading(now), **self._telling.presence(now)})

    def execute(self, device: str, command: Command) -> Reply:
        """Show itself or start anew; a device that only measures takes no other command."""
        done = None if self._feed is None else self._telling.execute(command, self._feed.now())
        return done or unsupported(self.devices[0], command)

    def interest(self, device: str, topic: str, *, is_watched: bool) -> None:
        """Take no notice: it tells its values whether anybody watches or not."""

    def _tell(self, feed: Feed, second: datetime) -> None:
        feed.publish(self.sample(second))


def unsupported(device: Device, command: Command) -> Failed:
    """Return the refusal of a command that a device does not know."""
    kind = device.kind.replace("_", " ")
    problem = f"a simulated {kind} does not take {type(command).__name__}; read its values instead"
    return Failed(CallerError(problem, code="unsupported"))
