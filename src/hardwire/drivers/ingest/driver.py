"""A logger of somebody's own, which brings its rows and fetches its commands."""

import asyncio
import math
import secrets
from collections.abc import Awaitable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from hardwire.contracts.driver import Feed
from hardwire.drivers.ingest.batch import Batch, Downlink, Number, Receipt
from hardwire.drivers.ingest.catalogue import Catalogue, ordered
from hardwire.drivers.ingest.extras import new_listener
from hardwire.drivers.ingest.intake import Intake, keys_of, sort
from hardwire.drivers.ingest.listener import Listener
from hardwire.drivers.ingest.settings import Settings
from hardwire.drivers.ingest.settings import StatusRows as StatusMaker
from hardwire.drivers.ingest.status import StatusRows
from hardwire.drivers.ingest.wishes import Wishes
from hardwire.drivers.ingest.words import is_word
from hardwire.model.command import Command, Done, Failed, FlushLog, LogUnbuffered, Reply, WritePoints
from hardwire.model.device import Device
from hardwire.model.errors import BadValueError, CallerError, DeviceError
from hardwire.model.fact import Confirmation, Log, LogRow, Sample
from hardwire.model.unit import OUTPUTS, output_name
from hardwire.model.value import Value

# The topic of the fast log, as the ezeio dialect names it: its last watcher ends the unbuffered mode.
LOG_TOPIC = "log"
# Under what the hub remembers things for it. Points cannot be called so: their names have no colon.
FIELDS, WORDS, WISHES, CLIENT = "ingest:fields", "ingest:words", "ingest:wishes", "ingest:client"
# So many samples are told before others have their turn.
SAMPLES_PER_TURN = 100
# A logger sends one batch after another; this bounds what one that does not can hold in memory.
BATCHES_AT_ONCE = 32

_OUTPUT_NAMES = {output_name(number) for number in range(1, OUTPUTS + 1)}


class Logger:
    """The logger as a driver: `receive` is where its batches come in, whatever way they came."""

    def __init__(self, id: str, group: str, timezone: str, settings: Settings) -> None:
        """Raises BadValueError: the broker's address cannot be used."""
        self._id = id
        self._settings = settings
        self._catalogue = Catalogue(settings)
        self._device = Device(
            id=id,
            kind="unit",
            group=group,
            timezone=timezone,
            points=self._catalogue.points(),
            stale_after_s=settings.stale_after_s,
            log="self",
        )
        self.devices: tuple[Device, ...] = (self._device,)
        self._feed: Feed | None = None
        self._wishes = Wishes()
        self._status = StatusRows() if settings.status is StatusMaker.MADE else None
        self._unbuffered_until: datetime | None = None
        self._batches = 0
        # What is kept is looked up before the disk is waited for: one change at a time.
        self._changing = asyncio.Lock()
        self._sorting = asyncio.Lock()
        # Samples of two batches do not mix: an alarm judges none that is older than the last.
        self._telling = asyncio.Lock()
        self._listener: Listener | None = None
        if settings.mqtt:
            self._listener = new_listener(settings.mqtt, settings.mqtt_ca)

    async def run(self, feed: Feed) -> None:
        """Recall what waits, then listen to the broker where there is one, until cancelled."""
        kept = feed.kept(self._id)
        self._wishes = Wishes.recalled(str(kept.get(WISHES, "")))
        self._catalogue.recall(_texts(kept.get(FIELDS)), _texts(kept.get(WORDS)))
        self._declare(feed)
        self._feed = feed
        if self._listener is None:
            await asyncio.Event().wait()
            return
        client = str(kept.get(CLIENT, ""))
        if not client:
            # A broker keeps what was sent while the hub was away, under a name that is this hub's alone.
            client = f"hardwire-{secrets.token_hex(8)}"
            await feed.keep(self._id, {CLIENT: client})
        name = feed.addresses(self._id).get("ezeio", self._id)
        await self._listener.run(feed, self._id, client=client, name=name, logger=self)

    async def receive(self, device: str, parcel: Batch) -> Receipt:
        """Take a batch; what is receipted is on the disk. A refused batch leaves nothing behind.

        Raises:
            DeviceError: the driver has not started, or has too much to do.
            HubFaultError: the disk refuses; nothing of the batch is kept.
        """
        feed = self._feed
        if feed is None:
            raise DeviceError("the hub has only just started: try again in a moment", code="offline")
        if self._batches >= BATCHES_AT_ONCE:
            raise DeviceError(
                f"{BATCHES_AT_ONCE} batches of this unit are on their way: wait for their answers", code="busy"
            )
        self._batches += 1
        try:
            return await self._take(feed, parcel)
        finally:
            self._batches -= 1

    def downlink(self) -> Downlink:
        """Return what the logger is to know now."""
        feed = self._feed
        if feed is None:
            return Downlink()
        return Downlink(self._unbuffered_s(), self._wishes.told(feed.field_numbers(self._id), _seconds(feed.now())))

    def execute(self, device: str, command: Command) -> Reply | Awaitable[Reply]:
        """Keep a wish until the logger has fetched and confirmed it: `Done.pending` names it."""
        match command:
            case LogUnbuffered(seconds):
                return self._unbuffer(seconds)
            case WritePoints(values):
                return self._ask(values)
            case FlushLog():
                return self._ask({})
            case _:
                return Failed(CallerError(f"a logger does not know {type(command).__name__}", code="unsupported"))

    def interest(self, device: str, topic: str, *, is_watched: bool) -> None:
        """Learn that nobody watches the log any more: its rows need not hurry."""
        if topic == LOG_TOPIC and not is_watched and self._unbuffered_until is not None:
            self._unbuffered_until = None
            self._tell()

    async def _take(self, feed: Feed, batch: Batch) -> Receipt:
        now = feed.now()
        if keys_of(batch) <= self._catalogue.keys.keys():
            intake = await self._sorted(batch, self._catalogue.keys, {}, now)
        else:
            async with self._changing:
                intake = await self._widened(feed, batch, now)
        if intake.refused and not batch.is_partial:
            return Receipt(at=now, refused=intake.refused, is_kept=False, downlink=self.downlink())
        accepted = await self._keep_rows(feed, intake)
        expired = 0 if accepted == intake.size else await self._expired(feed, intake)
        await self._confirm(feed, batch)
        feed.alive(self._id)
        return Receipt(
            at=now,
            accepted=accepted,
            repeated=max(0, intake.size - accepted - expired),
            expired=expired,
            refused=intake.refused,
            downlink=self.downlink(),
        )

    async def _widened(self, feed: Feed, batch: Batch, now: datetime) -> Intake:
        """Sort a batch with fields that are new here; those come to stay unless the batch is refused."""
        proposal = self._catalogue.propose(keys_of(batch) - self._catalogue.keys.keys())
        intake = await self._sorted(batch, {**self._catalogue.keys, **proposal.names}, proposal.reasons, now)
        new = ordered(proposal.names.values())
        if new and (batch.is_partial or not intake.refused):
            before = self._catalogue.found, self._catalogue.words
            self._catalogue.adopt(new)
            try:
                await feed.keep(self._id, {FIELDS: self._catalogue.found, WORDS: self._catalogue.words})
            except BaseException:
                self._catalogue.recall(*before)
                raise
            self._declare(feed)
        return intake

    async def _sorted(
        self, batch: Batch, names: Mapping[str, str], reasons: Mapping[str, str], now: datetime
    ) -> Intake:
        # In order: a short batch may not overtake the long one before it, whose values are the first ones.
        async with self._sorting:
            return await sort(batch, names, reasons, now)

    async def _keep_rows(self, feed: Feed, intake: Intake) -> int:
        """Have rows on the disk and told; returns how many values were new."""
        id, left_s = self._id, self._unbuffered_s()
        rows = [
            LogRow(id, at, log, values, left_s if log is Log.FAST else 0)
            for (at, log), values in intake.rows.items()
            if values
        ]
        if not rows:
            return 0
        accepted = await feed.submit(rows)
        if accepted:
            async with self._telling:
                for place, row in enumerate(rows, 1):
                    feed.publish(Sample(id, row.at, row.values))
                    if place % SAMPLES_PER_TURN == 0:
                        await asyncio.sleep(0)
        if self._status is not None:
            made = self._status.follow((at, values) for (at, log), values in intake.rows.items() if log is Log.FAST)
            if made:
                await feed.submit([LogRow(id, at, Log.STATUS, values) for at, values in made])
        return accepted

    async def _expired(self, feed: Feed, intake: Intake) -> int:
        """Return how many values are older than the unit's past is kept."""
        horizon = await feed.horizon(self._id)
        return 0 if horizon is None else sum(len(values) for (at, _), values in intake.rows.items() if at < horizon)

    async def _confirm(self, feed: Feed, batch: Batch) -> None:
        if not self._wishes:
            return
        async with self._changing:
            left, ended = self._wishes.confirmed(batch.done, batch.failed, _seconds(feed.now()))
            if left.text() != self._wishes.text():
                # Told first: a hub that dies in between is told again by the logger, which had no answer.
                for one in ended:
                    feed.publish(Confirmation(self._id, feed.now(), one.id, one.is_done))
                    # The logger's rows will tell of its fields; of an output or a register few loggers say anything.
                    if told := {name: value for name, value in one.writes.items() if is_word(name)}:
                        feed.publish(Sample(self._id, feed.now(), told))
                await self._keep_wishes(feed, left)

    async def _ask(self, values: Mapping[str, Value]) -> Reply:
        feed = self._feed
        if feed is None:
            return Failed(DeviceError("the hub has only just started: try again in a moment", code="offline"))
        writes = {name: self._fit(name, value) for name, value in values.items()}
        async with self._changing:
            id = secrets.token_hex(6)
            await self._keep_wishes(feed, self._wishes.asked(id, writes, _seconds(feed.now())))
        return Done(pending=id)

    def _fit(self, name: str, value: Value) -> Number:
        """Return a value that its point takes. Raises CallerError."""
        point = next((one for one in self._catalogue.points() if one.name == name), None)
        if point is None:
            raise BadValueError(f"there is no point {name!r}", path=name)
        if not point.writable:
            raise CallerError(f"{name} cannot be written", code="not-writable", path=name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise BadValueError(f"{name} takes a number", path=name)
        if name in _OUTPUT_NAMES and not 0 <= value <= 100:
            raise BadValueError(f"{name} takes 0 to 100 percent", path=name)
        return value

    async def _keep_wishes(self, feed: Feed, wishes: Wishes) -> None:
        await feed.keep(self._id, {WISHES: wishes.text()})
        self._wishes = wishes
        self._tell()

    def _unbuffer(self, seconds: int) -> Reply:
        if self._feed is None:
            return Failed(DeviceError("the hub has only just started: try again in a moment", code="offline"))
        self._unbuffered_until = self._feed.now() + timedelta(seconds=seconds) if seconds > 0 else None
        self._tell()
        return Done()

    def _unbuffered_s(self) -> int:
        if self._unbuffered_until is None or self._feed is None:
            return 0
        return max(0, int((self._unbuffered_until - self._feed.now()).total_seconds()))

    def _tell(self) -> None:
        if self._listener is not None:
            self._listener.tell()

    def _declare(self, feed: Feed) -> None:
        everything = self._catalogue.points(are_all=True)
        if everything != self._catalogue.points():
            # For their numbers alone, so that the next field gets the next one.
            feed.declare(msgspec.structs.replace(self._device, points=everything))
        feed.declare(msgspec.structs.replace(self._device, points=self._catalogue.points()))
        self._catalogue.number(feed.field_numbers(self._id))


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def _texts(value: Value | None) -> Sequence[str]:
    return value if isinstance(value, tuple) else ()
