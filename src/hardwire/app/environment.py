"""The `HARDWIRE_*` variables: what the environment says in place of the file."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args, get_origin

import msgspec

from hardwire.app.tables import bad, converted, nearest
from hardwire.model.errors import BadValueError

PREFIX = "HARDWIRE_"
# These name the hub to talk to or the file to read; they are the command line's, not the file's.
COMMAND_LINE_KEYS = ("HARDWIRE_DATA", "HARDWIRE_CONFIG", "HARDWIRE_HUB", "HARDWIRE_KEY", "HARDWIRE_LOG")


def overrides(environment: Mapping[str, str], struct: Any) -> Mapping[str, Any]:  # Any: a Struct class; its fields
    """Return the settings of a table that variables override: `HARDWIRE_PORT=9000`, lists with commas.

    Raises:
        BadValueError: a variable means nothing, or its value does not fit; `path` names it.
    """
    types = {field.encode_name: field.type for field in msgspec.structs.fields(struct)}
    given: dict[str, Any] = {}  # Any: converted like TOML
    for variable, text in environment.items():
        if not variable.startswith(PREFIX) or variable in COMMAND_LINE_KEYS:
            continue
        key = variable.removeprefix(PREFIX).lower()
        if key not in types:
            known = [*COMMAND_LINE_KEYS, *(PREFIX + name.upper() for name in types)]
            raise bad(variable, f"this environment variable means nothing{nearest(variable, known)}")
        value = _read(text, types[key])
        try:
            converted({key: value}, struct, "")
        except BadValueError as error:
            raise bad(variable, error.message.removeprefix(f".{key}: ")) from error
        given[key] = value
    return given


def _read(text: str, kind: Any) -> object:  # Any: a type annotation
    """A variable's text as TOML would have it; one that cannot be read stays a text, which does not fit then."""
    if bool in get_args(kind):
        return {"true": True, "false": False}.get(text.strip().lower(), text)
    if get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if kind is int:
        return int(text) if text.isascii() and text.strip().lstrip("-").isdigit() else text
    if kind is str or get_origin(kind) is Literal:
        return text
    return [part.strip() for part in text.split(",") if part.strip()]
