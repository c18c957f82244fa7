"""Did it stay flat: memory, files and delays of a run, early and late."""

from collections.abc import Callable, Sequence
from statistics import median

from msgspec import Struct

from bench.soak.tally import Heard

# The run is judged from here on: pools, caches and rings have filled. A short run is judged from its first third on.
WARM_S = 600.0
# What is early and late in it is the median of so much of the run: one busy second of a neighbour decides nothing.
PART_S = 120.0
GROWTH_MIB = 1.0
P99_SHARE = 0.20


class Reading(Struct, frozen=True):
    """The hub and its clients in one window."""

    at_s: float
    resident_mib: float
    files: int
    cpu_share: float
    """Of one core."""
    load_share: float
    """Of one core, by the clients' process."""
    heard: dict[str, Heard]

    @property
    def p99_ms(self) -> float:
        """The slowest dialect's."""
        return max((one.p99_ms for one in self.heard.values()), default=0.0)


class Verdict(Struct, frozen=True):
    """One question's answer."""

    what: str
    early: float
    late: float
    goal: str
    is_met: bool

    def __str__(self) -> str:
        word = "met" if self.is_met else "NOT met"
        return f"{self.what}: {self.early:,.2f} early, {self.late:,.2f} late; goal {self.goal}: {word}"


def verdicts(readings: Sequence[Reading]) -> tuple[Verdict, ...]:
    """Compare the beginning of what is judged with its end. There have to be some readings."""
    since_s, until_s = judged(readings)
    part_s = min(PART_S, (until_s - since_s) / 3)
    early = [one for one in readings if since_s <= one.at_s <= since_s + part_s]
    late = [one for one in readings if one.at_s >= until_s - part_s]

    def pair(figure: Callable[[Reading], float]) -> tuple[float, float]:
        return median(map(figure, early)), median(map(figure, late))

    memory, files, p99 = pair(lambda one: one.resident_mib), pair(lambda one: one.files), pair(lambda one: one.p99_ms)
    return (
        Verdict("resident MiB", *memory, f"grows <= {GROWTH_MIB} MiB", memory[1] - memory[0] <= GROWTH_MIB),
        Verdict("open files", *files, "no more", files[1] <= files[0]),
        Verdict("p99 in ms", *p99, f"within {P99_SHARE:.0%}", p99[1] <= p99[0] * (1 + P99_SHARE)),
    )


def judged(readings: Sequence[Reading]) -> tuple[float, float]:
    """Return from when to when the run is judged, in seconds."""
    until_s = readings[-1].at_s
    return min(WARM_S, until_s / 3), until_s
