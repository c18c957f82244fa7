"""The Bluetooth controller as a function of the board: HCI packets in, events and packets of connections out.

It is an observer and a central; what it would advertise itself is accepted and heard by nobody.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256

from hardwire.drivers.simulated.board.ble.air import Air
from hardwire.drivers.simulated.board.ble.answer import Answer, Given
from hardwire.drivers.simulated.board.ble.connections import Connections
from hardwire.drivers.simulated.board.ble.fixed import FIXED, LMP_FEATURES
from hardwire.drivers.simulated.board.ble.hci import (
    ACL_PACKET,
    COMMAND_PACKET,
    Opcode,
    Status,
    command_complete,
    command_status,
    word,
)
from hardwire.drivers.simulated.board.ble.scanner import Scanner
from hardwire.drivers.simulated.board.function import Tell
from hardwire.model.board.ble_hci import FilterAdvertisements, HciRead, StartHci, StopHci, WriteHci
from hardwire.model.command import Command
from hardwire.model.errors import BadValueError
from hardwire.model.fact import Happening
from hardwire.model.value import Value

ENHANCED_CONNECTION_EVENT = 1 << 9
"""The bit in the mask of low energy events (section 7.8.1)."""
RANDOM_BYTES = 8
FILTER_LIMIT = 100
"""Each report is held against every one of them."""


class Controller:
    """The controller. It is on from the start: programs for newer firmware never switch it on (reference, 3.21).

    What is written to it while it is off switches it on again.
    """

    commands: Sequence[type[Command]] = (StartHci, StopHci, WriteHci, FilterAdvertisements)

    def __init__(self, air: Air, tell: Tell) -> None:
        self._tell = tell
        self._scanner = Scanner(air)
        self._connections = Connections(air)
        self._answers: Mapping[int, Answer] = {
            Opcode.RESET: Answer(0, self._reset),
            Opcode.READ_EXTENDED_FEATURES: Answer(1, self._read_extended_features),
            Opcode.LE_SET_EVENT_MASK: Answer(8, self._set_le_events),
            Opcode.LE_RAND: Answer(0, self._rand),
            **self._scanner.answers,
            **self._connections.answers,
        }

    def power_on(self) -> None:
        """Drop every connection without a word, hear nothing, filter nothing."""
        self._scanner.stop()
        self._scanner.filters = ()
        self._connections.drop_all()

    def carry_out(self, command: Command, now_us: int) -> Sequence[Happening]:
        """Take a packet, or switch the controller on or off."""
        match command:
            case WriteHci(packet):
                self._write(packet, now_us)
            case FilterAdvertisements(filters):
                if len(filters) > FILTER_LIMIT:
                    raise BadValueError(f"the controller has room for {FILTER_LIMIT} filters", path="filters")
                self._scanner.filters = filters
            case _:
                self.power_on()
        return ()

    def advance(self, now_us: int) -> None:
        """Tell what has come over the air until now."""
        for packet in self._scanner.due(now_us):
            self._tell(HciRead(packet))
        for packet in self._connections.due(now_us):
            self._tell(HciRead(packet))

    def next_change_us(self, now_us: int) -> int | None:
        """Return when something comes over the air."""
        moments = (self._scanner.next_due_us(now_us), self._connections.next_due_us(now_us))
        return min((moment for moment in moments if moment is not None), default=None)

    def values(self, now_us: int) -> Mapping[str, Value]:
        """It has no points."""
        return {}

    def _write(self, packet: bytes, now_us: int) -> None:
        kind = packet[0] if packet else 0
        if kind == COMMAND_PACKET:
            # obniz.js 4.1.0 says 0 of six bytes when it sets an address (board cc3235mod): what is there counts.
            parameters = _whole(packet, 4, packet[3:4])
            self._command(word(packet, 1), parameters, now_us)
        elif kind == ACL_PACKET:
            fragment = _whole(packet, 5, packet[3:5])
            head = word(packet, 1)
            self._connections.receive(head & 0x0FFF, head >> 12 & 0b11, fragment, now_us)
        else:
            problem = f"the controller takes packets that begin with {COMMAND_PACKET} (command) or {ACL_PACKET} (ACL)"
            raise BadValueError(problem, path="packet")

    def _command(self, opcode: int, parameters: bytes, now_us: int) -> None:
        answer = self._answers.get(opcode)
        if answer is None:
            fixed = FIXED.get(opcode)
            status = Status.UNKNOWN_COMMAND if fixed is None else Status.SUCCESS
            told = command_complete(opcode, status, fixed or b"")
        else:
            short = len(parameters) < answer.needs_bytes
            status, returned = (Status.INVALID_PARAMETERS, b"") if short else answer.give(parameters, now_us)
            begun = command_status(opcode, status)
            told = begun if answer.is_begun else command_complete(opcode, status, returned)
        self._tell(HciRead(told))

    def _reset(self, parameters: bytes, now_us: int) -> Given:
        self._scanner.stop()
        self._connections.drop_all()
        return Status.SUCCESS, b""

    def _set_le_events(self, parameters: bytes, now_us: int) -> Given:
        # The other events are told whatever the masks say: a program that wants them not does not mind them.
        mask = int.from_bytes(parameters[:8], "little")
        self._connections.is_enhanced = bool(mask & ENHANCED_CONNECTION_EVENT)
        return Status.SUCCESS, b""

    def _read_extended_features(self, parameters: bytes, now_us: int) -> Given:
        last_page = 0
        return Status.SUCCESS, bytes((parameters[0], last_page)) + (LMP_FEATURES if parameters[0] == 0 else bytes(8))

    def _rand(self, parameters: bytes, now_us: int) -> Given:
        # The board rolls no dice; no secret of anybody rests on this number.
        return Status.SUCCESS, sha256(now_us.to_bytes(16)).digest()[:RANDOM_BYTES]


def _whole(packet: bytes, head_bytes: int, length: bytes) -> bytes:
    """Return what stands behind the head of a packet. Raises BadValueError where that is less than the head says."""
    size_bytes = head_bytes + int.from_bytes(length, "little")
    if len(packet) < size_bytes:
        raise BadValueError(f"this packet has {len(packet)} bytes and should have {size_bytes}", path="packet")
    return packet[head_bytes:]
