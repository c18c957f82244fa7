"""`hardwire press`: presses a HomeWizard device's button."""

from urllib.parse import quote

import click

from hardwire.app.cli.reach import Reach, reaching


@click.command()
@click.argument("serial")
@reaching
def press(reach: Reach, serial: str) -> None:
    """Press the button of a device: for 30 s, one program may get a token."""
    reach.call("POST", f"/hub/v1/devices/{quote(serial, safe='')}/press")
    click.echo(f"pressed {serial}: one program may get a token within 30 s")
