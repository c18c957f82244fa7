"""What the simulated board loads only when it is first used: the three files that need packages of their own.

Pillow and segno take a tenth of a second to load, and who never looks at a board's screen needs neither of them,
nor lupa (docs/decisions/0006-what-a-board-loads-late.md).
"""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from hardwire.model.errors import DeviceError

if TYPE_CHECKING:
    from hardwire.drivers.simulated.board.lua.world import Lua
    from hardwire.drivers.simulated.board.screen.screen import View
    from hardwire.model.board.display import Correction

EXTRAS: Mapping[str, str] = {"screen.painter": "screen", "screen.qr": "screen", "lua.world": "lua"}
"""File below this folder -> the extra that installs what it needs."""


def paint(view: "View", scale: int) -> bytes:
    """Return a PNG of the view. Raises DeviceError where the extra `screen` is not installed."""
    png: bytes = _loaded("screen.painter").paint(view, scale)
    return png


def qr_modules(text: str, correction: "Correction", size_limit: int) -> tuple[bytes, ...] | None:
    """Return the rows of a QR code, 1 for each dark module; None where it has more than `size_limit` rows.

    Raises:
        DeviceError: the extra `screen` is not installed.
    """
    rows: tuple[bytes, ...] | None = _loaded("screen.qr").modules(text, correction, size_limit)
    return rows


def new_lua(hardware: str, firmware: str) -> "Lua":
    """Return a fresh Lua world. Raises DeviceError where the extra `lua` is not installed."""
    world: Lua = _loaded("lua.world").Lua(hardware, firmware)
    return world


def _loaded(name: str) -> Any:  # Any: a module; the functions above give its functions their types back
    try:
        return import_module(f"hardwire.drivers.simulated.board.{name}")
    except ModuleNotFoundError as error:
        problem = f"this needs the package {error.name!r} on the hub: pip install 'hardwire[{EXTRAS[name]}]'"
        raise DeviceError(problem, code="not-installed") from error
