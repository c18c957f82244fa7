"""What the hub is told of one device: its points as they appear, its samples, and whether it lives."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from hardwire.contracts.driver import Feed
from hardwire.dialects.homewizard.products.catalogue import CATALOGUE
from hardwire.drivers.homewizard.instants import instant_of, sample_instant
from hardwire.drivers.homewizard.measurement import METERS_LIMIT, Measurement, MeterBehind
from hardwire.drivers.homewizard.pace import REFUSED, STRANGER
from hardwire.drivers.homewizard.settings_told import MODE_BEFORE, ZERO
from hardwire.drivers.homewizard.wire import Identity
from hardwire.model.device import Device
from hardwire.model.energy import counter_points, energy_points
from hardwire.model.errors import DeviceError
from hardwire.model.fact import Sample
from hardwire.model.value import Value

# What is not here is a meter.
KINDS = {
    "HWE-KWH1": "kwh_meter",
    "HWE-KWH3": "kwh_meter",
    "SDM230-wifi": "kwh_meter",
    "SDM630-wifi": "kwh_meter",
    "HWE-BAT": "battery",
    "HWE-SKT": "socket",
    "HWE-WTR": "water_meter",
}
"""`product_type` -> the kind of the device."""

SILENT = "The device tells nothing new."
WAITING = "The device has told no measurement yet."


class Teller:
    """Owns what is known of the device; lives as long as the driver does.

    Only measurements show that the device lives. Every fact counts as life to the hub, so what changes by itself rides
    along with the next measurement, and a setting that is told of a silent device is followed by its silence.
    """

    def __init__(self, device: Device, pause: Callable[[float], Awaitable[None]]) -> None:
        """`device` is what is known before the first connection; `pause` sleeps."""
        self._device = device
        self._pause = pause
        self._zone = ZoneInfo(device.timezone)
        self._stale_after = timedelta(seconds=device.stale_after_s or 0)
        self._serial = ""
        self._suffixes: dict[tuple[str, str], str] = {}
        self._children: dict[str, Device] = {}
        self._child_times: dict[str, str] = {}
        self._settings: dict[str, Value] = {}
        self._riders: dict[str, Value] = {}
        self._instant: datetime | None = None
        self._lived_at: datetime | None = None
        self._lost: str | None = None
        self._woken = asyncio.Event()

    def meet(self, feed: Feed) -> None:
        """Tell this hub from now on: a driver may be run anew."""
        self._feed = feed
        self._lived_at = None
        self._lost = None

    @property
    def devices(self) -> tuple[Device, ...]:
        """The device and what hangs behind it."""
        return (self._device, *self._children.values())

    @property
    def product_type(self) -> str:
        """Which product the device says to be; empty before it has."""
        return self._device.profile

    @property
    def writable(self) -> frozenset[str]:
        """The points that can be written."""
        return frozenset(point.name for point in self._device.points if point.writable)

    @property
    def mode_before(self) -> str:
        """The newest mode of the batteries that is not charging to full."""
        mode = self._settings.get(MODE_BEFORE, ZERO)
        return mode if isinstance(mode, str) else ZERO

    @property
    def is_fresh(self) -> bool:
        """Whether the device has lived lately."""
        return self._lost is None and self._lived_at is not None

    def identified(self, told: Identity, expected_serial: str = "") -> None:
        """Take which device answers; the first one stays the one, where none is expected.

        Raises:
            DeviceError: it is another one than before (code `stranger`): addresses move between devices.
        """
        known = expected_serial or self._serial
        if known and told.serial.lower() != known.lower():
            raise DeviceError(
                f"Another device answers there: {told.product_type} {told.serial} in place of {known}. "
                "Give this one its address back, or change `host`.",
                code=STRANGER,
            )
        self._serial = told.serial
        self._declare(
            replace(
                self._device,
                kind=KINDS.get(told.product_type, "meter"),
                name=told.product_name,
                profile=told.product_type,
                firmware=told.firmware_version,
            )
        )

    def measured(self, told: Measurement) -> None:
        """Publish a measurement that is news: what hangs behind the device first, then its own values."""
        now = self._feed.now()
        values = {**told.values, **self._riders}
        self._riders = {}
        self._grow(values)
        for meter in told.meters:
            self._tell_meter(meter, now)
        moment = instant_of(told.timestamp, self._zone, now) if told.timestamp else None
        self._instant = sample_instant(moment, self._instant, now)
        self._live(now)
        self._feed.publish(Sample(self._device.id, self._instant, values))

    def alive(self) -> None:
        """The device lives although it measures the same as before."""
        self._live(self._feed.now())
        self._feed.alive(self._device.id)

    def ride_along(self, values: Mapping[str, Value]) -> None:
        """Tell these with the next measurement."""
        self._riders.update(values)

    def told(self, values: Mapping[str, Value]) -> None:
        """Publish those settings that have changed, in a sample of their own."""
        changed = {name: value for name, value in values.items() if self._settings.get(name) != value}
        if not changed:
            return
        self._settings.update(changed)
        self._grow(changed)
        was_fresh = self.is_fresh
        self._feed.publish(Sample(self._device.id, self._feed.now(), changed))
        if not was_fresh:
            # Whoever wrote a setting sees it. The measurements are as old as they were.
            self._feed.lost(self._device.id, self._lost or (WAITING if self._lived_at is None else SILENT))

    def failed(self, error: DeviceError) -> None:
        """The connection is gone. The last measurement counts as long as any other does, unless time does not help."""
        if error.code in REFUSED or not self.is_fresh:
            self._lose(error.message)
        else:
            self.trouble("line", error.message)

    def answered_stale(self) -> None:
        """The device itself says that what it knows is old."""
        self._lose("The device itself has no recent measurement.")

    def trouble(self, kind: str, message: str) -> None:
        """Count a fault; the device lives on."""
        self._feed.trouble(self._device.id, kind, message)

    async def watch(self) -> None:
        """Tell the hub when measurements have stayed away for too long; runs until cancelled."""
        while True:
            self._woken.clear()
            if self._lost is not None or self._lived_at is None:
                await self._woken.wait()
                continue
            left = self._lived_at + self._stale_after - self._feed.now()
            if left > timedelta(0):
                await self._pause(left.total_seconds())
            else:
                self._lose(SILENT)

    def _lose(self, reason: str) -> None:
        if self._lost != reason:
            self._lost = reason
            self._feed.lost(self._device.id, reason)

    def _live(self, now: datetime) -> None:
        self._lived_at = now
        self._lost = None
        self._woken.set()

    def _grow(self, values: Mapping[str, Value]) -> None:
        """Make new points known; none is ever taken away."""
        known = {point.name for point in self._device.points}
        if known.issuperset(values):
            return
        product = CATALOGUE.get(self._device.profile)
        fixed = {setting.name for setting in product.settings if not setting.writable} if product else set()
        points = energy_points(known.union(values))
        self._declare(
            replace(
                self._device,
                points=tuple(replace(point, writable=False) if point.name in fixed else point for point in points),
            )
        )

    def _declare(self, device: Device) -> None:
        if device != self._device:
            self._device = device
            self._feed.declare(device)

    def _tell_meter(self, meter: MeterBehind, now: datetime) -> None:
        """Publish a reading that is new; a measurement repeats the last one until the next comes."""
        at = instant_of(meter.timestamp, self._zone, now)
        if at is None:
            self.trouble("bad-field", f"The {meter.kind} tells a time that is none.")
            return
        suffix = self._suffix(meter)
        if suffix is None:
            self.trouble("bad-field", f"The device tells of more than {METERS_LIMIT} meters behind it.")
            return
        id = f"{self._device.id}.{suffix}"
        device = Device(
            id=id,
            kind=meter.kind,
            group=self._device.group,
            timezone=self._device.timezone,
            points=counter_points(meter.unit),
            parent=self._device.id,
            stale_after_s=self._device.stale_after_s,
        )
        if self._children.get(id) != device:
            self._children[id] = device
            self._feed.declare(device)
        if self._child_times.get(id) == meter.timestamp:
            self._feed.alive(id)
            return
        self._child_times[id] = meter.timestamp
        values: dict[str, Value] = {
            "unique_id": meter.unique_id,
            "timestamp": meter.timestamp,
            "value": meter.value,
        }
        self._feed.publish(Sample(id, min(at, now), values))

    def _suffix(self, meter: MeterBehind) -> str | None:
        """Return `gas` for the first gas meter, `gas2` for the second, in the order in which the device has them.

        None when there are too many: each is a device for ever, so a device gone wild may not make more of them.
        """
        suffix = self._suffixes.get((meter.kind, meter.unique_id))
        if suffix is None and len(self._suffixes) < METERS_LIMIT:
            no = 1 + sum(kind == meter.kind for kind, _ in self._suffixes)
            suffix = meter.kind.removesuffix("_meter") + (str(no) if no > 1 else "")
            self._suffixes[meter.kind, meter.unique_id] = suffix
        return suffix
