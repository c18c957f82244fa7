"""Settings, scopes and kept values as the JSON text that the store keeps."""

import math
from collections.abc import Mapping
from typing import Any

import msgspec

from hardwire.model.errors import BadValueError
from hardwire.model.value import Value

_value_decoder: msgspec.json.Decoder[Value] = msgspec.json.Decoder(Value)
_scope_decoder = msgspec.json.Decoder(tuple[str, ...])
_settings_decoder = msgspec.json.Decoder(dict[str, Any])  # Any: a driver's own settings


def settings_to_text(settings: Mapping[str, Any]) -> str:  # Any: a driver's own settings
    """Return settings as text.

    Raises:
        BadValueError: they hold something that no configuration file could say.
    """
    try:
        return msgspec.json.encode(dict(settings)).decode()
    except (TypeError, ValueError, RecursionError) as error:
        raise BadValueError(f"These settings cannot be kept: {error}.") from error


def settings_from_text(text: str) -> dict[str, Any]:  # Any: a driver's own settings
    """Return what `settings_to_text` was given."""
    return _settings_decoder.decode(text)


def value_to_text(value: Value, path: str) -> str:
    """Return a point's value as text.

    Raises:
        BadValueError: it is not a number (NaN) or infinite; `path` names the point.
    """
    if isinstance(value, float) and not math.isfinite(value):
        raise BadValueError(f"The value of {path} must be a finite number.", path=path)
    return msgspec.json.encode(value).decode()


def value_from_text(text: str) -> Value:
    """Return what `value_to_text` was given."""
    return _value_decoder.decode(text)


def scope_to_text(devices: tuple[str, ...] | None) -> str | None:
    """Return a device scope as text; None, which means all devices, stays None."""
    return None if devices is None else msgspec.json.encode(devices).decode()


def scope_from_text(text: str | None) -> tuple[str, ...] | None:
    """Return what `scope_to_text` was given."""
    return None if text is None else _scope_decoder.decode(text)
