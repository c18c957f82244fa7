"""`[devices.ID]`: one device, checked against the settings of its driver and of its dialects."""

from collections.abc import Mapping
from typing import Any, get_args, get_origin

from msgspec import Struct

from hardwire.app import parts
from hardwire.app.alarms import device_alarms
from hardwire.app.ids import trouble_of
from hardwire.app.tables import Table, allow, bad, converted, fields, inner_table, nearest, text_of
from hardwire.app.zones import check_zone
from hardwire.contracts.driver import DriverPart
from hardwire.model.alarm import Alarm

COMMON = ("driver", "name", "group", "timezone", "alarms")
LISTENERS = ("http", "https")
"""The settings of a face that open a listener of the device's own."""
PORT_DIGITS = 5


class DeviceEntry(Struct, frozen=True, kw_only=True):
    """`[devices.ID]`, parsed: its driver's settings and how it is shown in each dialect."""

    id: str
    driver: DriverPart
    settings: Any  # Any: the driver's own Settings struct
    faces: Mapping[str, Any]  # Any: each dialect's own Face struct
    hidden: frozenset[str] = frozenset()
    """The dialects that it is not shown in although it could be: `ezeio = false`."""
    name: str = ""
    group: str = "home"
    timezone: str = "UTC"
    alarms: tuple[Alarm, ...] = ()


def device_entry(id: str, table: object, zone: str) -> DeviceEntry:
    """Check one device's table; `zone` is for one that names none.

    Raises:
        BadValueError: with the place and, for an unknown setting, the nearest known one.
    """
    place = f"devices.{id}"
    if trouble := trouble_of(id, "a device's"):
        raise bad(place, trouble)
    if not isinstance(table, Mapping):
        raise bad(place, "must be a table")
    driver = _driver(table, place)
    faces_known = {name: part.face for name, part in parts.dialects().items() if part.face is not None}
    settings_table = {key: value for key, value in table.items() if key not in COMMON and key not in faces_known}
    settings_type = _chosen(driver.settings, settings_table, place)
    allow(table, (*COMMON, *faces_known, *fields(settings_type)), place)
    settings = converted(settings_table, settings_type, place)
    hidden = frozenset(name for name in faces_known if table.get(name) is False)
    faces = {
        name: _face(inner_table(table, name, f"{place}.{name}"), face, f"{place}.{name}")
        for name, face in faces_known.items()
        if name in table and name not in hidden
    }
    group = text_of(table, "group", place) or _first(faces, "group") or "home"
    if trouble := trouble_of(group, "a group's"):
        raise bad(f"{place}.group", trouble)
    timezone = text_of(table, "timezone", place) or zone
    check_zone(timezone, f"{place}.timezone")
    return DeviceEntry(
        id=id,
        driver=driver,
        settings=settings,
        faces=faces,
        hidden=hidden,
        name=text_of(table, "name", place) or _first(faces, "name"),
        group=group,
        timezone=timezone,
        alarms=device_alarms(table, place),
    )


def split_address(address: str) -> tuple[str, int]:
    """Return host and port of `host:port`.

    Raises:
        ValueError: it is none.
    """
    host, _, port = address.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    is_number = port.isascii() and port.isdigit() and len(port) <= PORT_DIGITS
    if not host or not is_number or not 0 < int(port) <= 65535:
        raise ValueError(f"{address!r} is no address of a listener; write it as 192.168.1.50:80")
    return host, int(port)


def _driver(table: Table, place: str) -> DriverPart:
    known = parts.driver_names()
    name = table.get("driver")
    if name is None:
        raise bad(place, f"say which driver it has: driver = one of {', '.join(known)}", key="driver")
    if not isinstance(name, str) or name not in known:
        raise bad(f"{place}.driver", f"there is no driver {name!r}{nearest(str(name), known)}")
    return parts.driver(name)


def _chosen(settings: Any, table: Table, place: str) -> Any:  # Any: a Struct class, or a union of tagged ones
    """The Struct that a table is for; a union is chosen from by its tag (`kind`)."""
    if get_origin(settings) is None or not get_args(settings):
        return settings
    choices = {str(choice.__struct_config__.tag): choice for choice in get_args(settings)}
    tag_field = next(iter(choices.values())).__struct_config__.tag_field
    tag = table.get(tag_field)
    if tag is None:
        raise bad(place, f"say which {tag_field} it is: {tag_field} = one of {', '.join(choices)}", key=tag_field)
    if not isinstance(tag, str) or tag not in choices:
        raise bad(f"{place}.{tag_field}", f"there is no {tag_field} {tag!r}{nearest(str(tag), choices)}")
    return choices[tag]


def _face(table: Table, struct: Any, place: str) -> Any:  # Any: a dialect's own Face struct
    for name in LISTENERS:
        address = table.get(name)
        if isinstance(address, str):
            try:
                split_address(address)
            except ValueError as error:
                raise bad(f"{place}.{name}", str(error)) from error
    return converted(table, struct, place)


def _first(faces: Mapping[str, Any], field: str) -> str:  # Any: each dialect's own Face struct
    """What the first face that says something says."""
    return next((text for face in faces.values() if (text := getattr(face, field, ""))), "")
