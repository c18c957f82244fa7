"""The port expander MCP23S08, eight pins on SPI (Microchip data sheet DS21919)."""

IODIR, IPOL, GPINTEN, DEFVAL, INTCON, IOCON, GPPU, INTF, INTCAP, GPIO, OLAT = range(11)

OPCODE = 0x40
OPCODE_BITS = 0xF8
IS_READ = 0x01
ALL_INPUTS = 0xFF


class Mcp23s08:
    """Eight pins with nothing on them: an input is low, or high where its pull-up is on."""

    def __init__(self) -> None:
        self._registers = bytearray(OLAT + 1)
        self._registers[IODIR] = ALL_INPUTS
        self._head: list[int] = []

    def transfer(self, octets: bytes, now_us: int) -> bytes:
        """Take the opcode and the register's number, then read or write on from there until it is deselected."""
        found = bytearray()
        for octet in octets:
            match self._head:
                case []:
                    self._head = [octet]
                    found.append(0)
                case [_]:
                    self._head.append(octet)
                    found.append(0)
                case _:
                    opcode, register = self._head
                    found.append(self._turn(opcode, register, octet))
                    self._head[1] = register + 1 if register < OLAT else IODIR
        return bytes(found)

    def deselect(self) -> None:
        """Begin anew with the next byte."""
        self._head = []

    def _turn(self, opcode: int, register: int, octet: int) -> int:
        if opcode & OPCODE_BITS != OPCODE or register > OLAT:
            return 0
        if opcode & IS_READ:
            return self._level() if register == GPIO else self._registers[register]
        if register == GPIO:
            # Writing the port writes its latch (section 1.6.10).
            self._registers[OLAT] = octet
        elif register not in (INTF, INTCAP):
            self._registers[register] = octet
        return 0

    def _level(self) -> int:
        inputs = self._registers[IODIR]
        outside = self._registers[GPPU] ^ self._registers[IPOL]
        return (outside & inputs) | (self._registers[OLAT] & ~inputs & 0xFF)
