"""`hardwire key`: keys and tokens of every dialect."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import click

from hardwire.app.cli.plain import plain
from hardwire.app.cli.reach import Reach, reaching
from hardwire.app.cli.shown import moment, print_table

Shown = Mapping[str, Any]  # Any: JSON


@click.group()
def key() -> None:
    """Create, list, show and revoke keys and tokens."""


@key.command()
@click.argument("kind", type=click.Choice(["ezeio", "obniz", "ingest", "admin"]))
@click.option("--name", default="", help="What you call it; a new key of the same name and group ends the old one.")
@click.option("--group", default="home", show_default=True, help="The group whose devices it reaches.")
@click.option("--device", "devices", multiple=True, help="Only this device (repeatable); without it, all of the group.")
@click.option("--read-only", is_flag=True, help="It may read, not control.")
@click.option(
    "--days",
    type=click.IntRange(0, 36500),
    default=365,
    show_default=True,
    help="How long it lives; 0 means for ever.",
)
@click.option(
    "--function",
    "functions",
    multiple=True,
    help="Only this function of the ezeio API, such as status (repeatable, or with commas); without it, all of them.",
)
@click.option("--inherit", is_flag=True, help="It reaches the subgroups of its group too (ezeio).")
@click.option("--callback", default="", help="The URI that is told when a unit has confirmed a control call (ezeio).")
@reaching
def create(
    reach: Reach,
    kind: str,
    name: str,
    group: str,
    devices: tuple[str, ...],
    read_only: bool,
    days: int,
    functions: tuple[str, ...],
    inherit: bool,
    callback: str,
) -> None:
    """Create a key; it is shown this once.

    HomeWizard tokens are made by the client itself, after `hardwire press SERIAL`.

    \b
    hardwire key create ezeio --name dashboard --group plant --inherit --function status --function samplelog
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
        "functions": [name.strip() for names in functions for name in names.split(",")] or None,
        "is_inherited": inherit,
        "callback": callback,
    }
    made = reach.call("POST", "/hub/v1/keys", wanted)
    click.echo(f"id   {made['id']}")
    click.echo(f"key  {made['key']}")
    if devices and made["group"] != group:
        click.echo(f"it is a key of the group {made['group']}, as its devices are", err=True)
    until = f"valid until {moment(made['expires'])}" if made["expires"] else "valid until it is revoked"
    click.echo(f"{until}; it is not shown again", err=True)


@key.command("list")
@click.option("--json", "is_json", is_flag=True, help="Print JSON.")
@reaching
def list_keys(reach: Reach, is_json: bool) -> None:
    """List every key, without its secret."""
    keys = reach.call("GET", "/hub/v1/keys", is_offline_fine=True)
    if is_json:
        click.echo(json.dumps(keys, indent=2))
        return
    columns = ["ID", "KIND", "NAME", "REACHES", "MAY", "EXPIRES"]
    rows = [[one["id"], one["kind"], one["name"], _reaches(one), _may(one), _ends_on(one)] for one in keys]
    print_table(columns, rows)


@key.command()
@click.argument("id")
@click.option("--json", "is_json", is_flag=True, help="Print JSON.")
@reaching
def show(reach: Reach, id: str, is_json: bool) -> None:
    """Show one key, without its secret."""
    one = reach.call("GET", f"/hub/v1/keys/{quote(id, safe='')}", is_offline_fine=True)
    if is_json:
        click.echo(json.dumps(one, indent=2))
        return
    functions = "" if one["functions"] is None else ", ".join(one["functions"])
    for what, text in (
        ("id", one["id"]),
        ("kind", one["kind"]),
        ("name", one["name"]),
        ("group", one["group"]),
        ("reaches", _reaches(one)),
        ("rights", ", ".join(one["rights"])),
        ("functions", functions or ("all" if one["kind"] == "ezeio" else "")),
        ("expires", _expires(one)),
        ("callback", one["callback"]),
    ):
        if text:
            click.echo(f"{what:<10} {plain(text)}")


@key.command()
@click.argument("id")
@reaching
def revoke(reach: Reach, id: str) -> None:
    """Revoke a key; connections that use it are closed at once."""
    gone = reach.call("DELETE", f"/hub/v1/keys/{quote(id, safe='')}", is_offline_fine=True)
    click.echo(f"revoked {gone['id']}")


def _reaches(one: Shown) -> str:
    if one["devices"] is not None:
        return ", ".join(one["devices"])
    if one["kind"] == "admin":
        return "everything"
    return f"group {one['group']}" + (" and subgroups" if one["is_inherited"] else "")


def _may(one: Shown) -> str:
    return ", ".join(one["rights"] if one["functions"] is None else one["functions"])


def _expires(one: Shown) -> str:
    return moment(one["expires"]) or "never"


def _ends_on(one: Shown) -> str:
    """The day, or the time where it is today: a list is narrow."""
    return _expires(one).split()[0]
