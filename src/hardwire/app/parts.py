"""Finds dialects and drivers, by folder and by entry point; the one place that imports late.

So does what asks the machine for its addresses and what speaks mDNS: a hub on loopback needs neither. And what unpacks
backups, and what writes figures down: many a hub never does.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import hardwire.dialects
import hardwire.drivers
from hardwire.app.metrics.family import Writer
from hardwire.contracts.dialect import DialectPart
from hardwire.contracts.driver import DriverPart
from hardwire.model.errors import BadValueError
from hardwire.server.network.stand import Interface, Responder

DIALECT_ENTRY_POINT = "hardwire.dialects"
DRIVER_ENTRY_POINT = "hardwire.drivers"


@cache
def dialects() -> Mapping[str, DialectPart]:
    """Every dialect by name."""
    found = {name: _part(f"hardwire.dialects.{name}.part") for name in _folders(hardwire.dialects.__path__)}
    found.update({point.name: point.load() for point in entry_points(group=DIALECT_ENTRY_POINT)})
    return found


@cache
def driver_names() -> Sequence[str]:
    """What drivers there are; none of them is imported for it."""
    outside = (point.name for point in entry_points(group=DRIVER_ENTRY_POINT))
    return tuple(sorted({*_folders(hardwire.drivers.__path__), *outside}))


@cache
def driver(name: str) -> DriverPart:
    """A driver by name, imported now.

    Raises:
        BadValueError: there is none, or a package that it needs is not installed.
    """
    if name not in driver_names():
        raise BadValueError(f"there is no driver {name!r}; known are {', '.join(driver_names())}")
    try:
        for point in entry_points(group=DRIVER_ENTRY_POINT, name=name):
            part: DriverPart = point.load()
            return part
        found: DriverPart = _part(f"hardwire.drivers.{name}.part")
        return found
    except ModuleNotFoundError as error:
        raise BadValueError(
            f"the driver {name!r} needs the package {error.name!r}: pip install 'hardwire[{name}]'"
        ) from error


def interfaces() -> Callable[[], Sequence[Interface]]:
    """What asks the machine for its addresses, imported now."""
    found: Callable[[], Sequence[Interface]] = importlib.import_module("hardwire.server.network.interfaces").interfaces
    return found


def responder() -> Callable[[], Responder]:
    """What speaks mDNS, imported now."""
    found: Callable[[], Responder] = importlib.import_module("hardwire.server.network.responder").ZeroconfResponder
    return found


def exposition() -> Callable[[], Writer]:
    """What writes figures down in Prometheus' format, imported now."""
    found: Callable[[], Writer] = importlib.import_module("hardwire.app.metrics.exposition").Page
    return found


def gather() -> Callable[[Path, Path], None]:
    """What unpacks a backup beside a data folder's files, imported now."""
    found: Callable[[Path, Path], None] = importlib.import_module("hardwire.app.backup.gathering").gather
    return found


def _folders(path: Sequence[str]) -> Sequence[str]:
    return [module.name for module in pkgutil.iter_modules(path) if module.ispkg]


def _part(module: str) -> Any:  # Any: a DialectPart or a DriverPart, as the folder says
    return importlib.import_module(module).PART
