"""`hardwire ca`: the hub's own certificate authority, which clients are told to trust."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from hardwire.app.folder import default_folder
from hardwire.server.authority import Authority
from hardwire.storage.folder import make_private_folder


@click.group()
def ca() -> None:
    """Show and export the hub's certificate authority."""


@ca.command()
@click.option("--data", "folder", type=click.Path(path_type=Path), help="The hub's data folder. [HARDWIRE_DATA]")
def export(folder: Path | None) -> None:
    """Print the CA as PEM; a hub that never ran gets its CA now."""
    click.echo(_authority(folder).pem, nl=False)


@ca.command()
@click.option("--data", "folder", type=click.Path(path_type=Path), help="The hub's data folder. [HARDWIRE_DATA]")
def show(folder: Path | None) -> None:
    """Print the CA's name, life and SHA-256 fingerprint."""
    authority = _authority(folder)
    click.echo(f"name         {authority.name}")
    click.echo(f"valid until  {authority.not_after:%Y-%m-%d}")
    click.echo(f"sha-256      {authority.fingerprint}")


def _authority(folder: Path | None) -> Authority:
    chosen = (folder or default_folder(os.environ)).absolute()
    make_private_folder(chosen)
    return Authority.open(chosen, datetime.now(UTC))
