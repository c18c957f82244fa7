"""Both encodings in one call each, for tests of a family: hex for frames, JSON text for the rest."""

from hardwire.dialects.obniz.wire import answers, binary, reports, requests, text
from hardwire.model.command import Command
from hardwire.model.fact import Happening


def asked(message: str) -> tuple[list[Command], list[str]]:
    """What a request of one JSON object is understood as, and the complaints about it."""
    findings = text.decode(f"[{message}]")
    assert findings.error == ""
    return [command for _, command in findings.wishes], findings.warnings


def asked_in_frames(message: str) -> tuple[list[Command], list[str]]:
    """What requests in frames are understood as, and the complaints about them."""
    findings = binary.decode(bytes.fromhex(message))
    assert findings.error == ""
    return [command for _, command in findings.wishes], findings.warnings


def told(message: str) -> tuple[list[Happening], list[str]]:
    """What a board's report of one JSON object is understood as, and the complaints about it."""
    report = reports.read(f"[{message}]")
    return report.happenings, report.troubles


def told_in_frames(message: str) -> tuple[list[Happening], list[str]]:
    """What a board's report in frames is understood as, and the complaints about it."""
    report = reports.read(bytes.fromhex(message))
    return report.happenings, report.troubles


def written(command: Command) -> tuple[str, str | None]:
    """How a command is written: JSON, and frames or None."""
    frame = requests.as_frame(command)
    return requests.as_text((command,))[1:-1], None if frame is None else frame.hex()


def reported(happening: Happening) -> tuple[str | None, str | None]:
    """How a happening is written: JSON or None, and frames or None."""
    frame = answers.framed(happening)
    return answers.told(happening), None if frame is None else frame.hex()
