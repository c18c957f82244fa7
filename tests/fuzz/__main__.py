"""`make fuzz`: a million broken messages against both codecs; none may raise, none may cost much memory.

    python -m tests.fuzz [--inputs 1000000] [--seed 1]

Seeds are the messages of the transcripts and frames that the codec itself writes; each is broken in some places.
Prints what was fed and how much memory it took; ends with 1 and the input in hex where something went wrong.
"""

import argparse
import random
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from msgspec import json

from hardwire.dialects.obniz.wire import answers, binary, reports, requests, text
from hardwire.dialects.obniz.wire.families import FRAMED_REPORTS, FUNCTIONS, KEYS

TRANSCRIPTS = Path(__file__).parents[1] / "dialects" / "obniz" / "transcripts"
WORDS = (
    *(
        "true",
        "false",
        "null",
        "0",
        "-1",
        "1.5",
        "255",
        "256",
        "1e9",
        "1e400",
        "99999999999999999999",
        '""',
        "[]",
        "{}",
    ),
    *('"get"', '"input"', '"a"', '"\\u0000"', '"\\ud800"', "[[]]", '{"a":{}}', "[1,2,3]", '"ff"', "NaN"),
)
# A codec keeps nothing of what it has read.
MEMORY_KB = 16 * 1024
SLOWEST_S = 1.0


class Fuzz:
    """A stream of messages that are nearly right."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._texts, self._frames = _seeds()

    def texts(self) -> Iterator[bytes]:
        """Yield JSON, most of it broken, for ever."""
        pick = self._random
        while True:
            one = bytearray(pick.choice(self._texts))
            for _ in range(pick.randint(0, 3)):
                _break_text(one, pick)
            yield bytes(one)

    def frames(self) -> Iterator[bytes]:
        """Yield frames, most of them broken, for ever."""
        pick = self._random
        kinds = sorted({*FUNCTIONS, *FRAMED_REPORTS})
        while True:
            if pick.random() < 0.5:
                kind = pick.choice(kinds)
                payload = pick.randbytes(pick.randint(0, 40))
                one = bytearray((kind >> 8, kind & 0xFF, len(payload))) + payload
            else:
                one = bytearray(b"".join(pick.choices(self._frames, k=pick.randint(1, 4))))
            for _ in range(pick.randint(0, 3)):
                _break_bytes(one, pick)
            yield bytes(one)


def _break_text(one: bytearray, pick: random.Random) -> None:
    at = pick.randrange(len(one) + 1)
    match pick.randrange(6):
        case 0:
            one[at:at] = pick.choice(WORDS).encode()
        case 1:
            # In place of a whole value.
            end = next((n for n in range(at, len(one)) if one[n] in b",}]"), len(one))
            start = max(one.rfind(b":", 0, at), one.rfind(b",", 0, at)) + 1
            one[start:end] = pick.choice(WORDS).encode()
        case 2:
            del one[at : at + pick.randint(1, 8)]
        case 3:
            one[at : at + 1] = pick.randbytes(1)
        case 4:
            one[:] = one[:at] + one[pick.randrange(len(one) + 1) :]
        case _:
            key = pick.choice(list(KEYS)).encode()
            one[at:at] = b'{"' + key + b'":' + pick.choice(WORDS).encode() + b"},"


def _break_bytes(one: bytearray, pick: random.Random) -> None:
    at = pick.randrange(len(one) + 1)
    match pick.randrange(4):
        case 0:
            one[at:at] = pick.randbytes(pick.randint(1, 4))
        case 1:
            del one[at : at + pick.randint(1, 4)]
        case 2:
            one[at : at + 1] = pick.randbytes(1)
        case _:
            one += one[: pick.randint(0, 60)]


def _seeds() -> tuple[Sequence[bytes], Sequence[bytes]]:
    texts = [
        line[2:].encode()
        for path in sorted(TRANSCRIPTS.glob("*.txt"))
        for line in path.read_text("utf-8").splitlines()
        if line[:2] in ("> ", "< ") and line[2:3] == "["
    ]
    frames = [
        frame
        for one in texts
        for _, command in text.decode(one).wishes
        if (frame := requests.as_frame(command)) is not None
    ]
    return texts, frames


def read_request(message: bytes) -> None:
    """Read a request in both encodings, and say what was not understood."""
    findings = [binary.decode(message)]
    try:
        findings.append(text.decode(message.decode()))
    except UnicodeDecodeError:
        pass
    for found in findings:
        for told in answers.not_understood(found):
            json.decode(told)
        for _, command in found.wishes[:20]:
            requests.as_object(command)
            requests.as_frame(command)


def read_report(message: bytes) -> None:
    """Read what a board tells, in both encodings, and write it again."""
    found = [reports.read(message)]
    try:
        found.append(reports.read(message.decode()))
    except UnicodeDecodeError:
        pass
    for report in found:
        for happening in report.happenings[:20]:
            told = answers.told(happening)
            if told is not None:
                json.decode(f"[{told}]")
            answers.framed(happening)


READERS: Sequence[Callable[[bytes], None]] = (read_request, read_report)


def main() -> int:
    """Feed as many inputs as were asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Feed broken messages to both codecs.")
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    fuzz = Fuzz(options.seed)
    sources = (fuzz.texts(), fuzz.frames())
    slowest_s, begin_kb, begin = 0.0, 0, time.monotonic()
    for number in range(options.inputs):
        message = next(sources[number % 2])
        before = time.perf_counter()
        try:
            for read in READERS:
                read(message)
        except Exception as fault:  # noqa: BLE001 (that none comes is what is tested)
            print(f"input {number} of seed {options.seed} raised {fault!r}: {message.hex()}")
            return 1
        slowest_s = max(slowest_s, time.perf_counter() - before)
        if number == options.inputs // 10:
            begin_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - begin_kb
    took_s = time.monotonic() - begin
    print(
        f"{options.inputs:,} inputs in {took_s:.0f} s, none raised; the slowest took {slowest_s * 1000:.1f} ms; "
        f"memory grew by {grown_kb / 1024:.1f} MB"
    )
    return 0 if grown_kb <= MEMORY_KB and slowest_s <= SLOWEST_S else 1


if __name__ == "__main__":
    raise SystemExit(main())
