"""`hardwire key`: keys and tokens of every dialect."""

import json
from urllib.parse import quote

import click
from rich.console import Console
from rich.table import Table

from hardwire.app.cli.reach import Reach, reaching


@click.group()
def key() -> None:
    """Create, list and revoke keys and tokens."""


@key.command()
@click.argument("kind", type=click.Choice(["ezeio", "obniz", "admin"]))
@click.option("--name", default="", help="What you call it; a new key of the same name replaces the old one.")
@click.option("--group", default="home", show_default=True, help="The group whose devices it reaches.")
@click.option("--device", "devices", multiple=True, help="Only this device (repeatable); needed for obniz tokens.")
@click.option("--read-only", is_flag=True, help="It may read, not control.")
@click.option("--days", type=click.IntRange(1), default=365, show_default=True, help="How long it lives.")
@reaching
def create(
    reach: Reach, kind: str, name: str, group: str, devices: tuple[str, ...], read_only: bool, days: int
) -> None:
    """Create a key; it is shown this once.

    HomeWizard tokens are made by the client itself, after `hardwire press SERIAL`.
    """
    rights = ["read"] if read_only else ["read", "control"]
    if kind == "admin":
        rights = ["read", "control", "admin"]
    wanted = {
        "kind": kind,
        "name": name,
        "group": group,
        "devices": list(devices) or None,
        "rights": rights,
        "days": days,
    }
    made = reach.call("POST", "/hub/v1/keys", wanted)
    click.echo(f"id   {made['id']}")
    click.echo(f"key  {made['key']}")
    click.echo(f"valid until {made['expires']}; it is not shown again", err=True)


@key.command("list")
@click.option("--json", "is_json", is_flag=True, help="Print JSON.")
@reaching
def list_keys(reach: Reach, is_json: bool) -> None:
    """List every key, without its secret."""
    keys = reach.call("GET", "/hub/v1/keys", is_offline_fine=True)
    if is_json:
        click.echo(json.dumps(keys, indent=2))
        return
    table = Table(box=None, header_style="bold")
    for column in ("ID", "KIND", "NAME", "REACHES", "RIGHTS", "EXPIRES"):
        table.add_column(column, overflow="fold")
    for one in keys:
        reaches = "everything" if one["kind"] == "admin" else f"group {one['group']}"
        if one["devices"] is not None:
            reaches = ", ".join(one["devices"])
        table.add_row(one["id"], one["kind"], one["name"], reaches, ", ".join(one["rights"]), one["expires"] or "never")
    Console().print(table)


@key.command()
@click.argument("id")
@reaching
def revoke(reach: Reach, id: str) -> None:
    """Revoke a key; connections that use it are closed at once."""
    gone = reach.call("DELETE", f"/hub/v1/keys/{quote(id, safe='')}", is_offline_fine=True)
    click.echo(f"revoked {gone['id']}")
