"""The configuration and the devices that were added by command, with every mistake in them."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from hardwire.app import config as configuration
from hardwire.app import parts
from hardwire.app.config import Config, HubTable
from hardwire.app.doctor.finding import Finding, good, wrong
from hardwire.app.doctor.store import Kept
from hardwire.app.entries import DeviceEntry, device_entry
from hardwire.app.environment import overrides
from hardwire.app.tables import Table, nearest
from hardwire.model.errors import BadValueError, HardwireError


class Estate(Struct, frozen=True, kw_only=True):
    """What is configured, as far as it can be understood."""

    config: Config
    devices: tuple[DeviceEntry, ...]
    """Those of the file and those that were added by command."""
    findings: tuple[Finding, ...]
    is_read: bool = True
    """Whether there is a configuration to judge by: a file that cannot be read hides it."""


def gather(file: Path | None, environment: Mapping[str, str], kept: Kept) -> Estate:
    """Read file and environment; what is wrong in one place does not hide what is wrong in another."""
    findings: list[Finding] = [wrong("store", kept.fault)] if kept.fault else []
    raw, given = _read(file, findings), _given(environment, findings)
    config = _understood(raw or {}, given, "the environment" if file is None else str(file), findings)
    added: list[DeviceEntry] = []
    for id, settings in kept.devices.items():
        try:
            added.append(device_entry(id, settings, config.hub.timezone))
        except HardwireError as error:
            advice = f"it was added by command, so `hardwire device remove {id}` and add it anew"
            findings.append(wrong(f"devices.{id}", f"{error.message}: {advice}"))
    devices = (*config.devices, *added)
    findings += (*_unmade(devices), *_taken(devices, kept.addresses))
    if not findings:
        source = f"{file} is" if file is not None else "there is no file, the defaults and the environment are"
        findings.append(good("configuration", f"{source} understood: {_counted(devices)}"))
    return Estate(config=config, devices=devices, findings=tuple(findings), is_read=raw is not None)


def _read(file: Path | None, findings: list[Finding]) -> Table | None:
    """Return what the file says; None where it says nothing that can be read."""
    if file is None:
        return {}
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        findings.append(wrong("configuration", f"there is no file {file}: name it with --config or HARDWIRE_CONFIG"))
    except OSError as error:
        findings.append(
            wrong(
                "configuration",
                f"{file} cannot be read: {error.strerror or error}. Look again as the user that runs the hub",
            )
        )
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        findings.append(wrong("configuration", f"{file} is no TOML: {error}"))
    return None


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
    own = given
    for key, piece in _pieces(raw):
        try:
            configuration.parse(piece, given if key == "hub" else {})
        except BadValueError as error:
            findings.append(wrong("configuration", f"{source}: {error.message}"))
            own = {} if key == "hub" else own
            continue
        if key == "devices":
            right.setdefault("devices", {}).update(piece["devices"])
        else:
            right.update(piece)
    return configuration.parse(right, own)


def _pieces(raw: Table) -> Iterator[tuple[str, Table]]:
    for key, value in {"hub": {}, **raw}.items():
        if key == "devices" and isinstance(value, Mapping):
            yield from ((key, {key: {id: table}}) for id, table in value.items())
        else:
            yield key, {key: value}


def _unmade(devices: Sequence[DeviceEntry]) -> Iterator[Finding]:
    """Make each device's driver as the hub does: that shows settings that do not go together, and missing packages."""
    known = [one.id for one in devices]
    for one in devices:
        place = f"devices.{one.id}"
        try:
            driver = one.driver.make(one.id, one.group, one.timezone, one.settings)
        except HardwireError as error:
            yield wrong(f"{place}.{error.path}" if error.path else place, error.message)
            continue
        # What hangs behind a device (`grid.gas`) comes with it.
        sources = (source for device in driver.devices for source in device.sources)
        for source in sorted({source for source in sources if source.partition(".")[0] not in known}):
            others = [id for id in known if id != one.id]
            yield wrong(place, f"it reads the device {source!r}, and there is none of that id{nearest(source, others)}")


def _taken(devices: Sequence[DeviceEntry], given: Mapping[tuple[str, str], str]) -> Iterator[Finding]:
    """Find the addresses that two devices want, or that another device had first."""
    owners = dict(given)
    for device in devices:
        for dialect, face in device.faces.items():
            part = parts.dialects()[dialect]
            for field in filter(None, (part.address, part.second_address)):
                address = str(getattr(face, field) or "")
                owner = owners.setdefault((dialect, address), device.id) if address else device.id
                if owner != device.id:
                    yield wrong(
                        f"devices.{device.id}.{dialect}.{field}",
                        f"the address {address} belongs to the device {owner!r} for ever: choose another one, or give "
                        "this device that id",
                    )


def _counted(devices: Sequence[DeviceEntry]) -> str:
    return "1 device" if len(devices) == 1 else f"{len(devices)} devices" if devices else "no devices yet"
