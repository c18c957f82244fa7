"""`hardwire device`: what devices there are, and adding and removing them."""

import json
from typing import Any
from urllib.parse import quote

import click
from rich.console import Console
from rich.table import Table

from hardwire.app.cli.reach import Reach, reaching
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
    table = Table(box=None, header_style="bold")
    for column in ("DEVICE", "KIND", "NAME", "STATE", "ADDRESSES"):
        table.add_column(column, overflow="fold")
    for one in devices:
        addresses = ", ".join(f"{dialect} {address}" for dialect, address in one["addresses"].items())
        table.add_row(one["id"], one["kind"], one["name"], _state(one), addresses)
    Console().print(table)


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
    console = Console(highlight=False)
    console.print(f"[bold]{one['id']}[/bold]  {one['name']}  ({one['kind']}, group {one['group']})  {_state(one)}")
    for dialect, address in one["addresses"].items():
        console.print(f"  {dialect}: {address}")
    for kind, fault in one["faults"].items():
        console.print(f"  {kind} x {fault['count']}: {fault['message']}", markup=False)
    table = Table(box=None, header_style="bold")
    for column in ("POINT", "VALUE", "", "AT"):
        table.add_column(column, overflow="fold", max_width=60)
    for name, reading in one["values"].items():
        mark = " *" if name in one["writable"] else ""
        lines = str(reading["value"]).splitlines() or [""]
        more = f" (+{len(lines) - 1} lines)" if len(lines) > 1 else ""
        table.add_row(name + mark, lines[0] + more, reading["unit"], reading["at"])
    console.print(table)
    if one["writable"]:
        console.print("* can be written: hardwire send DEVICE '{\"point\": value}'", markup=False)


@device.command()
@click.argument("device")
@click.argument("settings", nargs=-1, required=True, metavar="KEY=VALUE...")
@reaching
def add(reach: Reach, device: str, settings: tuple[str, ...]) -> None:
    """Add a device: what stands below [devices.ID] in a configuration file, as KEY=VALUE.

    \b
    hardwire device add bench driver=simulated kind=board obniz.id=2345-6789
    """
    added = reach.call("POST", "/hub/v1/devices", {"id": device, "settings": _table(settings)})
    click.echo(f"added {added['id']}")


@device.command()
@click.argument("device")
@reaching
def remove(reach: Reach, device: str) -> None:
    """Remove a device that was added by command. Its addresses are never given to another."""
    reach.call("DELETE", f"/hub/v1/devices/{quote(device, safe='')}")
    click.echo(f"removed {device}")


def _state(one: dict[str, Any]) -> str:  # Any: JSON
    if one["is_fresh"]:
        return "alive"
    if one["alive_at"] is None:
        return f"not seen yet{': ' + one['trouble'] if one['trouble'] else ''}"
    return f"silent since {one['alive_at']}{': ' + one['trouble'] if one['trouble'] else ''}"


def _table(settings: tuple[str, ...]) -> dict[str, Any]:  # Any: TOML-like settings
    """KEY=VALUE pairs as a table; a dot in a key opens a table, a value that is JSON is read as JSON."""
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
        try:
            inner[last] = json.loads(text)
        except ValueError:
            inner[last] = text
    return table
