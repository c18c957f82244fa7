"""`hardwire restore`: a backup put back into its folder, or into the hub that runs there."""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click

from hardwire.app.backup import exchange
from hardwire.app.backup.archive import UNREADABLE, opened
from hardwire.app.backup.gathering import gather
from hardwire.app.backup.manifest import KEYS
from hardwire.app.cli.backup import shown_size
from hardwire.app.cli.plain import plain
from hardwire.app.cli.progress import bar
from hardwire.app.cli.reach import STORE_FILE, Reach, reaching
from hardwire.model.errors import CallerError, DeviceError, HardwireError, HubFaultError
from hardwire.storage.folder import FolderLock, make_private_folder

LOOK_EVERY_S = 0.1
# A hub that has gone, and one that has not, is given up after so long; judging a backup may take as long as it likes.
PATIENCE_S = 60.0


@click.command(short_help="Put a backup back, into a running hub too.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--yes", "is_sure", is_flag=True, help="Ask nothing, although the data folder holds a hub.")
@reaching
def restore(reach: Reach, file: Path, *, is_sure: bool) -> None:
    """Put a backup back into a data folder; a hub that runs there starts anew with it, in the same process.

    The file is judged first: nothing changes unless it is whole. What was in the folder is kept beside, in
    `before-restore-...` within the folder. A hub that runs closes every connection; clients find it again at the same
    ports. One that cannot start with the backup goes back to what was there. Restore only files that you trust: the
    hub's keys and devices will be those of the file.
    """
    if reach.is_remote:
        raise CallerError("a backup is put back on the hub's own machine, which --hub is not: call this command there")
    file = file.absolute()
    with opened(file) as archive, bar("checking") as tell:
        archive.verify(tell)
        found = archive.manifest
        size_bytes = archive.size_bytes
    _ask(
        reach.folder,
        f"{file} was made on {found.made:%Y-%m-%d at %H:%M} UTC by version {found.hardwire}",
        is_sure=is_sure,
    )
    make_private_folder(reach.folder)
    try:
        lock = FolderLock(reach.folder)
    except HubFaultError as error:
        if error.code != "folder-in-use":
            raise
        kept = _into_the_hub(reach, file)
    else:
        try:
            exchange.finish(reach.folder)
            with bar("unpacking") as tell:
                gather(reach.folder, file, tell)
            kept = exchange.exchange(reach.folder, datetime.now(UTC))
        finally:
            lock.release()
    click.echo(plain(f"restored {reach.folder} from {file}: {shown_size(size_bytes)}"))
    if kept is not None:
        click.echo(plain(f"what was there before is in {kept}: remove that when you no longer need it"), err=True)


def _ask(folder: Path, what: str, *, is_sure: bool) -> None:
    """Have somebody agree, where there is something to lose."""
    if is_sure or not any((folder / name).exists() for name in (STORE_FILE, *KEYS)):
        return
    if not sys.stdin.isatty():
        raise CallerError(f"{folder} holds a hub, which would be replaced: say so with --yes; {what}")
    click.echo(plain(what), err=True)
    click.confirm(plain(f"Put it in place of the hub in {folder}?"), abort=True, err=True)


def _into_the_hub(reach: Reach, file: Path) -> Path | None:
    """Have the hub that runs take the backup; returns where what was there is kept."""
    earlier = _kept(reach.folder)
    began = _began(reach)
    if began is None:
        raise DeviceError(f"something uses {reach.folder} and does not answer: try again in a moment")
    try:
        hand_over(lambda path: reach.call("POST", "/hub/v1/restore", {"file": str(path)}), reach.folder, file)
    except HardwireError:
        # A disk that is slow takes longer than a call may: then the hub is still at it.
        if not exchange.is_busy(reach.folder):
            raise
    _wait(lambda: _began(reach) not in (None, began), lambda: exchange.is_busy(reach.folder))
    new = sorted(_kept(reach.folder) - earlier)
    if failed := [path for path in new if path.name.startswith(exchange.FAILED)]:
        raise HubFaultError(
            f"the hub could not start with the backup and went back to what was there before: {_why(failed[-1])} "
            f"(what failed is in {failed[-1]})"
        )
    return next((path for path in new if path.name.startswith(exchange.BEFORE)), None)


def hand_over(ask: Callable[[Path], object], folder: Path, file: Path) -> None:
    """Have the hub judge the file; `ask` asks it. Raises HardwireError when it does not take it."""
    try:
        ask(file)
    except CallerError as error:
        if UNREADABLE not in error.message:
            raise
        # A service sees no home folders and a /tmp of its own, and another user's file is not for it: bring it there.
        with exchange.brought(folder, file) as copy:
            ask(copy)


def _wait(is_there: Callable[[], bool], is_busy: Callable[[], bool]) -> None:
    """Wait until the hub has started anew. Raises DeviceError when it does not."""
    given_up_at_s = time.monotonic() + PATIENCE_S
    while not is_there():
        if is_busy():
            given_up_at_s = time.monotonic() + PATIENCE_S
        if time.monotonic() > given_up_at_s:
            raise DeviceError("the hub did not start anew: its log says why")
        time.sleep(LOOK_EVERY_S)


def _began(reach: Reach) -> str | None:
    """Since when the hub runs; None while none answers."""
    try:
        told = reach.call("GET", "/health")
    except HardwireError:
        return None
    return str(told.get("began"))


def _kept(folder: Path) -> set[Path]:
    prefixes = (exchange.BEFORE, exchange.FAILED)
    return {path for path in folder.iterdir() if path.name.startswith(prefixes)}


def _why(failed: Path) -> str:
    try:
        return (failed / exchange.WHY).read_text("utf-8").strip()
    except OSError:
        return "its log says why"
