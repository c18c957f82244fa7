"""200 clients of which 20 do not read: what becomes of those, and that the others notice nothing.

The hub is `hardwire serve` in a process of its own, so that its memory is its own. Its three devices are of a driver
from outside that tells as much as it is asked for; all else is what an owner has. Delays are printed and held to a
second only: the exact ratio is the figure of `python -m bench.slow`, for a machine that has nothing else to do.
"""

import pytest
import uvloop

from bench.slow.house import open_house
from bench.slow.plan import Plan
from bench.slow.trial import Outcome, Slow, Trial, told
from hardwire.server.sockets.socket import TOO_SLOW

BUDGET_BYTES = 128 * 1024
PLAN = Plan(budget_bytes=BUDGET_BYTES)
# What the resident memory of a Python program moves by, whatever it is asked for: pages of half-used arenas, rows on
# their way to the disk, samples taken between two of them. 20 budgets are 2.5 MiB.
NOISE_BYTES = 8 << 20


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Feed those who keep up alone, then with slow clients among them."""
    with open_house(tmp_path_factory.mktemp("slow-clients"), PLAN) as house:

        async def run() -> Outcome:
            trial = Trial(PLAN, house)
            try:
                return await trial.run(is_warmed=False)
            finally:
                trial.close()

        return uvloop.run(run())


def slow_at(outcome: Outcome, kind: str) -> list[Slow]:
    """Return the slow clients of a kind, each of which was fed ten times its budget."""
    ones = [one for one in outcome.slow if one.kind == kind]
    assert len(ones) == PLAN.slow[kind]
    assert all(one.fed_bytes >= 10 * BUDGET_BYTES for one in ones)
    return ones


def test_there_are_200_clients_of_which_20_do_not_read(outcome: Outcome) -> None:
    assert sum(PLAN.good.values()) == 180
    assert len(outcome.slow) == 20


def test_a_slow_reader_of_measurements_goes_on_with_the_newest_and_what_it_missed_is_counted(outcome: Outcome) -> None:
    count = PLAN.messages("meter")

    for one in slow_at(outcome, "meter"):
        numbers = [told.number for told in one.read.told]
        assert one.read.end == "last", one.read
        assert numbers[-1] == count - 1
        assert numbers == sorted(set(numbers))
        # In order and without a gap until it fell behind; then the newest state, and nothing between.
        assert numbers[:-1] == list(range(len(numbers) - 1))
        assert one.dropped == count - len(numbers) > 0


@pytest.mark.parametrize("kind", ["unit", "board"])
def test_who_may_miss_nothing_is_closed_with_a_reason_and_got_all_until_then(outcome: Outcome, kind: str) -> None:
    for one in slow_at(outcome, kind):
        assert (one.read.end, one.read.code, one.read.reason) == ("closed", 1013, TOO_SLOW)
        assert [told.number for told in one.read.told] == list(range(len(one.read.told)))
        assert 0 < len(one.read.told) < PLAN.messages(kind)
        assert one.dropped == 0


def test_no_slow_client_takes_more_memory_than_its_budget(outcome: Outcome) -> None:
    limit_bytes = BUDGET_BYTES * 1.1

    assert max(one.pending_bytes for one in outcome.slow) <= limit_bytes
    assert outcome.beside.growth_bytes <= 20 * limit_bytes + NOISE_BYTES


def test_those_who_keep_up_notice_nothing(outcome: Outcome) -> None:
    print(told(outcome))

    assert outcome.beside.ended == []
    assert outcome.beside.lost == 0
    assert outcome.beside.deliveries == sum(count * PLAN.messages(kind) for kind, count in PLAN.good.items())
    # Where others use the machine, nobody's delays mean much.
    assert outcome.beside.p99_s < max(1.0, 3 * outcome.alone.p99_s)
