"""The digital-to-analog converter MCP4725, twelve bits (Microchip data sheet DS22039, section 6)."""

from hardwire.drivers.simulated.board.parts.part import NotAcknowledgedError

COMMAND_BITS = 0xE0
WRITE_DAC = 0x40
WRITE_DAC_AND_EEPROM = 0x60
FAST_BITS = 0xC0
POWER_DOWN_BITS = 0x06

READY = 0x80
MID_SCALE = 0x800
"""The EEPROM as it comes from the factory."""


class Mcp4725:
    """A converter on whose output nothing hangs: what it was told can be read."""

    def __init__(self) -> None:
        self._dac = self._kept = MID_SCALE
        self._power_down = self._kept_power_down = 0

    def write(self, octets: bytes, now_us: int) -> None:
        """Take the fast command of two bytes or the long ones of three, each again and again."""
        if len(octets) < 2:
            raise NotAcknowledgedError
        if not octets[0] & FAST_BITS:
            high, low = octets[-2:] if len(octets) % 2 == 0 else octets[-3:-1]
            self._power_down = high >> 4 & 3
            self._dac = (high & 0x0F) << 8 | low
            return
        command = octets[0] & COMMAND_BITS
        if command not in (WRITE_DAC, WRITE_DAC_AND_EEPROM) or len(octets) < 3:
            raise NotAcknowledgedError
        last = len(octets) - len(octets) % 3
        head, high, low = octets[last - 3 : last]
        self._power_down = (head & POWER_DOWN_BITS) >> 1
        self._dac = high << 4 | low >> 4
        if command == WRITE_DAC_AND_EEPROM:
            self._kept, self._kept_power_down = self._dac, self._power_down

    def read(self, count: int, now_us: int) -> bytes:
        """Return the state, what the converter has, and what the EEPROM has."""
        now = bytes((READY | self._power_down << 1,)) + (self._dac << 4).to_bytes(2, "big")
        kept = (self._kept_power_down << 13 | self._kept).to_bytes(2, "big")
        return (now + kept).ljust(count, b"\xff")[:count]
