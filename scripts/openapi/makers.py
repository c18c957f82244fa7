"""How the schemas of both versions are made: objects, fields of products, settings."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from hardwire.dialects.homewizard.measurement import METER_UNITS, METERS_BEHIND
from hardwire.dialects.homewizard.product import Field, FieldKind, Product
from hardwire.dialects.homewizard.products.catalogue import CATALOGUE
from hardwire.model.energy import energy_point
from hardwire.model.point import PointKind

Schema: TypeAlias = dict[str, Any]  # Any: JSON Schema

SERIAL = "^[0-9a-f]{12}$"
V2 = tuple(product for product in CATALOGUE.values() if product.api_version is not None)
V1 = tuple(product for product in CATALOGUE.values() if product.has_v1)
# What the label of a point says too little of.
SETTINGS = {
    "cloud_enabled": "Whether the vendor's cloud would be used; Hardwire keeps the setting and uses none.",
    "api_v1_enabled": "Whether the v1 API is on.",
}


def ref(name: str) -> Schema:
    """Return a reference to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def product_names(products: Iterable[Product]) -> str:
    """Name products in a sentence."""
    *some, last = [product.type for product in products]
    return f"{', '.join(some)} and {last}" if some else last


def object_of(
    properties: Mapping[str, Schema], description: str, required: Sequence[str] | None = None, **more: object
) -> Schema:
    """An object with no further keys; all are required unless said otherwise."""
    wanted = list(properties) if required is None else list(required)
    return {
        "type": "object",
        "description": description,
        "properties": dict(properties),
        **({"required": wanted} if wanted else {}),
        "additionalProperties": False,
        **more,
    }


def some_of(properties: Mapping[str, Schema], description: str) -> Schema:
    """What a client writes: one of these at least; what nobody knows is passed over."""
    return {
        "type": "object",
        "description": description,
        "properties": dict(properties),
        "anyOf": [{"required": [name]} for name in properties],
    }


def device(products: Sequence[Product], api_version: Schema, description: str) -> Schema:
    """Return what `GET /api` tells of these products."""
    return object_of(
        {
            "product_name": {"enum": sorted({product.name for product in products})},
            "product_type": {"enum": [product.type for product in products]},
            "serial": {"type": "string", "pattern": SERIAL, "description": "Twelve hex digits, for ever the same."},
            "firmware_version": {"type": "string"},
            "api_version": api_version,
        },
        description,
    )


def meter_behind(moment: Schema) -> Schema:
    """Return what stands in `external`; `moment` is how its version tells the time."""
    return object_of(
        {
            "unique_id": {"type": "string", "description": "The meter's identifier, hex digits of its ASCII text."},
            "type": {"enum": sorted(METERS_BEHIND)},
            "timestamp": moment,
            "value": {"type": "number", "description": "What it has counted, in `unit`."},
            "unit": {"enum": sorted(METER_UNITS)},
        },
        "A gas, water or heat meter behind this one, as it last told.",
    )


def by_fields(
    prefix: str, products: Sequence[Product], fields: Callable[[Product], dict[str, Schema]]
) -> dict[str, Schema]:
    """One schema for all products that tell the same, named after the first of them."""
    found: dict[str, Schema] = {}
    for product in products:
        told = fields(product)
        name = next((known for known, other in found.items() if other["properties"] == told), "")
        if not name:
            name = f"{prefix}-{product.type}"
            required = ["wifi_ssid", "wifi_strength"] if "wifi_ssid" in told else []
            found[name] = object_of(told, "", required)
        same = [known for known in products if fields(known) == told]
        found[name]["description"] = f"What {product_names(same)} tell{'s' if len(same) == 1 else ''}."
    return found


def any_of(found: Mapping[str, Schema]) -> Schema:
    """Any of the products: what is not known is left out, so one answer can fit several."""
    return {"anyOf": [ref(name) for name in found]}


JSON_TYPES = {FieldKind.NUMBER: "number", FieldKind.WHOLE: "integer", FieldKind.TEXT: "string"}


def measured(field: Field, moment: Schema) -> Schema:
    """Return a field of a product; `moment` is how its version tells the time."""
    if not field.in_v2:
        return described(field.stand_in, {"type": "number"}, again=True)
    if field.kind is FieldKind.MOMENT:
        told = described(field.name, {})["description"].removesuffix(".")
        return {**moment, "description": f"{told}, {moment['description'][0].lower()}{moment['description'][1:]}"}
    return described(field.name, {"type": JSON_TYPES[field.kind]}, field.stand_in)


def described(name: str, schema: Schema, stand_in: str = "", *, again: bool = False) -> Schema:
    """Return a schema with the label and the unit of the point that it shows."""
    point, other = energy_point(name), energy_point(stand_in)
    assert point is not None, name
    unit = f", in {point.unit}" if point.unit else ""
    repeated = ", a second time" if again else ""
    instead = "" if other is None else f" {other.label} where the source tells none of its own."
    return {**schema, "description": f"{point.label}{unit}{repeated}.{instead}"}


def setting(name: str, kind: PointKind, high: int = 0) -> Schema:
    """Return a setting of `/api/system`."""
    description = SETTINGS[name] if name in SETTINGS else described(name, {})["description"]
    if kind is PointKind.FLAG:
        return {"type": "boolean", "description": description}
    return {"type": "number", "minimum": 0, "maximum": high, "description": description}
