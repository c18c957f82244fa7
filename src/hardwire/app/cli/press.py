"""`hardwire press`: presses a HomeWizard device's button."""

from urllib.parse import quote

import click

from hardwire.app.cli.reach import Reach, reaching
from hardwire.model.errors import CallerError


@click.command(short_help="Press the button of a HomeWizard device.")
@click.argument("serial", metavar="DEVICE")
@reaching
def press(reach: Reach, serial: str) -> None:
    """Press the button of a HomeWizard device: for 30 s, one program may get a token.

    DEVICE is its id or its serial.
    """
    addresses = reach.call("GET", f"/hub/v1/devices/{quote(serial, safe='')}")["addresses"]
    if "homewizard" not in addresses:
        raise CallerError(
            f"{serial} has no button: only a device that is shown as a HomeWizard product has one (`homewizard` in its "
            "settings); for other keys see `hardwire key create --help`"
        )
    reach.call("POST", f"/hub/v1/devices/{quote(serial, safe='')}/press")
    click.echo(f"pressed {serial}: one program may get a token within 30 s")
