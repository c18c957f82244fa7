"""`hardwire clients`: who is connected, who does not keep up, and how one of them is cut."""

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import click
from click.core import ParameterSource
from rich.live import Live
from rich.table import Table

from hardwire.app.cli.plain import plain
from hardwire.app.cli.reach import Reach, reaching
from hardwire.app.cli.shown import console, moment, table_of
from hardwire.console import figures

Shown = Mapping[str, Any]  # Any: JSON

COLUMNS = ("ID", "DIALECT", "FROM", "DEVICE", "KEY", "SINCE", "LAG", "UNREAD", "DROPPED", "SENT")
# Since when it is there is the first that a narrow terminal goes without.
SINCE_AT = COLUMNS.index("SINCE")
WIDE = 100
REFRESH_S = 1.0
# What comes by the owner's own socket has no address.
OWNER = "owner"


@click.group(invoke_without_command=True, subcommand_metavar="[cut ID]", short_help="Show who is connected; cut one.")
@click.option("--slow", is_flag=True, help="Only those that do not keep up.")
@click.option("--watch", is_flag=True, help="Show it anew each second until Ctrl-C.")
@click.option("--json", "is_json", is_flag=True, help="Print JSON.")
@reaching
@click.pass_context
def clients(context: click.Context, reach: Reach, slow: bool, watch: bool, is_json: bool) -> None:
    """Show every open WebSocket, those that are behind the longest first.

    LAG is for how long a client has not kept up, UNREAD what waits for it in the hub, DROPPED how many messages newer
    ones took the place of.

    \b
    hardwire clients --slow --watch
    hardwire clients cut 12
    """
    if context.invoked_subcommand is not None:
        _refuse_options(context)
        return
    if watch and is_json:
        raise click.UsageError("--watch and --json exclude each other")
    if watch:
        _watch(reach, slow=slow)
        return
    found = _found(reach, slow=slow)
    if is_json:
        click.echo(json.dumps(found, indent=2))
        return
    out = console()
    out.print(_table(found, out.width))


@clients.command()
@click.argument("id")
@reaching
def cut(reach: Reach, id: str) -> None:
    """Close a client's WebSocket; it is told to try again later, and may come back."""
    gone = reach.call("DELETE", f"/hub/v1/clients/{quote(id, safe='')}")
    key = f", key {gone['credential']}" if gone["credential"] else ""
    unread = f", {figures.size(gone['pending_bytes'])} unread" if gone["pending_bytes"] else ""
    click.echo(plain(f"cut client {gone['id']}: {gone['dialect']} from {gone['peer'] or OWNER}{key}{unread}"))


def _refuse_options(context: click.Context) -> None:
    """An option before the word `cut` would be meant for it, and lost."""
    for name in context.params:
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"options stand behind `{context.invoked_subcommand}`", context)


def _found(reach: Reach, *, slow: bool) -> Sequence[Shown]:
    found: Sequence[Shown] = reach.call("GET", "/hub/v1/clients" + ("?slow=true" if slow else ""))
    return found


def _watch(reach: Reach, *, slow: bool) -> None:
    out = console()
    try:
        if not out.is_terminal:
            while True:
                out.print(_table(_found(reach, slow=slow), out.width))
                sys.stdout.flush()
                time.sleep(REFRESH_S)
        # The first one may be refused: a sentence needs no screen of its own.
        first = _table(_found(reach, slow=slow), out.width)
        with Live(first, console=out, auto_refresh=False) as live:
            while True:
                time.sleep(REFRESH_S)
                live.update(_table(_found(reach, slow=slow), out.width), refresh=True)
    except BrokenPipeError:
        # Whoever read has seen enough; what Python still wants to flush has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return


def _table(found: Sequence[Shown], width: int) -> Table:
    is_narrow = width < WIDE
    rows = [COLUMNS, *(_row(one) for one in found)]
    if is_narrow:
        rows = [(*row[:SINCE_AT], *row[SINCE_AT + 1 :]) for row in rows]
    return table_of(rows[0], rows[1:], is_dense=is_narrow)


def _row(one: Shown) -> tuple[str, ...]:
    return (
        str(one["id"]),
        one["dialect"],
        one["peer"] or OWNER,
        one["device"] or "",
        one["credential"] or "",
        # The day, or the time where it is today.
        moment(one["since"]).split()[0],
        "closing" if one["is_closing"] else figures.lag(one["lag_s"]),
        figures.size(one["pending_bytes"]),
        figures.number(one["dropped"]),
        figures.number(one["sent"]),
    )
