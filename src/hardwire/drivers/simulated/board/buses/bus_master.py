"""A bus master on the bench, which writes to the board while that is a slave: the time of day, as to a clock chip."""

FIRST_REGISTER = 0
PERIOD_US = 1_000_000
DAY_S = 86_400


def written(now_us: int) -> bytes:
    """Return what it writes: the first register, then seconds, minutes and hours (UTC), two decimal digits a byte."""
    minutes, second = divmod(now_us // 1_000_000 % DAY_S, 60)
    hour, minute = divmod(minutes, 60)
    return bytes((FIRST_REGISTER, *(number // 10 << 4 | number % 10 for number in (second, minute, hour))))
