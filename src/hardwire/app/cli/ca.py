"""`hardwire ca`: the hub's own certificate authority, which clients are told to trust."""

import io
import os
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import click

from hardwire.app.backup.exchange import is_decided, mend
from hardwire.app.cli.reach import Reach
from hardwire.app.folder import default_folder
from hardwire.app.trust import GUIDES, told
from hardwire.model.errors import DeviceError
from hardwire.server.tls.authority import Authority
from hardwire.storage.folder import make_private_folder

# A phone reads it from a dark terminal and from a light one: light modules, with a rim of two.
QR_RIM = 2


@click.group()
def ca() -> None:
    """Show and export the hub's certificate authority."""


@ca.command()
@click.option("--data", "folder", type=click.Path(path_type=Path), help="The hub's data folder. [HARDWIRE_DATA]")
@click.option("--qr", "has_qr", is_flag=True, help="Show where a phone finds it, as a QR code; a hub has to run.")
@click.option("--for", "client", type=click.Choice(list(GUIDES)), help="Tell how this client is brought to trust it.")
def export(folder: Path | None, client: str | None, *, has_qr: bool) -> None:
    """Print the CA as PEM; a hub that never ran gets its CA now.

    Nothing but the PEM goes to standard output: what --qr and --for show stands on standard error.
    """
    chosen = _chosen(folder)
    authority = _authority(chosen)
    shown = _qr(chosen, authority) if has_qr else ""
    click.echo(authority.pem, nl=False)
    if shown:
        click.echo(f"\n{shown}", err=True)
    if client is not None:
        click.echo(f"\n{told(GUIDES[client])}", err=True)


@ca.command()
@click.option("--data", "folder", type=click.Path(path_type=Path), help="The hub's data folder. [HARDWIRE_DATA]")
def show(folder: Path | None) -> None:
    """Print the CA's name, life and SHA-256 fingerprint."""
    authority = _authority(_chosen(folder))
    click.echo(f"name         {authority.name}")
    click.echo(f"valid until  {authority.not_after:%Y-%m-%d}")
    click.echo(f"sha-256      {authority.fingerprint}")


def _qr(folder: Path, authority: Authority) -> str:
    """Return the QR code of the running hub's own copy, with its URL and what to compare.

    Raises:
        DeviceError: no hub runs, or the package for it is missing; the sentence says what to do.
    """
    try:
        # Only who wants a code needs the package.
        import segno
    except ModuleNotFoundError as error:
        raise DeviceError(
            "a QR code needs the package segno: pip install 'hardwire[screen]'", code="not-installed"
        ) from error
    urls = [f"{origin}/ca.pem" for origin in Reach(folder=folder).call("GET", "/hub/v1/place")["http"]]
    if not urls:
        raise DeviceError("this machine has no address on a network yet: connect it and try again")
    drawn = io.StringIO()
    segno.make_qr(urls[0]).terminal(out=drawn, border=QR_RIM, compact=True)
    lines = [drawn.getvalue().rstrip("\n"), *urls, f"sha-256  {authority.fingerprint}"]
    if ip_address(urlsplit(urls[0]).hostname or "").is_loopback:
        lines.append("Only this machine reaches that: for a phone, let the hub listen on the network (host in [hub]).")
    else:
        lines.append("It comes over plain HTTP: compare the fingerprint on the phone before you trust it.")
    return "\n".join(lines)


def _chosen(folder: Path | None) -> Path:
    return (folder or default_folder(os.environ)).absolute()


def _authority(folder: Path) -> Authority:
    make_private_folder(folder)
    if is_decided(folder):
        # Between two sets of files the authority may be in neither place, and a new one would be made.
        mend(folder)
    return Authority.open(folder, datetime.now(UTC))
