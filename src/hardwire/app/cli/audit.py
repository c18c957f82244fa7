"""`hardwire audit`: who did what."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import click

from hardwire.app.cli.reach import Reach, reaching
from hardwire.app.cli.shown import moment, print_table

COLUMNS = ("NO", "AT", "WHO", "WHAT", "TO", "DETAIL", "FROM")


@click.command(short_help="Show who did what to the hub.")
@click.option("--since", default="", help="A time, or an age: 90m, 17h, 3d; without it, the newest lines.")
@click.option("--action", default="", help="Only what begins so: key, key.revoked, lockout.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="At most so many lines.")
@click.option("--json", "is_json", is_flag=True, help="Print JSON.")
@reaching
def audit(reach: Reach, since: str, action: str, limit: int, *, is_json: bool) -> None:
    """Show who did what to the hub: keys, groups, devices, orders, logins, lock-outs, starts and stops. Oldest first.

    \b
    hardwire audit --since 24h --action key

    WHO is a key's id, `owner` at the hub's own machine, or `hub`; it is empty where nobody was known.
    """
    given = {"since": since, "action": action, "limit": str(limit)}
    query = urlencode({name: text for name, text in given.items() if text})
    lines = reach.call("GET", f"/hub/v1/audit?{query}", is_offline_fine=True)
    if is_json:
        click.echo(json.dumps(lines, indent=2))
        return
    print_table(COLUMNS, [_row(line) for line in lines])


def _row(line: Mapping[str, Any]) -> list[str]:  # Any: JSON
    words = (line[name] for name in ("actor", "action", "subject", "detail", "peer"))
    return [str(line["no"]), moment(line["at"]), *words]
