"""The configuration: one TOML file, overridden by the environment, every mistake named with its place."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from hardwire.app import parts
from hardwire.app.alarms import DestinationTable, check_destinations, destination
from hardwire.app.entries import DeviceEntry, device_entry
from hardwire.app.environment import overrides
from hardwire.app.ids import trouble_of
from hardwire.app.tables import Table, allow, bad, converted, inner_table
from hardwire.app.zones import check_zone, machine_zone
from hardwire.model.errors import BadValueError
from hardwire.server.limits import Carrier, Limits

Port = Annotated[int, Meta(ge=0, le=65535)]
LogFormat = Literal["text", "json"]


class HubTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[hub]`: where the hub listens and what it is called."""

    host: Annotated[str, Meta(min_length=1)] = "127.0.0.1"
    """The address to listen on; loopback unless told otherwise."""
    port: Port = 8080
    """The plain port; 0 picks a free one."""
    tls_port: Port = 8443
    """The TLS port; 0 picks a free one."""
    timezone: str = ""
    """The IANA time zone of devices that name none; empty means the machine's."""
    public_url: str = ""
    """The origin by which clients reach the hub through a proxy, without a path."""
    origins: tuple[str, ...] = ()
    """Further origins whose browser pages may use the hub without a token."""
    discovery: bool | None = None
    """Whether devices are announced by mDNS. Unset: those that other machines reach are, and nothing on loopback."""
    carrier: Carrier = "direct"
    """Who reads the frames of WebSockets: the hub itself (`direct`), or `aiohttp`, which is slower and less strict."""
    log_format: LogFormat = "text"
    """How the hub writes its log: `text` for people, `json` for programs, one object a line."""
    history_days: Annotated[int, Meta(ge=0, le=36500)] = 31
    """How long rows and the event log are kept, where a group says nothing else; 0 records nothing."""
    rollup_days: Annotated[int, Meta(ge=0, le=36500)] = 3650
    """How long is kept what rows came to in a minute, ten minutes, an hour and a day; never shorter than the rows."""
    export_days: Annotated[int, Meta(ge=1, le=3650)] = 7
    """How long ezeio messages are kept as they were sent, for programs that missed some."""
    record_interval_s: Annotated[int, Meta(ge=0, le=86400)] = 60
    """How often at most a value that has changed is recorded, of a point that has no log interval."""
    record_heartbeat_s: Annotated[int, Meta(ge=1, le=1800)] = 900
    """After how long such a value is recorded again although it has not changed, while its source lives."""


class GroupTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[groups.NAME]`: an owner of devices, and an account for ezeio clients."""

    name: str = ""
    """What people read."""
    description: str = ""
    """A sentence about it."""
    number: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0
    """The account number that ezeio clients see; 0 gives the next free one, which stays."""
    parent: str = ""
    """The group that it lies below; empty means none."""
    is_account: bool = True
    """Whether it is the root of services and keys; what is none belongs to the nearest account above it."""
    history_days: Annotated[int, Meta(ge=0, le=36500)] | None = None
    """How long rows of its devices are kept; unset means as long as `[hub] history_days` says."""


class Config(Struct, frozen=True, kw_only=True):
    """Everything that the file and the environment say."""

    hub: HubTable = HubTable()
    """Its time zone is never empty once it was read."""
    groups: Mapping[str, GroupTable] = {}
    destinations: Mapping[str, DestinationTable] = {}
    limits: Limits = Limits()
    dialects: Mapping[str, Any] = {}  # Any: each dialect's own Settings struct
    devices: tuple[DeviceEntry, ...] = ()


def read(path: Path | None, environment: Mapping[str, str], options: Table | None = None) -> Config:
    """Read the file (none is fine), the environment that wins over it, and options of `[hub]` that win over both.

    Raises:
        BadValueError: with the file, the place and, for an unknown setting, the nearest known one.
    """
    given = {**overrides(environment, HubTable), **(options or {})}
    if path is None:
        return parse({}, given)
    try:
        return parse(tomllib.loads(path.read_text("utf-8")), given)
    except FileNotFoundError:
        raise BadValueError(f"there is no file {path}", path=str(path)) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else f"it is no UTF-8 text ({error})"
        raise BadValueError(f"{path} cannot be read: {reason}", path=str(path)) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadValueError(f"{path} is no TOML: {error}", path=str(path)) from error
    except BadValueError as error:
        raise BadValueError(f"{path}: {error.message}", path=error.path) from error


def parse(raw: Table, given: Table) -> Config:
    """Check parsed TOML, with what the environment gives in place of `[hub]`.

    Raises:
        BadValueError: with the place and, for an unknown setting, the nearest known one.
    """
    dialects = {name: part.settings for name, part in parts.dialects().items() if part.settings is not None}
    allow(raw, ("hub", "limits", "groups", "destinations", "devices", *dialects), "")
    hub: HubTable = converted({**inner_table(raw, "hub", "hub"), **given}, HubTable, "hub")
    zone = hub.timezone or machine_zone()
    check_zone(zone, "hub.timezone")
    groups = inner_table(raw, "groups", "groups")
    addresses = inner_table(raw, "destinations", "destinations")
    destinations = {
        name: destination(inner_table(addresses, name, f"destinations.{name}"), f"destinations.{name}")
        for name in addresses
    }
    for id in groups:
        if trouble := trouble_of(id, "a group's"):
            raise bad(f"groups.{id}", trouble)
    devices = tuple(device_entry(id, table, zone) for id, table in inner_table(raw, "devices", "devices").items())
    for device in devices:
        check_destinations(device.alarms, destinations, f"devices.{device.id}")
    return Config(
        hub=msgspec.structs.replace(hub, timezone=zone),
        limits=converted(inner_table(raw, "limits", "limits"), Limits, "limits"),
        groups={id: converted(inner_table(groups, id, f"groups.{id}"), GroupTable, f"groups.{id}") for id in groups},
        dialects={name: converted(inner_table(raw, name, name), settings, name) for name, settings in dialects.items()},
        destinations=destinations,
        devices=devices,
    )
