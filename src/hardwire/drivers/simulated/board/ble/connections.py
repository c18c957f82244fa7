"""The connections of the controller: made when a peripheral is heard, used at their events, ended by the program.

Sections without a volume are those of Bluetooth Core, volume 4, part E.
"""

from collections.abc import Callable, Iterator, Mapping
from heapq import heapify, heappop, heappush

from msgspec import Struct

from hardwire.drivers.simulated.board.ble.air import Air
from hardwire.drivers.simulated.board.ble.answer import Answer, Given
from hardwire.drivers.simulated.board.ble.fixed import BLUETOOTH_5_0, LE_FEATURES, NO_COMPANY
from hardwire.drivers.simulated.board.ble.hci import (
    DISCONNECTION_COMPLETE,
    ENCRYPTION_CHANGE,
    LE_CONNECTION_COMPLETE,
    LE_CONNECTION_UPDATE_COMPLETE,
    LE_ENHANCED_CONNECTION_COMPLETE,
    LE_PHY_UPDATE_COMPLETE,
    LE_READ_REMOTE_FEATURES_COMPLETE,
    NUMBER_OF_COMPLETED_PACKETS,
    READ_REMOTE_VERSION_COMPLETE,
    Opcode,
    Status,
    acl,
    address_octets,
    address_text,
    event,
    i8,
    le_event,
    u16,
    word,
)
from hardwire.drivers.simulated.board.ble.link import START, Link
from hardwire.drivers.simulated.board.ble.scanner import PHY_1M
from hardwire.model.errors import CallerError

Give = Callable[[Link, bytes, int], Given]
"""How a command of a connection is answered: the connection, what stands behind its handle, the time."""

FIRST_HANDLE = 0x0040
INTERVAL_UNIT_US = 1_250
SHORTEST_INTERVAL = 6
LONGEST_INTERVAL = 3_200
"""In units of 1.25 ms (section 7.8.12)."""
WAITING_LIMIT = 64
"""Packets that wait for their event. A host that minds what it was told has 8 on their way."""
CENTRAL = 0
CLOCK_ACCURACY_50_PPM = 5
NO_ADDRESS = bytes(6)
ALL_CHANNELS = ((1 << 37) - 1).to_bytes(5, "little")
OFF = b"\x00"

EXTENDED_HEAD_BYTES = 10
"""What LE Extended Create Connection has before the parameters of its first PHY (section 7.8.66)."""
EXTENDED_PHY_BYTES = 16


class _Wanted(Struct, frozen=True):
    """A connection that is to be made as soon as the peripheral is heard."""

    address: str
    is_random: bool
    interval: int
    latency: int
    timeout: int
    since_us: int


class Connections:
    """All of them, with what is on its way."""

    def __init__(self, air: Air) -> None:
        self._air = air
        self.is_enhanced = False
        """Whether a new connection is told by the enhanced event (section 7.7.65.10)."""
        self._links: dict[int, Link] = {}
        self._wanted: _Wanted | None = None
        # Due time, serial number, connection (0: none), packet.
        self._waiting: list[tuple[int, int, int, bytes]] = []
        self._serial = 0
        self.answers: Mapping[int, Answer] = {
            Opcode.DISCONNECT: Answer(3, self._of_link(self._disconnect), is_begun=True),
            Opcode.READ_REMOTE_VERSION: Answer(2, self._of_link(self._with_room(self._read_version)), is_begun=True),
            Opcode.READ_RSSI: Answer(2, self._of_link(self._read_rssi)),
            Opcode.LE_CREATE_CONNECTION: Answer(25, self._create, is_begun=True),
            Opcode.LE_CREATE_CONNECTION_CANCEL: Answer(0, self._cancel),
            Opcode.LE_CONNECTION_UPDATE: Answer(14, self._of_link(self._with_room(self._update)), is_begun=True),
            Opcode.LE_READ_CHANNEL_MAP: Answer(2, self._of_link(self._read_channel_map)),
            Opcode.LE_READ_REMOTE_FEATURES: Answer(
                2, self._of_link(self._with_room(self._read_features)), is_begun=True
            ),
            Opcode.LE_START_ENCRYPTION: Answer(
                28, self._of_link(self._with_room(self._start_encryption)), is_begun=True
            ),
            Opcode.LE_LTK_REPLY: Answer(18, self._of_link(self._refuse_key)),
            Opcode.LE_LTK_NEGATIVE_REPLY: Answer(2, self._of_link(self._refuse_key)),
            Opcode.LE_SET_DATA_LENGTH: Answer(6, self._of_link(self._keep)),
            Opcode.LE_READ_PHY: Answer(2, self._of_link(self._read_phy)),
            Opcode.LE_SET_PHY: Answer(7, self._of_link(self._with_room(self._set_phy)), is_begun=True),
            Opcode.LE_EXTENDED_CREATE_CONNECTION: Answer(
                EXTENDED_HEAD_BYTES + EXTENDED_PHY_BYTES, self._create_extended, is_begun=True
            ),
        }

    def drop_all(self) -> None:
        """End every connection without a word, as a reset does."""
        for link in self._links.values():
            link.peripheral.disconnect()
        self._links.clear()
        self._waiting.clear()
        self._wanted = None
        self.is_enhanced = False

    def receive(self, handle: int, boundary: int, fragment: bytes, now_us: int) -> None:
        """Take a packet of a connection; what comes too late for one that is over is lost.

        Raises:
            CallerError: too many wait for their event already.
        """
        link = self._links.get(handle)
        if link is None:
            return
        if len(self._waiting) >= WAITING_LIMIT:
            problem = (
                f"{WAITING_LIMIT} packets wait to be sent; wait until the controller has reported some as completed"
            )
            raise CallerError(problem)
        answer = link.receive(boundary, fragment, now_us)
        self._push(link, event(NUMBER_OF_COMPLETED_PACKETS, b"\x01" + u16(handle) + u16(1)), now_us)
        if answer is not None:
            self._push(link, acl(handle, START, answer), now_us)

    def due(self, now_us: int) -> Iterator[bytes]:
        """Yield what the program should hear by now."""
        self._connect_if_heard(now_us)
        for link in self._links.values():
            for message in link.due(now_us):
                self._push(link, acl(link.handle, START, message), now_us)
        while self._waiting and self._waiting[0][0] <= now_us:
            yield heappop(self._waiting)[-1]

    def next_due_us(self, now_us: int) -> int | None:
        """Return when `due` has something; None while nothing is going on."""
        moments = [link.peripheral.next_notification_us(now_us) for link in self._links.values()]
        if self._waiting:
            moments.append(self._waiting[0][0])
        if self._wanted is not None:
            moments.append(self._air.next_heard_us(now_us))
        return min((moment for moment in moments if moment is not None), default=None)

    def _of_link(self, give: Give) -> Callable[[bytes, int], Given]:
        """Let a command begin with the handle of a connection, and return it where it returns anything."""

        def given(parameters: bytes, now_us: int) -> Given:
            handle = word(parameters, 0) & 0x0FFF
            link = self._links.get(handle)
            if link is None:
                return Status.UNKNOWN_CONNECTION, u16(handle)
            status, returned = give(link, parameters[2:], now_us)
            return status, u16(handle) + returned

        return given

    def _with_room(self, give: Give) -> Give:
        """Refuse a command whose event finds no room among those that wait."""

        def given(link: Link, parameters: bytes, now_us: int) -> Given:
            if len(self._waiting) >= WAITING_LIMIT:
                return Status.MEMORY_EXCEEDED, b""
            return give(link, parameters, now_us)

        return given

    def _create(self, parameters: bytes, now_us: int) -> Given:
        # Section 7.8.12: the scan's interval and window, filter policy, the peer, our kind of address, the rest.
        return self._want(parameters[5:12], parameters[13:21], now_us)

    def _create_extended(self, parameters: bytes, now_us: int) -> Given:
        # Section 7.8.66: filter policy, our kind of address, the peer, PHYs, and for each of them 16 bytes.
        return self._want(parameters[2:9], parameters[EXTENDED_HEAD_BYTES + 4 : EXTENDED_HEAD_BYTES + 12], now_us)

    def _want(self, peer: bytes, timing: bytes, now_us: int) -> Given:
        if self._wanted is not None:
            return Status.COMMAND_DISALLOWED, b""
        address = address_text(peer[1:])
        if any(link.peripheral.address == address for link in self._links.values()):
            return Status.CONNECTION_EXISTS, b""
        interval = max(SHORTEST_INTERVAL, min(word(timing, 0), LONGEST_INTERVAL))
        self._wanted = _Wanted(address, bool(peer[0] & 1), interval, word(timing, 4), word(timing, 6), now_us)
        return Status.SUCCESS, b""

    def _cancel(self, parameters: bytes, now_us: int) -> Given:
        wanted, self._wanted = self._wanted, None
        if wanted is None:
            return Status.COMMAND_DISALLOWED, b""
        self._push_later(now_us, self._connected(Status.UNKNOWN_CONNECTION, 0, wanted))
        return Status.SUCCESS, b""

    def _connect_if_heard(self, now_us: int) -> None:
        wanted = self._wanted
        if wanted is None:
            return
        for peripheral in self._air.heard(wanted.since_us, now_us):
            if (peripheral.address, peripheral.shape.is_random) != (wanted.address, wanted.is_random):
                continue
            if peripheral.connect():
                handle = next(handle for handle in range(FIRST_HANDLE, 0x0F00) if handle not in self._links)
                self._links[handle] = Link(handle, peripheral, wanted.interval * INTERVAL_UNIT_US, now_us)
                self._wanted = None
                self._push_later(now_us, self._connected(Status.SUCCESS, handle, wanted))
            return

    def _connected(self, status: Status, handle: int, wanted: _Wanted) -> bytes:
        head = bytes((status,)) + u16(handle) + bytes((CENTRAL, wanted.is_random)) + address_octets(wanted.address)
        tail = u16(wanted.interval) + u16(wanted.latency) + u16(wanted.timeout) + bytes((CLOCK_ACCURACY_50_PPM,))
        if self.is_enhanced:
            return le_event(LE_ENHANCED_CONNECTION_COMPLETE, head + NO_ADDRESS + NO_ADDRESS + tail)
        return le_event(LE_CONNECTION_COMPLETE, head + tail)

    def _disconnect(self, link: Link, parameters: bytes, now_us: int) -> Given:
        link.peripheral.disconnect()
        del self._links[link.handle]
        self._waiting = [one for one in self._waiting if one[2] != link.handle]
        heapify(self._waiting)
        ended = bytes((Status.SUCCESS,)) + u16(link.handle) + bytes((Status.LOCAL_HOST_TERMINATED,))
        self._push_later(link.next_event_us(now_us), event(DISCONNECTION_COMPLETE, ended))
        return Status.SUCCESS, b""

    def _update(self, link: Link, parameters: bytes, now_us: int) -> Given:
        interval, latency, timeout = word(parameters, 2), word(parameters, 4), word(parameters, 6)
        if not SHORTEST_INTERVAL <= interval <= LONGEST_INTERVAL:
            return Status.INVALID_PARAMETERS, b""
        told = u16(link.handle) + u16(interval) + u16(latency) + u16(timeout)
        self._push(link, le_event(LE_CONNECTION_UPDATE_COMPLETE, bytes((Status.SUCCESS,)) + told), now_us)
        link.change_interval(interval * INTERVAL_UNIT_US, now_us)
        return Status.SUCCESS, b""

    def _read_version(self, link: Link, parameters: bytes, now_us: int) -> Given:
        version = bytes((BLUETOOTH_5_0,)) + u16(NO_COMPANY) + u16(0)
        told = bytes((Status.SUCCESS,)) + u16(link.handle) + version
        self._push(link, event(READ_REMOTE_VERSION_COMPLETE, told), now_us)
        return Status.SUCCESS, b""

    def _read_features(self, link: Link, parameters: bytes, now_us: int) -> Given:
        told = bytes((Status.SUCCESS,)) + u16(link.handle) + LE_FEATURES
        self._push(link, le_event(LE_READ_REMOTE_FEATURES_COMPLETE, told), now_us)
        return Status.SUCCESS, b""

    def _start_encryption(self, link: Link, parameters: bytes, now_us: int) -> Given:
        told = bytes((Status.KEY_MISSING,)) + u16(link.handle) + OFF
        self._push(link, event(ENCRYPTION_CHANGE, told), now_us)
        return Status.SUCCESS, b""

    def _set_phy(self, link: Link, parameters: bytes, now_us: int) -> Given:
        told = bytes((Status.SUCCESS,)) + u16(link.handle) + bytes((PHY_1M, PHY_1M))
        self._push(link, le_event(LE_PHY_UPDATE_COMPLETE, told), now_us)
        return Status.SUCCESS, b""

    def _read_phy(self, link: Link, parameters: bytes, now_us: int) -> Given:
        return Status.SUCCESS, bytes((PHY_1M, PHY_1M))

    def _read_rssi(self, link: Link, parameters: bytes, now_us: int) -> Given:
        return Status.SUCCESS, i8(link.peripheral.rssi_dbm(now_us))

    def _read_channel_map(self, link: Link, parameters: bytes, now_us: int) -> Given:
        return Status.SUCCESS, ALL_CHANNELS

    def _refuse_key(self, link: Link, parameters: bytes, now_us: int) -> Given:
        # Nobody has asked for a key.
        return Status.COMMAND_DISALLOWED, b""

    def _keep(self, link: Link, parameters: bytes, now_us: int) -> Given:
        # Packets are as long as they can be from the start.
        return Status.SUCCESS, b""

    def _push(self, link: Link, packet: bytes, now_us: int) -> None:
        self._serial += 1
        heappush(self._waiting, (link.next_event_us(now_us), self._serial, link.handle, packet))

    def _push_later(self, at_us: int, packet: bytes) -> None:
        self._serial += 1
        heappush(self._waiting, (at_us, self._serial, 0, packet))
