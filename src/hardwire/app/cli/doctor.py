"""`hardwire doctor`: looks at configuration, data folder and machine, and says what to do."""

import json
import os
import sys
from pathlib import Path

import click

from hardwire.app.cli.plain import plain
from hardwire.app.doctor.examination import examine
from hardwire.app.doctor.finding import Finding, Grade
from hardwire.app.folder import default_folder
from hardwire.version import VERSION

COLOURS = {Grade.GOOD: "green", Grade.HINT: "yellow", Grade.WRONG: "red"}


@click.command(short_help="Say what is wrong with hub, files and machine.")
@click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path, readable=False),
    envvar="HARDWIRE_CONFIG",
    help="The TOML file with the hub's devices. [HARDWIRE_CONFIG]",
)
@click.option(
    "--data",
    "folder",
    type=click.Path(path_type=Path, readable=False),
    help="The hub's data folder. [HARDWIRE_DATA]",
)
@click.option("--json", "is_json", is_flag=True, help="Print JSON.")
def doctor(config_file: Path | None, folder: Path | None, is_json: bool) -> None:
    """Look for what keeps a hub from running or clients from reaching it, and say what to do.

    It changes nothing and sends nothing; a hub may be running. Call it as the user that runs the hub. Exit status 1
    when something is wrong.
    """
    chosen = (folder or default_folder(os.environ)).absolute()
    findings = list(examine(config_file, chosen, os.environ))
    wrong = sum(finding.grade is Grade.WRONG for finding in findings)
    if is_json:
        rows = [{"grade": one.grade.value, "about": one.about, "text": one.text} for one in findings]
        click.echo(json.dumps({"ok": not wrong, "version": VERSION, "findings": rows}, indent=2))
    else:
        for finding in findings:
            click.echo(_line(finding))
        click.echo("nothing is wrong" if not wrong else f"{wrong} {'thing is' if wrong == 1 else 'things are'} wrong")
    sys.exit(1 if wrong else 0)


def _line(finding: Finding) -> str:
    grade = click.style(f"{finding.grade.value:5}", fg=COLOURS[finding.grade], bold=finding.grade is Grade.WRONG)
    # Who holds a port chooses the name of its program.
    return f"{grade}  {click.style(plain(finding.about), bold=True)}: {plain(finding.text)}"
