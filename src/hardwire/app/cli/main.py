"""The command `hardwire`: each subcommand is loaded when it is called, so that all of them start fast."""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from difflib import get_close_matches

import click

from hardwire.app import pauses
from hardwire.app.cli.plain import plain
from hardwire.model.errors import HardwireError
from hardwire.version import VERSION

# Command -> module and object, imported late: each command loads its own module.
COMMANDS = {
    "serve": ("hardwire.app.cli.serve", "serve"),
    "device": ("hardwire.app.cli.device", "device"),
    "group": ("hardwire.app.cli.group", "group"),
    "key": ("hardwire.app.cli.key", "key"),
    "clients": ("hardwire.app.cli.clients", "clients"),
    "press": ("hardwire.app.cli.press", "press"),
    "pair": ("hardwire.app.cli.pair", "pair"),
    "tail": ("hardwire.app.cli.tail", "tail"),
    "send": ("hardwire.app.cli.send", "send"),
    "history": ("hardwire.app.cli.history", "history"),
    "audit": ("hardwire.app.cli.audit", "audit"),
    "backup": ("hardwire.app.cli.backup", "backup"),
    "restore": ("hardwire.app.cli.restore", "restore"),
    "ca": ("hardwire.app.cli.ca", "ca"),
    "doctor": ("hardwire.app.cli.doctor", "doctor"),
}


class LateGroup(click.Group):
    """A group whose commands are modules that are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        # What is loaded stays: to collect meanwhile makes a start a tenth longer.
        pauses.begin()
        with _without_rich() if cmd_name == "serve" else nullcontext():
            command: click.Command = getattr(importlib.import_module(place[0]), place[1])
        if cmd_name != "serve":
            pauses.end()
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name and name not in COMMANDS and not name.startswith("-"):
            near = get_close_matches(name, COMMANDS, n=1)
            ctx.fail(f"there is no command {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
        return super().resolve_command(ctx, args)


@click.group(cls=LateGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="hardwire", message="%(prog)s %(version)s")
def hardwire() -> None:
    """Make any hardware an API, in the dialects that programs already speak."""


@contextmanager
def _without_rich() -> Iterator[None]:
    """Let structlog find no rich: it would load it for tracebacks that a hub never draws, at 4 MB and 0.1 s a start."""
    is_loaded = "rich" in sys.modules
    if not is_loaded:
        # Python's own way to say that a module is not to be had.
        sys.modules["rich"] = None  # type: ignore[assignment]  # the import system's documented exception
    try:
        yield
    finally:
        if not is_loaded:
            del sys.modules["rich"]


def main() -> None:
    """Run the command line; an error is a sentence on standard error and exit code 1."""
    try:
        hardwire()
    except HardwireError as error:
        click.echo(f"hardwire: {plain(error.message)}", err=True)
        sys.exit(1)
