"""How Bosch's pressure sensors count: from a physical value to the raw one whose compensation gives it back."""

from collections.abc import Callable

from msgspec import Struct

RAW_BITS = 20


class Trim(Struct, frozen=True):
    """The calibration that a chip carries; the values are those of a typical one.

    Source: BMP280 data sheet, section 3.12 (the worked example), and BME280 data sheet, table 16.
    """

    t: tuple[int, int, int] = (27_504, 26_435, -1_000)
    p: tuple[int, ...] = (36_477, -10_685, 3_024, 2_855, 140, -7, 15_500, -14_600, 6_000)
    h: tuple[int, int, int, int, int, int] = (75, 362, 0, 313, 50, 30)

    def fine(self, raw: float) -> float:
        """Return the fine temperature, which the other two formulas need; 5,120 of it are a degree Celsius."""
        t1, t2, t3 = self.t
        return (raw / 16_384 - t1 / 1_024) * t2 + (raw / 131_072 - t1 / 8_192) ** 2 * t3

    def pressure_pa(self, raw: float, fine: float) -> float:
        """Return the pressure that a raw value means."""
        p1, p2, p3, p4, p5, p6, p7, p8, p9 = self.p
        off = fine / 2 - 64_000
        bend = (off * off * p6 / 32_768 + off * p5 * 2) / 4 + p4 * 65_536
        span = (1 + (p3 * off * off / 524_288 + p2 * off) / 524_288 / 32_768) * p1
        pressure = (1_048_576 - raw - bend / 4_096) * 6_250 / span
        return pressure + (p9 * pressure * pressure / 2_147_483_648 + pressure * p8 / 32_768 + p7) / 16

    def humidity_percent(self, raw: float, fine: float) -> float:
        """Return the relative humidity that a raw value means."""
        h1, h2, h3, h4, h5, h6 = self.h
        off = fine - 76_800
        humidity = (raw - (h4 * 64 + h5 / 16_384 * off)) * (
            h2 / 65_536 * (1 + h6 / 67_108_864 * off * (1 + h3 / 67_108_864 * off))
        )
        return humidity * (1 - h1 * humidity / 524_288)

    def temperature_registers(self) -> bytes:
        """Return the registers 0x88 to 0xA0, which hold the trim of temperature and pressure."""
        unsigned = {0, 3}
        return b"".join(
            value.to_bytes(2, "little", signed=index not in unsigned) for index, value in enumerate((*self.t, *self.p))
        )

    def humidity_registers(self) -> tuple[bytes, bytes]:
        """Return the register 0xA1 and the registers 0xE1 to 0xE7: 0xE5 is shared by two values."""
        h1, h2, h3, h4, h5, h6 = self.h
        shared = (h4 & 0x0F) | (h5 & 0x0F) << 4
        high = h2.to_bytes(2, "little", signed=True) + bytes((h3, (h4 >> 4) & 0xFF, shared, (h5 >> 4) & 0xFF))
        return bytes((h1,)), high + h6.to_bytes(1, "little", signed=True)


def raw_for(wanted: float, meaning: Callable[[int], float], bits: int = RAW_BITS) -> int:
    """Return the raw value whose meaning comes nearest below `wanted`; the meaning must rise or fall all the way."""
    low, high = 0, (1 << bits) - 1
    is_rising = meaning(high) > meaning(low)
    while high - low > 1:
        middle = (low + high) // 2
        if (meaning(middle) <= wanted) is is_rising:
            low = middle
        else:
            high = middle
    return low
