"""Paper peripherals, and a controller whose happenings a test reads as packets."""

from collections.abc import Sequence

from hardwire.drivers.simulated.board.ble import advertisement
from hardwire.drivers.simulated.board.ble.air import Air
from hardwire.drivers.simulated.board.ble.controller import Controller
from hardwire.drivers.simulated.board.ble.gatt import Characteristic, Descriptor, Property, Service, constant
from hardwire.drivers.simulated.board.ble.hci import address_octets, u16
from hardwire.drivers.simulated.board.ble.peripheral import Advertising, Peripheral, Shape
from hardwire.model.board.ble_hci import HciRead, WriteHci
from hardwire.model.fact import Happening

START_US = 1_795_608_000_000_000
MS = 1_000
SECOND = 1_000_000
TURN = 100 * MS
"""How often a peripheral advertises."""

LEVEL, KNOB, ALARM, SECRET = "2a19", "2a39", "2a1c", "a0" * 16
ADDRESS = "c4a0b1e000aa"


def level(uuid: str = LEVEL, every_us: int = SECOND) -> Characteristic:
    """A value that counts the seconds."""
    return Characteristic(
        uuid=uuid,
        properties=Property.READ | Property.NOTIFY,
        reading=lambda now_us: bytes((now_us // SECOND % 256,)),
        descriptors=(Descriptor("2901", b"Level"), Descriptor("2904", b"x", is_writable=True)),
        every_us=every_us,
    )


def services() -> tuple[Service, ...]:
    """Two services; their attributes have the handles 1 to 6 and 7 to 14."""
    knob = Characteristic(
        uuid=KNOB,
        properties=Property.WRITE | Property.WRITE_WITHOUT_RESPONSE | Property.READ,
        reading=constant(b"0" * 40),
    )
    alarm = Characteristic(uuid=ALARM, properties=Property.INDICATE, reading=constant(b"ring" * 10))
    secret = Characteristic(uuid=SECRET, properties=Property.READ, reading=constant(b"s"))
    return (Service("180f", (level(),)), Service("b0" * 16, (knob, alarm, secret)))


def peripheral(
    address: str = ADDRESS, advertising: Advertising = Advertising.CONNECTABLE, name: str = "Paper"
) -> Peripheral:
    """A peripheral of paper."""
    return Peripheral(
        Shape(
            name=name,
            address=address,
            advertising=advertising,
            advertisement=constant(advertisement.flags()),
            scan_response=constant(advertisement.name(name)),
            services=services(),
        )
    )


def half_readable() -> Peripheral:
    """A peripheral with two values of one type, of which the second cannot be read."""
    shown = Characteristic(uuid=LEVEL, properties=Property.READ, reading=constant(b"a"))
    hidden = Characteristic(uuid=LEVEL, properties=Property.WRITE)
    paper = peripheral().shape
    return Peripheral(
        Shape(
            name="Half",
            address=ADDRESS,
            advertisement=paper.advertisement,
            scan_response=paper.scan_response,
            services=(Service("180f", (shown, hidden)),),
        )
    )


class Rig:
    """A controller with its clock, and what it has told."""

    def __init__(self, *peripherals: Peripheral) -> None:
        self.now_us = START_US
        self._told: list[Happening] = []
        self.controller = Controller(Air(peripherals or (peripheral(),)), self._told.append)

    def told(self) -> Sequence[bytes]:
        """The packets since the last call, up to now."""
        self.controller.advance(self.now_us)
        packets = [one.packet for one in self._told if isinstance(one, HciRead)]
        self._told.clear()
        return packets

    def write(self, packet: bytes) -> None:
        """Hand a packet to the controller."""
        assert self.controller.carry_out(WriteHci(packet), self.now_us) == ()

    def command(self, opcode: int, parameters: bytes = b"") -> Sequence[bytes]:
        """Hand over a command; return what is told at once."""
        self.write(b"\x01" + u16(opcode) + bytes((len(parameters),)) + parameters)
        return self.told()

    def run(self, duration_us: int) -> Sequence[bytes]:
        """Let time pass, as the board does: from one change to the next; return what is told."""
        end_us = self.now_us + duration_us
        packets = list(self.told())
        while (change := self.controller.next_change_us(self.now_us)) is not None and change <= end_us:
            assert change > self.now_us
            self.now_us = change
            packets += self.told()
        self.now_us = end_us
        return packets

    def connect(self, address: str = ADDRESS, *, interval: int = 8) -> int:
        """Connect; return the handle."""
        assert self.command(0x200D, creation(address, interval=interval)) == [status(0x200D)]
        (complete,) = self.run(2 * TURN)
        assert complete[:5] == bytes((4, 0x3E, 19, 1, 0))
        return int.from_bytes(complete[5:7], "little")

    def ask(self, handle: int, pdu: bytes) -> Sequence[bytes]:
        """Send a request to the attribute server; return the answers, without the reports of completed packets."""
        self.write(packet(handle, 4, pdu))
        return [one[9:] for one in self.run(20 * MS) if one[0] == 2]


def creation(address: str = ADDRESS, kind: int = 1, interval: int = 8) -> bytes:
    """The parameters of LE Create Connection."""
    peer = bytes((kind,)) + address_octets(address)
    return bytes((16, 0, 16, 0, 0)) + peer + b"\0" + u16(interval) + u16(24) + u16(1) + u16(400) + bytes(4)


def packet(handle: int, channel: int, octets: bytes, boundary: int = 0) -> bytes:
    """A packet of a connection that holds a whole message."""
    message = u16(len(octets)) + u16(channel) + octets
    return b"\x02" + u16(handle | boundary << 12) + u16(len(message)) + message


def complete(opcode: int, status: int = 0, returned: bytes = b"") -> bytes:
    """The event Command Complete."""
    return bytes((4, 0x0E, 4 + len(returned), 1)) + u16(opcode) + bytes((status,)) + returned


def status(opcode: int, status: int = 0) -> bytes:
    """The event Command Status."""
    return bytes((4, 0x0F, 4, status, 1)) + u16(opcode)
