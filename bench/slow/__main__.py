"""What slow clients cost the others, and the hub's memory.

    python -m bench.slow [--budget BYTES] [--rounds 1]

200 clients of which 20 do not read, each fed ten times its budget, beside the same feed without them.
"""

import argparse
import statistics
import tempfile
from pathlib import Path

import uvloop

from bench.processes import lift_file_limit
from bench.slow.house import open_house
from bench.slow.plan import Plan
from bench.slow.trial import Outcome, Trial, told

MIB = 1 << 20


def tried(plan: Plan) -> Outcome:
    """Run one trial with a hub of its own."""
    with tempfile.TemporaryDirectory() as folder, open_house(Path(folder), plan) as house:

        async def run() -> Outcome:
            trial = Trial(plan, house)
            try:
                return await trial.run()
            finally:
                trial.close()

        return uvloop.run(run())


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.slow")
    parser.add_argument("--budget", type=int, default=MIB)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--stretch", type=float, default=4.0, help="How many times longer than in the test it takes.")
    given = parser.parse_args()
    lift_file_limit()
    base = Plan(budget_bytes=given.budget)
    plan = Plan(
        budget_bytes=given.budget, feed_s={kind: feed_s * given.stretch for kind, feed_s in base.feed_s.items()}
    )
    outcomes = []
    for _ in range(given.rounds):
        outcomes.append(tried(plan))
        print(told(outcomes[-1]), flush=True)
    if len(outcomes) > 1:
        print(f"median of {len(outcomes)} rounds: p99 x {statistics.median(one.ratio for one in outcomes):.2f}")


if __name__ == "__main__":
    main()
