"""The cases of the Autobahn test suite, run by kosoku against the hub's own carrier with an echo behind it.

`python -m tests.server.websocket.autobahn` (`make autobahn`) prints every verdict that is not OK, and how long it took.
"""

import asyncio
import importlib.util
import os
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from time import perf_counter

import structlog
import uvloop
from msgspec import Struct

from hardwire.server.limits import Carrier, Limits
from tests.server.doors import open_doors

IS_CI = os.environ.get("CI", "") not in ("", "0", "false")
IS_THERE = importlib.util.find_spec("kosoku") is not None
MISSING = "kosoku, which runs the Autobahn cases, is not installed here: `make setup` does it."

APPLY = ("1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "9.*", "10.*")
"""Framing, pings, reserved bits, opcodes, fragmentation, UTF-8, closing, limits, auto-fragmentation."""
COMPRESSED = ("12.*", "13.*")
"""permessage-deflate, which the hub does not agree to: each is UNIMPLEMENTED."""
# The longest message of the cases has 16 MiB.
LONGEST_BYTES = 16 << 20
LIMITS = Limits(client_budget_bytes=2 * LONGEST_BYTES, handshakes_per_s=100_000, messages_per_s=1_000_000)
"""As much may lie unread at the client's, and no case is held back: some send 65,536 frames at once."""


class Verdict(Struct, frozen=True):
    """What a case found."""

    case: str
    messages: str
    closing: str
    duration_ms: int
    told: str

    @property
    def label(self) -> str:
        """One word where both halves say the same."""
        return self.messages if self.messages == self.closing else f"{self.messages}, closing {self.closing}"


async def verdicts(cases: Sequence[str], carrier: Carrier = "direct", *, at_once: int = 8) -> Sequence[Verdict]:
    """Run the cases against an echo on a real socket."""
    # Not on every machine: a missing one is told in a sentence.
    from kosoku import FailureError, run_fuzzingclient

    async with open_doors(LIMITS, carrier) as doors:
        doors.dialect.message_limit_bytes = LONGEST_BYTES
        url = f"ws://127.0.0.1:{doors.port}/paper"
        try:
            results = await run_fuzzingclient(url, cases, concurrency=at_once)
        except FailureError as failure:
            results = failure.results
    return [
        Verdict(
            case=one.case_id,
            messages=one.behavior.value,
            closing=one.behavior_close.value,
            duration_ms=one.duration,
            told=f"{one.result} {one.result_close}",
        )
        for one in results
    ]


def labels(found: Sequence[Verdict]) -> Mapping[str, str]:
    """Each case with its verdict in a word."""
    return {verdict.case: verdict.label for verdict in found}


async def _print() -> None:
    began = perf_counter()
    found = [*await verdicts(APPLY), *await verdicts(COMPRESSED)]
    for verdict in found:
        if verdict.label not in ("OK", "UNIMPLEMENTED, closing OK"):
            print(f"{verdict.case:8} {verdict.label}: {verdict.told}")
    for label, count in Counter(verdict.label for verdict in found).most_common():
        print(f"{count:5} {label}")
    print(f"{len(found)} cases in {perf_counter() - began:.1f} s")


if __name__ == "__main__":
    if not IS_THERE:
        sys.exit(MISSING)
    # A third of the cases breaks a rule, and each has its line.
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_print())
