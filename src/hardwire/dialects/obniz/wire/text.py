"""The JSON encoding of requests: an array of objects of one or more families (obniz reference, sections 1.8 and 3)."""

from typing import Any

from msgspec import DecodeError, json

from hardwire.dialects.obniz.wire.families import KEYS, RANKS
from hardwire.dialects.obniz.wire.family import Findings, MixedError
from hardwire.dialects.obniz.wire.shape import Misfit, named

# What a client says in a key comes back in a warning, but no more of it than people read.
ECHO_LENGTH = 60
# Nor is more said of one object: its warning could be longer than the message.
TROUBLES_NAMED = 50

_DECODER = json.Decoder()


def decode(message: str | bytes) -> Findings:
    """Understand a message as far as it can be. Never raises; `bytes` must be valid UTF-8.

    A bare object counts as an array of one: hand-written clients send it, and it means nothing else.
    """
    findings = Findings()
    try:
        objects = _DECODER.decode(message)
    except (DecodeError, UnicodeError) as error:
        findings.error = f"this is no JSON: {error}"
        return findings
    except RecursionError:
        findings.error = "this JSON is nested too deeply"
        return findings
    if type(objects) is dict:
        objects = [objects]
    if type(objects) is not list:
        findings.error = f"an array of objects is needed, not {named(objects)}"
        return findings
    for position, commands in enumerate(objects):
        if type(commands) is dict and commands:
            _decode_object(commands, findings)
        else:
            reason = "this object holds no command" if commands == {} else f"an object is needed, not {named(commands)}"
            findings.warn(f"[{position}]{reason}")
        if findings.cut():
            break
    return findings


def _decode_object(commands: dict[str, Any], findings: Findings) -> None:  # Any: JSON
    troubles: list[str] = []
    wishes = findings.wishes
    # Several keys go in the order of the vendor's codec, whatever the order in which they stand (section 6.2).
    for key in commands if len(commands) == 1 else sorted(commands, key=_rank):
        value = commands[key]
        known = KEYS.get(key)
        if known is None:
            troubles.append(f"[{key[:ECHO_LENGTH]}]unknown command")
            continue
        decode_value, number = known
        try:
            for command in decode_value(number, value):
                wishes.append((key, command))
        except Misfit as misfit:
            troubles.append(f"[{key}{misfit.field}]{misfit.message}")
        except MixedError as mixed:
            wishes.extend((key, command) for command in mixed.commands)
            troubles.extend(f"[{key}{misfit.field}]{misfit.message}" for misfit in mixed.misfits)
    if troubles:
        more = [f"and {len(troubles) - TROUBLES_NAMED} more"] if len(troubles) > TROUBLES_NAMED else []
        findings.warn(";".join(troubles[:TROUBLES_NAMED] + more))


def _rank(key: str) -> int:
    return RANKS.get(key, len(RANKS))
