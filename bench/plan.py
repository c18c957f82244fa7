"""What a run consists of: each row's measurement with its sizes, in the order in which they are taken."""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from bench.lanes import Size
from bench.row import Row
from bench.rows.codec import codec
from bench.rows.commands import commands
from bench.rows.echo import echo
from bench.rows.fanout import CHANNELS, fanout
from bench.rows.fanout_tls import fanout_tls
from bench.rows.held import held
from bench.rows.history import history
from bench.rows.idle import idle_tls, keep_alive
from bench.rows.ingest import ingest
from bench.rows.relay import relay
from bench.rows.sample import sample
from bench.rows.start import start

# Subscribers that watch all devices, as an account's programs do; and a socket for each pair, as a meter's readers.
WIDE = Size(devices=100, subscribers=100, is_wide=True, bursts=100, each=1, rounds=5)
NARROW = Size(devices=100, subscribers=100, is_wide=False, bursts=10, each=10, rounds=5)
NARROW_TLS = Size(devices=100, subscribers=10, is_wide=False, bursts=20, each=10, rounds=5)
QUICK_WIDE = Size(devices=30, subscribers=30, is_wide=True, bursts=40, each=1, rounds=2)
QUICK_NARROW = Size(devices=20, subscribers=20, is_wide=False, bursts=5, each=10, rounds=2)
# A fan-out takes two files of the machine's limit for each subscriber, but in two processes.
SPARE_FILES = 100


class Task(Struct, frozen=True):
    """One measurement."""

    measure: Callable[[], Iterator[Row]]
    needs_reference: bool
    """Whether it cannot be taken without the C programs."""


def tasks(files: int, *, is_quick: bool) -> Mapping[str, Task]:
    """Return name -> measurement; `files` is how many the machine lets a process open."""
    return _quick() if is_quick else _full(files)


def _full(files: int) -> Mapping[str, Task]:
    narrow = NARROW
    if narrow.sockets + SPARE_FILES > files:
        narrow = replace(narrow, subscribers=max(1, (files - SPARE_FILES) // narrow.devices))
    return {
        "start": Task(lambda: start(5), False),
        "echo": Task(lambda: echo(64, 500, 5), True),
        "codec": Task(lambda: codec(5, 2_000), False),
        "relay": Task(lambda: relay(5, 150), True),
        "commands": Task(lambda: commands(5), True),
        "sample": Task(lambda: sample(100, 10, 3, 7), False),
        "idle": Task(lambda: chain(idle_tls(min(10_000, files - SPARE_FILES)), keep_alive(1_000, 35)), True),
        "ingest": Task(lambda: ingest(5, 10), False),
        "fanout": Task(lambda: _fanouts((WIDE, narrow), (WIDE, NARROW_TLS), (WIDE, narrow)), True),
        "held": Task(lambda: chain(held(WIDE, 10), held(narrow, 10)), True),
        # The last one: it makes ten million rows first, which takes a minute or two.
        "history": Task(lambda: history(40, 1.0), False),
    }


def _quick() -> Mapping[str, Task]:
    return {
        "start": Task(lambda: start(1), False),
        "echo": Task(lambda: echo(64, 100, 2), True),
        "codec": Task(lambda: codec(3, 300), False),
        "relay": Task(lambda: relay(2, 30), True),
        "commands": Task(lambda: commands(1), True),
        "sample": Task(lambda: sample(20, 5, 1, 3), False),
        "idle": Task(lambda: idle_tls(100), True),
        "ingest": Task(lambda: ingest(1, 1), False),
        "fanout": Task(lambda: _fanouts((QUICK_WIDE, QUICK_NARROW), (QUICK_WIDE,), (QUICK_WIDE, QUICK_NARROW)), True),
        "held": Task(lambda: held(QUICK_WIDE, 2), True),
        "history": Task(lambda: history(4, 0.03), False),
    }


def _fanouts(plain: tuple[Size, ...], tls: tuple[Size, ...], whole: tuple[Size, ...]) -> Iterator[Row]:
    """Every dialect's channel in each size; in those of `whole` the servers of others beside the first dialect."""
    for size in plain:
        for number, kind in enumerate(CHANNELS):
            yield from fanout(size, kind, is_whole=number == 0 and size in whole)
    for size in tls:
        for number, kind in enumerate(CHANNELS):
            yield from fanout_tls(size, kind, is_whole=number == 0 and size in whole)
