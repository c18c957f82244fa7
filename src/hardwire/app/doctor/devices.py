"""The configuration and the devices that were added by command, with every mistake in them."""

import sqlite3
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from hardwire.app import config as configuration
from hardwire.app.config import Config, HubTable
from hardwire.app.doctor.finding import Finding, good, wrong
from hardwire.app.entries import DeviceEntry, device_entry
from hardwire.app.environment import overrides
from hardwire.app.tables import Table
from hardwire.model.errors import BadValueError, HardwireError, HubFaultError
from hardwire.storage.connections import connect_reader
from hardwire.storage.device_rows import has_sealed, read_devices
from hardwire.storage.sqlite import STORE_FILE
from hardwire.storage.vault import Vault
from hardwire.storage.wire import settings_from_text


class Estate(Struct, frozen=True, kw_only=True):
    """What is configured, as far as it can be understood."""

    config: Config
    devices: tuple[DeviceEntry, ...]
    """Those of the file and those that were added by command."""
    findings: tuple[Finding, ...]


def gather(file: Path | None, environment: Mapping[str, str], folder: Path, *, is_hub_running: bool) -> Estate:
    """Read file, environment and store; what is wrong in one place does not hide what is wrong in another."""
    findings: list[Finding] = []
    raw, given = _read(file, findings), _given(environment, findings)
    config = _understood(raw, given, "the environment" if file is None else str(file), findings)
    added: list[DeviceEntry] = []
    for id, settings in _added(folder, findings, is_hub_running=is_hub_running).items():
        try:
            added.append(device_entry(id, settings, config.hub.timezone))
        except HardwireError as error:
            findings.append(
                wrong(f"devices.{id}", f"{error.message}: it was added by command, remove it or add it anew")
            )
    devices = (*config.devices, *added)
    findings += _unmade(devices)
    if not findings:
        source = f"{file} is" if file is not None else "there is no file, the defaults and the environment are"
        findings.append(good("configuration", f"{source} understood: {_counted(devices)}"))
    return Estate(config=config, devices=devices, findings=tuple(findings))


def _read(file: Path | None, findings: list[Finding]) -> Table:
    if file is None:
        return {}
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        findings.append(wrong("configuration", f"there is no file {file}: name it with --config or HARDWIRE_CONFIG"))
    except OSError as error:
        findings.append(wrong("configuration", f"{file} cannot be read: {error.strerror or error}"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        findings.append(wrong("configuration", f"{file} is no TOML: {error}"))
    return {}


def _given(environment: Mapping[str, str], findings: list[Finding]) -> Table:
    """What the environment says, variable by variable."""
    given: dict[str, Any] = {}  # Any: TOML values
    for variable, text in environment.items():
        try:
            given.update(overrides({variable: text}, HubTable))
        except BadValueError as error:
            findings.append(wrong("configuration", error.message))
    return given


def _understood(raw: Table, given: Table, source: str, findings: list[Finding]) -> Config:
    """Parse every table by itself, and make one configuration of those that are right."""
    right: dict[str, Any] = {}  # Any: TOML values
    for key, piece in _pieces(raw):
        try:
            configuration.parse(piece, given if key == "hub" else {})
        except BadValueError as error:
            findings.append(wrong("configuration", f"{source}: {error.message}"))
            continue
        if key == "devices":
            right.setdefault("devices", {}).update(piece["devices"])
        else:
            right.update(piece)
    return configuration.parse(right, given)


def _pieces(raw: Table) -> Iterator[tuple[str, Table]]:
    for key, value in {"hub": {}, **raw}.items():
        if key == "devices" and isinstance(value, Mapping):
            yield from ((key, {key: {id: table}}) for id, table in value.items())
        else:
            yield key, {key: value}


def _added(folder: Path, findings: list[Finding], *, is_hub_running: bool) -> Mapping[str, Table]:
    """The devices that were added by command. The store is only looked at: where no hub runs, no file is made."""
    file = folder / STORE_FILE
    try:
        if not file.exists():
            return {}
        log = file.with_name(file.name + "-wal")
        if is_hub_running or (log.exists() and log.stat().st_size):
            connection = connect_reader(file)
        else:
            connection = sqlite3.connect(f"file:{quote(str(file.absolute()))}?mode=ro&immutable=1", uri=True)
        with closing(connection):
            return _rows(connection, folder)
    except HubFaultError as error:
        findings.append(wrong("store", error.message))
        return {}
    except (OSError, sqlite3.Error) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        findings.append(wrong("store", f"{file} cannot be read: {reason}"))
        return {}


def _rows(connection: sqlite3.Connection, folder: Path) -> Mapping[str, Table]:
    """Read the settings; the key is only looked for where some of them are sealed."""
    if has_sealed(connection):
        return read_devices(connection, Vault(folder, is_in_use=True))
    rows = connection.execute("SELECT id, settings FROM device ORDER BY id")
    return {id: settings_from_text(settings) for id, settings in rows}


def _unmade(devices: Sequence[DeviceEntry]) -> Iterator[Finding]:
    """Make each device's driver as the hub does: that shows settings that do not go together, and missing packages."""
    for one in devices:
        try:
            one.driver.make(one.id, one.group, one.timezone, one.settings)
        except HardwireError as error:
            place = f"devices.{one.id}"
            yield wrong(f"{place}.{error.path}" if error.path else place, error.message)


def _counted(devices: Sequence[DeviceEntry]) -> str:
    return "1 device" if len(devices) == 1 else f"{len(devices)} devices" if devices else "no devices yet"
