"""Why a Bluetooth request failed, within the `ble` family (obniz reference, sections 3.22 and 6.3)."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import json

from hardwire.dialects.obniz.wire.ble_hci import MODULE
from hardwire.dialects.obniz.wire.ble_place import (
    DESCRIPTOR,
    KEYS,
    address,
    cut_place,
    framed_place,
    uuid,
    written_place,
)
from hardwire.dialects.obniz.wire.framing import frame
from hardwire.dialects.obniz.wire.shape import Misfit, fields_of, needed, whole
from hardwire.model.board.ble_central import BleError, BleFailed
from hardwire.model.fact import Happening

FUNCTION = 0xFF
_MOST = 0xFF
_NO_ADDRESS = "0" * 12

# What was asked, by the function that asked it.
_REQUESTS: Mapping[int, str] = {
    4: "scan",
    7: "connect",
    8: "get_services",
    9: "get_characteristics",
    10: "write_characteristic",
    11: "read_characteristic",
    12: "register_notify_characteristic",
    13: "unregister_notify_characteristic",
    14: "get_descriptors",
    15: "write_descriptor",
    16: "read_descriptor",
}
_REASONS: Mapping[int, str] = {error.value: error.name.lower().replace("_", " ") for error in BleError}


def failed(happening: BleFailed) -> str:
    """Return a failure as JSON.

    Places that were not named are left out below a service, so that obniz.py 0.7.0 finds what its program listens on.
    Without a service all are there as empty texts: it ends its receive loop on one that is missing or null.
    """
    function, error = happening.function, happening.error
    reason = _REASONS.get(error, f"error {error}")
    told = {
        "module_error_code": happening.module_error,
        "error_code": error,
        "function_code": function,
        "message": f"{_REQUESTS.get(function, f'function {function}')}: {reason}",
        **{
            key: digits
            for key, digits in written_place(happening, DESCRIPTOR).items()
            if digits or not happening.service
        },
    }
    return json.encode({"ble": {"error": told}}).decode()


def read_failed(value: Any, within: str) -> Happening:  # Any: JSON
    """Read a failure; its sentence is not kept, since the numbers say the same.

    Raises:
        Misfit: it has no code, or something in it is wrong.
    """
    fields = fields_of(value, within)
    found = {name: fields.get(KEYS[name]) or "" for name in DESCRIPTOR}
    for name, digits in found.items():
        if digits:
            found[name] = (address if name == "address" else uuid)(digits, f"{within}.{KEYS[name]}")
    return BleFailed(
        error=whole(needed(fields, "error_code", within), 0, _MOST, f"{within}.error_code"),
        module_error=whole(fields.get("module_error_code", 0), 0, _MOST, f"{within}.module_error_code"),
        function=whole(fields.get("function_code", 0), 0, _MOST, f"{within}.function_code"),
        **found,
    )


def failed_frame(happening: BleFailed) -> bytes:
    """Return a failure as a frame."""
    head = bytes((happening.module_error, happening.error, happening.function))
    return frame(MODULE, FUNCTION, head + framed_place(happening, DESCRIPTOR))


def read_frame(payload: bytes) -> Sequence[Happening]:
    """Read a failure in a frame; a short one names no place.

    Raises:
        Misfit: it is cut off.
    """
    if len(payload) < 3:
        raise Misfit(f"at least 3 bytes are needed, not {len(payload)}")
    module_error, error, function = payload[:3]
    found = dict(zip(DESCRIPTOR, cut_place(payload[3:], DESCRIPTOR)[0], strict=True)) if len(payload) > 3 else {}
    if found.get("address") == _NO_ADDRESS:
        found["address"] = ""
    return (BleFailed(module_error=module_error, error=error, function=function, **found),)
