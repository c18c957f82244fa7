"""Where in a program's JSON the field of a command stands: boards name the first when they refuse one."""

from collections.abc import Mapping

_PLACES: Mapping[str, Mapping[str, str]] = {
    "system": {
        "duration_ms": ".wait",
        "interval_ms": ".queue_mode.interval",
        "minutes": ".sleep_minute",
        "seconds": ".sleep_seconds",
        "unix_ms": ".clock",
    },
    "io": {
        "duration_us": ".animation.states",
        "repeat": ".animation.repeat",
        "steps": ".animation.states",
    },
    "pwm": {
        "bits": ".modulate.data",
        "frequency_hz": ".freq",
        "pulse_us": ".pulse",
        "symbol_us": ".modulate.symbol_length",
    },
    "uart": {"baud": ".baud", "bits": ".bits"},
    "spi": {"clock_hz": ".clock", "octets": ".data"},
    "i2c": {"address": ".address", "clock_hz": ".clock", "octets": ".data"},
    "logic_analyzer": {
        "duration_us": ".duration",
        "interval_us": ".interval",
        "trigger_samples": ".trigger.samples",
    },
    "measure": {
        "edges": ".echo.measure_edges",
        "pulse_us": ".echo.pulse_width",
        "timeout_us": ".echo.timeout",
    },
    "display": {"depth": ".color_depth", "pixels": ".raw", "text": ".qr.text"},
    "storage": {"name": ".save.fileName", "octets": ".save.data"},
    "ble": {"packet": ".hci.write"},
}


def place(key: str, field: str) -> str:
    """Return the path of a field in the JSON that came under a key, the key alone where the field has none.

    `place("display", "depth")` is `display.color_depth`.
    """
    family = key.rstrip("0123456789")
    return f"{key}{_PLACES.get(family, {}).get(field, '')}"
