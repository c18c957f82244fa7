"""The JSON of the hub's own API: devices, facts, keys, errors."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, assert_never

import msgspec
from msgspec import Struct

from hardwire.contracts.house import House
from hardwire.model.command import Command, Identify, Reboot, WritePoints
from hardwire.model.device import Device
from hardwire.model.errors import (
    BadValueError,
    CallerError,
    DeviceError,
    HardwireError,
    HubFaultError,
    NotAllowedError,
    UnknownError,
)
from hardwire.model.fact import Confirmation, Event, Fact, Incident, LogRow, Sample

STATUSES: tuple[tuple[type[HardwireError], int], ...] = (
    (UnknownError, 404),
    (NotAllowedError, 403),
    (CallerError, 400),
    (DeviceError, 503),
    (HubFaultError, 500),
)

_encode = msgspec.json.Encoder(order="deterministic").encode


class NewDevice(Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `POST /hub/v1/devices`: what stands below `[devices.ID]` in a configuration file."""

    id: str
    settings: dict[str, Any]  # Any: a driver's own settings, checked by its Settings class


class Backup(Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `POST /hub/v1/restore`: a file on the hub's own machine."""

    file: str


def read(body: bytes, into: type[Any]) -> Any:  # Any: whatever Struct is asked for
    """Parse a body.

    Raises:
        BadValueError: it is no JSON, or not of that shape.
    """
    try:
        return msgspec.json.decode(body, type=into)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadValueError(f"the body does not fit: {error}", code="bad-body") from error


def command_of(body: bytes, device: Device) -> Command:
    """Parse a wish: `{"point": value, ...}` writes points; `{"identify": true}` and `{"reboot": true}` do as they say.

    Raises:
        BadValueError: neither; the device has no such point, or it takes no values (code `not-writable`).
    """
    values = read(body, dict[str, bool | int | float | str | tuple[str, ...]])
    if not values:
        raise BadValueError("name at least one point and its value")
    if values == {"identify": True} and device.point("identify") is None:
        return Identify()
    if values == {"reboot": True} and device.point("reboot") is None:
        return Reboot()
    for name in values:
        point = device.point(name)
        known = ", ".join(point.name for point in device.points if point.writable) or "none"
        if point is None:
            raise BadValueError(f"{device.id} has no point {name!r}; writable are: {known}", path=name)
        if not point.writable:
            raise BadValueError(
                f"the point {name!r} of {device.id} takes no values; writable are: {known}",
                code="not-writable",
                path=name,
            )
    return WritePoints(values)


def json(content: object) -> bytes:
    """Return compact JSON."""
    return _encode(content)


def error(fault: HardwireError) -> tuple[int, bytes]:
    """Return the status and body of an error: `{"error":{"code":...,"message":...}}`."""
    status = next((status for kind, status in STATUSES if isinstance(fault, kind)), 500)
    return status, _encode({"error": {"code": fault.code, "message": fault.message}})


def place(house: House) -> Mapping[str, object]:
    """Return where other machines find the hub; on loopback, where this one does."""
    port, tls_port = house.ports()
    hosts = [f"[{address}]" if ":" in address else address for address in house.reached_at()]
    return {
        "http": [f"http://{host}:{port}" for host in hosts],
        "https": [f"https://{host}:{tls_port}" for host in hosts],
    }


def device(house: House, shown: Device, now: datetime) -> Mapping[str, object]:
    """Return everything that the owner may know of a device."""
    lost = house.lost_since(shown.id)
    alive_at = house.alive_at(shown.id)
    units = {point.name: point.unit for point in shown.points}
    return {
        "id": shown.id,
        "kind": shown.kind,
        "name": shown.name or shown.id,
        "group": shown.group,
        "parent": shown.parent,
        "profile": shown.profile,
        "is_fresh": house.is_fresh(shown.id, now),
        "alive_at": None if alive_at is None else instant(alive_at),
        "trouble": None if lost is None else lost[1],
        "faults": {kind: {"count": count, "message": text} for kind, (count, text) in house.troubles(shown.id).items()},
        "addresses": dict(house.addresses(shown.id)),
        "alarms": [
            {"name": one.alarm.name, "point": one.alarm.point, "state": one.state.value, "since": instant(one.since)}
            for one in house.alarms(shown.id)
        ],
        "writable": [point.name for point in shown.points if point.writable],
        "values": {
            name: {"value": reading.value, "unit": units.get(name, ""), "at": instant(reading.at)}
            for name, reading in house.readings(shown.id).items()
        },
    }


def fact(told: Fact) -> str:
    """Return a fact as one line of JSON: a sample's values, an event's name and content, or a log row."""
    shown: dict[str, object] = {"at": instant(told.at), "device": told.device}
    match told:
        case Sample():
            shown["values"] = told.values
        case Event():
            shown["event"] = type(told.happening).__name__
            shown["content"] = _readable(msgspec.to_builtins(told.happening, builtin_types=(bytes,)))
        case LogRow():
            shown["log"] = told.log.value
            shown["values"] = told.values
        case Incident():
            shown["incident"] = told.kind
            shown["name"] = told.name
            shown["message"] = told.message
        case Confirmation():
            shown["confirmed"] = told.pending
            shown["is_done"] = told.is_done
        case _:
            assert_never(told)
    return _encode(shown).decode()


def _readable(content: object) -> object:
    """What a happening holds, its bytes as hex digits."""
    match content:
        case bytes():
            return content.hex()
        case dict():
            return {name: _readable(inner) for name, inner in content.items()}
        case list() | tuple():
            return [_readable(inner) for inner in content]
        case _:
            return content


def instant(at: datetime) -> str:
    """Return an instant in RFC 3339, UTC, with milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
