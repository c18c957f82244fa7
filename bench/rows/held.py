"""A held load: every device tells ten updates a second, each goes to all its subscribers; cost and delay of it."""

from collections.abc import Iterator

from bench.lanes import Size
from bench.processes import python, reference
from bench.row import Figure, Row

UPDATES_PER_S = 10
# In this time the hub finds the flush window that the load asks for.
WARM_UP_S = 2


def held(size: Size, lasts_s: int) -> Iterator[Row]:
    """Hold the load; how long a frame takes is from its rendering to its reading, over all subscribers."""
    per_s = size.devices * UPDATES_PER_S
    deliveries = lasts_s * per_s * size.subscribers
    with (
        python("bench.hub", size.devices, size.sockets, "stamped") as server,
        reference("client", server.wait_line("port")[0], size.sockets, size.devices, size.path) as load,
    ):
        load.wait_line("connected")
        load.tell(f"held {WARM_UP_S * per_s * size.subscribers}")
        server.tell(f"hold {WARM_UP_S * per_s} {per_s}")
        load.wait_line("held")
        before_s, load_before_s = server.cpu_s, load.cpu_s
        load.tell(f"held {deliveries}")
        server.tell(f"hold {lasts_s * per_s} {per_s}")
        _, took_s, half_ms, p99_ms = map(float, load.wait_line("held"))
        cpu_s, share = server.cpu_s - before_s, (load.cpu_s - load_before_s) / took_s
    asked = per_s * size.subscribers
    work = f"held, {deliveries / took_s:,.0f} of {asked:,} deliveries/s on {size.sockets:,} sockets"
    goals = ("<= 3", "<= 20 ms") if size.is_wide and asked >= 100_000 else ("", "")
    yield Row(
        work=work,
        unit="CPU s per million deliveries",
        hub=Figure.of([cpu_s / deliveries * 1e6]),
        goal=goals[0],
        load_share=share,
    )
    yield Row(work=f"{work}: delay, median", unit="ms", hub=Figure.of([half_ms]))
    yield Row(work=f"{work}: delay, 99 of 100", unit="ms", hub=Figure.of([p99_ms]), goal=goals[1])
