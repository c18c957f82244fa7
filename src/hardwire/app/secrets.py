"""Which settings of a device are secret: those that its driver marks so are encrypted on the disk."""

from collections.abc import Mapping
from typing import Any, get_args

from msgspec import Meta
from msgspec.structs import fields

from hardwire.app.entries import DeviceEntry

SECRET = "secret"  # noqa: S105 (the mark of a secret, not one)
"""The key in `msgspec.Meta(extra={...})` of a field of a driver's Settings."""


def has_secret(entry: DeviceEntry, table: Mapping[str, Any]) -> bool:  # Any: TOML-like settings
    """Say whether a device's table gives a setting that its driver marks as secret."""
    return any(_is_secret(field.type) for field in fields(entry.settings) if field.encode_name in table)


def _is_secret(kind: Any) -> bool:  # Any: a type annotation
    marks = (meta.extra or {} for meta in getattr(kind, "__metadata__", ()) if isinstance(meta, Meta))
    return any(mark.get(SECRET) for mark in marks) or any(_is_secret(inner) for inner in get_args(kind))
