"""What v2 tells and takes, from the tables of the products."""

from makers import (
    V2,
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

from hardwire.dialects.homewizard import batteries, errors, users
from hardwire.dialects.homewizard.product import Product
from hardwire.dialects.homewizard.products.catalogue import NEWEST_API
from hardwire.dialects.homewizard.release import RELEASES

HEX_32 = "^[A-F0-9]{32}$"
VERSION = r"^\d+\.\d+\.\d+$"
MOMENT = {
    "type": "string",
    "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$",
    "description": "Local time of the meter, without a zone.",
}


def schemas() -> dict[str, Schema]:
    """Return every schema of v2 by its name."""
    version = {"type": "string", "pattern": VERSION, "description": "The release of the API that it speaks."}
    found = by_fields("Measurement", V2, _fields)
    return {
        "Device": device(V2, version, "Which device this is, as v2 tells it."),
        **_users(),
        "Measurement": any_of(found),
        **found,
        "MeterBehind": meter_behind(MOMENT),
        **_system(),
        **_batteries(),
        "Error": _error(),
    }


def error_codes() -> tuple[str, ...]:
    """Return every code of v2 that an HTTP answer can hold, in the order of the code's table."""
    not_by_http = (errors.UNKNOWN_SUBSCRIPTION, errors.UNKNOWN_TYPE)
    return tuple(
        code
        for name, code in vars(errors).items()
        if name.isupper() and isinstance(code, str) and code not in (*not_by_http, errors.NO_TELEGRAM)
    )


def _users() -> dict[str, Schema]:
    name = {
        "type": "string",
        "pattern": f"^{users.PREFIX}{users.NAME.pattern[:-1]}{{1,{users.NAME_LIMIT}}}$",
        "description": f"`{users.PREFIX}` and up to {users.NAME_LIMIT} characters.",
    }
    listed: dict[str, Schema] = {
        "name": {"type": "string"},
        "current": {"const": True, "description": "Stands on the entry of who asks, and on no other."},
    }
    return {
        "NewUser": object_of({"name": name}, "Who wants a token.", additionalProperties=True),
        "UserName": object_of({"name": {"type": "string"}}, "Whose token is to end.", additionalProperties=True),
        "Token": object_of({"token": {"type": "string", "pattern": HEX_32}, "name": name}, "A token, told this once."),
        "Users": {"type": "array", "items": object_of(listed, "A user of the device.", ["name"])},
    }


def _fields(product: Product) -> dict[str, Schema]:
    told = {field.name: measured(field, MOMENT) for field in product.fields if field.in_v2}
    if product.has_meters_behind:
        told["external"] = {"type": "array", "minItems": 1, "items": ref("MeterBehind")}
    return told


def _system() -> dict[str, Schema]:
    settings = {known.name: known for product in V2 for known in product.settings}
    shown = {name: setting(name, known.kind, known.high) for name, known in settings.items()}
    told = {
        "wifi_ssid": described("wifi_ssid", {"type": "string"}),
        "wifi_rssi_db": described("wifi_rssi_db", {"type": "integer"}),
        "uptime_s": described("uptime_s", {"type": "integer"}),
        **shown,
    }
    every = [{known.name for known in product.settings} for product in V2]
    always = [name for name in settings if all(name in names for names in every)]
    writable = {known.name for product in V2 for known in product.settings if known.writable}
    return {
        "System": object_of(
            told,
            "Settings and network. A product tells the settings that it has.",
            ["wifi_ssid", "wifi_rssi_db", "uptime_s", *always],
        ),
        "SystemWrite": some_of(
            {name: shown[name] for name in settings if name in writable},
            "The settings to change; those that the product has not are passed over.",
        ),
    }


def _batteries() -> dict[str, Schema]:
    mode: Schema = {"enum": list(batteries.modes(RELEASES[NEWEST_API])), "description": "How they are steered."}
    permissions: Schema = {
        "type": "array",
        "items": {"enum": list(batteries.PERMISSIONS)},
        "uniqueItems": True,
        "description": "What they may do. None at all is the mode standby.",
    }
    to_full: Schema = {
        "type": "boolean",
        "description": "Whether they are charged to the full; over by itself when they are.",
    }
    figures: dict[str, Schema] = {
        "battery_count": {"type": "integer", "description": "How many there are."},
        "power_w": {"type": "number", "description": "Power of all of them, in W; positive charges."},
        "target_power_w": {"type": "number", "description": "Power that is asked of them, in W."},
        "max_consumption_w": {"type": "number", "description": "Power that they can charge with, in W."},
        "max_production_w": {"type": "number", "description": "Power that they can discharge with, in W."},
    }
    told = {"mode": mode, "permissions": permissions, "charge_to_full": to_full, **figures}
    wanted = {key: value for key, value in permissions.items() if key != "uniqueItems"}
    written = {"mode": mode, "permissions": wanted, "charge_to_full": to_full}
    return {
        "Batteries": object_of(
            told,
            "The batteries that the product steers. `permissions` and `battery_count` came with 2.2.0, "
            "`charge_to_full` and the mode `predictive` with 2.3.0.",
            ["mode", *batteries.FIGURES],
        ),
        "BatteriesWrite": some_of(written, "What to change; parameters that contradict each other are refused."),
    }


def _error() -> Schema:
    with_parameter = (errors.INVALID_TYPE, errors.MISSING)
    codes = "|".join(f"{code}:.+" if code in with_parameter else code for code in error_codes())
    return object_of(
        {
            "error": {"type": "string", "pattern": f"^({codes})$"},
            "reason": {"type": "string", "description": "The cause, for people, where the code has many."},
        },
        "Why not: scope, code and, where it is about one, the parameter.",
        ["error"],
    )
