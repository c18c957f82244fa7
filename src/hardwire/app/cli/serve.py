"""`hardwire serve`: runs a hub in the foreground."""

import asyncio
import os
import shlex
import signal
import sys
from pathlib import Path
from typing import Any

import click
import uvloop

from hardwire.app import config as configuration
from hardwire.app import demo, logs
from hardwire.app.folder import default_folder
from hardwire.app.lives import Ready
from hardwire.app.repeats import Repeats
from hardwire.app.run import Options, run
from hardwire.app.service import ServiceManager, is_journal
from hardwire.model.errors import CallerError


@click.command()
@click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path),
    envvar="HARDWIRE_CONFIG",
    help="The TOML file with the hub's devices. [HARDWIRE_CONFIG]",
)
@click.option(
    "--data", "folder", type=click.Path(path_type=Path), help="The folder with the hub's files. [HARDWIRE_DATA]"
)
@click.option("--host", help="The address to listen on; loopback unless told otherwise.")
@click.option("--port", type=click.IntRange(0, 65535), help="The plain port (0: a free one).")
@click.option("--tls-port", type=click.IntRange(0, 65535), help="The TLS port (0: a free one).")
@click.option("--demo", "is_demo", is_flag=True, help="Add simulated devices with well-known credentials.")
@click.option("--demo-unsafe", "is_demo_unsafe", is_flag=True, help="Let --demo listen beyond loopback.")
@click.option(
    "--log",
    "level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    default="info",
    envvar="HARDWIRE_LOG",
    show_default=True,
    help="How much the hub tells on standard error. [HARDWIRE_LOG]",
)
def serve(config_file: Path | None, folder: Path | None, level: str, **given: Any) -> None:  # Any: the flags by name
    """Run a hub until Ctrl-C.

    Without --config it needs no file and no account: everything is kept in the data folder. When it accepts connections
    it prints one line `ready http=... https=...`.
    """
    # Whoever asks a hub that only begins what it does ends nothing by that.
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    wanted = {name: given[name] for name in ("host", "port", "tls_port") if given[name] is not None}
    config = configuration.read(config_file, os.environ, wanted)
    repeats = Repeats()
    logs.configure(level, is_json=config.hub.log_format == "json", repeats=repeats)
    chosen = (folder or default_folder(os.environ)).absolute()
    options = Options(
        folder=chosen,
        is_demo=given["is_demo"],
        is_demo_unsafe=given["is_demo_unsafe"],
        environment=dict(os.environ),
        repeats=repeats,
    )

    manager = ServiceManager(os.environ)

    def tell(ready: Ready) -> None:
        if ready.admin_token is not None and is_journal(sys.stderr.fileno(), os.environ):
            # The journal is kept, and read by others than the hub's owner.
            click.echo("This hub is new. Make yourself an admin credential: `hardwire key create admin`.", err=True)
        elif ready.admin_token is not None:
            click.echo(f"The admin credential of this hub, shown this once: {ready.admin_token}", err=True)
        if options.is_demo:
            program = shlex.join([_program(), "ca", "export", "--data", str(chosen)])
            click.echo(demo.guide(ready.http, ready.https, program), err=True)
        click.echo(f"ready http={ready.http} https={ready.https}")
        manager.ready()

    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(run(config, options, tell))
    except CallerError as error:
        # What shows only when a device is made names the device; the file that it stands in is known here.
        if config_file is None or not error.message.startswith("devices."):
            raise
        raise CallerError(f"{config_file}: {error.message}", code=error.code, path=error.path) from error


def _program() -> str:
    """How this command was called, so that a line to copy works as it is."""
    called = Path(sys.argv[0])
    return str(called) if called.name == "hardwire" else "hardwire"
