"""The driver on real lines: a pseudo-terminal for the serial port, a TCP connection."""

import asyncio
import os
import tty
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import pytest

from hardwire.drivers.dsmr.driver import P1Meter
from hardwire.drivers.dsmr.settings import SerialLine, Settings, TcpLine
from hardwire.drivers.dsmr.sources import StreamSource, open_source
from hardwire.model.errors import DeviceError
from tests.fakes import telegrams
from tests.fakes.paper_feed import PaperFeed

WITHIN_S = 20


class Cable:
    """The meter's end of a pseudo-terminal."""

    def __init__(self, path: str, meter_end: int) -> None:
        self.path = path
        self._meter_end: int | None = meter_end

    def send(self, octets: bytes) -> None:
        """Say something as the meter."""
        assert self._meter_end is not None
        os.write(self._meter_end, octets)

    def pull(self) -> None:
        """Pull the plug."""
        if self._meter_end is not None:
            os.close(self._meter_end)
            self._meter_end = None


@contextmanager
def plugged_in() -> Iterator[Cable]:
    """Have a serial port with a meter on its other end."""
    meter_end, hub_end = os.openpty()
    tty.setraw(hub_end)
    cable = Cable(os.ttyname(hub_end), meter_end)
    os.close(hub_end)
    try:
        yield cable
    finally:
        cable.pull()


class Meters:
    """A TCP server that is a P1 port: every reader gets what is sent next."""

    def __init__(self) -> None:
        self.port = 0
        self._writers: list[asyncio.StreamWriter] = []
        self._came = asyncio.Event()

    async def answer(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take a reader."""
        self._writers.append(writer)
        self._came.set()

    async def reader(self) -> None:
        """Wait until a reader has come."""
        async with asyncio.timeout(WITHIN_S):
            await self._came.wait()
        self._came.clear()

    async def send(self, octets: bytes) -> None:
        """Say something to the newest reader."""
        self._writers[-1].write(octets)
        await self._writers[-1].drain()

    async def hang_up(self) -> None:
        """Close the newest reader's connection."""
        self._writers[-1].close()
        await self._writers[-1].wait_closed()

    async def leave(self) -> None:
        """Close every connection that is left."""
        for writer in self._writers:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


@asynccontextmanager
async def listening() -> AsyncIterator[Meters]:
    """Have a P1 port on TCP."""
    meters = Meters()
    server = await asyncio.start_server(meters.answer, "127.0.0.1", 0)
    meters.port = server.sockets[0].getsockname()[1]
    try:
        yield meters
    finally:
        server.close()
        await meters.leave()


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[PaperFeed]:
    """Run a driver on its real line, with pauses cut short."""
    feed = PaperFeed(telegrams.WINTER_EVENING)
    meter = P1Meter("grid", "home", "Europe/Amsterdam", settings, pause=lambda _: asyncio.sleep(0.02))
    task = asyncio.create_task(meter.run(feed))
    try:
        yield feed
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so in the real world."""
    async with asyncio.timeout(WITHIN_S):
        while not is_so():  # noqa: ASYNC110 the world sets no asyncio.Event
            await asyncio.sleep(0.01)


async def until_samples(feed: PaperFeed, count: int) -> None:
    """Wait until the meter itself has told so many samples."""
    await until(lambda: sum(sample.device == "grid" for sample in feed.samples) >= count)


async def until_lost(feed: PaperFeed) -> str:
    """Wait until the line is told lost; return why."""

    def reasons() -> list[str]:
        return [message for _, kind, message in feed.troubles if kind == "line"]

    await until(lambda: bool(reasons()))
    return reasons()[0]


async def test_telegrams_come_over_a_serial_port() -> None:
    with plugged_in() as cable:
        async with running(Settings(port=cable.path)) as feed:
            await wait_open(cable)
            cable.send(b"garbage!\r\n" + telegrams.three_phases_with_gas())
            cable.send(telegrams.with_crc_of(telegrams.one_phase()))
            cable.send(telegrams.one_phase()[:99] + telegrams.one_phase())
            await until_samples(feed, 2)

    assert [sample.device for sample in feed.samples] == ["grid.gas", "grid", "grid"]
    assert [kind for _, kind, _ in feed.troubles] == ["bad-crc", "truncated"]
    assert feed.samples[1].values["telegram"] == telegrams.three_phases_with_gas().decode()


async def test_a_meter_of_version_2_comes_over_a_serial_port_of_its_kind() -> None:
    with plugged_in() as cable:
        async with running(Settings(port=cable.path, version="2.2")) as feed:
            await wait_open(cable)
            cable.send(telegrams.version_2())
            await until_samples(feed, 1)

    assert feed.samples[-1].values["power_w"] == 1010


async def test_a_pulled_serial_cable_is_told_and_a_new_one_is_found(tmp_path: Path) -> None:
    by_id = tmp_path / "p1"
    with plugged_in() as first, plugged_in() as second:
        by_id.symlink_to(first.path)
        async with running(Settings(port=str(by_id))) as feed:
            await wait_open(first)
            first.send(telegrams.one_phase())
            await until_samples(feed, 1)
            by_id.unlink()
            first.pull()
            reason = await until_lost(feed)
            by_id.symlink_to(second.path)
            await wait_open(second)
            second.send(telegrams.one_phase())
            await until_samples(feed, 2)

    assert reason.startswith(f"{by_id} was lost")
    assert reason.endswith("check that it is plugged in.")


async def test_telegrams_come_over_tcp_and_a_lost_connection_is_made_again() -> None:
    async with listening() as meters, running(Settings(port=f"tcp://127.0.0.1:{meters.port}")) as feed:
        await meters.reader()
        await meters.send(b"cut off!\r\n" + telegrams.one_phase() + telegrams.one_phase()[:50])
        await until_samples(feed, 1)
        await meters.hang_up()
        reason = await until_lost(feed)
        await meters.reader()
        await meters.send(telegrams.one_phase())
        await until_samples(feed, 2)

    assert reason == f"127.0.0.1:{meters.port} closed the connection."
    assert [kind for _, kind, _ in feed.troubles] == ["truncated", "line"]


async def test_a_refused_connection_says_so() -> None:
    async with listening() as meters:
        port = meters.port

    with pytest.raises(DeviceError, match=f"127.0.0.1:{port} refused the connection"):
        await open_source(TcpLine("127.0.0.1", port))


async def test_a_host_that_nobody_knows_says_so() -> None:
    with pytest.raises(DeviceError, match=r"meter\.invalid:2001 cannot be reached"):
        await open_source(TcpLine("meter.invalid", 2001))


async def test_a_host_that_does_not_answer_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("hardwire.drivers.dsmr.sources.OPEN_TIMEOUT_S", 0.02)
    monkeypatch.setattr(asyncio, "open_connection", never)

    with pytest.raises(DeviceError, match="did not answer within"):
        await open_source(TcpLine("192.0.2.1", 2001))


async def test_a_silent_line_says_so() -> None:
    async with listening() as meters:
        source = await open_source(TcpLine("127.0.0.1", meters.port))
        try:
            with pytest.raises(DeviceError, match=r"Nothing came from 127\.0\.0\.1:\d+ for 0\.02 s"):
                await source.read(0.02)
        finally:
            await meters.reader()
            await source.close()


async def test_a_connection_that_breaks_says_so() -> None:
    reader = asyncio.StreamReader()
    async with listening() as meters:
        _, writer = await asyncio.open_connection("127.0.0.1", meters.port)
        await meters.reader()
        reader.set_exception(ConnectionResetError(104, "x"))
        source = StreamSource("meter:2001", reader, writer)
        with pytest.raises(DeviceError, match=r"meter:2001 was lost \(Connection reset by peer\)"):
            await source.read(1)
        await source.close()


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (FileNotFoundError(2, "x"), "There is no /dev/ttyUSB0; check that the cable is plugged in"),
        (PermissionError(13, "x"), "may not be opened; add the hub's user to the group"),
        (OSError(16, "x"), "is in use by another program"),
        (OSError(25, "x"), "is no serial port"),
        (OSError(5, "x"), r"cannot be opened \(Input/output error\)"),
        (OSError(), r"cannot be opened \(OSError\)"),
    ],
)
async def test_a_port_that_does_not_open_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, error: OSError, sentence: str
) -> None:
    async def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("serialx.open_serial_connection", refuse)

    with pytest.raises(DeviceError, match=sentence):
        await open_source(SerialLine("/dev/ttyUSB0", 115200, 8, "none"))


async def test_a_port_that_another_reader_holds_says_so() -> None:
    with plugged_in() as cable:
        line = SerialLine(cable.path, 115200, 8, "none")
        source = await open_source(line)
        with pytest.raises(DeviceError, match="is in use by another program"):
            await open_source(line)
        await source.close()


@pytest.mark.parametrize(
    ("path", "sentence"), [("/dev/null", "is no serial port"), ("/dev/hardwire-none", "There is no")]
)
async def test_what_is_no_port_says_so(path: str, sentence: str) -> None:
    with pytest.raises(DeviceError, match=sentence):
        await open_source(SerialLine(path, 115200, 8, "none"))


async def wait_open(cable: Cable) -> None:
    """Wait until the hub's end has been opened: what is said before is lost on a real port, too."""
    await until(lambda: _is_open(cable.path))
    # serialx opens the port, then sets it; what comes in between may be lost.
    await asyncio.sleep(0.2)


def _is_open(path: str) -> bool:
    return any(os.path.realpath(f"/proc/self/fd/{fd}") == path for fd in os.listdir("/proc/self/fd"))
