"""YAML as people like to read it, of the plain values that an OpenAPI description is made of."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

# What needs no quotes anywhere in YAML 1.2, and is no number, flag or null in any version of it.
PLAIN = re.compile(r"[A-Za-z/$][\w./$-]*")
WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def dump(value: object) -> str:
    """Return a document; a text with line ends becomes a block."""
    return "\n".join(_lines(value, 0)) + "\n"


def _lines(value: object, depth: int) -> Iterator[str]:
    pad = "  " * depth
    match value:
        case Mapping():
            for key, inner in value.items():
                yield from _entry(f"{pad}{_scalar(key)}:", inner, depth)
        case _:
            assert isinstance(value, Sequence)
            for inner in value:
                if _is_nested(inner):
                    first, *rest = _lines(inner, depth + 1)
                    yield f"{pad}- {first.lstrip()}"
                    yield from rest
                else:
                    yield f"{pad}- {_scalar(inner)}"


def _entry(head: str, inner: object, depth: int) -> Iterator[str]:
    if _is_nested(inner):
        yield head
        yield from _lines(inner, depth + 1)
    elif isinstance(inner, str) and "\n" in inner:
        yield f"{head} |-"
        yield from (f"{'  ' * (depth + 1)}{line}".rstrip() for line in inner.splitlines())
    else:
        yield f"{head} {_scalar(inner)}"


def _is_nested(value: object) -> bool:
    return isinstance(value, Mapping | list | tuple) and bool(value) and not _is_short(value)


def _is_short(value: object) -> bool:
    """A list of a few plain words stands on one line."""
    return isinstance(value, list | tuple) and all(
        isinstance(inner, str | int) and len(str(inner)) < 20 for inner in value
    )


def _scalar(value: object) -> str:
    if isinstance(value, str) and PLAIN.fullmatch(value) and value.lower() not in WORDS:
        return value
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_scalar, value))}]"
    # JSON is YAML: quoted texts, numbers, flags, empty tables.
    return json.dumps(value, ensure_ascii=False)
