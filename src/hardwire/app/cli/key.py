"""`hardwire key`: keys and tokens of every dialect."""

import json
from typing import Any
from urllib.parse import quote

import click

from hardwire.app.cli.reach import Reach, reaching
from hardwire.app.cli.shown import moment, print_table


@click.group()
def key() -> None:
    """Create, list and revoke keys and tokens."""


@key.command()
@click.argument("kind", type=click.Choice(["ezeio", "obniz", "ingest", "admin"]))
@click.option("--name", default="", help="What you call it; a new key of the same name replaces the old one.")
@click.option("--group", default="home", show_default=True, help="The group whose devices it reaches.")
@click.option("--device", "devices", multiple=True, help="Only this device (repeatable); without it, all of the group.")
@click.option("--read-only", is_flag=True, help="It may read, not control.")
@click.option("--days", type=click.IntRange(1, 36500), default=365, show_default=True, help="How long it lives.")
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
    click.echo(f"valid until {moment(made['expires'])}; it is not shown again", err=True)


@key.command("list")
@click.option("--json", "is_json", is_flag=True, help="Print JSON.")
@reaching
def list_keys(reach: Reach, is_json: bool) -> None:
    """List every key, without its secret."""
    keys = reach.call("GET", "/hub/v1/keys", is_offline_fine=True)
    if is_json:
        click.echo(json.dumps(keys, indent=2))
        return
    print_table(
        ("ID", "KIND", "NAME", "REACHES", "RIGHTS", "EXPIRES"),
        [(one["id"], one["kind"], one["name"], _reaches(one), ", ".join(one["rights"]), _expires(one)) for one in keys],
    )


@key.command()
@click.argument("id")
@reaching
def revoke(reach: Reach, id: str) -> None:
    """Revoke a key; connections that use it are closed at once."""
    gone = reach.call("DELETE", f"/hub/v1/keys/{quote(id, safe='')}", is_offline_fine=True)
    click.echo(f"revoked {gone['id']}")


def _reaches(one: dict[str, Any]) -> str:  # Any: JSON
    if one["devices"] is not None:
        return ", ".join(one["devices"])
    return "everything" if one["kind"] == "admin" else f"group {one['group']}"


def _expires(one: dict[str, Any]) -> str:  # Any: JSON
    return moment(one["expires"]) or "never"
