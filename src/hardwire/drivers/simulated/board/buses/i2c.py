"""I2C as a function of the board: master of a bus with parts on it, or slave of one."""

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from hardwire.drivers.simulated.board.buses import bus_master
from hardwire.drivers.simulated.board.buses.lines import Lines
from hardwire.drivers.simulated.board.circuit.pins import Pins
from hardwire.drivers.simulated.board.function import Tell
from hardwire.drivers.simulated.board.hardware import require
from hardwire.drivers.simulated.board.parts.part import I2cPart, NotAcknowledgedError
from hardwire.model.board.i2c import (
    I2cFailed,
    I2cFault,
    I2cRead,
    I2cWritten,
    ReadI2c,
    StartI2cMaster,
    StartI2cSlave,
    StopI2c,
    WriteI2c,
)
from hardwire.model.board.pin import PinOwner
from hardwire.model.command import Command
from hardwire.model.errors import BadValueError
from hardwire.model.fact import Happening

# obniz reference, section 3.9.
MOST_BYTES = 1_024
CLOCK_LIMIT_HZ = 1_000_000
LAST_ADDRESS = 0x3FF
LAST_SHORT_ADDRESS = 0x7F
LONG_BITS = 10

PROBE_BYTES = 1
"""Programs look who is there by reads of this size: every part answers them, though it had nothing to say."""
OPEN_LINE = b"\xff"

PartAt = Callable[[int, int], I2cPart | None]
"""The part at an address; the first argument is the number of the bus."""


class _Master(Struct, frozen=True):
    sda: int
    scl: int


class _Slave(Struct, frozen=True):
    sda: int
    scl: int
    address: int
    address_bits: int
    next_write_us: int


class I2c:
    """The I2C buses of the board. A part answers whatever pins its bus is started on."""

    commands: Sequence[type[Command]] = (StartI2cMaster, StartI2cSlave, WriteI2c, ReadI2c, StopI2c)

    def __init__(self, units: Sequence[int], pins: Pins, tell: Tell, part_at: PartAt, *, has_master: bool) -> None:
        """`has_master`: a master on the bench writes to the board while it is a slave."""
        self._units = units
        self._lines = Lines(PinOwner.I2C, pins)
        self._tell = tell
        self._part_at = part_at
        self._has_master = has_master
        self.power_on()

    def power_on(self) -> None:
        """Close every bus. The parts keep what they hold: they have a supply of their own."""
        self._roles: dict[int, _Master | _Slave] = {}

    def carry_out(self, command: Command, now_us: int) -> Sequence[Happening]:
        """Start, use or stop a bus. A transfer that fails is answered, so that who waits for it waits no longer."""
        assert isinstance(command, StartI2cMaster | StartI2cSlave | WriteI2c | ReadI2c | StopI2c)
        unit = command.channel
        require("i2c", self._units, unit)
        match command:
            case StartI2cMaster(_, sda, scl, clock_hz):
                if not 1 <= clock_hz <= CLOCK_LIMIT_HZ:
                    raise BadValueError(f"an I2C bus has a clock of 1 to {CLOCK_LIMIT_HZ} Hz", path="clock_hz")
                self._lines.take(unit, sda, scl)
                self._roles[unit] = _Master(sda, scl)
            case StartI2cSlave(_, sda, scl, address, bits):
                slave = _Slave(sda, scl, address, _checked_bits(address, bits), now_us + bus_master.PERIOD_US)
                self._lines.take(unit, sda, scl)
                self._roles[unit] = slave
            case WriteI2c(_, address, octets, bits):
                _checked_bits(address, bits)
                _check_size(len(octets), "octets")
                return self._write(command, now_us)
            case ReadI2c(_, address, count, bits):
                _checked_bits(address, bits)
                _check_size(count, "count")
                return self._read(command, now_us)
            case StopI2c():
                self._roles.pop(unit, None)
                self._lines.release(unit)
        return ()

    def advance(self, now_us: int) -> None:
        """Let the master on the bench write what has come due."""
        for unit, slave in self._written_slaves():
            late_us = now_us - slave.next_write_us
            if late_us >= 0:
                # One write however late it is: a hub that was held up sends no burst.
                turns = late_us // bus_master.PERIOD_US + 1
                self._roles[unit] = replace(slave, next_write_us=slave.next_write_us + turns * bus_master.PERIOD_US)
                octets = bus_master.written(now_us)
                self._tell(I2cWritten(unit, slave.address, octets, address_bits=slave.address_bits))

    def next_change_us(self, now_us: int) -> int | None:
        """Return when the master on the bench writes next."""
        return min((slave.next_write_us for _, slave in self._written_slaves()), default=None)

    def _write(self, command: WriteI2c, now_us: int) -> Sequence[Happening]:
        part = self._part(command)
        if isinstance(part, I2cFailed):
            return (part,)
        if not command.octets:
            # The address alone, by which programs look who is there: everybody acknowledges it.
            return ()
        try:
            part.write(command.octets, now_us)
        except NotAcknowledgedError:
            return (_refused(command),)
        return ()

    def _read(self, command: ReadI2c, now_us: int) -> Sequence[Happening]:
        part = self._part(command)
        if isinstance(part, I2cFailed):
            return (part,)
        try:
            octets = part.read(command.count, now_us)
        except NotAcknowledgedError:
            if command.count > PROBE_BYTES:
                return (_refused(command),)
            octets = OPEN_LINE * command.count
        return (I2cRead(command.channel, command.address, octets),)

    def _part(self, command: WriteI2c | ReadI2c) -> I2cPart | I2cFailed:
        unit = command.channel
        role = self._roles.get(unit)
        if not isinstance(role, _Master):
            state = "not started" if role is None else "a slave"
            return _failed(command, f"i2c{unit} is {state}: start it with mode master, sda, scl and clock")
        if not (self._lines.has(unit, role.sda) and self._lines.has(unit, role.scl)):
            problem = f"another function has a pin of i2c{unit}: start it again"
            return _failed(command, problem, I2cFault.TIMEOUT)
        part = self._part_at(unit, command.address)
        is_long = command.address_bits == LONG_BITS and command.address <= LAST_SHORT_ADDRESS
        # A part of 7 address bits does not hear a call of 10.
        if part is None or is_long:
            return _failed(command, f"no part answers at {command.address:#04x}")
        return part

    def _written_slaves(self) -> Sequence[tuple[int, _Slave]]:
        if not self._has_master:
            return ()
        return [
            (unit, role)
            for unit, role in self._roles.items()
            if isinstance(role, _Slave) and self._lines.has(unit, role.sda) and self._lines.has(unit, role.scl)
        ]


def _checked_bits(address: int, bits: int) -> int:
    if not 0 <= address <= LAST_ADDRESS:
        raise BadValueError(f"an I2C address is 0 to {LAST_ADDRESS}", path="address")
    return LONG_BITS if address > LAST_SHORT_ADDRESS else bits


def _check_size(count: int, path: str) -> None:
    if not 0 <= count <= MOST_BYTES:
        raise BadValueError(f"an I2C transfer has 0 to {MOST_BYTES} bytes", path=path)


def _refused(command: WriteI2c | ReadI2c) -> I2cFailed:
    return _failed(command, f"the part at {command.address:#04x} does not acknowledge that")


def _failed(command: WriteI2c | ReadI2c, problem: str, fault: I2cFault = I2cFault.FAILED) -> I2cFailed:
    return I2cFailed(command.channel, fault, is_read=isinstance(command, ReadI2c), message=problem)
