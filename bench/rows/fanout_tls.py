"""Fan-out through TLS: every dialect's real channel, beside C and Node that speak TLS too."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from bench.certificate import write_certificate
from bench.lanes import Size, c_lane, hub_lane, node_lane
from bench.row import Row
from bench.rows.fanout import CHANNELS, SLOW, Lanes, beside


def fanout_tls(size: Size, kind: str, *, is_whole: bool) -> Iterator[Row]:
    """Measure one dialect's channel; `is_whole` brings Node along."""
    title = f"fan-out through TLS, {size.devices} devices x {size.subscribers} on {size.sockets:,} sockets"
    with ExitStack() as programs:
        pem = Path(programs.enter_context(tempfile.TemporaryDirectory()), "pem")
        write_certificate(pem)
        hub, frame_bytes, _ = hub_lane(programs, size, kind, is_tls=True)
        payload_bytes = frame_bytes - (2 if frame_bytes < 128 else 4)
        lanes = Lanes({"hub": (hub, size.bursts)}, {})
        lanes.add(programs, "C joined", c_lane("joined", pem), (size, payload_bytes, size.bursts))
        if is_whole:
            lanes.add(programs, "Node ws", node_lane(pem), (size, payload_bytes, max(1, size.bursts // SLOW)))
        turns = lanes.rounds(size)
    work = f"{title}, {frame_bytes} B: hub, {CHANNELS[kind]}"
    if "hub" not in turns:
        yield Row.missing(work, lanes.missing["hub"])
        return
    yield beside(work, turns, "hub", "C joined", "")
    if "Node ws" in turns:
        yield beside(work, turns, "hub", "Node ws", "<= 0.25 x")
    for name, why in lanes.missing.items():
        yield Row.missing(f"{title}: beside {name}", why)
