"""The driver on a paper line with a paper clock: what the hub is told, and when the line is opened again."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from hardwire.drivers.dsmr.driver import P1Meter
from hardwire.drivers.dsmr.settings import Settings
from hardwire.drivers.dsmr.sources import Source
from hardwire.model.command import Failed, Identify, WritePoints
from hardwire.model.errors import DeviceError
from tests.fakes import telegrams
from tests.fakes.paper_feed import PaperFeed

EVENING = telegrams.WINTER_EVENING.astimezone(UTC)

Line = list[bytes] | str
"""The chunks that an open line brings before it is lost, or why it does not open."""


class PaperSource:
    """An open line that brings what stands on its paper, then is lost."""

    def __init__(self, chunks: list[bytes]) -> None:
        self._chunks = list(chunks)
        self.timeouts: list[float] = []
        self.is_closed = False

    async def read(self, timeout_s: float) -> bytes:
        """Return the next chunk."""
        self.timeouts.append(timeout_s)
        if not self._chunks:
            raise DeviceError("The cable was pulled.")
        return self._chunks.pop(0)

    async def close(self) -> None:
        """Note it."""
        self.is_closed = True


class TimedFeed(PaperFeed):
    """A paper hub whose clock stands `passed_s` after the evening's telegram."""

    passed_s = 0.0

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self.line_told: list[str] = []

    def trouble(self, device: str, kind: str, message: str) -> None:
        """Write it down; what concerns the line apart, since every paper line ends."""
        if kind == "line":
            self.line_told.append(message)
        else:
            super().trouble(device, kind, message)

    def now(self) -> datetime:
        """The time."""
        return EVENING + timedelta(seconds=self.passed_s)


class Desk:
    """A driver whose lines and pauses are paper; it runs until its last line is lost."""

    def __init__(
        self, *lines: Line, version: str = "5", timezone: str = "Europe/Amsterdam", silence: float = 30
    ) -> None:
        self.feed = TimedFeed(EVENING)
        self.sources: list[PaperSource] = []
        self.pauses: list[float] = []
        self._lines = list(lines)
        self.meter = P1Meter(
            "grid",
            "home",
            timezone,
            Settings(port="/dev/ttyUSB0", version=version, stale_after_s=silence),
            open_line=self._open,
            pause=self._pause,
        )

    async def run(self) -> TimedFeed:
        """Run the driver to the end of the paper."""
        with pytest.raises(asyncio.CancelledError):
            await self.meter.run(self.feed)
        return self.feed

    async def _open(self) -> Source:
        line = self._lines.pop(0)
        if isinstance(line, str):
            raise DeviceError(line)
        self.sources.append(PaperSource(line))
        return self.sources[-1]

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.feed.passed_s += seconds
        if not self._lines:
            raise asyncio.CancelledError


async def test_a_telegram_becomes_a_sample_of_the_gas_meter_then_one_of_the_meter() -> None:
    desk = Desk([telegrams.three_phases_with_gas()])

    feed = await desk.run()

    assert [(sample.device, sample.at) for sample in feed.samples] == [
        ("grid.gas", EVENING.replace(minute=30, second=0)),
        ("grid", EVENING),
    ]
    assert feed.samples[0].values == {
        "unique_id": telegrams.GAS_ID,
        "timestamp": "2026-01-24T21:30:00",
        "value": 1234.567,
    }
    assert feed.samples[1].values["power_w"] == 1193
    assert feed.troubles == []


async def test_devices_are_declared_with_the_points_that_telegrams_carry() -> None:
    desk = Desk([telegrams.three_phases_with_gas()])

    feed = await desk.run()

    meter, gas = feed.declared
    assert (meter.id, meter.kind, meter.profile, meter.stale_after_s) == ("grid", "meter", "HWE-P1", 30)
    assert {point.name for point in meter.points} == set(feed.samples[1].values)
    assert (gas.id, gas.kind, gas.parent, gas.timezone) == ("grid.gas", "gas_meter", "grid", "Europe/Amsterdam")
    assert [(point.name, point.unit) for point in gas.points] == [("unique_id", ""), ("timestamp", ""), ("value", "m3")]
    assert desk.meter.devices == (meter, gas)


async def test_a_repeated_gas_reading_shows_life_and_a_new_one_is_published() -> None:
    later = telegrams.WINTER_EVENING + timedelta(minutes=5)
    desk = Desk(
        [
            telegrams.three_phases_with_gas(),
            telegrams.three_phases_with_gas(telegrams.WINTER_EVENING + timedelta(seconds=1)),
            telegrams.three_phases_with_gas(later, gas_m3=1235.0),
        ]
    )

    feed = await desk.run()

    assert [sample.device for sample in feed.samples] == ["grid.gas", "grid", "grid", "grid.gas", "grid"]
    assert feed.alive_told == ["grid.gas"]
    assert len(feed.declared) == 2


async def test_points_are_added_when_a_telegram_brings_more_and_never_taken_away() -> None:
    desk = Desk([telegrams.one_phase(), telegrams.three_phases_with_gas(), telegrams.one_phase()])

    feed = await desk.run()

    declared = [device for device in feed.declared if device.id == "grid"]
    assert len(declared) == 2
    assert {point.name for point in declared[0].points} < {point.name for point in declared[1].points}


async def test_a_telegram_in_many_pieces_is_one_sample() -> None:
    octets = telegrams.one_phase()
    desk = Desk([octets[start : start + 7] for start in range(0, len(octets), 7)])

    feed = await desk.run()

    assert len(feed.samples) == 1
    assert feed.samples[0].values["telegram"] == octets.decode()


@pytest.mark.parametrize(
    ("octets", "kind"),
    [
        (telegrams.with_crc_of(telegrams.one_phase()), "bad-crc"),
        (telegrams.one_phase()[:200], "truncated"),
        (b"/XXX5\r\n" + b"x" * 20_000, "too-long"),
        (b"\xaa" * 20_000, "noise"),
        (telegrams.telegram("XXX5", ["1-0:1.7.0(much*kW)"]), "unparsable"),
        (telegrams.telegram("XXX5", ["something else"]), "unparsable"),
    ],
)
async def test_what_is_wrong_is_counted_and_told_but_never_served(octets: bytes, kind: str) -> None:
    desk = Desk([octets, telegrams.three_phases_with_gas()])

    feed = await desk.run()

    assert [(device, told) for device, told, _ in feed.troubles] == [("grid", kind)]
    assert [sample.device for sample in feed.samples] == ["grid.gas", "grid"]
    assert feed.samples[1].values["power_w"] == 1193


async def test_a_telegram_that_the_end_of_the_line_cuts_off_is_truncated() -> None:
    desk = Desk([telegrams.one_phase()[:100]])

    feed = await desk.run()

    assert [kind for _, kind, _ in feed.troubles] == ["truncated"]
    assert feed.samples == []


async def test_a_line_that_is_lost_for_a_moment_is_counted_and_loses_no_device() -> None:
    desk = Desk([telegrams.three_phases_with_gas()], [telegrams.three_phases_with_gas()])

    feed = await desk.run()

    assert feed.line_told == ["The cable was pulled."] * 2
    assert feed.lost_told == []
    assert desk.sources[0].is_closed


async def test_a_line_that_stays_lost_is_told_for_the_meter_and_its_children() -> None:
    desk = Desk([telegrams.three_phases_with_gas()], "still gone", "still gone", silence=3)

    feed = await desk.run()

    # The pauses are 1 and 2 s: at the second try the last telegram is 3 s old.
    assert feed.line_told == ["The cable was pulled.", "still gone"]
    assert feed.lost_told == [("grid", "still gone"), ("grid.gas", "still gone")]


async def test_pauses_grow_to_a_minute_while_the_line_does_not_open() -> None:
    desk = Desk(*["There is no /dev/ttyUSB0."] * 8)

    feed = await desk.run()

    assert desk.pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    assert feed.lost_told[0] == ("grid", "There is no /dev/ttyUSB0.")


async def test_a_served_telegram_makes_the_next_pause_short_again_and_an_open_line_alone_does_not() -> None:
    desk = Desk("gone", "gone", [telegrams.one_phase()], "gone", [b"\xaa"], [b"\xaa"])

    await desk.run()

    assert desk.pauses == [1, 2, 1, 2, 4, 8]


async def test_a_line_is_given_twice_the_stale_time_to_speak_and_a_minute_at_least() -> None:
    quick, slow = Desk([], silence=5), Desk([], silence=100)

    await quick.run()
    await slow.run()

    assert quick.sources[0].timeouts == [60]
    assert slow.sources[0].timeouts == [200]


async def test_a_meter_without_a_clock_has_the_hubs_time() -> None:
    desk = Desk([telegrams.version_2()], version="2.2")

    feed = await desk.run()

    assert [(sample.device, sample.at) for sample in feed.samples] == [
        ("grid.gas", EVENING.replace(minute=0, second=0)),
        ("grid", EVENING),
    ]
    assert feed.troubles == []


async def test_a_hub_without_a_zone_takes_the_meters_clock_as_central_european() -> None:
    desk = Desk([telegrams.one_phase()], timezone="UTC")

    feed = await desk.run()

    assert feed.samples[0].at == EVENING
    assert feed.declared[0].timezone == "Europe/Amsterdam"


def shifted(make: Callable[[datetime], bytes], by: timedelta) -> bytes:
    """Return a telegram whose clock is off."""
    return make(telegrams.WINTER_EVENING + by)


@pytest.mark.parametrize(
    ("by", "sentence"),
    [(timedelta(hours=1), "an hour or more ahead"), (timedelta(hours=-1), "an hour or more behind")],
)
async def test_a_clock_that_is_an_hour_off_is_told_once_and_its_telegrams_are_served(
    by: timedelta, sentence: str
) -> None:
    desk = Desk([shifted(telegrams.one_phase, by), shifted(telegrams.one_phase, by + timedelta(seconds=1))])

    feed = await desk.run()

    assert [kind for _, kind, _ in feed.troubles] == ["clock"]
    assert sentence in feed.troubles[0][2]
    assert len(feed.samples) == 2


async def test_a_clock_ahead_is_served_with_the_hubs_time_and_its_own_text() -> None:
    desk = Desk([shifted(telegrams.one_phase, timedelta(hours=2))])

    feed = await desk.run()

    assert feed.samples[0].at == EVENING
    assert feed.samples[0].values["timestamp"] == "2026-01-24T23:31:28"


async def test_a_clock_set_back_is_told_and_does_not_freeze_the_readings() -> None:
    desk = Desk([telegrams.one_phase(), shifted(telegrams.one_phase, timedelta(minutes=-2))])
    desk.feed.passed_s = 5

    feed = await desk.run()

    assert [(kind, message) for _, kind, message in feed.troubles] == [("clock", "The meter's clock went backwards.")]
    assert [sample.at for sample in feed.samples] == [EVENING, EVENING + timedelta(seconds=5)]
    assert feed.samples[1].values["timestamp"] == "2026-01-24T21:29:28"


async def test_a_clock_that_was_never_set_is_told_and_the_hubs_time_is_used() -> None:
    unset = telegrams.telegram("XXX5", ["0-0:1.0.0(632525252525W)", "1-0:1.7.0(00.500*kW)"])
    desk = Desk([unset, unset])

    feed = await desk.run()

    assert [kind for _, kind, _ in feed.troubles] == ["clock"]
    assert [sample.at for sample in feed.samples] == [EVENING, EVENING]


async def test_a_child_without_an_id_is_published_without_one() -> None:
    nameless = telegrams.telegram("XXX5", ["0-1:24.1.0(007)", "0-1:24.2.1(260124210000W)(00001.500*m3)"])
    desk = Desk([nameless])

    feed = await desk.run()

    assert feed.samples[0].device == "grid.water"
    assert feed.samples[0].values == {"timestamp": "2026-01-24T21:00:00", "value": 1.5}


@pytest.mark.parametrize("command", [Identify(), WritePoints({"power_w": 1})])
async def test_a_meter_takes_no_command(command: Identify | WritePoints) -> None:
    meter = Desk().meter

    reply = await meter.execute("grid", command)

    assert isinstance(reply, Failed)
    assert reply.error.code == "unsupported"


async def test_interest_changes_nothing() -> None:
    desk = Desk([telegrams.one_phase()])
    desk.meter.interest("grid", "measurement", is_watched=True)

    feed = await desk.run()

    assert len(feed.samples) == 1
