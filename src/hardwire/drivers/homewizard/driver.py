"""One HomeWizard device on the network: the hub is its one client, whoever reads the hub."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress

from hardwire.contracts.driver import Feed
from hardwire.drivers.homewizard.calls import Calls, Upstream, calls_to
from hardwire.drivers.homewizard.freshness import Freshness
from hardwire.drivers.homewizard.instants import zone_of
from hardwire.drivers.homewizard.link import Link
from hardwire.drivers.homewizard.pace import BackOff, Pace
from hardwire.drivers.homewizard.settings import HTTP_PORT, HTTPS_PORT, Settings, address_of, check
from hardwire.drivers.homewizard.teller import Teller
from hardwire.drivers.homewizard.trust import trust_of
from hardwire.drivers.homewizard.v1 import V1Link
from hardwire.drivers.homewizard.v2 import V2Link
from hardwire.drivers.homewizard.wire import refusal_of, table_of
from hardwire.drivers.homewizard.writes import KEPT_HERE, Put, puts, refusal
from hardwire.model.command import Command, Done, Failed, Identify, Reboot, Reply, WritePoints
from hardwire.model.device import Device
from hardwire.model.errors import BadValueError, CallerError, DeviceError, HardwireError


class HomeWizardDevice:
    """The driver of one HomeWizard device."""

    def __init__(
        self,
        id: str,
        group: str,
        timezone: str,
        settings: Settings,
        *,
        pace: Pace = Pace(),  # noqa: B008 (it is frozen)
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.SystemRandom().random,  # noqa: B008 (it has no state)
    ) -> None:
        """Build the driver; `pace`, `pause` and `chance` are real ones unless given.

        Raises:
            BadValueError: a setting is wrong; `path` names it.
        """
        check(settings)
        self._upstream = _upstream(settings, pace)
        self._settings = settings
        self._pace = pace
        self._pause = pause
        self._chance = chance
        self._freshness = Freshness()
        self._teller = Teller(
            Device(
                id=id,
                kind="meter",
                group=group,
                timezone=zone_of(timezone),
                stale_after_s=settings.stale_after_s,
            ),
            pause,
        )
        self._connected: tuple[Calls, Link] | None = None
        self.devices: tuple[Device, ...] = self._teller.devices

    async def run(self, feed: Feed) -> None:
        """Be the device's client until cancelled; a connection that fails is made again after growing pauses."""
        self._teller.meet(feed)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._teller.watch())
            group.create_task(self._keep_connected())

    async def execute(self, device: str, command: Command) -> Reply:
        """Pass a command on to the device; what hangs behind it takes none."""
        own_id = self.devices[0].id
        if device != own_id or not isinstance(command, WritePoints | Identify | Reboot):
            return Failed(CallerError(f"{device} takes no such command.", code="unsupported"))
        if self._connected is None:
            return Failed(DeviceError(f"{own_id} is not connected now; try again later."))
        calls, link = self._connected
        try:
            if isinstance(command, WritePoints):
                await self._write(command, calls, link)
            else:
                path = link.identify if isinstance(command, Identify) else link.reboot
                await self._put(Put(path, {}, {}), calls)
        except HardwireError as error:
            return Failed(error)
        return Done()

    def interest(self, device: str, topic: str, *, is_watched: bool) -> None:
        """Ignore: the device tells all the time, so that the first who asks has an answer."""

    async def _keep_connected(self) -> None:
        loop = asyncio.get_running_loop()
        back_off = BackOff(self._pace, self._chance)
        while True:
            began_s = loop.time()
            async with calls_to(self._upstream) as calls:
                link = self._link(calls)
                self._connected = (calls, link)
                failure = DeviceError("The connection ended.")
                try:
                    await link.run()
                except DeviceError as error:
                    failure = error
                finally:
                    self._connected = None
            self._teller.failed(failure)
            await self._pause(back_off.after(failure, loop.time() - began_s, was_open=link.is_open))

    def _link(self, calls: Calls) -> Link:
        make = V2Link if self._settings.token else V1Link
        return make(calls, self._teller, self._freshness, self._settings, self._pace)

    async def _write(self, command: WritePoints, calls: Calls, link: Link) -> None:
        """Send the requests of a write, one after the other, and tell what each is answered with.

        The device has no write of several paths at once: where a later one fails, the earlier stay carried out, and
        the error says so. All of them are checked before the first is sent.
        """
        values = {name: value for name, value in command.values.items() if name not in KEPT_HERE}
        requests = puts(values, link.paths, self._teller.writable)
        for no, request in enumerate(requests):
            try:
                answer = await self._put(request, calls)
            except HardwireError as error:
                raise _told_with(error, [name for done in requests[:no] for name in done.points.values()]) from error
            # That the write was done is true even where what it was answered with cannot be read.
            with suppress(DeviceError):
                await link.written(request.path, table_of(answer))
        self._teller.told({name: value for name, value in command.values.items() if name in KEPT_HERE})

    async def _put(self, request: Put, calls: Calls) -> bytes:
        if not request.path:
            raise CallerError("The device does not have that.", code="unsupported")
        answer = await calls.put(request.path, request.body or None)
        if answer.status in (200, 204):
            return answer.body
        raise refusal(answer.status, refusal_of(answer.body), request)


def _upstream(settings: Settings, pace: Pace) -> Upstream:
    address = address_of(settings.host)
    if settings.token:
        return Upstream(
            origin=address.url("https", HTTPS_PORT),
            trust=trust_of(settings),
            server_name=settings.identifier or None,
            token=settings.token,
            answer_s=pace.answer_s,
        )
    for name in ("fingerprint", "ca"):
        if getattr(settings, name):
            raise BadValueError(
                f"{name} is for the v2 API, which needs a `token` too: run `hardwire pair {settings.host}`.", path=name
            )
    return Upstream(origin=address.url("http", HTTP_PORT), answer_s=pace.answer_s)


def _told_with(error: HardwireError, done: list[str]) -> HardwireError:
    """Return the error of a later request with what the earlier ones have written."""
    if not done:
        return error
    return type(error)(f"{error.message} Written before it: {', '.join(done)}.", code=error.code, path=error.path)
