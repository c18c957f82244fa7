"""Fan-out: what one delivery costs the hub through each dialect's real channel, beside what others pay for the same."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from msgspec import Struct

from bench.lanes import Lane, Opener, Size, Turn, aiohttp_lane, broker_lane, c_lane, hub_lane, node_lane, turn
from bench.processes import BenchError
from bench.reference.brokers import MOSQUITTO, NATS
from bench.row import Figure, Row

UNIT = "CPU s per million deliveries"
# So that the first round has warmed paths too.
WARM_UP_BURSTS = 2
# What costs many times more gets a part of the work, so that a run ends.
SLOW = 5
# Its listener takes one WebSocket each fifth of a second: with more than these it would be waited for longest of all.
MOSQUITTO_SOCKETS = 100
CHANNELS = {"homewizard": "HomeWizard measurement", "ezeio": "ezeio LOGDATA", "obniz": "obniz stream"}


class Lanes(Struct):
    """What runs in turns, each with the bursts of its round; and who is missing, with the reason."""

    lanes: dict[str, tuple[Lane, int]]
    missing: dict[str, str]

    def add(self, programs: ExitStack, name: str, opener: Opener, given: tuple[Size, int, int]) -> None:
        """Start a reference; `given` is the size, its bytes of payload and its bursts in a round."""
        size, payload_bytes, bursts = given
        try:
            self.lanes[name] = opener(programs, size, payload_bytes), bursts
        except (BenchError, OSError) as error:
            self.missing[name] = str(error)

    def rounds(self, size: Size) -> Mapping[str, Sequence[Turn]]:
        """Run them round by round in turns, so that a busy neighbour troubles all alike."""
        turns: dict[str, list[Turn]] = {name: [] for name in self.lanes}
        for number in range(size.rounds + 1):
            for name, (lane, bursts) in list(self.lanes.items()):
                try:
                    done = turn(lane, size, bursts if number else min(bursts, WARM_UP_BURSTS), size.each)
                except (BenchError, OSError) as error:
                    self.missing[name] = str(error)
                    del self.lanes[name], turns[name]
                    continue
                if number:
                    turns[name].append(done)
        return turns


def fanout(size: Size, kind: str, *, is_whole: bool) -> Iterator[Row]:
    """Measure one dialect's channel; `is_whole` brings the carrier alone and the servers of others along."""
    title = f"fan-out, {size.devices} devices x {size.subscribers} on {size.sockets:,} sockets"
    slow = max(1, size.bursts // SLOW)
    with ExitStack() as programs:
        hub, frame_bytes, held_bytes = hub_lane(programs, size, kind)
        payload_bytes = frame_bytes - (2 if frame_bytes < 128 else 4)
        all_lanes = Lanes({"hub": (hub, size.bursts)}, {})
        if is_whole:
            all_lanes.lanes["carrier"] = hub_lane(programs, size, "fixed")[0], size.bursts
        all_lanes.add(programs, "C joined", c_lane("joined"), (size, payload_bytes, size.bursts))
        if is_whole:
            folder = Path(programs.enter_context(tempfile.TemporaryDirectory()))
            given = size, payload_bytes, slow
            all_lanes.add(programs, "C single", c_lane("single"), given)
            all_lanes.add(programs, "NATS", broker_lane(NATS, folder), given)
            all_lanes.add(programs, "Node ws", node_lane(), given)
            if size.sockets <= MOSQUITTO_SOCKETS:
                all_lanes.add(programs, "mosquitto", broker_lane(MOSQUITTO, folder), given)
            all_lanes.add(programs, "aiohttp send_str", aiohttp_lane, given)
        turns = all_lanes.rounds(size)
    yield from _rows(f"{title}, {frame_bytes} B", kind, size, turns, all_lanes.missing)
    if is_whole and not size.is_wide:
        yield _idle(size, held_bytes)
    if is_whole and "C joined" in turns:
        yield from _ceiling(title, turns["C joined"])


def _rows(
    title: str, kind: str, size: Size, turns: Mapping[str, Sequence[Turn]], missing: Mapping[str, str]
) -> Iterator[Row]:
    work = f"{title}: hub, {CHANNELS[kind]}"
    if "hub" not in turns:
        yield Row.missing(work, missing["hub"])
        return
    narrow = not size.is_wide
    if "carrier" in turns:
        yield beside(f"{title}: carrier alone", turns, "carrier", "C joined", "<= 1.6 x" if narrow else "")
    yield beside(work, turns, "hub", "C joined", "<= 2.0 x" if narrow else "")
    for name, goal in (
        ("C single", ""),
        ("NATS", "<= 0.25 x"),
        ("Node ws", "<= 0.25 x"),
        ("mosquitto", ""),
        ("aiohttp send_str", ""),
    ):
        if name in turns:
            yield beside(work, turns, "hub", name, goal)
    for name, why in missing.items():
        yield Row.missing(f"{title}: beside {name}", why)


def beside(work: str, turns: Mapping[str, Sequence[Turn]], ours: str, theirs: str, goal: str) -> Row:
    """Return the row of one of our lanes beside a reference, or alone where that is missing."""
    costs = [one.cost for one in turns[ours]]
    share = max(one.load_share for one in turns[ours])
    if theirs not in turns:
        return Row(work=work, unit=UNIT, hub=Figure.of(costs), goal=goal, load_share=share)
    return Row.beside(work, UNIT, costs, theirs, [one.cost for one in turns[theirs]], goal, load_share=share)


def _idle(size: Size, held_bytes: int) -> Row:
    return Row(
        work=f"idle WebSocket with one channel, plain, {size.sockets:,} of them",
        unit="KB resident each",
        hub=Figure.of([held_bytes / size.sockets / 1024]),
        goal="<= 16 KB",
    )


def _ceiling(title: str, turns: Sequence[Turn]) -> Iterator[Row]:
    """The load's own limit: what it takes from the fastest server that there is."""
    work = f"{title}: what the load takes of C joined"
    share = max(one.load_share for one in turns)
    yield Row(work=work, unit="deliveries/s", hub=Figure.of([one.per_s for one in turns]), load_share=share)
    yield Row(work=work, unit="CPU s of the load per million", hub=Figure.of([one.load_cost for one in turns]))
