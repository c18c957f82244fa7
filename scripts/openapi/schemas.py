"""The schemas of the description: what each product tells, from the tables of the products."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from hardwire.dialects.homewizard import batteries, errors, users
from hardwire.dialects.homewizard.measurement import METER_UNITS, METERS_BEHIND
from hardwire.dialects.homewizard.product import Field, FieldKind, Product
from hardwire.dialects.homewizard.products.catalogue import CATALOGUE, NEWEST_API
from hardwire.dialects.homewizard.release import RELEASES
from hardwire.dialects.homewizard.v1 import state, wire
from hardwire.model.energy import KEPT_BY_THE_DEVICE, SWITCHED, energy_point
from hardwire.model.point import Point, PointKind

Schema: TypeAlias = dict[str, Any]  # Any: JSON Schema

SERIAL = "^[0-9a-f]{12}$"
HEX_32 = "^[A-F0-9]{32}$"
VERSION = r"^\d+\.\d+\.\d+$"
MOMENT = {
    "type": "string",
    "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$",
    "description": "Local time of the meter, without a zone.",
}
MOMENT_V1 = {
    "type": "integer",
    "minimum": 0,
    "maximum": 991231235959,
    "description": "Local time of the meter as one number, YYMMDDhhmmss.",
}
# What the vocabulary of points has no word for.
SETTINGS = {
    "cloud_enabled": "Whether the vendor's cloud would be used; Hardwire keeps the setting and uses none.",
    "api_v1_enabled": "Whether the v1 API is on.",
}
KNOWN = {point.name: point for point in (*KEPT_BY_THE_DEVICE, *SWITCHED)}
V2 = tuple(product for product in CATALOGUE.values() if product.api_version is not None)
V1 = tuple(product for product in CATALOGUE.values() if product.has_v1)


def ref(name: str) -> Schema:
    """Return a reference to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def all_schemas() -> dict[str, Schema]:
    """Return every schema by its name."""
    return {
        **_devices(),
        **_users(),
        **_measurements(),
        **_systems(),
        **_batteries(),
        **_errors(),
        **_data_v1(),
        **_state_v1(),
        **_errors_v1(),
    }


def product_names(products: Iterable[Product]) -> str:
    """Name products in a sentence."""
    *some, last = [product.type for product in products]
    return f"{', '.join(some)} and {last}" if some else last


def _object(
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


def _devices() -> dict[str, Schema]:
    def device(products: Sequence[Product], api_version: Schema, description: str) -> Schema:
        return _object(
            {
                "product_name": {"enum": sorted({product.name for product in products})},
                "product_type": {"enum": [product.type for product in products]},
                "serial": {"type": "string", "pattern": SERIAL, "description": "Twelve hex digits, for ever the same."},
                "firmware_version": {"type": "string"},
                "api_version": api_version,
            },
            description,
        )

    version = {"type": "string", "pattern": VERSION, "description": "The release of the API that it speaks."}
    return {
        "Device": device(V2, version, "Which device this is, as v2 tells it."),
        "DeviceV1": device(V1, {"const": "v1"}, "Which device this is, as v1 tells it."),
    }


def _users() -> dict[str, Schema]:
    name = {
        "type": "string",
        "pattern": f"^{users.PREFIX}{users.NAME.pattern[:-1]}{{1,{users.NAME_LIMIT}}}$",
        "description": f"`{users.PREFIX}` and up to {users.NAME_LIMIT} characters.",
    }
    listed = {
        "name": {"type": "string"},
        "current": {"const": True, "description": "Stands on the entry of who asks, and on no other."},
    }
    return {
        "NewUser": _object({"name": name}, "Who wants a token.", additionalProperties=True),
        "UserName": _object({"name": {"type": "string"}}, "Whose token is to end.", additionalProperties=True),
        "Token": _object({"token": {"type": "string", "pattern": HEX_32}, "name": name}, "A token, told this once."),
        "Users": {"type": "array", "items": _object(listed, "A user of the device.", ["name"])},
    }


def _measurements() -> dict[str, Schema]:
    found = _by_fields("Measurement", V2, _fields_v2)
    external = _object(
        {
            "unique_id": {"type": "string", "description": "The meter's identifier, hex digits of its ASCII text."},
            "type": {"enum": sorted(METERS_BEHIND)},
            "timestamp": MOMENT,
            "value": {"type": "number", "description": "What it has counted, in `unit`."},
            "unit": {"enum": sorted(METER_UNITS)},
        },
        "A gas, water or heat meter behind this one, as it last told.",
    )
    return {"Measurement": _any_of(found), **found, "MeterBehind": external}


def _data_v1() -> dict[str, Schema]:
    found = _by_fields("DataV1", V1, _fields_v1)
    external = _object(
        {
            "unique_id": {"type": "string", "description": "The meter's identifier, hex digits of its ASCII text."},
            "type": {"enum": sorted(METERS_BEHIND)},
            "timestamp": MOMENT_V1,
            "value": {"type": "number", "description": "What it has counted, in `unit`."},
            "unit": {"enum": sorted(METER_UNITS)},
        },
        "A gas, water or heat meter behind this one, as it last told.",
    )
    return {"DataV1": _any_of(found), **found, "MeterBehindV1": external}


def _by_fields(prefix: str, products: Sequence[Product], fields: Any) -> dict[str, Schema]:  # Any: product -> Schema
    """One schema for all products that tell the same, named after the first of them."""
    found: dict[str, Schema] = {}
    for product in products:
        told = fields(product)
        name = next((known for known, other in found.items() if other["properties"] == told), "")
        if not name:
            name = f"{prefix}-{product.type}"
            required = ["wifi_ssid", "wifi_strength"] if "wifi_ssid" in told else []
            found[name] = _object(told, "", required)
        same = [known for known in products if fields(known) == told]
        found[name]["description"] = f"What {product_names(same)} tell{'s' if len(same) == 1 else ''}."
    return found


def _any_of(found: Mapping[str, Schema]) -> Schema:
    """Any of the products: what is not known is left out, so one answer can fit several."""
    return {"anyOf": [ref(name) for name in found]}


def _fields_v2(product: Product) -> dict[str, Schema]:
    told = {field.name: _measured(field, MOMENT) for field in product.fields if field.in_v2}
    if product.has_meters_behind:
        told["external"] = {"type": "array", "minItems": 1, "items": ref("MeterBehind")}
    return told


def _fields_v1(product: Product) -> dict[str, Schema]:
    told = {
        "wifi_ssid": _described(KNOWN["wifi_ssid"], {"type": "string"}),
        "wifi_strength": {"type": "integer", "minimum": 0, "maximum": 100, "description": "Wi-Fi signal, in %."},
        **{field.v1: _measured(field, MOMENT_V1) for field in product.fields if field.v1},
    }
    if product.has_meters_behind:
        told |= {
            "total_gas_m3": {"type": "number", "description": "Gas, in m3, by the meter that told last."},
            "gas_timestamp": MOMENT_V1,
            "gas_unique_id": {"type": "string", "description": "The gas meter's identifier."},
            "external": {"type": "array", "minItems": 1, "items": ref("MeterBehindV1")},
        }
    return told


def _measured(field: Field, moment: Schema) -> Schema:
    point = energy_point(field.name if field.in_v2 else field.stand_in)
    assert point is not None, field.name
    if not field.in_v2:
        return _described(point, {"type": "number"}, again=True)
    if field.kind is FieldKind.MOMENT:
        return {**moment, "description": f"{point.label}, {_small(moment['description'])}"}
    return _described(point, {"type": "string" if field.kind is FieldKind.TEXT else "number"}, field.stand_in)


def _described(point: Point, schema: Schema, stand_in: str = "", *, again: bool = False) -> Schema:
    known = energy_point(stand_in)
    unit = f", in {point.unit}" if point.unit else ""
    instead = "" if known is None else f" {known.label} where the source tells none of its own."
    repeated = ", a second time" if again else ""
    return {**schema, "description": f"{point.label}{unit}{repeated}.{instead}"}


def _small(text: str) -> str:
    return text[0].lower() + text[1:]


def _systems() -> dict[str, Schema]:
    settings = {setting.name: setting for product in V2 for setting in product.settings}
    shown = {name: _setting(name, setting.kind, setting.high) for name, setting in settings.items()}
    written = {
        name: shown[name]
        for name in settings
        if any(setting.name == name and setting.writable for product in V2 for setting in product.settings)
    }
    told = {
        "wifi_ssid": _described(KNOWN["wifi_ssid"], {"type": "string"}),
        "wifi_rssi_db": _described(KNOWN["wifi_rssi_db"], {"type": "number"}),
        "uptime_s": _described(KNOWN["uptime_s"], {"type": "number"}),
        **shown,
    }
    always = [
        name for name in settings if all(name in {setting.name for setting in product.settings} for product in V2)
    ]
    in_v1 = {setting.name for product in V1 for setting in product.settings if setting.in_v1}
    cloud = {name: _setting(name, PointKind.FLAG, 0) for name in sorted(in_v1)}
    return {
        "System": _object(
            told,
            "Settings and network. A product tells the settings that it has.",
            ["wifi_ssid", "wifi_rssi_db", "uptime_s", *always],
        ),
        "SystemWrite": _some(written, "The settings to change; those that the product has not are passed over."),
        "SystemV1": _object(cloud, "The settings that v1 knows."),
        "SystemWriteV1": _some(cloud, "The settings to change."),
    }


def _setting(name: str, kind: PointKind, high: int) -> Schema:
    known = KNOWN.get(name)
    description = SETTINGS[name] if known is None or name in SETTINGS else _described(known, {})["description"]
    if kind is PointKind.FLAG:
        return {"type": "boolean", "description": description}
    return {"type": "number", "minimum": 0, "maximum": high, "description": description}


def _some(properties: Mapping[str, Schema], description: str) -> Schema:
    """What a client writes: one of these at least; what nobody knows is passed over."""
    return {
        "type": "object",
        "description": description,
        "properties": dict(properties),
        "anyOf": [{"required": [name]} for name in properties],
    }


def _batteries() -> dict[str, Schema]:
    mode = {"enum": list(batteries.modes(RELEASES[NEWEST_API])), "description": "How they are steered."}
    permissions = {
        "type": "array",
        "items": {"enum": list(batteries.PERMISSIONS)},
        "uniqueItems": True,
        "description": "What they may do. None at all is the mode standby.",
    }
    to_full = {"type": "boolean", "description": "Whether they are charged to the full; over by itself when they are."}
    figures = {
        "battery_count": {"type": "number", "description": "How many there are."},
        "power_w": {"type": "number", "description": "Power of all of them, in W; positive charges."},
        "target_power_w": {"type": "number", "description": "Power that is asked of them, in W."},
        "max_consumption_w": {"type": "number", "description": "Power that they can charge with, in W."},
        "max_production_w": {"type": "number", "description": "Power that they can discharge with, in W."},
    }
    told = {"mode": mode, "permissions": permissions, "charge_to_full": to_full, **figures}
    wanted = {key: value for key, value in permissions.items() if key != "uniqueItems"}
    written = {"mode": mode, "permissions": wanted, "charge_to_full": to_full}
    return {
        "Batteries": _object(
            told,
            "The batteries that the product steers. `permissions` and `battery_count` came with 2.2.0, "
            "`charge_to_full` and the mode `predictive` with 2.3.0.",
            ["mode", *batteries.FIGURES],
        ),
        "BatteriesWrite": _some(written, "What to change; parameters that contradict each other are refused."),
    }


def error_codes() -> tuple[str, ...]:
    """Return every code of v2 that an HTTP answer can hold, in the order of the code's table."""
    not_by_http = (errors.UNKNOWN_SUBSCRIPTION, errors.UNKNOWN_TYPE)
    return tuple(
        code
        for name, code in vars(errors).items()
        if name.isupper() and isinstance(code, str) and code not in (*not_by_http, errors.NO_TELEGRAM)
    )


def _errors() -> dict[str, Schema]:
    with_parameter = (errors.INVALID_TYPE, errors.MISSING)
    codes = "|".join(f"{code}:.+" if code in with_parameter else code for code in error_codes())
    return {
        "Error": _object(
            {
                "error": {"type": "string", "pattern": f"^({codes})$"},
                "reason": {"type": "string", "description": "The cause, for people, where the code has many."},
            },
            "Why not: scope, code and, where it is about one, the parameter.",
            ["error"],
        )
    }


def _state_v1() -> dict[str, Schema]:
    kinds: Mapping[PointKind, Schema] = {
        PointKind.FLAG: {"type": "boolean"},
        PointKind.NUMBER: {"type": "number", "minimum": 0, "maximum": state.BRIGHTNESS_HIGH},
    }
    parts = {point.name: _described(point, kinds[point.kind]) for point in SWITCHED}
    return {
        "StateV1": _object(parts, "The relay, the lock that keeps it on, and the light."),
        "StateWriteV1": _some(parts, "What to change, all or none. A locked relay stays on, and locking turns it on."),
        "StateWrittenV1": _object(parts, "What was sent, and nothing else.", [], minProperties=1),
    }


def refusals_v1() -> tuple[wire.RefusalV1, ...]:
    """Return what v1 refuses with, by status and id."""
    found = [known for known in vars(wire).values() if isinstance(known, wire.RefusalV1)]
    return tuple(sorted(found, key=lambda known: (known.status, known.id)))


def _errors_v1() -> dict[str, Schema]:
    ids = sorted({refusal.id for refusal in refusals_v1()})
    error = _object(
        {"id": {"enum": ids}, "description": {"type": "string"}}, "A number for programs, words for people."
    )
    return {"ErrorV1": _object({"error": error}, "Why not.")}
