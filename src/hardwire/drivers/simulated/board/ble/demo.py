"""The three peripherals around a board that names none: a thermometer, a heart rate belt, a beacon.

Their values depend on the time alone, so two hubs hear the same.
"""

from collections.abc import Sequence

from hardwire.drivers.simulated.board.ble import advertisement
from hardwire.drivers.simulated.board.ble.gatt import (
    DESCRIPTION,
    AttError,
    Characteristic,
    Descriptor,
    Property,
    RefusedError,
    Service,
    constant,
)
from hardwire.drivers.simulated.board.ble.peripheral import Advertising, Shape
from hardwire.drivers.simulated.board.parts import room

# Services and characteristics (Bluetooth Assigned Numbers, sections 3.4 and 3.8).
GENERIC_ACCESS, DEVICE_NAME, APPEARANCE = "1800", "2a00", "2a01"
HEALTH_THERMOMETER, TEMPERATURE_MEASUREMENT = "1809", "2a1c"
DEVICE_INFORMATION, MANUFACTURER_NAME, MODEL_NUMBER = "180a", "2a29", "2a24"
HEART_RATE, HEART_RATE_MEASUREMENT, BODY_SENSOR, HEART_RATE_CONTROL = "180d", "2a37", "2a38", "2a39"
BATTERY, BATTERY_LEVEL = "180f", "2a19"
ENVIRONMENTAL_SENSING, TEMPERATURE, HUMIDITY = "181a", "2a6e", "2a6f"

NOTEBOOK = "8f5a00014a1c4d1e9c3b6d2f1e0b7a10"
"""A service of our own: one note that clients may read and write, longer than a packet."""
NOTE = "8f5a00024a1c4d1e9c3b6d2f1e0b7a10"
FIRST_NOTE = b"Whatever is written here is read again by whoever comes next. It is kept until the hub stops."

APPEARANCE_THERMOMETER = 0x0300
APPEARANCE_HEART_RATE_BELT = 0x0341
BODY_SENSOR_CHEST = b"\x01"
RESET_ENERGY_EXPENDED = b"\x01"

# An iBS03T tag (INGICS): company identifier, kind of packet, kind of tag.
INGICS = 0x000D
INGICS_PACKET = b"\x83\xbc"
INGICS_IBS03T = b"\x15"
NOT_MEASURED = b"\xff\xff"

APPLE = 0x004C
IBEACON = b"\x02\x15"
IBEACON_UUID = bytes.fromhex("8f5a10004a1c4d1e9c3b6d2f1e0b7a10")
IBEACON_MAJOR, IBEACON_MINOR = 1, 2
IBEACON_1M_DBM = -59
"""How loud it is heard at one metre."""

PLACE = 2
"""Where in the room of the bench the thermometer lies."""

SECOND_US = 1_000_000
HOUR_US = 3_600 * SECOND_US


def heart_bpm(now_us: int) -> int:
    """Return the heart rate of somebody who walks up and down stairs."""
    return round(76 + 12 * room.swing(now_us, 60))


def battery_percent(now_us: int) -> int:
    """Return how full a battery is: one percent an hour less, and charged when it is at 41."""
    return 100 - now_us // HOUR_US % 60


def hundredths(value: float) -> bytes:
    """Return a value in hundredths as 16 bits, signed."""
    return round(value * 100).to_bytes(2, "little", signed=True)


def measured_temperature(now_us: int) -> bytes:
    """Return a temperature measurement: Celsius, no time, a 32-bit decimal float (Health Thermometer, section 3.1)."""
    mantissa = round(room.temperature_c(now_us, PLACE) * 100)
    return b"\x00" + mantissa.to_bytes(3, "little", signed=True) + (-2).to_bytes(1, signed=True)


def measured_heart_rate(now_us: int) -> bytes:
    """Return a heart rate measurement: one byte of flags, one of beats a minute (Heart Rate Service, section 3.1)."""
    return bytes((0, heart_bpm(now_us)))


def ibs03t(now_us: int) -> bytes:
    """Return what an iBS03T tag tells: battery in 10 mV, no event, temperature, neither humidity nor user data."""
    battery = (300).to_bytes(2, "little")
    return (
        INGICS_PACKET
        + battery
        + b"\x00"
        + hundredths(room.temperature_c(now_us, PLACE))
        + NOT_MEASURED
        + bytes(2)
        + INGICS_IBS03T
        + bytes(3)
    )


def demo_shapes() -> Sequence[Shape]:
    """Return the three of them."""
    return (_thermometer(), _heart_rate_belt(), _beacon())


def _thermometer() -> Shape:
    name = "Hardwire Thermo"
    return Shape(
        name=name,
        address="c4a0b1e00001",
        advertisement=lambda now_us: advertisement.advertised(
            advertisement.flags(),
            advertisement.services((HEALTH_THERMOMETER, ENVIRONMENTAL_SENSING)),
            advertisement.manufacturer(INGICS, ibs03t(now_us)),
        ),
        scan_response=constant(advertisement.advertised(advertisement.name(name), advertisement.tx_power(0))),
        rssi_dbm=-58,
        services=(
            _generic_access(name, APPEARANCE_THERMOMETER),
            _device_information("Thermo 1"),
            Service(
                HEALTH_THERMOMETER,
                (
                    Characteristic(
                        uuid=TEMPERATURE_MEASUREMENT,
                        properties=Property.INDICATE,
                        reading=measured_temperature,
                        every_us=2 * SECOND_US,
                    ),
                ),
            ),
            Service(
                ENVIRONMENTAL_SENSING,
                (
                    Characteristic(
                        uuid=TEMPERATURE,
                        properties=Property.READ | Property.NOTIFY,
                        reading=lambda now_us: hundredths(room.temperature_c(now_us, PLACE)),
                        descriptors=(Descriptor(DESCRIPTION, b"Room temperature"),),
                    ),
                    Characteristic(
                        uuid=HUMIDITY,
                        properties=Property.READ | Property.NOTIFY,
                        reading=lambda now_us: hundredths(room.humidity_percent(now_us, PLACE)),
                        descriptors=(Descriptor(DESCRIPTION, b"Room humidity"),),
                    ),
                ),
            ),
            _battery(),
            Service(
                NOTEBOOK,
                (
                    Characteristic(
                        uuid=NOTE,
                        properties=Property.READ | Property.WRITE | Property.WRITE_WITHOUT_RESPONSE | Property.NOTIFY,
                        reading=constant(FIRST_NOTE),
                        descriptors=(Descriptor(DESCRIPTION, b"Note", is_writable=True),),
                    ),
                ),
            ),
        ),
    )


def _heart_rate_belt() -> Shape:
    name = "Hardwire Heart"
    return Shape(
        name=name,
        address="c4a0b1e00002",
        advertisement=constant(
            advertisement.advertised(
                advertisement.flags(),
                advertisement.services((HEART_RATE, BATTERY)),
                advertisement.name(name),
            )
        ),
        scan_response=constant(advertisement.advertised(advertisement.tx_power(4))),
        rssi_dbm=-67,
        services=(
            _generic_access(name, APPEARANCE_HEART_RATE_BELT),
            _device_information("Heart 1"),
            Service(
                HEART_RATE,
                (
                    Characteristic(
                        uuid=HEART_RATE_MEASUREMENT, properties=Property.NOTIFY, reading=measured_heart_rate
                    ),
                    _fact(BODY_SENSOR, BODY_SENSOR_CHEST),
                    Characteristic(uuid=HEART_RATE_CONTROL, properties=Property.WRITE, accept=_control_heart_rate),
                ),
            ),
            _battery(),
        ),
    )


def _beacon() -> Shape:
    place = IBEACON_MAJOR.to_bytes(2) + IBEACON_MINOR.to_bytes(2) + IBEACON_1M_DBM.to_bytes(1, signed=True)
    return Shape(
        name="Hardwire Beacon",
        address="c4a0b1e00003",
        advertising=Advertising.MUTE,
        advertisement=constant(
            advertisement.advertised(
                advertisement.flags(), advertisement.manufacturer(APPLE, IBEACON + IBEACON_UUID + place)
            )
        ),
        scan_response=constant(b""),
        rssi_dbm=-74,
    )


def _generic_access(name: str, appearance: int) -> Service:
    return Service(
        GENERIC_ACCESS, (_fact(DEVICE_NAME, name.encode()), _fact(APPEARANCE, appearance.to_bytes(2, "little")))
    )


def _device_information(model: str) -> Service:
    return Service(DEVICE_INFORMATION, (_fact(MANUFACTURER_NAME, b"Hardwire"), _fact(MODEL_NUMBER, model.encode())))


def _battery() -> Service:
    level = Characteristic(
        uuid=BATTERY_LEVEL,
        properties=Property.READ | Property.NOTIFY,
        reading=lambda now_us: bytes((battery_percent(now_us),)),
        every_us=10 * SECOND_US,
    )
    return Service(BATTERY, (level,))


def _fact(uuid: str, octets: bytes) -> Characteristic:
    return Characteristic(uuid=uuid, properties=Property.READ, reading=constant(octets))


def _control_heart_rate(octets: bytes) -> None:
    if octets != RESET_ENERGY_EXPENDED:
        raise RefusedError(AttError.CONTROL_POINT_NOT_SUPPORTED)
