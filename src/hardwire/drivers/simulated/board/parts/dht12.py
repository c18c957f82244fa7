"""The humidity and temperature sensor DHT12 (Aosong data sheet)."""

from hardwire.drivers.simulated.board.parts import room


class Dht12:
    """A sensor of five registers: whole and tenths of both values, and their sum."""

    def __init__(self, address: int) -> None:
        self._address = address

    def load(self, register: int, now_us: int) -> int:
        """Return a whole part, a tenth, or the sum."""
        humidity = round(room.humidity_percent(now_us, self._address) * 10)
        temperature = round(room.temperature_c(now_us, self._address) * 10)
        row = (*divmod(humidity, 10), *divmod(temperature, 10))
        return (*row, sum(row) & 0xFF)[register] if register <= len(row) else 0

    def store(self, register: int, octet: int, now_us: int) -> None:
        """Leave everything as it is: there is nothing to set."""
