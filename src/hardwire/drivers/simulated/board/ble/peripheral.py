"""A peripheral in the air around the board: what it advertises, how loud it is heard, what it lets itself be asked.

It knows nothing of HCI: the controller and the board's own central role ask the same one.
"""

from collections.abc import Iterator, Sequence
from enum import Enum, IntFlag
from math import pi, sin

from msgspec import Struct

from hardwire.drivers.simulated.board.ble.gatt import (
    AttError,
    Characteristic,
    Descriptor,
    Property,
    Reading,
    RefusedError,
    Service,
)

ADVERTISING_US = 100_000
"""How often a peripheral advertises."""


class Advertising(Enum):
    """What may be answered to an advertisement, numbered as in reports (Bluetooth Core, volume 4, part E, 7.7.65.2)."""

    CONNECTABLE = 0
    SCANNABLE = 2
    MUTE = 3
    """Neither connections nor scan requests."""


class Shape(Struct, frozen=True, kw_only=True):
    """What a peripheral is and says; the times that values depend on are whole microseconds since 1970."""

    name: str
    address: str
    """Twelve hex digits, the first as people write it."""
    is_random: bool = True
    """Whether the address is of the random kind, not a public one."""
    advertising: Advertising = Advertising.CONNECTABLE
    advertisement: Reading
    scan_response: Reading
    rssi_dbm: int = -60
    """How loud it is on average."""
    services: tuple[Service, ...] = ()


class Subscription(IntFlag):
    """What a client has asked a characteristic for (Bluetooth Core, volume 3, part G, section 3.3.3.3)."""

    NONE = 0
    NOTIFY = 1
    INDICATE = 2


class Notification(Struct, frozen=True):
    """A value that a subscriber should hear; `is_confirmed` where it has to confirm it (an indication)."""

    service: Service
    characteristic: Characteristic
    octets: bytes
    is_confirmed: bool = False


class _Subscribed(Struct):
    service: Service
    mode: Subscription
    mark: int
    """The period in which it was told last."""


class Peripheral:
    """A peripheral with the state that it keeps: who is connected, what was written, what is subscribed to.

    It takes one connection at a time, and does not advertise while it has one. What was written to it stays.
    """

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.is_connected = False
        self._written: dict[Characteristic | Descriptor, bytes] = {}
        self._subscribed: dict[Characteristic, _Subscribed] = {}
        # Peripherals do not all advertise at the same instant.
        self._phase_us = int(shape.address, 16) * 7_919 % ADVERTISING_US
        self._swing = int(shape.address[-4:], 16) / 0xFFFF

    @property
    def address(self) -> str:
        """Its address, twelve hex digits."""
        return self.shape.address

    @property
    def is_connectable(self) -> bool:
        """Whether it takes connections at all."""
        return self.shape.advertising is Advertising.CONNECTABLE

    def turn(self, now_us: int) -> int:
        """Return how often it has advertised until now, since 1970."""
        return (now_us + self._phase_us) // ADVERTISING_US

    def next_turn_us(self, now_us: int) -> int:
        """Return when it advertises next."""
        return (self.turn(now_us) + 1) * ADVERTISING_US - self._phase_us

    def advertisement(self, now_us: int) -> bytes:
        """Return what it advertises, at most 31 bytes."""
        return self.shape.advertisement(now_us)

    def scan_response(self, now_us: int) -> bytes | None:
        """Return what it answers to a scan request, at most 31 bytes; None where it answers none."""
        return None if self.shape.advertising is Advertising.MUTE else self.shape.scan_response(now_us)

    def rssi_dbm(self, now_us: int) -> int:
        """Return how loud it is now: a few dB around its average, as somebody walks about."""
        slow = sin(2 * pi * (now_us / 17_000_000 + self._swing))
        fast = sin(2 * pi * (now_us / 2_300_000 + 2 * self._swing))
        return max(-127, min(0, round(self.shape.rssi_dbm + 4 * slow + 2 * fast)))

    def service(self, uuid: str) -> Service | None:
        """Return its first service of that UUID, written as `uuid_of` does."""
        return next((service for service in self.shape.services if service.uuid == uuid), None)

    def connect(self) -> bool:
        """Take a connection; False where it has one already, or takes none."""
        if self.is_connected or not self.is_connectable:
            return False
        self.is_connected = True
        return True

    def disconnect(self) -> None:
        """End the connection, if there is one, with what was subscribed to."""
        self.is_connected = False
        self._subscribed.clear()

    def read(self, attribute: Characteristic | Descriptor, now_us: int) -> bytes:
        """Return a value.

        Raises:
            RefusedError: it cannot be read.
        """
        if isinstance(attribute, Descriptor):
            return self._written.get(attribute, attribute.octets)
        if Property.READ not in attribute.properties:
            raise RefusedError(AttError.READ_NOT_PERMITTED)
        return self._value(attribute, now_us)

    def write(self, attribute: Characteristic | Descriptor, octets: bytes) -> None:
        """Change a value; it is what is read from now on.

        Raises:
            RefusedError: it cannot be written, or not like this.
        """
        if not attribute.is_writable:
            raise RefusedError(AttError.WRITE_NOT_PERMITTED)
        if isinstance(attribute, Characteristic):
            if len(octets) > attribute.size_limit:
                raise RefusedError(AttError.INVALID_ATTRIBUTE_LENGTH)
            if attribute.accept is not None:
                attribute.accept(octets)
        self._written[attribute] = octets

    def subscription(self, characteristic: Characteristic) -> Subscription:
        """Return what was subscribed to last."""
        known = self._subscribed.get(characteristic)
        return Subscription.NONE if known is None else known.mode

    def subscribe(self, service: Service, characteristic: Characteristic, mode: Subscription, now_us: int) -> None:
        """Tell a characteristic's value from now on, or no longer.

        Raises:
            RefusedError: it does not tell its value in that way.
        """
        able = Subscription(characteristic.properties.value >> 4 & 0b11)
        if mode & ~able:
            raise RefusedError(AttError.IMPROPERLY_CONFIGURED)
        if mode:
            self._subscribed[characteristic] = _Subscribed(service, mode, now_us // characteristic.every_us)
        else:
            self._subscribed.pop(characteristic, None)

    def notifications(self, now_us: int) -> Sequence[Notification]:
        """Return what has become due since the last call; what was missed in between is told once, as it is now."""
        return tuple(self._due(now_us))

    def next_notification_us(self, now_us: int) -> int | None:
        """Return when `notifications` has something; None while nothing is subscribed to."""
        return min(
            (
                max(now_us, (known.mark + 1) * characteristic.every_us)
                for characteristic, known in self._subscribed.items()
            ),
            default=None,
        )

    def _due(self, now_us: int) -> Iterator[Notification]:
        for characteristic, known in self._subscribed.items():
            mark = now_us // characteristic.every_us
            if mark > known.mark:
                known.mark = mark
                is_confirmed = Subscription.NOTIFY not in known.mode
                yield Notification(known.service, characteristic, self._value(characteristic, now_us), is_confirmed)

    def _value(self, characteristic: Characteristic, now_us: int) -> bytes:
        written = self._written.get(characteristic)
        return characteristic.reading(now_us) if written is None else written
