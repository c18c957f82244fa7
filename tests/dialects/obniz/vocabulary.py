"""Every word that has a strategy: what the files of the folder `strategies` bring, joined.

Such a file may hold COMMANDS and HAPPENINGS (type -> strategy), TEXT_LOSSES and FRAME_LOSSES (type -> Loss), and
VENDOR_DEVIATIONS (type -> Deviation).
"""

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from hypothesis.strategies import SearchStrategy

from hardwire.model.command import Command
from hardwire.model.fact import Happening
from tests.dialects.obniz import strategies
from tests.dialects.obniz.loss import Deviation, Loss

_FILES = [import_module(f"{strategies.__name__}.{file.name}") for file in pkgutil.iter_modules(strategies.__path__)]


def _joined(name: str) -> dict[Any, Any]:  # Any: a type, and what a file says of it
    return {kind: one for file in _FILES for kind, one in getattr(file, name, {}).items()}


COMMANDS: Mapping[type[Command], SearchStrategy[Command]] = _joined("COMMANDS")
HAPPENINGS: Mapping[type[Happening], SearchStrategy[Happening]] = _joined("HAPPENINGS")
TEXT_LOSSES: Mapping[type, Loss] = _joined("TEXT_LOSSES")
FRAME_LOSSES: Mapping[type, Loss] = _joined("FRAME_LOSSES")
VENDOR_DEVIATIONS: Mapping[type, Deviation] = _joined("VENDOR_DEVIATIONS")
