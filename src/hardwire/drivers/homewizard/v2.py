"""The v2 API of a device: one WebSocket that tells, and requests beside it.

Source: HomeWizard reference, section 3.
"""

import asyncio
from collections.abc import Mapping

import aiohttp
from aiohttp import WSMsgType

from hardwire.drivers.homewizard.calls import Calls, failures
from hardwire.drivers.homewizard.freshness import Freshness
from hardwire.drivers.homewizard.link import checked, has_telegram, meet, telegram_of, told_odd, unauthorized
from hardwire.drivers.homewizard.measurement import measurement_of
from hardwire.drivers.homewizard.pace import UNAUTHORIZED, Pace
from hardwire.drivers.homewizard.settings import Settings
from hardwire.drivers.homewizard.settings_told import batteries_told, system_network, system_settings
from hardwire.drivers.homewizard.teller import Teller
from hardwire.drivers.homewizard.wire import Table, UnreadableError, identity_of, message, push_of, push_refusal
from hardwire.drivers.homewizard.writes import V2
from hardwire.model.errors import DeviceError

USER_UNAUTHORIZED = "user:unauthorized"
# A meter tells once a second, and a handful of topics beside it. A device gone wild is read no faster than this.
MESSAGES_A_SECOND = 25
# A measurement has one to four kilobytes. What is longer costs as many messages as would hold it.
MESSAGE_BYTES = 16 * 1024


class V2Link:
    """One connection over the v2 API."""

    paths: Mapping[str, Mapping[str, str]] = V2
    identify = "/api/system/identify"
    reboot = "/api/system/reboot"

    def __init__(self, calls: Calls, teller: Teller, freshness: Freshness, settings: Settings, pace: Pace) -> None:
        self._calls = calls
        self._teller = teller
        self._freshness = freshness
        self._settings = settings
        self._pace = pace
        self._topics = ["measurement", "system", "device"]
        self._ponged = asyncio.Event()
        self._told = asyncio.Event()
        self._opened = asyncio.Event()

    @property
    def is_open(self) -> bool:
        """Whether the device has taken the token."""
        return self._opened.is_set()

    async def run(self) -> None:
        """Ask who it is and what is set, then listen until the connection fails."""
        await meet(self._calls, self._teller, self._settings.identifier)
        await self.written("/api/system", checked(await self._calls.get("/api/system")))
        batteries = await self._calls.get("/api/batteries")
        # A product without batteries, and firmware before API 2.1.0, has no such path.
        if batteries.status == 200:
            await self.written("/api/batteries", checked(batteries))
            self._topics.append("batteries")
        async with self._calls.socket("/api/ws") as socket:
            try:
                await self._converse(socket)
            except BaseExceptionGroup as several:
                failed, faults = several.split(DeviceError)
                if failed is None or faults is not None:
                    raise
                raise _first(failed) from None

    async def written(self, path: str, answer: Table) -> None:
        """Tell the full object that answers a write."""
        if path == "/api/batteries":
            self._teller.told(batteries_told(answer, self._teller.mode_before))
        else:
            self._teller.told(system_settings(answer))
            self._teller.ride_along(system_network(answer))

    async def _converse(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._freshness.connected()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen(socket))
            await self._let_in()
            group.create_task(self._ping(socket))
            group.create_task(self._miss())
            group.create_task(self._ask_again(socket))
            if self._settings.telegram_interval_s and has_telegram(self._teller.product_type):
                group.create_task(self._fetch_telegrams())

    async def _let_in(self) -> None:
        try:
            async with asyncio.timeout(self._pace.answer_s):
                await self._opened.wait()
        except TimeoutError:
            raise DeviceError("The device does not answer on its socket.") from None

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        loop = asyncio.get_running_loop()
        second, count = loop.time(), 0
        while True:
            with failures():
                frame = await socket.receive()
            match frame.type:
                case WSMsgType.TEXT | WSMsgType.BINARY:
                    await self._take(socket, frame.data)
                case WSMsgType.PING:
                    with failures():
                        await socket.pong(frame.data)
                case WSMsgType.PONG:
                    self._ponged.set()
                case _:
                    raise _closed(frame)
            now = loop.time()
            cost = 1 + len(frame.data or "") // MESSAGE_BYTES
            second, count = (now, cost) if now - second >= 1 else (second, count + cost)
            if count >= MESSAGES_A_SECOND:
                await asyncio.sleep(1 - (now - second))

    async def _take(self, socket: aiohttp.ClientWebSocketResponse, octets: str | bytes) -> None:
        """Take one message; what is wrong with it is counted, and the conversation goes on."""
        try:
            push = push_of(octets)
            match push.type:
                case "authorization_requested":
                    await self._send(socket, message("authorization", self._settings.token))
                case "authorized":
                    self._opened.set()
                    for topic in self._topics:
                        await self._send(socket, message("subscribe", topic))
                case "error":
                    self._refused(push_refusal(push.data))
                case "measurement" | "system" | "batteries" | "device":
                    if not isinstance(push.data, dict):
                        raise UnreadableError(f"The device sends a message {push.type} without an object.")
                    await self._hear(push.type, push.data)
        except UnreadableError as error:
            self._teller.trouble(error.code, error.message)

    async def _hear(self, topic: str, read: Table) -> None:
        match topic:
            case "measurement":
                told, odd = measurement_of(read)
                told_odd(self._teller, odd)
                if not told.is_empty and self._freshness.is_news(told):
                    self._told.set()
                    self._teller.measured(told)
            case "device":
                self._teller.identified(identity_of(read))
            case _:
                await self.written(f"/api/{topic}", read)

    def _refused(self, code: str) -> None:
        if code == USER_UNAUTHORIZED:
            raise unauthorized()
        told = f"The device refuses a message: {code or 'it does not say why'}."
        if not self.is_open:
            raise DeviceError(told)
        self._teller.trouble("refused", told)

    async def _ping(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Find out when the other end is gone without a word."""
        while True:
            await asyncio.sleep(self._pace.ping_every_s)
            self._ponged.clear()
            try:
                async with asyncio.timeout(self._pace.pong_within_s):
                    with failures():
                        await socket.ping()
                    await self._ponged.wait()
            except TimeoutError:
                raise DeviceError("The device answers no ping any more.") from None

    async def _miss(self) -> None:
        """Find out when the other end answers pings and tells nothing: its firmware hangs, or its meter is gone."""
        while True:
            self._told.clear()
            try:
                async with asyncio.timeout(self._settings.stale_after_s * self._pace.silence_factor):
                    await self._told.wait()
            except TimeoutError:
                raise DeviceError("The device's socket stands, and brings no new measurement.") from None

    async def _ask_again(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Ask for what the device does not push: its network and uptime, the power of its batteries."""
        while True:
            await asyncio.sleep(self._pace.settings_every_s)
            for topic in self._topics:
                if topic in ("system", "batteries"):
                    await self._send(socket, message(topic))

    async def _fetch_telegrams(self) -> None:
        while True:
            try:
                answer = await self._calls.get("/api/telegram")
            except DeviceError as error:
                # Whether the device is there is the socket's to say.
                self._teller.trouble("telegram", error.message)
            else:
                if answer.status == 401:
                    raise unauthorized()
                if answer.status == 404:
                    return
                if (telegram := telegram_of(answer, self._teller)) is not None:
                    self._teller.ride_along({"telegram": telegram})
            await asyncio.sleep(self._settings.telegram_interval_s)

    async def _send(self, socket: aiohttp.ClientWebSocketResponse, text: str) -> None:
        with failures():
            async with asyncio.timeout(self._pace.answer_s):
                await socket.send_str(text)


def _closed(frame: aiohttp.WSMessage) -> DeviceError:
    """Return why a socket ended."""
    if frame.type is WSMsgType.CLOSE and frame.extra == USER_UNAUTHORIZED:
        return unauthorized()
    if frame.type is WSMsgType.ERROR:
        return DeviceError("The device breaks the rules of WebSockets, or sends more than 1 MiB at once.")
    return DeviceError("The device closed its socket.")


def _first(several: BaseExceptionGroup[DeviceError]) -> DeviceError:
    """Return the error to tell: one that somebody has to act on, else the first."""
    found = [error for error in several.exceptions if isinstance(error, DeviceError)]
    return next((error for error in found if error.code == UNAUTHORIZED), found[0])
