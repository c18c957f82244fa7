"""`hardwire send`: a wish to a device."""

import json
from urllib.parse import quote

import click

from hardwire.app.cli.reach import Reach, reaching
from hardwire.model.errors import BadValueError, CallerError

ANSWERED_WITHIN_MS = 30_000
"""The longest that a call may wait for the answers of a board."""


@click.command()
@click.argument("device")
@click.argument("wish", metavar="JSON")
@reaching
def send(reach: Reach, device: str, wish: str) -> None:
    """Send a device a wish.

    \b
    hardwire send grid '{"identify": true}'             lets it show which one it is; "reboot" starts it anew
    hardwire send kettle '{"power_on": false}'          writes points: those with a * in `hardwire device show`
    hardwire send grid '{"batteries_mode": "to_full"}'
    hardwire send bench '[{"io0": true}]'               obniz commands, to a board
    hardwire send bench '[{"ad0": {"stream": false}}]'  prints what a board answers, within 30 s
    """
    try:
        content = json.loads(wish)
    except ValueError as error:
        raise BadValueError(f"that is no JSON, such as '{{\"point\": value}}': {error}") from None
    if isinstance(content, list):
        shown = reach.call("GET", f"/hub/v1/devices/{quote(device, safe='')}")
        address = shown["addresses"].get("obniz")
        if address is None:
            raise BadValueError(f"{device} is no board: give an object of points, such as '{{\"point\": value}}'")
        answers = reach.call("POST", f"/obniz/{quote(address, safe='')}/api/1?wait={ANSWERED_WITHIN_MS}", content)
        problems = [kind["message"] for answer in answers for kind in answer.get("debug", {}).values()]
        told = [answer for answer in answers if "debug" not in answer]
        for answer in told:
            click.echo(json.dumps(answer, ensure_ascii=False))
        if problems:
            raise CallerError("; ".join(problems))
        if told:
            return
    elif isinstance(content, dict):
        reach.call("POST", f"/hub/v1/devices/{quote(device, safe='')}/send", content)
    else:
        raise BadValueError("give an object of points, such as '{\"point\": value}', or a list of obniz commands")
    click.echo("done")
