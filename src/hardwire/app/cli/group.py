"""`hardwire group`: the tree of groups that own devices and keys."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

import click

from hardwire.app.cli.reach import Reach, reaching
from hardwire.app.cli.shown import print_table

Shown = Mapping[str, Any]  # Any: JSON


@click.group()
def group() -> None:
    """List, add, change and remove groups."""


@group.command("list")
@click.option("--json", "is_json", is_flag=True, help="Print JSON.")
@reaching
def list_groups(reach: Reach, is_json: bool) -> None:
    """Show the tree: each group below the one that it belongs to."""
    groups = reach.call("GET", "/hub/v1/groups", is_offline_fine=True)
    if is_json:
        click.echo(json.dumps(groups, indent=2))
        return
    print_table(
        ("GROUP", "NUMBER", "NAME", "ACCOUNT", "DEVICES", "KEYS", "HISTORY"),
        [
            (
                "  " * depth + one["id"],
                str(one["number"]),
                "" if one["name"] == one["id"] else one["name"],
                "yes" if one["is_account"] else f"of {one['account']}" if one["account"] else "none",
                str(len(one["devices"])),
                str(len(one["keys"])),
                "" if one["history_days"] is None else f"{one['history_days']} days",
            )
            for depth, one in _tree(groups)
        ],
    )


@group.command(short_help="Add a group to a hub that runs.")
@click.argument("group")
@click.option("--name", default="", help="What people read; without it, the group's id.")
@click.option("--description", default="", help="A sentence about it.")
@click.option("--parent", default=None, help="The group that it lies below; without it, none.")
@click.option("--number", type=int, default=0, help="Its number, which ezeio clients see; 0 for the next free one.")
@click.option("--account/--no-account", "is_account", default=True, help="Whether it is an account of its own.")
@click.option("--history-days", type=int, default=None, help="How long rows of its devices are kept.")
@reaching
def add(
    reach: Reach,
    group: str,
    name: str,
    description: str,
    parent: str | None,
    number: int,
    is_account: bool,
    history_days: int | None,
) -> None:
    """Add a group.

    \b
    hardwire group add plant --name "Water plant"
    hardwire group add pumps --parent plant --no-account
    """
    wanted = {
        "id": group,
        "name": name,
        "description": description,
        "parent": parent,
        "number": number,
        "is_account": is_account,
        "history_days": history_days,
    }
    added = reach.call("POST", "/hub/v1/groups", wanted)
    click.echo(f"added {added['id']}, number {added['number']}")


@group.command(short_help="Change a group that was added by command.")
@click.argument("group")
@click.option("--name", default=None, help="What people read.")
@click.option("--description", default=None, help="A sentence about it.")
@click.option("--parent", default=None, help="The group that it lies below.")
@click.option("--top", is_flag=True, help="It lies below no group any more.")
@click.option("--number", type=int, default=None, help="Its number, which ezeio clients see.")
@click.option("--account/--no-account", "is_account", default=None, help="Whether it is an account of its own.")
@click.option("--history-days", type=int, default=None, help="How long rows of its devices are kept.")
@click.option("--history-default", is_flag=True, help="As long as the hub's own setting says.")
@reaching
def change(
    reach: Reach,
    group: str,
    top: bool,
    history_default: bool,
    **given: Any,  # Any: the options of the same names, None where they were not given
) -> None:
    """Change a group: what no option names stays as it is."""
    if top and given["parent"] is not None:
        raise click.UsageError("--top and --parent exclude each other")
    if history_default and given["history_days"] is not None:
        raise click.UsageError("--history-default and --history-days exclude each other")
    wanted = {name: value for name, value in given.items() if value is not None}
    wanted |= {"parent": None} if top else {}
    wanted |= {"history_days": None} if history_default else {}
    if not wanted:
        raise click.UsageError("say what is to change, such as --name")
    changed = reach.call("PATCH", f"/hub/v1/groups/{quote(group, safe='')}", wanted)
    click.echo(f"changed {changed['id']}")


@group.command(short_help="Remove a group that was added by command.")
@click.argument("group")
@reaching
def remove(reach: Reach, group: str) -> None:
    """Remove a group that was added by command and has no devices, subgroups or keys any more."""
    gone = reach.call("DELETE", f"/hub/v1/groups/{quote(group, safe='')}")
    click.echo(f"removed {gone['id']}")


def _tree(groups: Iterable[Shown]) -> list[tuple[int, Shown]]:
    """Each group with how deep it lies, after the one above it; brothers by number.

    One whose parent is not there stands at the top.
    """
    known = sorted(groups, key=lambda one: int(one["number"]))
    ids = {one["id"] for one in known}
    below: dict[str, list[Shown]] = {}
    for one in known:
        below.setdefault(one["parent"] if one["parent"] in ids else "", []).append(one)

    found: list[tuple[int, Shown]] = []
    # From the end, so that what comes off last is the first to be shown.
    open_ones = [(0, one) for one in reversed(below.get("", []))]
    while open_ones:
        depth, one = open_ones.pop()
        found.append((depth, one))
        open_ones.extend((depth + 1, inner) for inner in reversed(below.get(one["id"], [])))
    return found
