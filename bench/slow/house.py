"""`hardwire serve` with three hoses: a HomeWizard meter, an ezeio unit, an obniz board."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct

from bench.processes import Program
from bench.serving import HARDWIRE, grant_meters, lend_driver, ready
from bench.slow import hose
from bench.slow.plan import Plan
from bench.slow.tongue import SERIALS, Tongue, ezeio, homewizard, obniz
from hardwire.app.cli.reach import Reach

ENTRY_POINT = f"[hardwire.drivers]\n{hose.NAME} = {hose.__name__}:PART\n"
ADDRESSES = {
    "meter": f'homewizard = {{ serial = "{SERIALS["meter"]}" }}',
    "unit": f'ezeio = {{ serial = "{SERIALS["unit"]}" }}',
    "board": f'obniz = {{ id = "{SERIALS["board"]}" }}',
}
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class House(Struct):
    """The hub, and how its clients reach it."""

    hub: Program
    plain: int
    tls: int
    tongues: Mapping[str, Tongue]
    reach: Reach

    def burst(self, kind: str, count: int) -> None:
        """Have the device of a kind tell so many messages."""
        self.reach.call("POST", f"/hub/v1/devices/{kind}/send", {hose.BURST.name: count})

    def clients(self) -> Sequence[Any]:  # Any: JSON
        """Who is connected, as the hub tells its owner."""
        found: Sequence[Any] = self.reach.call("GET", "/hub/v1/clients")  # Any: JSON
        return found


@contextmanager
def open_house(folder: Path, plan: Plan) -> Iterator[House]:
    """Start a hub whose files are in `folder`; end it."""
    data = folder / "data"
    token = grant_meters(data)
    config = folder / "hardwire.toml"
    config.write_text(_config(plan))
    command = [str(HARDWIRE), "serve", "--config", str(config), "--data", str(data), "--port", "0", "--tls-port", "0"]
    with Program(command, lend_driver(folder, ENTRY_POINT), folder / "log.txt") as hub:
        plain, tls = ready(hub)
        reach = Reach(folder=data)
        key = reach.call("POST", "/hub/v1/keys", {"kind": "ezeio"})
        tongues = {
            "meter": homewizard(token),
            "unit": ezeio(f"http://127.0.0.1:{plain}", key["id"], key["key"]),
            "board": obniz(),
        }
        yield House(hub, plain, tls, tongues, reach)


def kernel_tcp_bytes() -> int:
    """Return what all TCP connections of this machine hold in the kernel."""
    for line in Path("/proc/net/sockstat").read_text().splitlines():
        if line.startswith("TCP:"):
            words = line.split()
            return int(words[words.index("mem") + 1]) * PAGE_BYTES
    return 0


def _config(plan: Plan) -> str:
    parts = [
        f"[limits]\nclient_budget_bytes = {plan.budget_bytes}\nhandshakes_per_s = 10000\n",
        "[ezeio]\ncalls_per_minute = 0\n",
    ]
    for kind, address in ADDRESSES.items():
        per_s = round(plan.messages(kind) / plan.feed_s[kind])
        parts.append(f'[devices.{kind}]\ndriver = "{hose.NAME}"\nkind = "{kind}"\nper_s = {per_s}\n{address}\n')
    return "\n".join(parts)
