"""What v1 tells and takes, from the tables of the products."""

from collections.abc import Mapping

from makers import (
    V1,
    Schema,
    any_of,
    by_fields,
    described,
    device,
    measured,
    meter_behind,
    object_of,
    ref,
    setting,
    some_of,
)

from hardwire.dialects.homewizard.product import Product
from hardwire.dialects.homewizard.v1 import state, wire
from hardwire.model.energy import SWITCHED
from hardwire.model.point import PointKind

MOMENT = {
    "type": "integer",
    "minimum": 0,
    "maximum": 991231235959,
    "description": "Local time of the meter as one number, YYMMDDhhmmss.",
}


def schemas() -> dict[str, Schema]:
    """Return every schema of v1 by its name."""
    found = by_fields("DataV1", V1, _fields)
    settings = {
        known.name: setting(known.name, known.kind) for product in V1 for known in product.settings if known.in_v1
    }
    return {
        "DeviceV1": device(V1, {"const": "v1"}, "Which device this is, as v1 tells it."),
        "DataV1": any_of(found),
        **found,
        "MeterBehindV1": meter_behind(MOMENT),
        "SystemV1": object_of(settings, "The settings that v1 knows."),
        "SystemWriteV1": some_of(settings, "The settings to change."),
        **_state(),
        "ErrorV1": _error(),
    }


def refusals_v1() -> tuple[wire.RefusalV1, ...]:
    """Return what v1 refuses with, by status and id."""
    found = [known for known in vars(wire).values() if isinstance(known, wire.RefusalV1)]
    return tuple(sorted(found, key=lambda known: (known.status, known.id)))


def _fields(product: Product) -> dict[str, Schema]:
    told = {
        "wifi_ssid": described("wifi_ssid", {"type": "string"}),
        "wifi_strength": {"type": "integer", "minimum": 0, "maximum": 100, "description": "Wi-Fi signal, in %."},
        **{field.v1: measured(field, MOMENT) for field in product.fields if field.v1},
    }
    if product.has_meters_behind:
        told |= {
            "total_gas_m3": {"type": "number", "description": "Gas, in m3, by the meter that told last."},
            "gas_timestamp": MOMENT,
            "gas_unique_id": {"type": "string", "description": "The gas meter's identifier."},
            "external": {"type": "array", "minItems": 1, "items": ref("MeterBehindV1")},
        }
    return told


def _state() -> dict[str, Schema]:
    kinds: Mapping[PointKind, Schema] = {
        PointKind.FLAG: {"type": "boolean"},
        PointKind.NUMBER: {"type": "number", "minimum": 0, "maximum": state.BRIGHTNESS_HIGH},
    }
    parts = {point.name: described(point.name, kinds[point.kind]) for point in SWITCHED}
    return {
        "StateV1": object_of(parts, "The relay, the lock that keeps it on, and the light."),
        "StateWriteV1": some_of(
            parts, "What to change, all or none. A locked relay stays on, and locking turns it on."
        ),
        "StateWrittenV1": object_of(parts, "What was sent, and nothing else.", [], minProperties=1),
    }


def _error() -> Schema:
    ids = sorted({refusal.id for refusal in refusals_v1()})
    error = object_of(
        {"id": {"enum": ids}, "description": {"type": "string"}}, "A number for programs, words for people."
    )
    return object_of({"error": error}, "Why not.")
