"""The binary encoding of requests: frames that modules and functions name (obniz reference, section 6)."""

from hardwire.dialects.obniz.wire.families import FUNCTIONS, MODULES
from hardwire.dialects.obniz.wire.family import Findings
from hardwire.dialects.obniz.wire.framing import BadFrameError, frames
from hardwire.dialects.obniz.wire.shape import Misfit

# What JSON starts with; as modules these numbers are far from those in use.
_JSON = (b"[", b"{")


def decode(message: bytes) -> Findings:
    """Understand a message as far as it can be. Never raises.

    Frames of unknown modules and functions are skipped with a warning each; where the framing itself
    breaks, the rest is lost and `error` says why.
    """
    findings = Findings()
    if message.startswith(_JSON):
        # obniz.js takes no JSON in binary frames either, so a program that sends it would not learn of its mistake.
        findings.error = "this is JSON in a binary frame; JSON goes into a text frame"
        return findings
    wishes = findings.wishes
    try:
        for module, function, payload in frames(message):
            known = FUNCTIONS.get(module << 8 | function)
            if known is None:
                findings.warn(f"[{MODULES.get(module, f'module {module}')}]unknown command: function {function}")
            else:
                name, decode_frame = known
                try:
                    for command in decode_frame(payload):
                        wishes.append((name, command))
                except Misfit as misfit:
                    findings.warn(f"[{name}]function {function}: {misfit.message}")
            if findings.cut():
                break
    except BadFrameError as error:
        findings.error = str(error)
    return findings
