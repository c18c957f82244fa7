"""The demo hub as its owner starts it: how fast it is ready, how much memory it takes."""

import tempfile
import time
from collections.abc import Iterator

from bench.row import Figure, Row
from bench.serving import demo_hub

# The demo devices have told their first values by then.
SETTLED_S = 2.0


def start(rounds: int) -> Iterator[Row]:
    """Start it again and again, on a new data folder each time, which is the slow case.

    Its modules are compiled, as those of an installed hub are: the first start only does that.
    """
    ready_s, cpu_s, resident_mb = [], [], []
    with tempfile.TemporaryDirectory() as compiled:
        env = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": compiled}
        for number in range(rounds + 1):
            with tempfile.TemporaryDirectory() as folder:
                begin = time.monotonic()
                with demo_hub(folder, env=env) as hub:
                    hub.wait_line("ready", 60)
                    passed_s, used_s = time.monotonic() - begin, hub.cpu_s
                    time.sleep(SETTLED_S)
                    if number:
                        ready_s.append(passed_s)
                        cpu_s.append(used_s)
                        resident_mb.append(hub.resident_bytes / 1024 / 1024)
    yield Row(work="start of the demo hub to its ready line", unit="s", hub=Figure.of(ready_s), goal="<= 1.0 s")
    yield Row(work="start of the demo hub to its ready line", unit="CPU s", hub=Figure.of(cpu_s))
    yield Row(work="demo hub", unit="MB resident", hub=Figure.of(resident_mb), goal="<= 80 MB")
