"""`hardwire device`: what devices there are, and adding and removing them."""

import json
import re
import tomllib
from typing import Any
from urllib.parse import quote

import click

from hardwire.app.cli.plain import plain
from hardwire.app.cli.reach import Reach, reaching
from hardwire.app.cli.shown import console, moment, print_table
from hardwire.model.errors import BadValueError


@click.group()
def device() -> None:
    """List, show, add and remove devices."""


@device.command("list")
@click.option("--json", "is_json", is_flag=True, help="Print JSON.")
@reaching
def list_devices(reach: Reach, is_json: bool) -> None:
    """List every device with its state and addresses."""
    devices = reach.call("GET", "/hub/v1/devices", is_offline_fine=True)
    if is_json:
        click.echo(json.dumps(devices, indent=2))
        return
    if not devices:
        click.echo("no devices yet: name them in a configuration file, or see `hardwire device add --help`", err=True)
        return
    print_table(("DEVICE", "KIND", "NAME", "STATE", "ADDRESSES"), [_row(one) for one in devices])
    # A sentence has no room in a column.
    for one in devices:
        if one["trouble"] and not one["is_fresh"]:
            console().print(plain(f"{one['id']}: {one['trouble']}"), markup=False)


@device.command()
@click.argument("device")
@click.option("--json", "is_json", is_flag=True, help="Print JSON.")
@reaching
def show(reach: Reach, device: str, is_json: bool) -> None:
    """Show one device with its last values."""
    one = reach.call("GET", f"/hub/v1/devices/{quote(device, safe='')}", is_offline_fine=True)
    if is_json:
        click.echo(json.dumps(one, indent=2))
        return
    called = one["id"] if one["name"] == one["id"] else f"{one['id']}  {one['name']}"
    reason = f": {one['trouble']}" if one["trouble"] and not one["is_fresh"] else ""
    lines = [f"{called}  ({one['kind']}, group {one['group']})  {_state(one)}{reason}"]
    lines += [f"  {address}" for address in _addresses(one)]
    lines += [f"  {kind} x {fault['count']}: {fault['message']}" for kind, fault in one["faults"].items()]
    lines += [f"  alarm {alarm['name']}: {_standing(alarm, one['values'])}" for alarm in one["alarms"]]
    for line in lines:
        console().print(plain(line), markup=False)
    rows = [
        (
            name + (" *" if name in one["writable"] else ""),
            _value(reading["value"]),
            reading["unit"],
            moment(reading["at"]),
        )
        for name, reading in sorted(_readings(one).items(), key=lambda pair: _in_order(pair[0]))
    ]
    if rows:
        print_table(("POINT", "VALUE", "", "AT"), rows, widest=60)
    if one["writable"]:
        click.echo(f"* can be written: hardwire send {one['id']} '{{\"point\": value}}'")


@device.command(short_help="Add a device to a hub that runs.")
@click.argument("device")
@click.argument("settings", nargs=-1, required=True, metavar="KEY=VALUE...")
@reaching
def add(reach: Reach, device: str, settings: tuple[str, ...]) -> None:
    """Add a device: what stands below [devices.ID] in a configuration file, as KEY=VALUE.

    \b
    hardwire device add bench driver=simulated kind=board obniz.id=2345-6789
    hardwire device add bench driver=simulated kind=board 'parts=[{ part = "GPS" }]'    lists as in the file, or as JSON
    """
    added = reach.call("POST", "/hub/v1/devices", {"id": device, "settings": _table(settings)})
    click.echo(f"added {added['id']}")


@device.command()
@click.argument("device")
@reaching
def remove(reach: Reach, device: str) -> None:
    """Remove a device that was added by command. Its addresses are never given to another."""
    gone = reach.call("DELETE", f"/hub/v1/devices/{quote(device, safe='')}", is_offline_fine=True)
    click.echo(f"removed {gone['id']}")


def _row(one: dict[str, Any]) -> tuple[str, ...]:  # Any: JSON
    """A device in one line; a name that is only its id is not said twice."""
    name = "" if one["name"] == one["id"] else one["name"]
    return (one["id"], one["kind"], name, _state(one), ", ".join(_addresses(one)))


def _state(one: dict[str, Any]) -> str:  # Any: JSON
    if one["is_fresh"]:
        return "alive"
    return "not seen yet" if one["alive_at"] is None else f"silent since {moment(one['alive_at'])}"


def _addresses(one: dict[str, Any]) -> list[str]:  # Any: JSON
    return [f"{dialect} {address}" for dialect, address in one["addresses"].items()]


def _standing(alarm: dict[str, Any], values: dict[str, Any]) -> str:  # Any: JSON
    if alarm["point"] not in values:
        return f"rests, since there is no value of {alarm['point']!r} yet"
    return f"{alarm['state']} since {moment(alarm['since'])}"


def _readings(one: dict[str, Any]) -> dict[str, Any]:  # Any: JSON
    """The last values, with those points that can be written although they have none yet."""
    return {**{name: {"value": "", "unit": "", "at": None} for name in one["writable"]}, **one["values"]}


def _in_order(name: str) -> list[tuple[int, str]]:
    """Sort key that puts io2 before io10."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"([0-9]+)", name)]


def _value(value: Any) -> str:  # Any: JSON
    """A value on one line: as it would be written in JSON, a text without its quotes."""
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    lines = value.splitlines() or [""]
    return lines[0] + (f" (+{len(lines) - 1} lines)" if len(lines) > 1 else "")


def _table(settings: tuple[str, ...]) -> dict[str, Any]:  # Any: TOML-like settings
    """KEY=VALUE pairs as a table; a dot in a key opens a table."""
    table: dict[str, Any] = {}  # Any: TOML-like settings
    for pair in settings:
        key, separator, text = pair.partition("=")
        if not separator or not key:
            raise BadValueError(f"settings are written KEY=VALUE, not {pair!r}")
        *outer, last = key.split(".")
        inner = table
        for name in outer:
            inner = inner.setdefault(name, {})
            if not isinstance(inner, dict):
                raise BadValueError(f"{name} is given as a value and as a table")
        inner[last] = _read(text)
    return table


def _read(text: str) -> Any:  # Any: JSON or TOML
    """A value as JSON; a list or a table as TOML too; else it is the text itself."""
    try:
        return json.loads(text)
    except ValueError:
        pass
    # Nothing else: 1979-05-27 and the like would become what nobody meant.
    if text.startswith(("[", "{")):
        try:
            return tomllib.loads(f"value = {text}")["value"]
        except tomllib.TOMLDecodeError:
            # Such as [::1]:8081.
            pass
    return text
