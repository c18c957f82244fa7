"""The temperature sensor ADT7310, the ADT7410's brother on SPI (Analog Devices data sheet)."""

from hardwire.drivers.simulated.board.parts import room
from hardwire.drivers.simulated.board.parts.registers import word

# Table 6: the registers' numbers on this bus, with how many bytes each has.
STATUS, CONFIGURATION, TEMPERATURE, ID = 0, 1, 2, 3
SIZES = (1, 1, 2, 1, 2, 1, 2, 2)
POWER_ON = {
    STATUS: b"\x00",
    CONFIGURATION: b"\x00",
    ID: b"\xc3",
    4: b"\x49\x80",
    5: b"\x05",
    6: b"\x20\0",
    7: b"\x05\0",
}

# The command byte: read, register, and whether reading goes on without further commands.
IS_READ = 0x40
IS_CONTINUOUS = 0x04
COMMAND_ZEROS = 0x83
IS_16_BIT = 0x80
PER_C = 128
FLAG_BITS = 0x0007


class Adt7310:
    """A sensor that measures again and again. It drives its line high while it has nothing to say."""

    def __init__(self, place: int = 0) -> None:
        self._place = place
        self._registers = dict(POWER_ON)
        self._is_continuous = False

    def transfer(self, octets: bytes, now_us: int) -> bytes:
        """Take a command byte with what belongs to it, or clock out the temperature after the continuous command."""
        if not octets:
            return b""
        command = octets[0]
        if command == 0xFF and not octets.strip(b"\xff"):
            # 32 ones bring the interface back to how power-on leaves it.
            self._is_continuous = False
            return octets
        if self._is_continuous and not command & IS_READ:
            return self._repeated(self._measured(now_us), len(octets))
        register = command >> 3 & 7
        if command & COMMAND_ZEROS:
            return b"\xff" * len(octets)
        if not command & IS_READ:
            self._store(register, octets[1 : 1 + SIZES[register]])
            return b"\xff" * len(octets)
        self._is_continuous = register == TEMPERATURE and bool(command & IS_CONTINUOUS)
        found = self._measured(now_us) if register == TEMPERATURE else self._registers[register]
        return b"\xff" + self._repeated(found, len(octets) - 1)

    def deselect(self) -> None:
        """Begin anew: the continuous mode ends with the select line."""
        self._is_continuous = False

    def _store(self, register: int, octets: bytes) -> None:
        if register not in (STATUS, TEMPERATURE, ID) and len(octets) == SIZES[register]:
            self._registers[register] = octets

    def _measured(self, now_us: int) -> bytes:
        raw = round(room.temperature_c(now_us, self._place) * PER_C)
        if not self._registers[CONFIGURATION][0] & IS_16_BIT:
            raw &= ~FLAG_BITS
        return word(raw)

    def _repeated(self, octets: bytes, count: int) -> bytes:
        return (octets * (count // len(octets) + 1))[:count]
