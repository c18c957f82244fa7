"""When a simulated household draws water, and how much: a week of taps, toilets, showers and machines."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from zlib import crc32

from msgspec import Struct

from hardwire.drivers.simulated.house_time import DAY_S

DAYS = 7
SATURDAY = 5
WEEK_S = DAYS * DAY_S
HOUR_S = 3_600

# A house sleeps from eleven to six.
WAKES_S, SLEEPS_S = 6 * HOUR_S, 23 * HOUR_S


class Draw(Struct, frozen=True):
    """A tap that is open for some whole seconds. `from_s` counts from Monday's midnight."""

    from_s: int
    lasts_s: int
    flow_lpm: float

    @property
    def litres(self) -> float:
        """All that it draws."""
        return self.lasts_s * self.flow_lpm / 60


class WaterWeek:
    """A week of draws, one after another, over and over."""

    def __init__(self, name: str, people: int) -> None:
        """The name decides by how many minutes this house differs from others of as many people."""
        self._draws = _one_at_a_time(sorted(_wishes(name, people), key=lambda draw: draw.from_s))
        self._starts = [draw.from_s for draw in self._draws]
        self._litres = [0.0, *accumulate(draw.litres for draw in self._draws)]

    def flow_lpm(self, seconds: float) -> float:
        """Return the flow at so many seconds after a Monday's midnight."""
        draw = self._draws[bisect_right(self._starts, seconds % WEEK_S) - 1]
        return draw.flow_lpm if 0 <= seconds % WEEK_S - draw.from_s < draw.lasts_s else 0.0

    def litres(self, seconds: float) -> float:
        """Return all that was drawn since that midnight."""
        weeks, within_s = divmod(seconds, WEEK_S)
        number = bisect_right(self._starts, within_s)
        past = weeks * self._litres[-1]
        if number == 0:
            return past
        draw = self._draws[number - 1]
        open_s = min(within_s - draw.from_s, draw.lasts_s)
        return past + self._litres[number - 1] + open_s * draw.flow_lpm / 60


def _wishes(name: str, people: int) -> Iterator[Draw]:
    for day in range(DAYS):
        midnight_s = day * DAY_S
        wakes_s = WAKES_S + (5_400 if day >= SATURDAY else 1_500)

        def chance(what: str, limit: int, day: int = day) -> int:
            """Return a number below the limit: the same one whenever it is asked for."""
            return crc32(f"{name}/{day}/{what}".encode()) % limit

        for person in range(people):
            shower_s = wakes_s + person * 900 + chance(f"shower {person}", 600)
            yield Draw(midnight_s + shower_s, 300 + chance(f"lasts {person}", 240), 8.4)
            for time in range(5):
                gap_s = (SLEEPS_S - WAKES_S - 600) // 5
                toilet_s = WAKES_S + time * gap_s + chance(f"toilet {person} {time}", gap_s)
                yield Draw(midnight_s + toilet_s, 45, 8.0)
                # Who leaves the toilet washes his hands.
                yield Draw(midnight_s + toilet_s + 50, 12, 5.5)
        for time in range(4 + 2 * people):
            tap_s = wakes_s + chance(f"tap {time}", SLEEPS_S - wakes_s - 300)
            yield Draw(midnight_s + tap_s, 8 + chance(f"open {time}", 50), 6.2)
        if day % 2 == 0:
            washing_s = 9 * HOUR_S + chance("washing", 3_600)
            yield from (Draw(midnight_s + washing_s + wave * 1_200, 110, 9.0) for wave in range(4))
        dishes_s = 20 * HOUR_S + chance("dishes", 1_800)
        yield from (Draw(midnight_s + dishes_s + wave * 1_500, 70, 3.6) for wave in range(3))


def _one_at_a_time(draws: list[Draw]) -> list[Draw]:
    """Let each wait until the one before it is over."""
    waited: list[Draw] = []
    free_s = 0
    for draw in draws:
        begins_s = max(draw.from_s, free_s)
        waited.append(Draw(begins_s, draw.lasts_s, draw.flow_lpm))
        free_s = begins_s + draw.lasts_s
    return waited
