"""What is kept of a run: its rows, with the machine that they were taken on."""

import os
import platform
from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from bench.row import Row


class Results(Struct, frozen=True, kw_only=True):
    """One run."""

    version: str
    at: datetime
    quick: bool
    machine: Mapping[str, str | int | None]
    python: str
    load_before: float
    took_s: float
    rows: Sequence[Row]

    @property
    def title(self) -> str:
        """What stands above its table."""
        kind = "quick" if self.quick else "full"
        return (
            f"Hardwire {self.version}, {kind} run, {self.at:%Y-%m-%d}; {self.machine['cores']} cores "
            f"{self.machine['kind']}, Python {self.python}, load before {self.load_before:.1f}"
        )


def machine() -> Mapping[str, str | int | None]:
    """Return what this machine is."""
    return {"cores": os.cpu_count(), "kind": platform.machine(), "system": platform.system()}
