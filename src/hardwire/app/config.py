"""The configuration: one TOML file, overridden by the environment, every mistake named with its place."""

import os
import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args, get_origin
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Struct

from hardwire.app import parts
from hardwire.contracts.driver import DriverPart
from hardwire.model.errors import BadValueError

ENVIRONMENT_PREFIX = "HARDWIRE_"
# These name the hub to talk to or the file to read; they are the command line's, not the file's.
COMMAND_LINE_KEYS = {"HARDWIRE_DATA", "HARDWIRE_CONFIG", "HARDWIRE_HUB", "HARDWIRE_KEY", "HARDWIRE_LOG"}

Table = Mapping[str, Any]  # Any: TOML values, checked by the Struct that a table is converted to


class HubTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[hub]`: where the hub listens and what it is called."""

    host: str = "127.0.0.1"
    """The address to listen on; loopback unless told otherwise."""
    port: int = 8080
    """The plain port; 0 picks a free one."""
    tls_port: int = 8443
    """The TLS port; 0 picks a free one."""
    timezone: str = ""
    """The IANA time zone of devices that name none; empty means the machine's."""
    public_url: str = ""
    """The origin by which clients reach the hub through a proxy, without a path."""
    origins: tuple[str, ...] = ()
    """Further origins whose browser pages may use the hub without a token."""
    history_days: int = 31
    """How long recorded samples are kept; 0 records nothing. A demo records nothing."""
    record_interval_s: int = 60
    """How often at most a point's value is recorded."""


class GroupTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[groups.NAME]`: an owner of devices, and an account for ezeio clients."""

    name: str = ""
    """What people read."""
    description: str = ""
    """A sentence about it."""
    number: int = 0
    """The account number that ezeio clients see; 0 gives the next free one."""


class DeviceEntry(Struct, frozen=True, kw_only=True):
    """`[devices.ID]`, parsed: its driver's settings and how it is shown in each dialect."""

    id: str
    driver: DriverPart
    settings: Any  # Any: the driver's own Settings struct
    faces: Mapping[str, Any]  # Any: each dialect's own Face struct
    name: str = ""
    group: str = "home"
    timezone: str = "UTC"


class Config(Struct, frozen=True, kw_only=True):
    """Everything that the file and the environment say."""

    hub: HubTable = HubTable()
    groups: Mapping[str, GroupTable] = {}
    dialects: Mapping[str, Any] = {}  # Any: each dialect's own Settings struct
    devices: tuple[DeviceEntry, ...] = ()


def read(path: Path | None, environment: Mapping[str, str]) -> Config:
    """Read the file (none is fine) and the environment.

    Raises:
        BadValueError: with the place and, for an unknown key, the nearest known one.
    """
    raw: dict[str, Any] = {}  # Any: TOML
    if path is not None:
        try:
            raw = tomllib.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            raise BadValueError(f"there is no file {path}", path=str(path)) from None
        except (OSError, UnicodeDecodeError) as error:
            raise BadValueError(f"{path} cannot be read: {error}", path=str(path)) from error
        except tomllib.TOMLDecodeError as error:
            raise BadValueError(f"{path} is no TOML: {error}", path=str(path)) from error
    return parse(raw, environment)


def parse(raw: Table, environment: Mapping[str, str]) -> Config:
    """Check parsed TOML. Raises BadValueError as `read` does."""
    dialects = {name: part for name, part in parts.dialects().items() if part.settings is not None}
    _only(raw, ("hub", "groups", "devices", *dialects), "the file")
    hub_table = dict(_table(raw, "hub", "hub"))
    hub_table.update(_from_environment(environment))
    hub = _converted(hub_table, HubTable, "hub")
    for port, name in ((hub.port, "port"), (hub.tls_port, "tls_port")):
        if not 0 <= port <= 65535:
            raise BadValueError(f"hub.{name}: a port is a number from 0 to 65535, not {port}", path=f"hub.{name}")
    zone = hub.timezone or _machine_zone()
    _check_zone(zone, "hub.timezone")
    groups = {
        name: _converted(_table(_table(raw, "groups", "groups"), name, f"groups.{name}"), GroupTable, f"groups.{name}")
        for name in _table(raw, "groups", "groups")
    }
    settings = {
        name: _converted(_table(raw, name, name), part.settings, name)
        for name, part in dialects.items()
        if part.settings is not None
    }
    devices = tuple(device_entry(id, table, zone) for id, table in _table(raw, "devices", "devices").items())
    return Config(hub=hub, groups=groups, dialects=settings, devices=devices)


def device_entry(id: str, table: object, zone: str) -> DeviceEntry:
    """Check one device's table, from the file or from `device add`. Raises BadValueError."""
    place = f"devices.{id}"
    if not id or not all(letter.isascii() and (letter.isalnum() or letter in "-_") for letter in id):
        raise BadValueError(f"{place}: a device's id is made of letters, digits, - and _", path=place)
    if not isinstance(table, Mapping):
        raise BadValueError(f"{place} must be a table", path=place)
    driver = _driver(table, place)
    faces_known = {name: part for name, part in parts.dialects().items() if part.face is not None}
    common = ("driver", "name", "group", "timezone")
    settings_table = {key: value for key, value in table.items() if key not in common and key not in faces_known}
    settings_type = _chosen(driver.settings, settings_table, place)
    _only(table, (*common, *faces_known, *_fields(settings_type)), place)
    settings = _converted(settings_table, settings_type, place)
    faces = {
        name: _converted(_table(table, name, f"{place}.{name}"), part.face, f"{place}.{name}")
        for name, part in faces_known.items()
        if name in table and part.face is not None
    }
    timezone = _text(table, "timezone", place) or zone
    _check_zone(timezone, f"{place}.timezone")
    group = _text(table, "group", place) or next(
        (face.group for face in faces.values() if getattr(face, "group", "")), "home"
    )
    name = _text(table, "name", place)
    return DeviceEntry(id=id, driver=driver, settings=settings, faces=faces, name=name, group=group, timezone=timezone)


def _driver(table: Table, place: str) -> DriverPart:
    known = parts.driver_names()
    name = table.get("driver")
    if name is None:
        raise BadValueError(
            f"{place}: say which driver it has: driver = one of {', '.join(known)}", path=f"{place}.driver"
        )
    if not isinstance(name, str) or name not in known:
        raise BadValueError(
            f"{place}.driver: there is no driver {name!r}{_nearest(str(name), known)}", path=f"{place}.driver"
        )
    return parts.driver(name)


def _chosen(settings: Any, table: Table, place: str) -> type:  # Any: a Struct class, or a union of tagged ones
    """The Struct that a table is for; a union is chosen from by its tag (`kind`)."""
    if get_origin(settings) is None or not get_args(settings):
        return settings  # type: ignore[no-any-return]  # a Struct class
    choices = {choice.__struct_config__.tag: choice for choice in get_args(settings)}
    tag_field = next(iter(choices.values())).__struct_config__.tag_field
    tag = table.get(tag_field)
    if tag not in choices:
        said = "is missing" if tag is None else f"cannot be {tag!r}"
        raise BadValueError(
            f"{place}.{tag_field} {said}: choose one of {', '.join(map(str, choices))}{_nearest(str(tag), choices)}",
            path=f"{place}.{tag_field}",
        )
    return choices[tag]  # type: ignore[no-any-return]  # a Struct class


def _converted(table: Table, into: Any, place: str) -> Any:  # Any: whatever Struct is asked for
    _only(table, _fields(into), place)
    try:
        return msgspec.convert(dict(table), into, strict=True)
    except BadValueError as error:
        raise BadValueError(f"{place}: {error.message}", path=place) from error
    except msgspec.ValidationError as error:
        message, _, at = str(error).partition(" - at `$")
        where = place + at.rstrip("`")
        raise BadValueError(f"{where}: {_plain(message)}", path=where) from error


def _plain(message: str) -> str:
    words = {
        "`str`": "a text",
        "`int`": "a whole number",
        "`float`": "a number",
        "`bool`": "true or false",
        "`array`": "a list",
        "`object`": "a table",
        "`null`": "nothing",
    }
    for word, plain in words.items():
        message = message.replace(word, plain)
    return message[:1].lower() + message[1:]


def _fields(struct: Any) -> tuple[str, ...]:  # Any: a Struct class
    tag_field = struct.__struct_config__.tag_field
    return (*struct.__struct_encode_fields__, *((tag_field,) if tag_field else ()))


def _only(table: Table, known: Iterable[str], place: str) -> None:
    allowed = tuple(known)
    for key in table:
        if key not in allowed:
            raise BadValueError(f"{place}: there is no setting {key!r}{_nearest(key, allowed)}", path=f"{place}.{key}")


def _nearest(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(sorted(known))}"


def _table(table: Table, key: str, place: str) -> Table:
    inner = table.get(key, {})
    if not isinstance(inner, Mapping):
        raise BadValueError(f"{place} must be a table", path=place)
    return inner


def _text(table: Table, key: str, place: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise BadValueError(f"{place}.{key}: expected a text", path=f"{place}.{key}")
    return value


def _from_environment(environment: Mapping[str, str]) -> Table:
    """The [hub] settings that HARDWIRE_* variables override. Raises BadValueError for one that means nothing."""
    types = {
        name: field.type
        for name, field in zip(HubTable.__struct_fields__, msgspec.structs.fields(HubTable), strict=True)
    }
    given: dict[str, Any] = {}  # Any: converted like TOML
    for variable, text in environment.items():
        if not variable.startswith(ENVIRONMENT_PREFIX) or variable in COMMAND_LINE_KEYS:
            continue
        key = variable.removeprefix(ENVIRONMENT_PREFIX).lower()
        if key not in types:
            known = [ENVIRONMENT_PREFIX + name.upper() for name in types]
            raise BadValueError(
                f"the environment variable {variable} means nothing{_nearest(variable, known)}", path=variable
            )
        given[key] = _read_text(text, types[key], variable)
    return given


def _read_text(text: str, kind: object, place: str) -> object:
    if kind is str:
        return text
    if kind is int:
        try:
            return int(text)
        except ValueError:
            raise BadValueError(f"{place}: expected a whole number, got {text!r}", path=place) from None
    return [part.strip() for part in text.split(",") if part.strip()]


def _machine_zone() -> str:
    zone = os.environ.get("TZ", "").lstrip(":")
    link = Path("/etc/localtime")
    if not zone and link.is_symlink():
        _, _, zone = str(link.resolve()).partition("/zoneinfo/")
    try:
        ZoneInfo(zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return "UTC"
    return zone or "UTC"


def _check_zone(zone: str, place: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, IsADirectoryError):
        raise BadValueError(
            f"{place}: there is no time zone {zone!r}; write it as Europe/Amsterdam", path=place
        ) from None
