"""`hardwire backup`: a hub in one file, taken while it runs."""

from datetime import UTC, datetime
from pathlib import Path

import click

from hardwire.app.backup.making import make
from hardwire.app.cli.plain import plain
from hardwire.app.cli.progress import bar
from hardwire.app.cli.reach import Reach, reaching
from hardwire.model.errors import CallerError, HardwireError


@click.command(short_help="Copy a hub into one file, while it runs.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", "is_forced", is_flag=True, help="Replace the file where there is one.")
@reaching
def backup(reach: Reach, file: Path, *, is_forced: bool) -> None:
    """Copy a hub into one file, while it runs or while it does not.

    It holds devices, keys, history, the hub's certificate authority and its certificates: all that was acknowledged
    when the command began. The configuration file is not in it.

    WHOEVER HAS THE FILE CAN BE THE HUB: it holds the vault key, with which the keys in it can be read, and the key of
    the authority. It is made readable for its owner alone; keep it so.
    """
    if reach.is_remote:
        raise CallerError("a backup is made on the hub's own machine, which --hub is not: call this command there")
    with bar("copying") as tell:
        made = make(reach.folder, file, now=datetime.now(UTC), tell=tell, is_forced=is_forced)
    _note(reach, file)
    size_bytes = sum(member.size for member in made.members)
    click.echo(plain(f"backed up {reach.folder} to {file}: {shown_size(size_bytes)}, schema {made.schema}"))
    click.echo("It holds the hub's keys in a form that can be read: keep it where nobody else can.", err=True)


def _note(reach: Reach, file: Path) -> None:
    """Have the audit log tell that there is a copy of the hub's keys now."""
    try:
        reach.call("POST", "/hub/v1/backups", {"file": str(file.absolute())}, is_offline_fine=True, is_quiet=True)
    except HardwireError as error:
        click.echo(plain(f"the audit log was not told of it: {error.message}"), err=True)


def shown_size(size_bytes: int) -> str:
    """Return a size as people read it."""
    return f"{size_bytes / 1e6:.1f} MB" if size_bytes >= 100_000 else f"{size_bytes / 1e3:.1f} kB"
